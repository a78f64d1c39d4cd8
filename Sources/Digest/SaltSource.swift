internal import Glibc

/// A supply of 16-byte salts, for one owner: drawn from the generator 256 at a time.
///
/// It cannot be copied, so no two owners give out the same salt, and a process made by `fork`
/// drops what it inherited.
package struct SaltSource: ~Copyable, Sendable {
    private static let saltCount = 16
    private static let bufferCount = 4096

    private var buffer = [UInt8](repeating: 0, count: SaltSource.bufferCount)
    private var used = SaltSource.bufferCount
    private var process: pid_t = 0

    /// Starts with nothing drawn.
    package init() {}

    /// Gives a salt never given before.
    package mutating func next() -> [16 of UInt8] {
        let process = getpid()
        if used == buffer.count || process != self.process {
            var span = buffer.mutableSpan
            Random.fill(&span)
            used = 0
            self.process = process
        }
        var salt = [16 of UInt8](repeating: 0)
        for i in salt.indices {
            salt[i] = buffer[used + i]
            // A salt seals a body that may be erased: no copy of it stays here.
            buffer[used + i] = 0
        }
        used += SaltSource.saltCount
        return salt
    }
}
