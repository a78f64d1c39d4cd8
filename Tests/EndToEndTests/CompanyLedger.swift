import DaybookTesting
import Foundation
import Ledger
import Projections
import Testing

extension CompanyMessage {
    /// The message as the front door hands it to the writer.
    var draft: Draft {
        var draft = Draft(source: source, id: id, type: type, kind: .webhook)
        draft[.provider] = provider
        draft[.time] = rfc3339(at)
        draft[.datacontenttype] = "application/json"
        draft.body = .sealing(body)
        return draft
    }
}

extension Body {
    static func sealing(_ content: String, meta: String = "{}") -> Body {
        let salt = (0..<16).map { _ in UInt8.random(in: 0...255) }
        return Body(
            salt: salt.span,
            meta: Array(meta.utf8).span,
            content: Array(content.utf8).span
        )
    }
}

/// A company's messages in a ledger of their own, open for appending.
final class CompanyLedger {
    private let folder: TemporaryLedger
    let ledger: Ledger
    /// The sequence of each message, in the order of arrival.
    private(set) var sequences: [UInt64] = []

    var path: String { folder.path }

    init(_ messages: [CompanyMessage] = []) throws {
        folder = try TemporaryLedger()
        ledger = try folder.open(appends: true)
        try take(messages)
    }

    deinit { ledger.close() }

    /// Appends messages as they arrive, some at a time.
    func take(_ messages: some Collection<CompanyMessage>, at once: Int = 200) throws {
        let receipts = try ledger.append(messages.map(\.draft), at: once)
        sequences += receipts.map(\.sequence)
    }

    /// Deletes all views, which nobody may have open.
    func deleteViews() throws { try FileManager.default.removeItem(atPath: "\(path)/views") }
}

extension Ledger {
    /// Appends drafts in groups.
    @discardableResult
    func append(_ drafts: [Draft], at once: Int = 200) throws -> [Receipt] {
        let writer = try #require(writer)
        var receipts: [Receipt] = []
        var rest = drafts[...]
        while !rest.isEmpty {
            receipts += try writer.append(Array(rest.prefix(once)))
            rest = rest.dropFirst(once)
        }
        return receipts
    }
}

extension TrueRow {
    init(_ row: Row) {
        key = row.key
        var columns: [String: String] = [:]
        for cell in row.cells { columns[cell.name] = cell.value?.json }
        self.columns = columns
    }
}

extension Views {
    func rows(_ name: String, version: Int? = nil, at past: Past? = nil) throws -> [TrueRow] {
        let request = ViewRequest(name, version: version)
        var rows: [TrueRow] = []
        func take(_ row: Row) -> Bool {
            rows.append(TrueRow(row))
            return true
        }
        if let past {
            try forEachRow(request, at: past, take)
        } else {
            try forEachRow(request, take)
        }
        return rows
    }

    func rows(_ projection: Company.Projection, at past: Past? = nil) throws -> [TrueRow] {
        try rows(projection.rawValue, at: past)
    }

    /// The digests of a company's views.
    func digests() throws -> [String] {
        try Company.Projection.allCases.map { try "\(digest(ViewRequest($0.rawValue)))" }
    }
}

/// Expects rows to be the true ones, and names the first that are not.
func expect(
    _ found: [TrueRow],
    _ expected: [TrueRow],
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found != expected else { return }
    let wrong = found.filter { !expected.contains($0) }.prefix(3)
    let missing = expected.filter { !found.contains($0) }.prefix(3)
    Issue.record(
        """
        \(what) \(found.count) rows, expected \(expected.count)
        found    \(wrong.map(\.description).joined(separator: "\n         "))
        expected \(missing.map(\.description).joined(separator: "\n         "))
        """,
        sourceLocation: sourceLocation
    )
}
