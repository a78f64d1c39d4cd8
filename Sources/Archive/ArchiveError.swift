/// Why an archive cannot be read or written.
package enum ArchiveError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be opened, read or written: what was tried, and the system's reason.
    case system(operation: String, object: String, reason: String)
    /// It does not begin as a Zstandard frame does (RFC 8878 section 3.1.1).
    case notZstd
    /// The compressed data is damaged or ends before its time, as the library says.
    case damaged(String)
    /// The file ends before its frame does: where that should be.
    case cut(offset: UInt64)
    /// The tar ends before its end mark: the byte at which it does.
    case truncated(offset: UInt64)
    /// A header is none: the byte at which it lies, and what is wrong.
    case badHeader(offset: UInt64, reason: String)
    /// An entry cannot be written under this path.
    case badPath(String)
    /// It unpacks to more than is accepted.
    case tooLarge(limit: String)
    /// An entry was given another size than it was announced with.
    case wrongSize(path: String, expected: UInt64)

    package var description: String {
        switch self {
        case .system(let operation, let object, let reason):
            "cannot \(operation) \(object): \(reason)"
        case .notZstd: "the file is not compressed by Zstandard, expected a .tar.zst"
        case .damaged(let reason): "the compressed data is damaged or cut off: \(reason)"
        case .cut(let offset):
            "the file is cut off: its compressed data goes on to byte \(offset) at least"
        case .truncated(let offset):
            "the archive ends at byte \(offset), before its end mark: it was cut off"
        case .badHeader(let offset, let reason):
            "at byte \(offset) of the archive there is no header of an entry: \(reason)"
        case .badPath(let path): "\"\(path)\" is no path that an entry may have"
        case .tooLarge(let limit): "the archive holds more than \(limit)"
        case .wrongSize(let path, let expected):
            "\(path) does not have the \(expected) bytes that were announced"
        }
    }
}
