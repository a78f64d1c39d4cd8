import Foundation

/// The project's own files, read once.
struct SourceTree {
    struct File {
        /// From the project's folder, such as `Sources/Ledger/Writer.swift`.
        let path: String
        let lines: [String]

        /// The module, for files under `Sources`.
        var module: String? {
            let parts = path.split(separator: "/")
            return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let swift = files(in: ["Sources", "Tests"], withSuffix: ".swift")

    static var sources: [File] { swift.filter { $0.path.hasPrefix("Sources/") } }

    static func files(in folders: [String], withSuffix suffix: String) -> [File] {
        folders.flatMap { folder -> [File] in
            let start = root.appending(path: folder).path()
            let names = FileManager.default.enumerator(atPath: start)?.allObjects ?? []
            return names.compactMap { name in
                guard let name = name as? String, name.hasSuffix(suffix),
                    let text = try? String(contentsOfFile: "\(start)/\(name)", encoding: .utf8)
                else { return nil }
                return File(
                    path: "\(folder)/\(name)",
                    lines: text.components(separatedBy: "\n")
                )
            }
        }
    }
}
