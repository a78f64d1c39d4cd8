import Foundation
import Testing

@testable import Projections

@Suite("The stories of the default projections")
struct DefaultCasesTests {
    @Test("hold in every order", arguments: Defaults.names)
    func hold(name: String) throws {
        let definition = try Defaults.definition(name)
        let reports = try checkCases(definition, [try Self.stories(name)])
        #expect(reports.count >= 8)
        for report in reports {
            let failures = report.failures.map(\.description)
            #expect(failures == [], "\(report.file):\(report.line): \(report.name)")
            #expect(report.orders > 0)
        }
    }

    @Test("are those that a new ledger gets", arguments: Defaults.names)
    func embedded(name: String) throws {
        let files = try #require(DefaultProjections.all.first { $0.name == name })
        let stories = try Self.stories(name).bytes
        #expect(files.stories == stories)
    }

    @Test("touch every rule of their definition", arguments: Defaults.names)
    func everyRule(name: String) throws {
        let definition = try Defaults.definition(name)
        let plan = Plan(definition)
        var touched: Set<Int> = []
        let stories = try Self.stories(name).bytes
        for story in try CaseReader(definition).cases(stories.span, file: name) {
            var chance = CaseChance(seed: 1)
            let order = Array(story.given.indices)
            let arrivals = CaseArrivals(story, order, &chance)
            for sequence in order {
                var folding = Folding(plan)
                try folding.take(arrivals, sequence..<sequence + 1)
                if let rule = folding.lastApplied?.rule { touched.insert(rule) }
            }
        }
        let missing = definition.rules.indices.filter { !touched.contains($0) }
        #expect(missing.map { definition.rules[$0].line } == [])
    }

    private static func stories(_ name: String) throws -> CaseFile {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "projections/\(name)/cases/stories.yaml")
        return CaseFile(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
    }
}

@Suite("A check of a folder")
struct ProjectionCheckTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "daybook-check-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ text: String, to path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    private static let definition = """
        projection: p
        version: 1
        key: id
        columns: { n: { type: integer, keep: count } }
        events:
          - { from: { type: a }, key: "{/id}", set: { n: { count: true } } }
        """

    private static func story(_ name: String, n: Int) -> String {
        "{ case: \(name), given: [{ source: s, type: a, body: { id: x } }], "
            + "then: [{ id: x, n: \(n) }] }"
    }

    @Test("runs all files of cases, in the order of their names")
    func files() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(Self.definition, to: "projections/p/projection.yaml")
        try write(Self.story("second", n: 2), to: "projections/p/cases/b.yaml")
        try write(Self.story("first", n: 1), to: "projections/p/cases/a.yaml")
        try write("not: cases", to: "projections/p/cases/notes.txt")
        let checks = try ProjectionCheck.run(folder: folder.path)
        #expect(checks.map(\.definition.name) == ["p"])
        #expect(checks.first?.cases.map(\.name) == ["first", "second"])
        #expect(checks.first?.cases.map(\.holds) == [true, false])
        #expect(checks.first?.holds == false)
        let file = "\(folder.path)/projections/p/cases/b.yaml"
        #expect(checks.first?.cases.last?.file == file)
    }

    @Test("refuses a folder that does not exist")
    func missing() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: (any Error).self) {
            try ProjectionCheck.run(folder: folder.path + "/missing")
        }
    }

    @Test("holds for a projection without cases")
    func without() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(Self.definition, to: "projections/p/projection.yaml")
        let checks = try ProjectionCheck.run(folder: folder.path)
        #expect(checks.first?.holds == true)
        #expect(checks.first?.cases.isEmpty == true)
    }

    @Test("names the file, line and column of what is no case")
    func refused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(Self.definition, to: "projections/p/projection.yaml")
        try write("{ cas: x }", to: "projections/p/cases/a.yaml")
        let message = #expect(throws: (any Error).self) {
            try ProjectionCheck.run(folder: folder.path)
        }
        let file = "\(folder.path)/projections/p/cases/a.yaml"
        #expect(message.map { "\($0)" } == "\(file):1:3: unknown key \"cas\", expected \"case\"")
    }
}
