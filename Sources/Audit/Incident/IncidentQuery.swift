package import Bytes

/// What an incident report is asked to be about.
package struct IncidentQuery: Hashable, Sendable {
    /// How the report is written.
    package enum Form: String, CaseIterable, Sendable {
        case html, markdown
    }

    /// What people call the incident: `INC-12`.
    package var id: String
    /// Its first moment of recording.
    package var since: Timestamp
    /// The first moment after it.
    package var until: Timestamp
    /// One line on what it was.
    package var title: String?
    /// The entities that it is about, with `*` for any text; without any it is all that failed.
    package var subjects: [String] = []
    /// Whether texts that may be personal are left out.
    package var isRedacted = false
    /// How it is written.
    package var form = Form.html

    /// The most subjects: more are a pattern.
    private static let subjectLimit = 100
    /// Characters of an id, of a title or of a subject.
    private static let textLimit = 500

    /// Takes an id and a stretch of time.
    ///
    /// - Throws: `AuditProblem.usage` if the stretch ends before it begins or the id is none.
    package init(id: String, since: Timestamp, until: Timestamp) throws(AuditProblem) {
        guard since < until else {
            throw .usage(
                "the incident ends at \(until.short), not after it begins at \(since.short)"
            )
        }
        guard !id.isEmpty, id.utf8.count <= Self.textLimit else {
            throw .usage("an incident's id has 1 to \(Self.textLimit) bytes, such as INC-12")
        }
        self.id = id
        self.since = since
        self.until = until
    }

    /// Refuses more than is sensible.
    package func check() throws(AuditProblem) {
        guard subjects.count <= Self.subjectLimit else {
            throw .usage("\(subjects.count) subjects were given, at most \(Self.subjectLimit) fit")
        }
        for text in subjects + [title ?? "-"] {
            guard !text.isEmpty, text.utf8.count <= Self.textLimit else {
                throw .usage("a title or subject has 1 to \(Self.textLimit) bytes")
            }
        }
    }

    /// The query as one line of text, the same for the same query; `init(text:)` reads it back.
    package var text: String {
        var words = [
            "id=\(Self.escape(id))", "since=\(since.short)", "until=\(until.short)",
            "form=\(form.rawValue)",
        ]
        if let title { words.append("title=\(Self.escape(title))") }
        words += subjects.map { "subject=\(Self.escape($0))" }
        if isRedacted { words.append("redacted=yes") }
        return words.joined(separator: " ")
    }

    /// Reads what `text` gives.
    package init(text: String) throws(AuditProblem) {
        var values: [String: String] = [:]
        var subjects: [String] = []
        for word in text.split(separator: " ") {
            guard let mark = word.firstIndex(of: "=") else {
                throw .usage("\"\(word)\" is no part of an incident's query, expected NAME=VALUE")
            }
            let value = Self.unescape(word[word.index(after: mark)...])
            if word[..<mark] == "subject" {
                subjects.append(value)
            } else {
                values[String(word[..<mark])] = value
            }
        }
        guard let id = values["id"],
            let since = values["since"].flatMap({ Timestamp(rfc3339: $0) }),
            let until = values["until"].flatMap({ Timestamp(rfc3339: $0) }),
            let form = values["form"].flatMap({ Form(rawValue: $0) })
        else {
            throw .usage("an incident's query has id, since, until and form; this has not: \(text)")
        }
        try self.init(id: id, since: since, until: until)
        self.form = form
        self.subjects = subjects
        title = values["title"]
        isRedacted = values["redacted"] == "yes"
    }

    private static func escape(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing(" ", with: "%20").replacing("\n", with: "%0A")
    }

    private static func unescape(_ text: Substring) -> String {
        String(text).replacing("%0A", with: "\n").replacing("%20", with: " ")
            .replacing("%25", with: "%")
    }
}
