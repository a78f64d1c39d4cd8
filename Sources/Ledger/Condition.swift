package import Bytes
internal import Merkle
internal import POSIX

/// How a ledger stands, without verifying it.
package struct LedgerCondition: Sendable {
    /// Events in the log.
    package let size: UInt64
    /// When the last event was recorded.
    package let lastTime: Timestamp
    /// The key that signs.
    package let vkey: String
    /// Why that key cannot sign; `nil` if it can.
    package let keyProblem: String?
    /// Private keys that sign no more but are still there.
    package let leftoverKeys: [String]
    /// Where the head file lies.
    package let headFile: String
    /// Why the log does not fit the head file; `nil` if it does.
    package let headProblem: String?
}

extension Ledger {
    /// Looks at keys and head file; opens nothing for writing.
    package func condition() throws -> LedgerCondition {
        let (size, time, vkey) = try read { snapshot in
            let size = try snapshot.size
            let time = size > 0 ? try snapshot.line(at: size - 1).read { $0.recordedTime } : nil
            return (size, time, try snapshot.currentKey)
        }
        let keys = KeyFiles(ledger: path)
        var keyProblem: String?
        var headProblem: String?
        do { _ = try keys.load(vkey ?? "") } catch { keyProblem = "\(error)" }
        do { try Self.checkHead(headFile, store) } catch { headProblem = "\(error)" }
        return LedgerCondition(
            size: size,
            lastTime: time ?? .min,
            vkey: vkey ?? "",
            keyProblem: keyProblem,
            leftoverKeys: keys.leftovers(besides: vkey ?? ""),
            headFile: headFile.path,
            headProblem: headProblem
        )
    }
}
