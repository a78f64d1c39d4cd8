import Foundation
import Testing

/// The project's folder.
private let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

private struct Finished {
    let status: Int32
    let output: String

    /// The output as a JSON object.
    var json: [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: Data(output.utf8))
        return value as? [String: Any] ?? [:]
    }

    var failedChecks: Set<String> {
        let checks = json["checks"] as? [String: String] ?? [:]
        return Set(checks.filter { $0.value == "failed" }.keys)
    }
}

private func run(_ command: [String]) throws -> Finished {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = checkout
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Finished(
        status: process.terminationStatus,
        output: String(decoding: text, as: UTF8.self)
    )
}

private func python(_ script: String, _ arguments: String...) throws -> Finished {
    try run(["python3", "-B", script] + arguments)
}

private func canRun(_ commands: [[String]]) -> Bool {
    commands.allSatisfy { (try? run($0).status) == 0 }
}

private let hasPython = canRun([["python3", "-c", "import cryptography"], ["zstd", "--version"]])
private let hasBrowser = hasPython && canRun([["chromium", "--version"]])
private let verifyScript = "Sources/Audit/Verifiers/verify.py"
private let page = "Sources/Audit/Verifiers/verify.html"

/// An invented bundle, with none of Daybook's code in its making, in a folder of its own.
private final class InventedBundle {
    let folder: URL
    var path: String { folder.appending(path: "b.tar.zst").path() }
    var signer: String { folder.appending(path: "b.key").path() }
    let vkey: String

    init(_ options: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "bundle-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "b.tar.zst").path()
        let made = try run(["python3", "-B", "tools/bundle.py", path] + options)
        guard made.status == 0 else { throw CocoaError(.fileWriteUnknown) }
        let text = try String(contentsOf: folder.appending(path: "b.vkey"), encoding: .utf8)
        vkey = text.trimmingCharacters(in: .newlines)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes another file beside the bundle.
    func write(_ name: String, _ data: Data) throws -> String {
        let file = folder.appending(path: name)
        try data.write(to: file)
        return file.path()
    }
}

@Suite(
    "The verifiers that have nothing of Daybook's code",
    .enabled(if: hasPython, "python3 with the package cryptography and zstd are needed")
)
struct VerifiersTests {
    @Test(
        "verify.py finds a bundle sound, whatever it was asked to hold",
        arguments: [
            "--events 1", "--events 2", "--events 256 --query from=97",
            "--events 90 --query from=90",
            "--events 90 --query since=2030-01-01T00:00:00Z",
            "--events 90 --query until=2020-01-01T00:00:00Z",
            "--events 150 --query since=2026-09-22T00:00:00Z --bodies digests",
            "--events 150 --query until=2026-09-22T00:00:00Z --bodies redacted",
            "--events 150 --query type=orders* --selected-only",
        ]
    )
    func sound(options: String) throws {
        let bundle = try InventedBundle(options.split(separator: " ").map { String($0) })
        let result = try python(verifyScript, bundle.path, "--key", bundle.vkey, "--json")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.json["verdict"] as? String == "sound")
        let own = try python(
            verifyScript,
            bundle.path,
            "--key",
            bundle.vkey,
            "--json",
            "--decoder",
            "own"
        )
        #expect(own.output == result.output)
    }

    @Test("verify.py notices every kind of damage by the checks that it concerns, and by no other")
    func damage() throws {
        let bundle = try InventedBundle(["--events", "60"])
        let result = try python("tools/agree.py", bundle.path, "--key", bundle.vkey)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("damage that the ledger's own key signs is noticed by itself")
    func damageWithin() throws {
        let query = "since=2026-09-21T16:00:00Z until=2026-09-22T18:00:00Z"
        let bundle = try InventedBundle(["--events", "70", "--query", query])
        let result = try python(
            "tools/agree.py",
            bundle.path,
            "--key",
            bundle.vkey,
            "--signer",
            bundle.signer
        )
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("verify.py ends with the status that its verdict has")
    func statuses() throws {
        let bundle = try InventedBundle(["--events", "40"])
        let other = try InventedBundle(["--events", "40", "--seed", "other"])
        let good = try Data(contentsOf: URL(filePath: bundle.path))
        let cut = try bundle.write("cut.tar.zst", good.dropLast(9))
        let more = try bundle.write("more.tar.zst", good + Data("x".utf8))
        #expect(try python(verifyScript, bundle.path).status == 0)
        #expect(try python(verifyScript, more).status == 1)
        #expect(try python(verifyScript, bundle.path, "--key", "no key").status == 2)
        #expect(try python(verifyScript, cut).status == 3)
        #expect(try python(verifyScript, bundle.folder.path() + "/none").status == 3)
        let stranger = try python(verifyScript, bundle.path, "--key", other.vkey, "--json")
        #expect(stranger.status == 1)
        #expect(stranger.failedChecks == ["keys"])
    }

    @Test(
        "verify.py says without a key that it cannot tell whose log it is, and is silent with one"
    )
    func unknownOwner() throws {
        let bundle = try InventedBundle(["--events", "40"])
        let without = try python(verifyScript, bundle.path, "--json").json
        let with = try python(verifyScript, bundle.path, "--key", bundle.vkey, "--json").json
        let sentence = try #require((without["not_proven"] as? [String])?.first)
        #expect(sentence.contains(bundle.vkey))
        #expect((with["not_proven"] as? [String])?.contains(sentence) == false)
    }

    @Test(
        "verify.html says the same of good, damaged and unreadable bundles as verify.py",
        .enabled(if: hasBrowser, "chromium is needed")
    )
    func browser() throws {
        let bundle = try InventedBundle(["--events", "60"])
        let other = try InventedBundle(["--events", "30", "--bodies", "digests"])
        let good = try Data(contentsOf: URL(filePath: bundle.path))
        let paths = [
            bundle.path, other.path, try bundle.write("cut.tar.zst", good.dropLast(9)),
            try bundle.write("more.tar.zst", good + Data("x".utf8)),
        ]
        let shown = try run(["python3", "-B", "tools/page.py", page] + paths)
        #expect(shown.status == 0, "\(shown.output)")
        let lines = shown.output.split(separator: "\n").map {
            Finished(status: 0, output: String($0))
        }
        try #require(lines.count == paths.count)
        for (line, path) in zip(lines, paths) {
            let expected = try python(verifyScript, path, "--json")
            let result = try #require(line.json["result"] as? [String: Any])
            #expect(result["verdict"] as? String == expected.json["verdict"] as? String)
            #expect(
                result["checks"] as? [String: String] == expected.json["checks"]
                    as? [String: String]
            )
            #expect(result["proven"] as? [String] == expected.json["proven"] as? [String])
        }
    }

    @Test("verify.html reaches for nothing outside of itself")
    func noNetwork() throws {
        let text = try String(contentsOf: checkout.appending(path: page), encoding: .utf8)
        #expect(text.contains("default-src 'none'"))
        for word in [
            "src=", "http:", "fetch(", "XMLHttpRequest", "WebSocket", "import(", "innerHTML",
        ] {
            let found = text.replacing("http://www.w3.org/2000/svg", with: "").contains(word)
            #expect(!found, "it has \(word)")
        }
    }
}
