import Audit
import Bytes
import DaybookTesting
import Foundation
import Ledger
import Testing

@Suite("A damaged evidence bundle") struct BundleDamageTests {
    typealias Check = BundleReport.Check

    /// What was done to a bundle, and the checks that must fail then, and no others.
    struct Damage: Sendable {
        let name: String
        /// Whether whoever did it has the ledger's key: then manifest and note fit again.
        let hasKey: Bool
        let fails: Set<Check>
        let change: @Sendable (inout BundleTrial.Parts) -> Void

        init(
            _ name: String,
            hasKey: Bool = false,
            _ fails: Set<Check>,
            _ change: @escaping @Sendable (inout BundleTrial.Parts) -> Void
        ) {
            self.name = name
            self.hasKey = hasKey
            self.fails = fails
            self.change = change
        }
    }

    private static let body = "bodies/00000000000000000012"

    /// Of a bundle of the events 5 to 24 of 41, all of them selected.
    static let withoutKey: [Damage] = [
        Damage("a body changed", [.manifest, .bodies]) { $0[bytes: body][30] ^= 1 },
        Damage("a body left out", [.manifest, .bodies]) { $0.remove(body) },
        Damage("a body too many", [.manifest, .bodies]) {
            $0["bodies/00000000000000000030"] = "x"
        },
        Damage("a file too many", [.manifest]) { $0["notes.txt"] = "x" },
        Damage("a file twice", [.archive]) { $0.files.append($0.files[0]) },
        Damage("a line edited", [.manifest, .lines, .chain, .proofs]) {
            $0.replace("lines.ndjson", "\"id\":\"evt_9\"", "\"id\":\"evt_X\"")
        },
        Damage("the last line edited", [.manifest, .lines]) {
            $0.replace("lines.ndjson", "\"id\":\"evt_24\"", "\"id\":\"evt_X\"")
        },
        Damage("a manifest without its signature", [.signature]) {
            $0.replace("manifest.json", "\"size\":", "\"size\":")
            $0["verify.py"] += " "
            $0.list()
        },
        Damage("no manifest", [.manifest, .signature]) { $0.remove("manifest.json") },
        Damage("no note", [.signature]) { $0.remove("manifest.note") },
        Damage("a manifest that is no JSON", [.manifest, .signature]) {
            $0["manifest.json"] = "{\"files\":"
        },
        Damage(
            "an export.json that is not UTF-8",
            [
                .manifest, .signature, .checkpoint, .complete, .bodies,
            ]
        ) { $0[bytes: "export.json"] = [0x22, 0xff, 0x22] },
        Damage("no keys", [.manifest, .signature, .keys, .checkpoint, .proofs, .anchors]) {
            $0.remove("keys.json")
        },
        Damage("no lines", [.manifest, .lines, .chain, .complete, .bodies, .totals, .proofs]) {
            $0.remove("lines.ndjson")
        },
    ]

