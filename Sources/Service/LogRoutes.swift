internal import Bytes
internal import HTTPServer
internal import Ledger
internal import Merkle

/// `GET /checkpoint` and `GET /tile/…`: the log as C2SP tlog-tiles, for anyone to verify.
struct LogRoutes: Sendable {
    let ledger: Ledger

    func checkpoint() throws -> HTTPAnswer {
        let note: [UInt8]? = try ledger.read { snapshot in
            guard let note = try snapshot.latestCheckpoint() else { return nil }
            return [UInt8](copying: note)
        }
        guard let note else { return .text(404, "the log is empty") }
        return HTTPAnswer(
            status: 200,
            headers: [
                ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "max-age=1"),
            ],
            body: note
        )
    }

    /// Answers a path without its leading slash, such as `tile/0/x001/234.p/5`.
    func tile(_ path: Substring) throws -> HTTPAnswer {
        guard let path = TilePath(String(path)) else {
            return .text(404, "not a tile path; expected tile/LEVEL/INDEX or tile/entries/INDEX")
        }
        let bytes = try ledger.read { snapshot in
            switch path {
            case .hashes(let tile): try hashes(tile, snapshot)
            case .entries(let tile): try entries(tile, snapshot)
            }
        }
        guard let bytes else { return .text(404, "the log has no such tile") }
        return HTTPAnswer(
            status: 200,
            headers: [
                ("Content-Type", "application/octet-stream"),
                ("Cache-Control", "public, max-age=31536000, immutable"),
            ],
            body: bytes
        )
    }

    private func hashes(_ tile: Tile, _ snapshot: borrowing Snapshot) throws -> [UInt8]? {
        guard let stored = try snapshot.tile(level: tile.level, index: tile.index),
            stored.count >= tile.byteCount
        else { return nil }
        return [UInt8](copying: stored.extracting(0..<tile.byteCount))
    }

    private func entries(_ tile: Tile, _ snapshot: borrowing Snapshot) throws -> [UInt8]? {
        guard tile.index < 1 << 48 else { return nil }
        let first = tile.index << UInt64(Tile.height)
        guard try snapshot.size >= first + UInt64(tile.width) else { return nil }
        var bundle: [UInt8] = []
        for sequence in first..<first + UInt64(tile.width) {
            guard let line = try snapshot.line(at: sequence) else { return nil }
            BigEndian.append(UInt16(line.bytes.count), to: &bundle)
            bundle.append(span: line.bytes)
        }
        return bundle
    }
}
