internal import CYAML

extension YAMLEventReader {
    /// What libyaml says is wrong, with its place.
    static func failure(
        of parser: UnsafePointer<yaml_parser_t>,
        in bytes: Span<UInt8>,
        file: String
    ) -> YAMLError {
        let state = unsafe parser.pointee
        switch unsafe state.error {
        case YAML_READER_ERROR:
            // UTF-8 has been checked, so it is a character that YAML does not allow.
            let code = unsafe String(state.problem_value, radix: 16)
            let offset = unsafe state.problem_offset
            let place = YAMLPlace(file: file, offset: offset, in: bytes)
            return YAMLError(at: place, "found control character 0x\(code)", expected: "text")
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
            let place = unsafe YAMLPlace(file: file, mark: state.problem_mark)
            if unsafe isTab(at: state.problem_mark, in: bytes) {
                return YAMLError(at: place, "found a tab", expected: "spaces for indentation")
            }
            let problem = unsafe state.problem.map { unsafe String(cString: $0) }
            let context = unsafe state.context.map { unsafe String(cString: $0) }
            let start = unsafe Int(state.context_mark.line) + 1
            let within = context.map { " \($0) that starts at line \(start)" }
            return YAMLError(at: place, (problem ?? "not YAML") + (within ?? ""))
        default:
            return YAMLError(at: YAMLPlace(file: file, line: 1, column: 1), "no memory for parsing")
        }
    }

    private static func isTab(at mark: yaml_mark_t, in bytes: Span<UInt8>) -> Bool {
        // A mark counts characters, of which each has one byte that does not continue another.
        var characters = -1
        for index in bytes.indices where bytes[index] & 0xC0 != 0x80 {
            characters += 1
            if characters == mark.index { return bytes[index] == 0x09 }
        }
        return false
    }
}

extension YAMLPlace {
    /// The place that libyaml, counting from zero, means by a mark.
    init(file: String, mark: yaml_mark_t) {
        self.init(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    /// The place of the byte at an offset.
    init(file: String, offset: Int, in bytes: Span<UInt8>) {
        var (line, column) = (1, 1)
        for index in 0..<min(offset, bytes.count) {
            if bytes[index] == 0x0A {
                (line, column) = (line + 1, 1)
            } else if bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(file: file, line: line, column: column)
    }
}
