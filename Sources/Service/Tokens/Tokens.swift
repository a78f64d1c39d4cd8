package import Bytes
internal import POSIX
internal import Synchronization

/// The tokens of a ledger as a server knows them: read again when the file has changed.
///
/// A token that was made or revoked beside a running server counts within a second. What cannot be
/// read lets nobody in.
package final class Tokens: Sendable {
    private struct State {
        var table = TokenTable()
        /// Why the tokens cannot be read.
        var problem: String?
        /// When the file was last looked at.
        var looked: Timestamp?
        /// How the file was that the table was read from; `nil` if that must be read again.
        var stamp: Stamp?
    }

    private struct Stamp: Equatable {
        let modified: Int64
        let size: Int
    }

    /// How often the file is looked at, at most, in microseconds.
    private static let interval: Int64 = 1_000_000

    private let path: String
    private let state = Mutex(State())

    /// Of the ledger in a folder; reads nothing yet.
    package init(ledger: String) {
        path = TokenTable.path(ledger)
    }

    /// Whose token this is, if it is good; `now` is the clock's time.
    package func caller(presenting text: Span<UInt8>, at now: Timestamp) -> Caller? {
        guard let token = Token(text) else { return nil }
        let table = state.withLock { state in
            refresh(&state, now)
            return state.table
        }
        return table.caller(digest: token.digest, at: now)
    }

    /// Why the tokens cannot be read, without any secret; `nil` if they can.
    package func problem(at now: Timestamp) -> String? {
        state.withLock { state in
            refresh(&state, now)
            return state.problem
        }
    }

    private func refresh(_ state: inout State, _ now: Timestamp) {
        // A clock that was set back must not keep a revoked token good.
        if let looked = state.looked, looked <= now,
            now.microseconds - looked.microseconds < Self.interval
        {
            return
        }
        state.looked = now
        do {
            let file = try FileDescriptor(reading: path)
            let modified = try file.modified()
            let stamp = Stamp(modified: modified, size: try file.size())
            if stamp == state.stamp { return }
            state.table = try TokenTable.read(file, path)
            state.problem = nil
            // A file that has just been written could be replaced again within the same tick of
            // the file system's clock, and look the same.
            let isOld = now.microseconds - modified > Self.interval
            state.stamp = isOld ? stamp : nil
        } catch let error as SystemError where error.isMissing {
            state = State(looked: now)
        } catch {
            state = State(problem: "\(error)", looked: now)
        }
    }
}

extension Tokens {
    /// Whose token a request shows, if it is good.
    package func caller(showing shown: ShownCredentials, at now: Timestamp) -> Caller? {
        for candidate in shown.candidates {
            if let caller = caller(presenting: candidate.utf8Span.span, at: now) { return caller }
        }
        return nil
    }
}
