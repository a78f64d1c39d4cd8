internal import YAML

/// Reads files of cases: a list of them, or one.
struct CaseReader {
    private let expected: ExpectedReader

    private static let keys =
        ["case", "in_order", "given", "at", "then", "absent", "waiting", "quarantined"]
        + CaseCount.allCases.map(\.rawValue)

    init(_ definition: Definition) {
        expected = ExpectedReader(definition)
    }

    func cases(_ bytes: Span<UInt8>, file: String) throws(YAMLError) -> [ProjectionCase] {
        let root = try parseYAML(bytes, file: file)
        let nodes = root.oneOrMore
        guard nodes.count <= CaseLimits.caseCount else {
            throw root.error(
                "found \(nodes.count) cases",
                expected: "at most \(CaseLimits.caseCount) in a file"
            )
        }
        var cases: [ProjectionCase] = []
        for node in nodes {
            let story = try self.story(node)
            if let first = cases.first(where: { $0.name == story.name }) {
                throw node.error(
                    "found the case \"\(story.name)\" a second time",
                    expected: "it at line \(first.place.line) only"
                )
            }
            cases.append(story)
        }
        return cases
    }

    private func story(_ node: YAMLNode) throws(YAMLError) -> ProjectionCase {
        let keys = try node.mapping(allowed: Self.keys)
        let name = try keys.required("case").keptText("a sentence")
        let (events, recorded) = try given(try keys.required("given"))
        let said = keys.entries.map(\.name)
        guard Self.keys.contains(where: { Self.expectations.contains($0) && said.contains($0) })
        else {
            throw node.error("found nothing that is expected", expected: "\"then\", for one")
        }
        return ProjectionCase(
            name: name,
            place: node.place,
            isInOrder: try keys["in_order"]?.boolean ?? false,
            given: events,
            expected: ProjectionCase.Expectation(
                rows: try rows(keys["then"]),
                absent: try Self.names(keys["absent"]) ?? [],
                waiting: try Self.names(keys["waiting"])?.sortedByBytes,
                quarantined: try Self.ids(keys["quarantined"], of: events),
                moment: try keys["at"]?.moment(GivenReader.timeForm) ?? recorded,
                counts: try Self.counts(keys)
            )
        )
    }

    private static let expectations =
        ["then", "absent", "waiting", "quarantined"] + CaseCount.allCases.map(\.rawValue)

    /// The events, and when the last of them was recorded.
    private func given(
        _ node: YAMLNode
    ) throws(YAMLError) -> (events: [GivenEvent], recorded: Int64) {
        var events: [GivenEvent] = []
        var last = Int64.min
        for node in try node.items(1...CaseLimits.eventCount, of: "events") {
            let (event, recorded) = try GivenReader.event(node, place: events.count)
            events.append(event)
            last = max(last, recorded)
        }
        return (events, last)
    }

    private func rows(_ node: YAMLNode?) throws(YAMLError) -> [ProjectionCase.ExpectedRow]? {
        guard let node else { return nil }
        var rows: [ProjectionCase.ExpectedRow] = []
        for node in try node.items(0...CaseLimits.rowCount, of: "rows") {
            let row = try expected.row(node)
            guard !rows.contains(where: { $0.key == row.key }) else {
                throw node.error("found row \"\(row.key)\" a second time", expected: "it once")
            }
            rows.append(row)
        }
        return rows
    }

    private static func names(_ node: YAMLNode?) throws(YAMLError) -> [String]? {
        guard let node else { return nil }
        var names: [String] = []
        for node in try node.items(0...CaseLimits.rowCount, of: "names") {
            names.append(try node.keptText("a row's name"))
        }
        return names
    }

    private static func ids(
        _ node: YAMLNode?,
        of events: [GivenEvent]
    ) throws(YAMLError) -> [String] {
        var ids: [String] = []
        for node in try node?.items(0...CaseLimits.eventCount, of: "ids") ?? [] {
            ids.append(try node.word(of: events.map(\.id)))
        }
        return ids.sortedByBytes
    }

    private static func counts(_ keys: YAMLMapping) throws(YAMLError) -> [CaseCount: UInt64] {
        var counts: [CaseCount: UInt64] = [.unknown: 0]
        for count in CaseCount.allCases {
            guard let node = keys[count.rawValue] else { continue }
            counts[count] = UInt64(try node.integer(in: 0...1_000_000))
        }
        return counts
    }
}

extension [String] {
    /// In the order of their bytes, as names are sorted everywhere.
    var sortedByBytes: [String] { sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}