    /// What whoever holds the key may try.
    static let withKey: [Damage] = [
        Damage("a line edited", hasKey: true, [.lines, .chain, .proofs]) {
            $0.replace("lines.ndjson", "\"id\":\"evt_9\"", "\"id\":\"evt_X\"")
        },
        Damage(
            "a line that is not canonical",
            hasKey: true,
            [
                .lines, .chain, .bodies, .totals, .proofs,
            ]
        ) { $0.replace("lines.ndjson", "\"id\":\"evt_9\"", "\"id\": \"evt_9\"") },
        Damage("two lines swapped", hasKey: true, [.lines, .chain, .bodies, .proofs]) {
            var lines = $0["lines.ndjson"].split(separator: "\n").map(String.init)
            lines.swapAt(6, 7)
            $0["lines.ndjson"] = lines.joined(separator: "\n") + "\n"
        },
        Damage("a body left out", hasKey: true, [.bodies]) { $0.remove(body) },
        Damage("a body changed", hasKey: true, [.bodies]) { $0[bytes: body][30] ^= 1 },
        Damage("an event not selected", hasKey: true, [.complete, .bodies, .totals, .proofs]) {
            $0["selected.json"] = "[[5,12],[13,25]]"
        },
        Damage("an event left out, and all that tells of it", hasKey: true, [.complete]) {
            $0["selected.json"] = "[[5,24]]"
            $0.replace("export.json", "\"selected\":20", "\"selected\":19")
            $0.remove("bodies/00000000000000000024")
            $0.remove("proofs/00000000000000000024.tlog-proof")
            $0.recount(without: 24)
        },
        Damage("a stretch that ends early", hasKey: true, [.complete]) {
            $0.replace("export.json", "\"end\":25", "\"end\":24")
            $0["selected.json"] = "[[5,24]]"
            $0.replace("export.json", "\"selected\":20", "\"selected\":19")
            $0.remove("bodies/00000000000000000024")
            $0.remove("proofs/00000000000000000024.tlog-proof")
            $0.recount(without: 24)
        },
        Damage("another query", hasKey: true, [.complete]) {
            $0.replace("export.json", "from=5 end=25", "from=4 end=25")
        },
        Damage("a query that selects less", hasKey: true, [.complete]) {
            $0.replace("export.json", "from=5 end=25", "from=5 end=25 source=shop-1")
        },
        Damage("a query that is none", hasKey: true, [.complete]) {
            $0.replace("export.json", "from=5 end=25", "colour=blue")
        },
        Damage("a time that the query has not", hasKey: true, [.complete]) {
            $0.replace("export.json", "\"size\":", "\"since\":\"2026-01-01T00:00:00Z\",\"size\":")
        },
        Damage("totals that count otherwise", hasKey: true, [.totals]) {
            $0.replace("totals.json", "\"events\":20", "\"events\":21")
        },
        Damage("totals of other sources", hasKey: true, [.totals]) {
            $0.replace("totals.json", "shop-1", "shop-9")
        },
        Damage("an amount that nobody summed", hasKey: true, [.totals]) {
            $0["amounts.ndjson"] +=
                "{\"amount\":\"1.00\",\"column\":\"total\",\"currency\":\"EUR\","
                + "\"projection\":\"p\",\"sequence\":9}\n"
        },
        Damage("an amount of an event beyond", hasKey: true, [.totals]) {
            $0["amounts.ndjson"] +=
                "{\"amount\":\"1.00\",\"column\":\"total\",\"currency\":\"EUR\","
                + "\"projection\":\"p\",\"sequence\":900}\n"
        },
        Damage("an erasure that never was", hasKey: true, [.bodies]) {
            $0.remove(body)
            $0["erased.json"] = "[{\"bodyhash\":\"00\",\"by\":20,\"reason\":\"\",\"sequence\":12}]"
        },
        Damage("a proof of another event", hasKey: true, [.proofs]) {
            $0["proofs/00000000000000000012.tlog-proof"] =
                $0["proofs/00000000000000000013.tlog-proof"]
        },
        Damage("a hash of the proof changed", hasKey: true, [.lines]) {
            let start = $0["proof.json"].firstRange(of: "\"hashes\":[\"")?.upperBound
            let text = $0["proof.json"]
            let hash = String(text[(start ?? text.startIndex)...].prefix(44))
            let other = Data(repeating: 7, count: 32).base64EncodedString()
            $0.replace("proof.json", hash, other)
        },
        Damage("a proof for more events", hasKey: true, [.lines]) {
            $0.replace("proof.json", "\"size\":41", "\"size\":42")
        },
        Damage("deep JSON", hasKey: true, [.bodies]) {
            $0["erased.json"] =
                String(repeating: "[", count: 70_000)
                + String(repeating: "]", count: 70_000)
        },
        Damage(
            "huge ranges",
            hasKey: true,
            [
                .lines, .chain, .complete, .bodies, .totals, .proofs,
            ]
        ) { $0["proof.json"] = "{\"hashes\":[],\"included\":[[0,9007199254740991]],\"size\":41}" },
        Damage("an anchor that is not there", hasKey: true, [.anchors]) {
            $0["anchors.json"] =
                "[{\"consistency\":[],\"file\":\"anchors/001.note\","
                + "\"kind\":\"witness\",\"sequence\":9,\"size\":15,\"time\":\"x\"}]"
        },
        Damage("a time stamp that is none", hasKey: true, [.anchors]) {
            $0["anchors.json"] =
                "[{\"consistency\":[],\"file\":\"anchors/001.tsr\","
                + "\"kind\":\"rfc3161\",\"sequence\":9,\"size\":15,\"time\":\"x\"}]"
            $0[bytes: "anchors/001.tsr"] = [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]
        },
    ]

