internal import Bytes
internal import CXML

/// Runs libxml2 over bytes that stay in place while the reader lives, and gathers what it finds.
///
/// libxml2 reads on after an error, and takes a time that grows with the square of what is in one
/// tag. So it gets the document in pieces, and none after an error or in a tag that is too long.
@safe struct XMLReader: ~Copyable {
    /// A name as libxml2 knows it: it keeps each name once, so that the address stands for it.
    private struct Name: Hashable {
        let address: UInt
        let isAttribute: Bool
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    let context: UnsafeMutablePointer<xmlParserCtxt>
    private var tree = ElementTree()
    private var names: [Name: Int32] = [:]
    /// How many bytes libxml2 has been given, and how many when it last made a step.
    private var given = 0
    private var givenAtStep = 0
    /// Why the rest is not read.
    private(set) var refusal: XMLError?

    /// libxml2's own set-up, which must happen once, before any other call.
    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(XMLError) {
        guard Self.isReady, let context = unsafe xmlNewParserCtxt() else { throw .outOfMemory }
        unsafe self.bytes = unsafe bytes
        unsafe self.context = unsafe context
        // What the declaration says is ignored, since `XMLEncoding` has looked at it.
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        _ = unsafe xmlCtxtUseOptions(context, Int32(options))
    }

    deinit {
        unsafe xmlFreeParserCtxt(context)
    }

    /// Reads the whole document.
    consuming func tree(in encoding: XMLEncoding) throws(XMLError) -> ElementTree {
        unsafe withUnsafeMutablePointer(to: &self) { unsafe Self.run($0, encoding) }
        if unsafe context.pointee.wellFormed == 0 { refuse(.notXML(line: line, reason: "broken")) }
        // libxml2 takes a zero byte for the end.
        if let input = unsafe context.pointee.input, unsafe input.pointee.cur < input.pointee.end {
            refuse(.notXML(line: line, reason: "found a zero byte"))
        }
        if let refusal { throw refusal }
        return tree
    }

    /// Lends libxml2 the reader, for as long as it parses.
    private static func run(_ reader: UnsafeMutablePointer<XMLReader>, _ encoding: XMLEncoding) {
        let context = unsafe reader.pointee.context
        unsafe context.pointee.userData = UnsafeMutableRawPointer(reader)
        unsafe context.pointee.sax.pointee = handler
        // Errors of decoding know no context, and would go to standard error.
        unsafe xmlSetStructuredErrorFunc(reader, note)
        defer { xmlSetStructuredErrorFunc(nil, nil) }
        let none = XML_CHAR_ENCODING_NONE
        guard let buffer = unsafe xmlParserInputBufferCreateIO(give, nil, reader, none),
            let input = unsafe xmlNewIOInputStream(context, buffer, none),
            unsafe inputPush(context, input) >= 0
        else { return unsafe reader.pointee.refuse(.outOfMemory) }
        if case .other(let name) = encoding {
            guard let decoder = unsafe xmlFindCharEncodingHandler(name),
                unsafe xmlSwitchToEncoding(context, decoder) == 0
            else { return unsafe reader.pointee.refuse(.encoding(name: name)) }
        }
        _ = unsafe xmlParseDocument(context)
    }
}

extension XMLReader {
    /// The line that the parser has come to.
    var line: Int {
        guard let input = unsafe context.pointee.input else { return 1 }
        return unsafe Int(input.pointee.line)
    }

    /// Refuses the rest; only the first reason counts.
    mutating func refuse(_ error: XMLError) {
        if refusal == nil { refusal = error }
    }

    /// Fills a buffer with the next bytes; how many, 0 at the end.
    mutating func give(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let limit = XMLLimits.tagByteCount
        // Text in a CDATA section is as good as any, and comes in one step.
        let isText = unsafe context.pointee.instate == XML_PARSER_CDATA_SECTION
        if given - givenAtStep > limit, !isText {
            refuse(.tooMany(.tagBytes, line: line, limit: limit))
        }
        guard refusal == nil else { return 0 }
        let piece = unsafe bytes[given...].prefix(buffer.count)
        unsafe buffer.copyBytes(from: piece)
        unsafe given += piece.count
        return unsafe piece.count
    }

    /// Takes a step; whether libxml2 is to go on.
    mutating func step(_ body: (inout XMLReader) -> Void) -> Bool {
        givenAtStep = given
        if unsafe Int(xmlDictSize(context.pointee.dict)) > XMLLimits.nameCount {
            refuse(.tooMany(.names, line: line, limit: XMLLimits.nameCount))
        }
        if refusal == nil { body(&self) }
        return refusal == nil
    }

    /// Begins an element with attributes of five pointers each: local name, prefix, namespace, and
    /// where the value begins and ends.
    mutating func begin(
        _ element: UnsafePointer<UInt8>,
        attributes: UnsafeBufferPointer<UnsafePointer<UInt8>?>
    ) {
        let attributeCount = attributes.count / 5
        guard tree.depth < XMLLimits.depth else {
            return refuse(.tooMany(.levels, line: line, limit: XMLLimits.depth))
        }
        guard tree.count + 1 + attributeCount <= XMLLimits.nodeCount else {
            return refuse(.tooMany(.nodes, line: line, limit: XMLLimits.nodeCount))
        }
        // Two pointers for each namespace, those of the elements around it included.
        let namespaceCount = unsafe Int(context.pointee.nsNr) / 2
        guard max(attributeCount, namespaceCount) <= XMLLimits.attributeCount else {
            return refuse(.tooMany(.attributes, line: line, limit: XMLLimits.attributeCount))
        }
        tree.begin(name: unsafe known(element, isAttribute: false))
        for place in stride(from: 0, to: attributes.count, by: 5) {
            guard let attribute = unsafe attributes[place],
                let start = unsafe attributes[place + 3], let end = unsafe attributes[place + 4]
            else { continue }
            let value = unsafe Self.unescaped(Span(_unsafeStart: start, count: end - start))
            let name = unsafe known(attribute, isAttribute: true)
            tree.addAttribute(name: name, value: value.span)
        }
    }

    /// Appends to the text of the element that was begun last.
    mutating func append(_ text: Span<UInt8>) {
        tree.append(text: text)
    }

    /// Ends the element that was begun last.
    mutating func end() {
        tree.end()
    }

    private mutating func known(_ name: UnsafePointer<UInt8>, isAttribute: Bool) -> Int32 {
        let own = Name(address: UInt(bitPattern: name), isAttribute: isAttribute)
        if let known = names[own] { return known }
        let bytes = unsafe Span(_unsafeStart: name, count: Int(xmlStrlen(name)))
        let known = tree.add(name: bytes, mark: isAttribute ? "@" : "")
        names[own] = known
        return known
    }

    /// An attribute's value as it is meant: where libxml2 does not expand entities, it leaves each
    /// ampersand as `&#38;`, for a later reader that would.
    private static func unescaped(_ value: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var start = 0
        while let ampersand = value.firstIndex(of: UInt8(ascii: "&"), from: start) {
            output.append(span: value.extracting(start...ampersand))
            start = ampersand + 1
            if value.extracting(start...).hasPrefix(ascii: "#38;") { start += 4 }
        }
        output.append(span: value.extracting(start...))
        return output
    }
}
