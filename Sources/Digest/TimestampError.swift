/// Why a reply of a time stamp authority proves nothing.
package enum TimestampError: Error, Hashable {
    /// The bytes are no TimeStampResp (RFC 3161 section 2.4.2), or more follows it.
    case notAReply
    /// The authority refused, with this PKIStatus.
    case refused(status: Int)
    /// It is a reply to something else, or its signature or chain does not hold.
    case wrong(reason: String)
    /// libcrypto could not do its work, for example for want of memory.
    case library(operation: String, reason: String)

    static func library(_ operation: String) -> TimestampError {
        .library(operation: operation, reason: takeLibraryReason())
    }
}

extension TimestampError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAReply: "the reply is no RFC 3161 time stamp"
        case .refused(let status):
            "the authority gave no time stamp, status \(status) of RFC 3161"
        case .wrong(let reason): "the time stamp does not hold: \(reason)"
        case .library(let operation, let reason): "\(operation) failed: \(reason)"
        }
    }
}
