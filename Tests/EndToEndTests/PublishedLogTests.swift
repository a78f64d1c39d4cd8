import Bytes
import Digest
import Foundation
import Merkle
import Testing

@Suite("The published log") struct PublishedLogTests {
    /// Appends numbered facts by one import.
    private func fill(_ trial: Trial, _ count: Int) throws {
        let facts = (1...count).map { Fact(id: "f\($0)").json + "\n" }.joined()
        try #require(try trial.daybook("import", "-", input: facts).status == 0)
    }

    private func line(_ trial: Trial, _ sequence: Int) throws -> [UInt8] {
        try trial.daybook("show", "\(sequence)", "--line").bytes
    }

    @Test("the checkpoint is a signed note of the newest state, not to be kept")
    func checkpoint() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let vkey = try #require(try trial.daybook("keys", "list").rows.first?["vkey"])
            for size in 1...3 {
                let answer = try server.get("/checkpoint")
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                #expect(answer.headers["cache-control"] == "max-age=1")
                #expect(try verifiedCheckpoint(answer.body, by: vkey).size == UInt64(size))
                #expect(try server.send(.stripe(id: "evt_\(size)")).status == 200)
            }
        }
    }

    @Test("a tile holds the leaf hashes of the lines, whole or as wide as was asked for")
    func tiles() throws {
        try withTrial { trial in
            try fill(trial, 299)
            let server = try trial.serve()
            let whole = try server.get("/tile/0/000")
            #expect(whole.status == 200)
            #expect(whole.headers["content-type"] == "application/octet-stream")
            #expect(whole.headers["cache-control"] == "public, max-age=31536000, immutable")
            #expect(whole.body.count == 256 * 32)
            let narrow = try server.get("/tile/0/001.p/44")
            #expect(narrow.status == 200)
            #expect(narrow.body.count == 44 * 32)
            #expect(try server.get("/tile/0/001.p/7").body == Array(narrow.body.prefix(7 * 32)))
            let hashes = whole.body + narrow.body
            for sequence in [0, 1, 255, 256, 299] {
                let line = try line(trial, sequence)
                let leaf = SHA256.leaf(line.span)
                #expect(Hash256(hashes.span, at: 32 * sequence) == leaf, "event \(sequence)")
            }
            let above = try server.get("/tile/1/000.p/1")
            #expect(above.body == treeHash(whole.body))
        }
    }

    /// The root over 256 leaf hashes.
    private func treeHash(_ hashes: [UInt8]) -> [UInt8] {
        var level = stride(from: 0, to: hashes.count, by: 32).map { Array(hashes[$0..<$0 + 32]) }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                var hash = SHA256()
                hash.update(1)
                hash.update((level[$0] + level[$0 + 1]).span)
                return hash.finish().withSpan { Array(copying: $0) }
            }
        }
        return level[0]
    }

    @Test("an entry bundle holds the exact lines", arguments: ["000", "001.p/4", "001.p/2"])
    func bundles(tile: String) throws {
        try withTrial { trial in
            try fill(trial, 259)
            let server = try trial.serve()
            let answer = try server.get("/tile/entries/\(tile)")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/octet-stream")
            #expect(answer.headers["cache-control"] == "public, max-age=31536000, immutable")
            let first = tile == "000" ? 0 : 256
            let width = tile == "000" ? 256 : Int(String(tile.suffix(1))) ?? 0
            let lines = try entries(of: answer.body)
            #expect(lines.count == width)
            for index in [0, 1, width - 1] {
                #expect(try lines[index] == line(trial, first + index), "event \(first + index)")
            }
        }
    }

    static let noTiles = [
        "/tile/0/000", "/tile/0/000.p/2", "/tile/0/001", "/tile/0/000.p/0", "/tile/0/000.p/256",
        "/tile/0/000.p/", "/tile/0/0", "/tile/0/00", "/tile/0/0000", "/tile/00/000",
        "/tile/64/000", "/tile/-1/000", "/tile/1/000.p/1", "/tile/0/x000/000", "/tile/0/000/",
        "/tile/entries/000", "/tile/entries/000.p/2", "/tile/entries/x999/x999/x999/999.p/1",
        "/tile/data/000", "/tile/", "/tile", "/tile/0/000.p/1/", "/tile/0/000%2ep/1",
        "/tile/63/x281/x474/x976/x710/655.p/1", "//tile/0/000.p/1",
    ]

    @Test("a tile that is not there, or is not named as it must be, is not found")
    func missing() throws {
        try withTrial { trial in
            let server = try trial.serve()
            #expect(try server.get("/tile/0/000.p/1").status == 200)
            for path in Self.noTiles {
                let answer = try server.get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.headers["cache-control"] == nil, "\(path)")
            }
        }
    }

    @Test("HEAD is answered like GET, without the body", arguments: ["/checkpoint", "/healthz"])
    func head(path: String) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let connection = try server.connect()
            try connection.send(Request(method: "HEAD", target: path))
            let head = try connection.answer(to: "HEAD")
            #expect(head.status == 200)
            try connection.send(Request(method: "GET", target: path))
            let whole = try connection.answer(to: "GET")
            #expect(whole.status == 200)
            #expect(head.headers["content-type"] == whole.headers["content-type"])
            #expect(head.headers["content-length"] == "\(whole.body.count)")
        }
    }

    @Test("healthz says how the service stands")
    func health() throws {
        try withTrial { trial in
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            let answer = try server.get("/healthz")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.headers["cache-control"] == "no-store")
            let health = row(Data(answer.body))
            let expected = [
                "status": "ok", "size": "2", "queued": "0", "committed": "1", "commits": "1",
                "rejections_not_recorded": "0",
            ]
            for (name, value) in expected { #expect(health[name] == value, "\(name)") }
            #expect(Int(health["uptime_seconds"] ?? "") != nil)
        }
    }
}
