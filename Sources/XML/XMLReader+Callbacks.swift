internal import CXML

extension XMLReader {
    /// What libxml2 calls at each step, with a pointer to the reader.
    ///
    /// CDATA sections come as characters. Nothing is ever declared, so no entity but XML's own five
    /// is found.
    static var handler: xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
        // It comes before anything inside the document type is read.
        unsafe handler.internalSubset = { reader, _, _, _ in
            unsafe XMLReader.step(reader) { $0.refuse(.documentType(line: $0.line)) }
        }
        unsafe handler.startElementNs = { reader, name, _, _, _, _, count, _, attributes in
            guard let name = unsafe name else { return }
            let attributes = unsafe UnsafeBufferPointer(start: attributes, count: Int(count) * 5)
            unsafe XMLReader.step(reader) { unsafe $0.begin(name, attributes: attributes) }
        }
        unsafe handler.endElementNs = { reader, _, _, _ in
            unsafe XMLReader.step(reader) { $0.end() }
        }
        unsafe handler.characters = { reader, start, count in
            let text = unsafe UnsafeBufferPointer(start: start, count: Int(count))
            unsafe XMLReader.step(reader) { $0.append(unsafe Span(_unsafeElements: text)) }
        }
        // The same function, or libxml2 would guess which white space does not matter.
        unsafe handler.ignorableWhitespace = handler.characters
        unsafe handler.comment = { reader, _ in unsafe XMLReader.step(reader) { _ in } }
        unsafe handler.processingInstruction = { reader, _, _ in
            unsafe XMLReader.step(reader) { _ in }
        }
        unsafe handler.serror = note
        return unsafe handler
    }

    /// Gives libxml2 the next bytes.
    static let give: xmlInputReadCallback = { reader, buffer, count in
        guard let reader = unsafe reader?.assumingMemoryBound(to: XMLReader.self) else { return 0 }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
        return unsafe Int32(reader.pointee.give(into: buffer))
    }

    /// Takes an error; those that leave the document what it is are passed over.
    static let note: xmlStructuredErrorFunc = { reader, error in
        guard let reader = unsafe reader?.assumingMemoryBound(to: XMLReader.self),
            let error = unsafe error?.pointee,
            unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue,
            // A prefix without a namespace: both are dropped anyway.
            unsafe error.domain != XML_FROM_NAMESPACE.rawValue
        else { return }
        let line = unsafe max(1, Int(error.line))
        switch unsafe UInt32(error.code) {
        case XML_ERR_NO_MEMORY.rawValue: unsafe reader.pointee.refuse(.outOfMemory)
        case XML_ERR_CDATA_NOT_FINISHED.rawValue:
            // It has no words of its own for this.
            let reason = "CDATA section not finished, or with a control character"
            unsafe reader.pointee.refuse(.notXML(line: line, reason: reason))
        default:
            let message = unsafe error.message.map { unsafe String(cString: $0) } ?? "broken"
            unsafe reader.pointee.refuse(.notXML(line: line, reason: XMLError.words(message)))
        }
    }

    private static func step(
        _ reader: UnsafeMutableRawPointer?,
        _ body: (inout XMLReader) -> Void
    ) {
        guard let reader = unsafe reader?.assumingMemoryBound(to: XMLReader.self) else { return }
        if unsafe !reader.pointee.step(body) { unsafe xmlStopParser(reader.pointee.context) }
    }
}
