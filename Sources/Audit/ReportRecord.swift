package import Bytes
internal import Digest
internal import JSON
package import Ledger

/// What the log says of a report that was made: enough to make it again, byte for byte.
///
/// It is written before the report is given out, and is the report's name: `daybook rerun SEQ`.
package struct ReportRecord: Sendable {
    /// The type of the event.
    package static let type = "daybook.report"

    /// Which report it is: `export`, `population`, `sample`, `incident` or `reconcile`.
    package let kind: String
    /// What was asked for, in the report's own form; the same for the same report.
    package let query: String
    /// How many events of the log it is about: the first `size`, whatever came later.
    package let size: UInt64
    /// Rows that it gives out.
    package let rows: UInt64
    /// The definitions by which projections answered, by name.
    package let definitions: [DefinitionVersion]
    /// The version of the program that made it.
    package let tool: String
    /// Who had it made.
    package let actor: Actor
    /// What for, as that person says.
    package let purpose: String?
    /// The event that says all this, and when it was recorded; `nil` where nothing could be recorded.
    package let recorded: (sequence: UInt64, time: Timestamp)?

    /// A definition that a report went by.
    package struct DefinitionVersion: Hashable, Sendable {
        package let name: String
        package let version: Int
        /// Lower-case hex SHA-256 of its canonical form.
        package let hash: String

        package init(name: String, version: Int, hash: String) {
            self.name = name
            self.version = version
            self.hash = hash
        }
    }

    /// What is about to be given out; `record` makes the event of it.
    package init(
        kind: String,
        query: String,
        size: UInt64,
        rows: UInt64,
        definitions: [DefinitionVersion],
        tool: String,
        actor: Actor,
        purpose: String? = nil
    ) {
        self.init(kind, query, size, rows, definitions, tool, actor, purpose, nil)
    }

    private init(
        _ kind: String,
        _ query: String,
        _ size: UInt64,
        _ rows: UInt64,
        _ definitions: [DefinitionVersion],
        _ tool: String,
        _ actor: Actor,
        _ purpose: String?,
        _ recorded: (sequence: UInt64, time: Timestamp)?
    ) {
        self.kind = kind
        self.query = query
        self.size = size
        self.rows = rows
        self.definitions = definitions.sorted { $0.name < $1.name }
        self.tool = tool
        self.actor = actor
        self.purpose = purpose
        self.recorded = recorded
    }

    /// Appends the event, and gives the record as the log has it.
    package func record(in ledger: Ledger) throws -> ReportRecord {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        let content = content
        var draft = AdminEvent.draft(type: Self.type, json: content.span)
        draft[.subject] = "report:\(kind)"
        draft[.reason] = purpose
        draft.set(.records, to: rows)
        draft.sign(by: actor)
        let receipt = try writer.append([draft])[0]
        return try Self.read(receipt.sequence, in: ledger)
    }

    private var content: [UInt8] {
        var object = CanonicalObject()
        var hashes = CanonicalObject()
        for definition in definitions {
            hashes.add(definition.name, "\(definition.version) \(definition.hash)")
        }
        object.add("definitions", hashes)
        object.add("kind", kind)
        object.add("query", query)
        object.add("size", size)
        object.add("tool", tool)
        return object.bytes
    }

    /// Reads the event of a report.
    ///
    /// - Throws: `AuditProblem.usage` if the event is none.
    package static func read(_ sequence: UInt64, in ledger: Ledger) throws -> ReportRecord {
        let event = try ledger.event(at: sequence)
        let line = Line(event.line.span)
        guard line.text(.type) == type, line.text(.source) == AdminEvent.source,
            line.text(.kind) == Kind.admin.rawValue
        else {
            throw AuditProblem.usage(
                "event \(sequence) is no report, but \(line.text(.type) ?? "none"); \"daybook log "
                    + "--type \(type)\" lists reports"
            )
        }
        guard let content = event.content, let time = line.recordedTime else {
            throw AuditProblem.refused("what report \(sequence) was is not in the log any more")
        }
        let actor = Actor(
            authType: line.text(.authtype) ?? "",
            name: line.text(.authid) ?? ""
        )
        let fields = try fields(content.span)
        return ReportRecord(
            fields.texts["kind"] ?? "",
            fields.texts["query"] ?? "",
            fields.size,
            line.integer(.records) ?? 0,
            fields.definitions,
            fields.texts["tool"] ?? "",
            actor,
            line.text(.reason),
            (sequence, time)
        )
    }

    private struct Fields {
        var texts: [String: String] = [:]
        var size: UInt64 = 0
        var definitions: [DefinitionVersion] = []
    }

    private static func fields(_ content: Span<UInt8>) throws -> Fields {
        var parser = JSONParser()
        return try fields(of: parser.parse(content))
    }

    private static func fields(of value: JSONValue) throws -> Fields {
        var fields = Fields()
        var members = value.members
        while let member = members.next() {
            if member.name == "definitions" {
                var hashes = member.value.members
                while let entry = hashes.next() {
                    let words = entry.value.string?.split(separator: " ") ?? []
                    guard words.count == 2, let version = Int(words[0]) else { continue }
                    fields.definitions.append(
                        DefinitionVersion(
                            name: entry.name,
                            version: version,
                            hash: String(words[1])
                        )
                    )
                }
            } else if member.name == "size", let number = member.value.uint64 {
                fields.size = number
            } else if let text = member.value.string {
                fields.texts[member.name] = text
            }
        }
        return fields
    }
}
