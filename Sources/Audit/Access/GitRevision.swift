internal import POSIX

/// The revision of the git repository that a folder belongs to.
enum GitRevision {
    /// Folders above that are looked at: no sane checkout is deeper.
    private static let depth = 16
    /// Bytes of a file of git's that names a revision, packed ones included.
    private static let fileBytes = 4 << 20

    /// The commit that is checked out, read from git's own files; `nil` if there is none.
    static func of(_ folder: String) -> String? {
        guard var folder = Files.absolute(folder) else { return nil }
        for _ in 0..<depth {
            let git = "\(folder)/.git"
            if Files.isFolder(git) { return head(git) }
            let above = Files.parent(of: folder)
            if above == folder { return nil }
            folder = above
        }
        return nil
    }

    private static func head(_ git: String) -> String? {
        guard let head = text("\(git)/HEAD")?.firstLine else { return nil }
        guard head.hasPrefix("ref: ") else { return commit(head) }
        let name = head.dropFirst("ref: ".count)
        // The name becomes a path.
        guard !name.contains("..") else { return nil }
        if let loose = text("\(git)/\(name)")?.firstLine { return commit(loose) }
        let packed = text("\(git)/packed-refs")?.split(separator: "\n") ?? []
        return packed.first { $0.hasSuffix(" \(name)") }.flatMap { line in
            commit(String(line.prefix { $0 != " " }))
        }
    }

    private static func commit(_ text: String) -> String? {
        let isHex = text.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }
        return isHex && [40, 64].contains(text.utf8.count) ? text : nil
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? Files.read(path, limit: fileBytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate var firstLine: String { String(prefix { $0 != "\n" && $0 != "\r" }) }
}
