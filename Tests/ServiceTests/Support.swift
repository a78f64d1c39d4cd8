import Bytes
import DaybookTesting
import Foundation
import Ledger
import POSIX
import Service
import Testing

/// A ledger with a configuration, as commands and servers open it.
final class ServiceTrial {
    let ledger: TemporaryLedger
    var path: String { ledger.path }
    var tokensFile: String { "\(path)/tokens" }
    let register: TokenRegister

    init() throws {
        ledger = try TemporaryLedger()
        register = TokenRegister(ledger: ledger.path)
        try Files.replace(
            "\(ledger.path)/daybook.yaml",
            with: Array("head_file: \(ledger.headFile)\n".utf8)
        )
    }

    /// Makes a token that lasts.
    func token(_ name: String, _ role: TokenRole) throws -> String {
        try register.create(name: name, role: role, expires: nil, at: wallClock()).token.revealed
    }

    /// The lines of the log, each by attribute.
    func lines() throws -> [[String: String]] { try logLines(try ledger.open(appends: false)) }

    /// All bytes of all files of the ledger's folder.
    func allBytes() throws -> Data {
        var bytes = Data()
        let names = FileManager.default.enumerator(atPath: path)?.allObjects ?? []
        for case let name as String in names where !Files.isFolder("\(path)/\(name)") {
            bytes += try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
        }
        return bytes
    }
}

/// The lines of a log, each by attribute.
func logLines(_ ledger: Ledger) throws -> [[String: String]] {
    var lines: [[String: String]] = []
    try ledger.read { snapshot in
        try snapshot.forEachLine(from: 0) { _, line in
            var attributes: [String: String] = [:]
            line.forEach { name, text, _ in attributes[name] = text }
            lines.append(attributes)
            return true
        }
    }
    return lines
}

func wallClock() -> Timestamp { Timestamp(microseconds: Clock.microseconds) }

func later(_ time: Timestamp, seconds: Double) -> Timestamp {
    Timestamp(microseconds: time.microseconds + Int64(seconds * 1e6))
}

/// A body's meta and content, each as text.
func bodyParts(_ draft: Draft) -> (meta: String, content: String)? {
    guard let record = draft.body?.record, let layout = BodyLayout(record.span) else { return nil }
    return (
        String(decoding: record[layout.meta], as: UTF8.self),
        String(decoding: record[layout.content], as: UTF8.self)
    )
}
