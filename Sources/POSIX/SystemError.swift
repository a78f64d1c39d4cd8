internal import Glibc

/// The `errno` of a full disk.
package let noSpaceCode = ENOSPC

/// What the operating system answered when it could not do a thing: the call, its object, why.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The `errno` of the call.
    package let code: Int32
    /// What was attempted, in words: `open`, `make the folder`.
    package let operation: String
    /// The path or object it was attempted on.
    package let object: String

    package init(code: Int32, operation: String, object: String) {
        self.code = code
        self.operation = operation
        self.object = object
    }

    /// Takes `errno` as the last call left it.
    init(_ operation: String, _ object: String) {
        self.init(code: errno, operation: operation, object: object)
    }

    /// There is no such file or folder.
    package var isMissing: Bool { code == ENOENT }
    /// There is one already.
    package var isExisting: Bool { code == EEXIST }
    /// Nobody reads any more what is written to a pipe.
    package var isBrokenPipe: Bool { code == EPIPE }
    /// The disk or quota is full.
    package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }

    package var description: String {
        "cannot \(operation) \(object): \(unsafe String(cString: strerror(code)))"
    }
}
