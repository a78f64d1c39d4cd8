/// Where the answer to a suspended request goes.
///
/// May be used from any thread, at any time, once; later answers are ignored. If all copies are
/// dropped without an answer, the client gets 500.
package struct Responder: Sendable {
    let promise: Promise

    /// Answers the request.
    package func answer(_ answer: HTTPAnswer) {
        promise.settle(answer)
    }
}

/// Notices when the last copy of a responder goes.
final class Promise: Sendable {
    private let connection: Connection
    private let turn: Int

    init(connection: Connection, turn: Int) {
        self.connection = connection
        self.turn = turn
    }

    func settle(_ answer: HTTPAnswer) {
        connection.worker.settle(LateAnswer(connection: connection, turn: turn, answer: answer))
    }

    deinit {
        settle(.text(500, "no answer"))
    }
}
