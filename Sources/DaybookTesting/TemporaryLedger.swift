internal import Bytes
internal import Digest
package import Ledger
internal import POSIX

/// A ledger in a folder of its own, deleted with its owner.
package final class TemporaryLedger {
    /// The ledger's folder.
    package let path: String
    /// Where its head file lies, outside the folder.
    package let headFile: String
    private let root: String

    /// Makes a ledger of one event, which names the key.
    package init(mapSize: Int = 1 << 26) throws {
        root = "\(Process.environment("TMPDIR") ?? "/tmp")/daybook-\(AdminEvent.newID())"
        path = "\(root)/ledger"
        headFile = "\(root)/head"
        try Files.makeFolder(root)
        try Ledger.create(
            path: path,
            origin: "test.example/log",
            options: .init(appends: true, headFile: headFile, mapSize: mapSize)
        )
    }

    deinit { Files.removeTree(root) }

    /// Opens the ledger; one that appends must be closed.
    package func open(appends: Bool, mapSize: Int = 1 << 26) throws -> Ledger {
        try Ledger(
            path: path,
            options: .init(appends: appends, headFile: headFile, mapSize: mapSize)
        )
    }

    /// Verifies the ledger.
    package func verify(_ options: Verifier.Options = .init()) throws -> VerifyReport {
        try Verifier(path: path, headFile: headFile, options: options).run { _, _ in }
    }

    /// Appends `count` facts with bodies, in groups of `groupSize`, and closes the ledger.
    @discardableResult
    package func fill(
        _ count: Int,
        groupSize: Int = 7,
        from first: Int = 0
    ) throws -> [Receipt] {
        let ledger = try open(appends: true)
        defer { ledger.close() }
        var receipts: [Receipt] = []
        var number = first
        while number < first + count {
            let end = min(number + groupSize, first + count)
            let drafts = (number..<end).map { Draft.sample($0) }
            if let writer = ledger.writer { receipts += try writer.append(drafts) }
            number = end
        }
        return receipts
    }
}

extension Draft {
    /// A fact with a body, the same for the same number but for its salt.
    package static func sample(
        _ number: Int,
        content: String? = nil,
        outcome: Outcome = .accepted
    ) -> Draft {
        var draft = Draft(
            source: "shop-\(number % 3)",
            id: "evt_\(number)",
            type: "order.updated",
            kind: .webhook,
            outcome: outcome
        )
        draft[.subject] = "order:\(number / 2)"
        draft[.provider] = "standard"
        let text = content ?? "{\"id\":\(number),\"note\":\"αβγ \\u0001\"}"
        draft.body = Body(
            salt: Random.fill(16).span,
            meta: Array("{}".utf8).span,
            content: Array(text.utf8).span
        )
        return draft
    }
}
