internal import CYAML

/// Runs libyaml over bytes that stay in place while the reader lives.
@safe struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(YAMLError) {
        unsafe self.bytes = unsafe bytes
        self.file = file
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            throw YAMLError(at: YAMLPlace(file: file, line: 1, column: 1), "no memory for parsing")
        }
        // Said outright, or a byte order mark could make it UTF-16.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    /// The next step; after the stream's end there is none.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            throw unsafe Self.failure(of: parser, in: Span(_unsafeElements: bytes), file: file)
        }
        defer { unsafe yaml_event_delete(&event) }
        let data = unsafe event.data
        let place = unsafe YAMLPlace(file: file, mark: event.start_mark)
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: return YAMLEvent(.streamEnd, at: place)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(.documentStart, at: place)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(.alias, at: place, anchor: unsafe Self.text(data.alias.anchor))
        case YAML_SCALAR_EVENT:
            let scalar = unsafe data.scalar
            let utf8 = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let text = unsafe String(decoding: utf8, as: UTF8.self)
            let isQuoted = unsafe scalar.style != YAML_PLAIN_SCALAR_STYLE
            return unsafe YAMLEvent(
                .scalar(text, isQuoted: isQuoted),
                at: place,
                anchor: Self.text(scalar.anchor),
                tag: Self.text(scalar.tag)
            )
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe data.sequence_start
            let (anchor, tag) = unsafe (Self.text(start.anchor), Self.text(start.tag))
            return YAMLEvent(.sequenceStart, at: place, anchor: anchor, tag: tag)
        case YAML_MAPPING_START_EVENT:
            let start = unsafe data.mapping_start
            let (anchor, tag) = unsafe (Self.text(start.anchor), Self.text(start.tag))
            return YAMLEvent(.mappingStart, at: place, anchor: anchor, tag: tag)
        default: return YAMLEvent(.bracket, at: place)
        }
    }

    private static func text(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}
