import Bytes
import DaybookTesting
import Digest
import Foundation
import LMDB
import Testing

@testable import Ledger
@testable import Projections

/// A ledger with requests that carry several events each, and a projection of their parts.
final class PartLedger {
    /// Counts invoices, each by its parts, with something of the whole request.
    static let definition = """
        projection: invoices
        version: 1
        key: invoice
        columns:
          state: { type: enum, of: [CREATE, UPDATE], keep: latest }
          total: { type: integer, keep: sum }
          times: { type: integer, keep: count }
          tenant: { type: text, keep: latest }
          topic: { type: text, keep: latest }
        events:
          - from: { provider: xero, type: "INVOICE.*" }
            when: { /skip: absent }
            key: "{@source}-{/id}"
            at: { from: /at, as: unix }
            set:
              state: { from: /state, optional: true }
              total: /n
              times: { count: true }
              tenant: { from: "request:/tenant", optional: true }
              topic: { from: "header:X-Topic", optional: true }

        """

    let ledger: Ledger
    private let folder: TemporaryLedger

    init() throws {
        folder = try TemporaryLedger()
        let path = URL(filePath: folder.path).appending(path: "projections/invoices")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        try Data(Self.definition.utf8).write(to: path.appending(path: "projection.yaml"))
        ledger = try folder.open(appends: true)
    }

    deinit { ledger.close() }

    /// Appends a request and, in the same commit, a fact for each of its parts, as intake does.
    ///
    /// - Returns: the request's sequence; the parts follow it.
    @discardableResult
    func take(
        _ id: String,
        _ content: String,
        parts: [String],
        type: String? = "application/json",
        meta: String = #"{"request":{"headers":[["x-topic","news"]]}}"#
    ) throws -> UInt64 {
        var whole = Draft(source: "books", id: id, type: "xero.webhook", kind: .webhook)
        whole[.provider] = "xero"
        whole[.datacontenttype] = type
        whole.body = Body(
            salt: Random.fill(16).span,
            meta: Array(meta.utf8).span,
            content: Array(content.utf8).span
        )
        let facts = parts.enumerated().map { place, part in
            var fact = Self.fact("\(id).\(place)", part)
            fact.cause = 0
            return fact
        }
        return try append([whole] + facts)
    }

    /// A fact that is part of something.
    static func fact(_ id: String, _ part: String) -> Draft {
        var fact = Draft(source: "books", id: id, type: "INVOICE.UPDATE", kind: .fact)
        fact[.provider] = "xero"
        fact[.part] = part
        return fact
    }

    /// Appends a group; the first one's sequence.
    @discardableResult
    func append(_ drafts: [Draft]) throws -> UInt64 {
        let receipts = try #require(ledger.writer).append(drafts)
        return try #require(receipts.first).sequence
    }

    /// Takes the body of an event away, as an erasure does; gives it.
    func erase(_ sequence: UInt64) throws -> [UInt8] {
        let store = ledger.store
        return try store.environment.write { transaction in
            var record: [UInt8] = []
            if let found = try transaction.value(for: sequence, in: store.bodies) {
                record = [UInt8](copying: found)
            }
            _ = try transaction.remove(sequence, in: store.bodies)
            return record
        }
    }

    func restore(_ sequence: UInt64, _ record: [UInt8]) throws {
        let store = ledger.store
        try store.environment.write { transaction in
            try transaction.put(record.span, for: sequence, in: store.bodies)
        }
    }

    static let request = ViewRequest("invoices")

    /// The rows as JSON, by key.
    func rows(_ views: Views) throws -> [String: [String: String]] {
        var rows: [String: [String: String]] = [:]
        try views.forEachRow(Self.request) { row in
            var columns: [String: String] = [:]
            for cell in row.cells { columns[cell.name] = cell.value?.json }
            rows[row.key] = columns
            return true
        }
        return rows
    }

    /// The plan of the projection.
    static func plan() throws -> Plan {
        Plan(try Definition(yaml: definition.utf8Span.span, file: "p.yaml"))
    }

    /// A request with so many parts, of a few rows, the first of which says `n: 1`.
    static func batch(_ count: Int, rows: Int = 7) -> (content: String, parts: [String]) {
        let events = (0..<count).map { place in
            #"{"id":"i\#(place % rows)","n":\#(place + 1),"at":\#(1000 + place),"state":"UPDATE"}"#
        }
        let content = #"{"tenant":"t","events":[\#(events.joined(separator: ",\n "))]}"#
        return (content, (0..<count).map { "/events/\($0)" })
    }
}
