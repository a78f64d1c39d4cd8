import Archive
import Audit
import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import Projections

/// A ledger with events to export, and bundles of it that are taken apart and put together again.
final class BundleTrial {
    let folder: String
    let temporary: TemporaryLedger
    let ledger: Ledger
    let views: Views

    init(events: Int = 40) throws {
        temporary = try TemporaryLedger()
        try temporary.fill(events)
        ledger = try temporary.open(appends: true)
        views = try Views(ledger)
        folder = FileManager.default.temporaryDirectory
            .appending(path: "daybook-bundle-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    }

    deinit {
        ledger.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static let actor = Actor.user("anna")

    /// Exports a bundle; gives its path and its record.
    func export(
        _ request: BundleRequest,
        size: UInt64? = nil,
        as name: String = "good",
        extras: BundleExtras = BundleExtras()
    ) throws -> (path: String, record: ReportRecord) {
        let (plan, record) = try BundleExport.begin(
            request,
            size: size,
            views: views,
            by: Self.actor,
            purpose: "a test",
            tool: "daybook test"
        )
        let path = "\(folder)/\(name)"
        try BundleWriter(plan, record: record, views: views, extras: extras)
            .write(to: TarZstdWriter(creating: path))
        return (path, record)
    }

    /// Makes the bundle of a record once more.
    func again(_ record: ReportRecord, as name: String) throws -> String {
        let request = try BundleRequest(text: record.query)
        let plan = try ledger.read { try BundlePlan(request, size: record.size, in: $0) }
        let path = "\(folder)/\(name)"
        try BundleWriter(plan, record: record, views: views)
            .write(to: TarZstdWriter(creating: path))
        return path
    }

    func checkpoint(size: UInt64) throws -> [UInt8] {
        try ledger.read { snapshot in
            guard let note = try snapshot.checkpoint(size: size) else { return [] }
            return [UInt8](copying: note)
        }
    }

    // MARK: - Taking apart

    /// A bundle's files without the folder, in the archive's order.
    struct Parts {
        var files: [(path: String, content: [UInt8])] = []

        subscript(path: String) -> String {
            get { String(decoding: files.first { $0.path == path }?.content ?? [], as: UTF8.self) }
            set { self[bytes: path] = Array(newValue.utf8) }
        }

        subscript(bytes path: String) -> [UInt8] {
            get { files.first { $0.path == path }?.content ?? [] }
            set {
                if let place = files.firstIndex(where: { $0.path == path }) {
                    files[place].content = newValue
                } else {
                    files.append((path, newValue))
                }
            }
        }

        /// Replaces a text that must be there, everywhere in a file.
        mutating func replace(_ path: String, _ old: String, _ new: String) {
            precondition(self[path].contains(old), "\(path) has no \(old)")
            self[path] = self[path].replacingOccurrences(of: old, with: new)
        }

        mutating func remove(_ path: String) { files.removeAll { $0.path == path } }

        /// Makes the manifest that is true for these files.
        mutating func list() {
            let listed = files.filter { !["manifest.json", "manifest.note"].contains($0.path) }
                .sorted { $0.path < $1.path }.map { file in
                    "{\"path\":\"\(file.path)\",\"sha256\":\"\(SHA256.hash(file.content.span))\","
                        + "\"size\":\(file.content.count)}"
                }
            self["manifest.json"] =
                "{\"files\":[\(listed.joined(separator: ","))],\"format\":\"daybook-evidence/v1\"}"
        }
    }

    func parts(_ path: String) throws -> Parts {
        var reader = try TarZstdReader(reading: path)
        var parts = Parts()
        while let entry = try reader.next() {
            var content: [UInt8] = []
            while true {
                let chunk = try reader.read(atMost: 1 << 16)
                if chunk.isEmpty { break }
                content += chunk
            }
            parts.files.append((String(entry.path.dropFirst(17)), content))
        }
        return parts
    }

    func pack(_ parts: Parts, as name: String = UUID().uuidString) throws -> String {
        let path = "\(folder)/\(name)"
        try? FileManager.default.removeItem(atPath: path)
        var writer = try TarZstdWriter(creating: path)
        for file in parts.files {
            let size = UInt64(file.content.count)
            try writer.begin("daybook-evidence/\(file.path)", size: size, modified: 0)
            try writer.write(file.content.span)
        }
        try writer.finish()
        return path
    }

    /// Signs the manifest as whoever holds the ledger's key can.
    func sign(_ parts: inout Parts, by signer: Ledger? = nil) throws {
        parts.list()
        let lines = parts["manifest.note"].split(separator: "\n")
        let digest = SHA256.hash(parts[bytes: "manifest.json"].span)
            .withSpan { Base64.encode($0) }
        let text = "\(lines[0])\n\(lines[1])\n\(lines[2])\n\(digest)\n"
        parts[bytes: "manifest.note"] = try (signer ?? ledger).sign(Array(text.utf8))
    }
}