    private static func good(_ trial: BundleTrial) throws -> BundleTrial.Parts {
        let request = try BundleRequest(text: "from=5 end=25 | bodies=whole")
        return try trial.parts(trial.export(request).path)
    }

    @Test("fails the checks that its damage concerns, and no others")
    func fails() throws {
        let trial = try BundleTrial()
        let good = try Self.good(trial)
        for damage in Self.withoutKey + Self.withKey {
            var parts = good
            damage.change(&parts)
            if damage.hasKey { try trial.sign(&parts) }
            let report = try BundleVerifier.verify(trial.pack(parts), key: trial.ledger.firstKey)
            #expect(report.failed == damage.fails, "\(damage.name): \(report.findings)")
            #expect(report.verdict == .notSound)
        }
    }

    @Test("by another ledger's key is found out by the key that was given")
    func otherLedger() throws {
        let trial = try BundleTrial()
        let other = try BundleTrial()
        let (path, _) = try other.export(try BundleRequest(text: "all | bodies=whole"))
        #expect(try BundleVerifier.verify(path).verdict == .sound)
        let report = try BundleVerifier.verify(path, key: trial.ledger.firstKey)
        #expect(report.failed == [.keys])
        var parts = try Self.good(trial)
        try trial.sign(&parts, by: other.ledger)
        #expect(try BundleVerifier.verify(trial.pack(parts)).failed == [.signature])
    }

    @Test("cut off anywhere is unreadable, or has failed")
    func truncated() throws {
        let trial = try BundleTrial(events: 4)
        let (path, _) = try trial.export(try BundleRequest(text: "all | bodies=whole"))
        let whole = try Data(contentsOf: URL(filePath: path))
        for count in stride(from: 0, to: whole.count, by: 61) {
            let cut = "\(trial.folder)/cut"
            try whole.prefix(count).write(to: URL(filePath: cut))
            #expect(try BundleVerifier.verify(cut).verdict == .unreadable, "cut to \(count)")
        }
        try (whole + [0]).write(to: URL(filePath: path))
        #expect(try BundleVerifier.verify(path).failed == [.archive])
    }

    @Test("with any byte of any file changed is not sound")
    func anyByte() throws {
        let trial = try BundleTrial(events: 9)
        let request = try BundleRequest(text: "from=2 | bodies=whole")
        let good = try trial.parts(trial.export(request).path)
        var chance = SeededChance(seed: 1)
        for _ in 0..<400 {
            var parts = good
            let place = Int.random(in: parts.files.indices, using: &chance)
            guard !parts.files[place].content.isEmpty else { continue }
            let offset = Int.random(in: parts.files[place].content.indices, using: &chance)
            parts.files[place].content[offset] ^= UInt8.random(in: 1...255, using: &chance)
            let report = try BundleVerifier.verify(trial.pack(parts, as: "damaged"))
            #expect(report.verdict == .notSound, "\(parts.files[place].path), byte \(offset)")
        }
    }
}

extension BundleTrial.Parts {
    /// Writes the totals that are true without one of the lines.
    fileprivate mutating func recount(without sequence: UInt64) {
        var totals = ControlTotals()
        for text in self["lines.ndjson"].split(separator: "\n") {
            let bytes = Array(text.utf8)
            let line = Line(bytes.span)
            guard let found = line.sequence, (5..<25).contains(found), found != sequence else {
                continue
            }
            totals.add(found, line)
        }
        self[bytes: "totals.json"] = totals.json
    }
}
