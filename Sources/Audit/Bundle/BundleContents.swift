internal import Archive
internal import Bytes
internal import Digest
internal import Ledger
internal import POSIX

/// The files of a bundle while it is made: digests and sizes here, contents in a spool file, bodies
/// where they lie in the log.
final class BundleContents {
    /// Where a file's bytes are.
    enum Origin {
        case spool(offset: Int)
        case body(of: UInt64)
    }

    /// A file of the bundle.
    struct File {
        let path: String
        let size: Int
        let hash: Hash256
        let origin: Origin
    }

    /// In the order of the archive.
    private(set) var files: [File] = []
    private let spool: SpoolFile
    private var unpacked: UInt64 = 0

    init() throws(SystemError) {
        spool = try SpoolFile()
    }

    /// Adds a file.
    func add(_ path: String, _ bytes: [UInt8]) throws {
        try add(path) { try $0(bytes) }
    }

    /// Adds a file whose bytes `body` gives in pieces.
    func add(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
        let offset = spool.size
        var hash = SHA256()
        try body { bytes in
            hash.update(bytes.span)
            try spool.append(bytes.span)
        }
        let size = spool.size - offset
        try add(
            File(path: path, size: size, hash: hash.finish(), origin: .spool(offset: offset))
        )
    }

    /// Adds the body record of an event, whose digest its line holds.
    func addBody(_ sequence: UInt64, size: Int, hash: Hash256) throws {
        let path = BundleFormat.path("bodies", sequence)
        try add(File(path: path, size: size, hash: hash, origin: .body(of: sequence)))
    }

    private func add(_ file: File) throws {
        unpacked += UInt64(file.size) + 1024
        guard unpacked < ArchiveLimits.unpackedBytes, files.count < ArchiveLimits.entries else {
            throw AuditProblem.refused(
                "the bundle would unpack to more than \(ArchiveLimits.unpackedBytes >> 30) GiB, "
                    + "which no verifier accepts; choose a shorter period, or --no-bodies"
            )
        }
        if file.path.hasSuffix(".json"), file.size > BundleFormat.documentBytes {
            throw AuditProblem.refused(
                "\(file.path) would have \(file.size) bytes, at most "
                    + "\(BundleFormat.documentBytes) are allowed; choose a shorter period"
            )
        }
        files.append(file)
    }

    /// `manifest.json`: every file so far with its digest and size, sorted by path.
    func manifest() throws -> [UInt8] {
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let list = CanonicalJSON.list(sorted) { file, text in
            text.append(ascii: "{\"path\":")
            CanonicalJSON.appendString(file.path, to: &text)
            text.append(ascii: ",\"sha256\":\"")
            file.hash.withSpan { Hex.append($0, to: &text) }
            text.append(ascii: "\",\"size\":")
            Decimal.append(UInt64(file.size), to: &text)
            text.append(ascii: "}")
        }
        guard list.count + 64 <= BundleFormat.documentBytes else {
            throw AuditProblem.refused(
                "the bundle would hold \(files.count) files, more than one manifest can list; "
                    + "choose a shorter period, or --no-bodies"
            )
        }
        var object = CanonicalObject()
        object.add("files", json: list)
        object.add("format", BundleFormat.name)
        return object.bytes
    }

    /// Writes a file to the archive; a body must still have the digest that its line holds.
    func write(
        _ file: File,
        to archive: inout TarZstdWriter,
        modified: UInt64,
        from snapshot: borrowing Snapshot
    ) throws {
        let path = BundleFormat.folder + file.path
        try archive.begin(path, size: UInt64(file.size), modified: modified)
        switch file.origin {
        case .spool(let offset):
            var done = 0
            while done < file.size {
                let chunk = try spool.read(
                    at: offset + done,
                    atMost: min(1 << 20, file.size - done)
                )
                try archive.write(chunk.span)
                done += chunk.count
            }
        case .body(let sequence):
            guard let record = try snapshot.body(at: sequence),
                SHA256.hash(record) == file.hash
            else {
                throw LedgerError.damaged(
                    "the body of event \(sequence) is not what its line says; "
                        + "run \"daybook verify\""
                )
            }
            try archive.write(record)
        }
    }
}
