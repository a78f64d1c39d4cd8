import Bytes
import DaybookTesting
import Foundation
import LMDB
import Testing

@testable import Ledger

@Suite("Erased bodies") struct ErasureTests {
    private static let actor = Actor.user("anna")

    /// A ledger with events 1 to 40, of which some are erased.
    private func erasing(
        _ sequences: [UInt64],
        kept: [UInt64: String] = [:],
        _ body: (TemporaryLedger, Receipt) throws -> Void
    ) throws {
        let folder = try TemporaryLedger()
        try folder.fill(40)
        let ledger = try folder.open(appends: true)
        let bodies = sequences.map { sequence in
            let kept = kept[sequence].map {
                Body(meta: Array("{}".utf8).span, content: Array($0.utf8).span)
            }
            return ErasedBody(sequence: sequence, kept: kept)
        }
        let receipt = try ledger.erase(
            bodies,
            subject: "order:3",
            reason: "asked for",
            actor: Self.actor
        )
        #expect(try ledger.overwriteRemoved().isComplete)
        ledger.close()
        try body(folder, receipt)
    }

    @Test("are gone from the file, with their salts, and the log is sound")
    func gone() throws {
        let folder = try TemporaryLedger()
        try folder.fill(40)
        let reading = try folder.open(appends: false)
        let record = try #require(
            try reading.read { snapshot in
                try snapshot.body(at: 8).read { [UInt8](copying: $0) }
            }
        )
        let other = try #require(
            try reading.read { snapshot in
                try snapshot.body(at: 9).read { [UInt8](copying: $0) }
            }
        )
        let file = URL(filePath: folder.path).appending(path: "log/data.mdb")
        #expect(try Data(contentsOf: file).range(of: Data(record)) != nil)
        let ledger = try folder.open(appends: true)
        _ = try ledger.erase(
            [ErasedBody(sequence: 8, kept: nil)],
            subject: "order:3",
            reason: "asked for",
            actor: Self.actor
        )
        #expect(try ledger.overwriteRemoved().isComplete)
        ledger.close()
        let data = try Data(contentsOf: file)
        #expect(data.range(of: Data(record)) == nil)
        #expect(data.range(of: Data(record[1..<17])) == nil)
        #expect(data.range(of: Data(other)) != nil)
        let report = try folder.verify()
        #expect(report.isSound)
        #expect(report.counts.erased == 1)
        let erasure = try #require(report.erasures.first)
        #expect(erasure.bodies == 1)
        #expect(erasure.reason == "asked for")
        #expect(erasure.who == "os-user:anna")
    }

    @Test("leave their line, its proof, and the name of the event that tells why")
    func told() throws {
        try erasing([8, 12], kept: [12: #"{"id":11}"#]) { folder, receipt in
            let ledger = try folder.open(appends: false)
            let event = try ledger.event(at: 8)
            #expect(event.content == nil)
            #expect(event.erasedBy == receipt.sequence)
            #expect(event.bodyAbsence.contains("daybook show \(receipt.sequence)"))
            #expect(try ledger.inclusionProofText(of: 8).contains("index 8"))
            let kept = try ledger.read { snapshot in
                try snapshot.keptBody(at: 12).read { [UInt8](copying: $0) }
            }
            let layout = try #require(kept.flatMap { BodyLayout($0.span) })
            #expect(kept.map { Array($0[layout.content]) } == Array(#"{"id":11}"#.utf8))
            #expect(try ledger.read { try $0.keptBody(at: 8) == nil })
            #expect(try ledger.read { try $0.erasure(of: 9) } == nil)
            let tells = try #require(try ledger.event(at: receipt.sequence).content)
            let text = String(decoding: tells, as: UTF8.self)
            #expect(text.hasPrefix(#"{"events":[{"bodyhash":""#))
            #expect(text.contains(#""sequence":8}"#))
            #expect(text.contains(#""kept":""#))
        }
    }

    @Test("are still known: a redelivery is a duplicate")
    func redelivered() throws {
        try erasing([8]) { folder, _ in
            let ledger = try folder.open(appends: true)
            defer { ledger.close() }
            let again = try #require(try ledger.writer?.append([.sample(7)]).first)
            #expect(again.outcome == .duplicate)
            #expect(again.original == 8)
        }
    }

    @Test("cannot be erased again, and nothing else without a body can")
    func refused() throws {
        try erasing([8]) { folder, receipt in
            let ledger = try folder.open(appends: true)
            defer { ledger.close() }
            for sequence in [8, 0, 9999, receipt.sequence + 1] as [UInt64] {
                #expect(throws: LedgerError.self) {
                    try ledger.erase(
                        [ErasedBody(sequence: sequence, kept: nil)],
                        subject: "x",
                        reason: "y",
                        actor: Self.actor
                    )
                }
            }
        }
    }

    @Test("cannot be told of by anybody but the log")
    func forged() throws {
        let folder = try TemporaryLedger()
        let ledger = try folder.open(appends: true)
        defer { ledger.close() }
        let draft = AdminEvent.draft(type: AdminEvent.erasedType)
        #expect(throws: AppendError.self) { try ledger.writer?.append([draft]) }
    }

    /// What somebody can do who may write the files and has no key.
    enum Damage: String, CaseIterable {
        case bodyRemoved, indexEntryRemoved, indexEntryAdded, keptChanged, otherEventNamed, bodyBack
    }

    @Test("that nobody told of are found", arguments: Damage.allCases)
    func damaged(_ damage: Damage) throws {
        try erasing([8, 12], kept: [12: #"{"id":11}"#]) { folder, receipt in
            let store = try Store(folder: folder.path, options: .init(mapSize: 1 << 26))
            let erasures = try #require(store.erasures)
            let record = ErasureRecord(by: receipt.sequence, kept: nil).bytes
            let other = ErasureRecord(by: 20, kept: nil).bytes
            let kept = ErasureRecord(by: receipt.sequence, kept: [1, 2, 3]).bytes
            try store.environment.write { transaction in
                switch damage {
                case .bodyRemoved: _ = try transaction.remove(20, in: store.bodies)
                case .indexEntryRemoved: _ = try transaction.remove(8, in: erasures)
                case .indexEntryAdded:
                    _ = try transaction.remove(20, in: store.bodies)
                    try transaction.put(record.span, for: 20, in: erasures)
                case .keptChanged: try transaction.put(kept.span, for: 12, in: erasures)
                case .otherEventNamed: try transaction.put(other.span, for: 8, in: erasures)
                case .bodyBack: try transaction.put(kept.span, for: 8, in: store.bodies)
                }
            }
            let report = try folder.verify()
            #expect(!report.isSound, "\(report.findings)")
        }
    }
}
