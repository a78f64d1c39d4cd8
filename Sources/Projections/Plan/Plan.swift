internal import Bytes
internal import JSON
internal import Ledger

/// A definition compiled for folding: every path has a place, every word is bytes.
final class Plan: Sendable {
    let definition: Definition
    let shape: Shape
    let aliases: Aliases
    let rules: [PlannedRule]
    /// The attributes by which events are told apart, in the order of lines.
    let selectors: [Attribute]
    /// The path to all of a document.
    let whole: JSONPaths
    /// Whether a rule is for rejected events too.
    let takesRejected: Bool

    init(_ definition: Definition) {
        self.definition = definition
        shape = Shape(definition.columns)
        aliases = Aliases(definition)
        rules = definition.rules.map { PlannedRule($0, definition) }
        whole = JSONPaths((try? JSONPointer("")).map { [$0] } ?? [])
        takesRejected = definition.rules.contains(where: \.takesRejected)
        let named = Set(definition.rules.flatMap { $0.from.map(\.attribute.attribute) })
        selectors = named.sorted { $0.rawValue < $1.rawValue }
    }

    /// The rules whose `from` a line fits, in the file's order.
    func candidates(for line: borrowing Line) -> [Int] {
        var found: [Int] = []
        let isRejected = takesRejected && line.text(.outcome) == Outcome.rejected.rawValue
        for (place, rule) in definition.rules.enumerated() {
            var fits = !isRejected || rule.takesRejected
            for (attribute, patterns) in rule.from {
                guard let text = line.text(attribute.attribute),
                    patterns.contains(where: { globMatches($0, text) })
                else {
                    fits = false
                    break
                }
            }
            if fits { found.append(place) }
        }
        return found
    }
}

/// Where a compiled rule finds a value.
enum Operand: Sendable, BitwiseCopyable {
    /// Among the paths into the content.
    case content(Int)
    /// Among the paths into an element, else among those into the content.
    case element(Int, content: Int)
    case attribute(Attribute)
    /// Among the rule's headers and places in a call's request and response.
    case message(Int)
}

/// A value of a message that is not a place in the content.
enum MessagePath: Hashable, Sendable {
    case header([UInt8])
    case request(JSONPointer)
    case response(JSONPointer)

    /// Whether it is one, for which the content does not matter.
    var isHeader: Bool {
        if case .header = self { return true }
        return false
    }
}

/// A compiled rule.
final class PlannedRule: Sendable {
    /// Where the elements are.
    enum Each: Sendable {
        case content(Int)
        /// A list of limits such as `60/1m 5000/1d@90`.
        case limits(Attribute)
    }

    let line: Int
    let when: [PlannedTest]
    let each: Each?
    let key: PlannedTemplate
    let at: PlannedTime?
    let links: [PlannedTemplate]
    let settings: [PlannedSetting]
    /// The paths into the content.
    let contentPaths: JSONPaths
    /// Those whose value may be a list that stands for each of its members.
    let listPaths: [Int]
    /// Whether anything but the line is looked at.
    let needsBody: Bool
    /// Whether the content is read as a document.
    let needsContent: Bool
    /// Whether anything in the content is read, be it as a document or as the request.
    let readsText: Bool
    /// The attributes of the line that are looked at.
    let attributes: [Attribute]
    /// The paths into elements.
    let elementPaths: JSONPaths
    let messagePaths: [MessagePath]

    /// Compiles a rule.
    init(_ rule: Rule, _ definition: Definition) {
        var places = Places(rule)
        line = rule.line
        switch rule.each {
        case nil: each = nil
        case .content(let pointer)?: each = .content(places.content(pointer))
        case .attribute(let attribute)?: each = .limits(attribute.attribute)
        // The reader of definitions refuses these.
        case .element?, .header?, .request?, .response?: each = nil
        }
        when = rule.when.map { PlannedTest($0, &places) }
        key = PlannedTemplate(rule.key, &places)
        at = rule.at.map { time in
            PlannedTime(
                operand: places.operand(time.path),
                path: time.path.description,
                format: time.format,
                line: time.line
            )
        }
        links = rule.links.map { PlannedTemplate($0, &places) }
        settings = rule.settings.map { PlannedSetting($0, definition.columns, &places) }
        contentPaths = JSONPaths(places.contentPointers)
        listPaths = Self.listPaths(links, settings)
        // Paths into limits lead nowhere else: a call whose body was erased counts all the same.
        if case .limits? = each {
            needsContent = false
        } else {
            needsContent = !places.contentPointers.isEmpty
        }
        needsBody = needsContent || !places.messagePaths.isEmpty
        readsText = needsContent || places.messagePaths.contains { !$0.isHeader }
        attributes = places.attributes
        elementPaths = JSONPaths(places.elementPointers)
        messagePaths = places.messagePaths
    }
}

extension EventAttribute {
    /// The same attribute of a line.
    var attribute: Attribute {
        switch self {
        case .source: .source
        case .provider: .provider
        case .type: .type
        case .kind: .kind
        case .subject: .subject
        case .id: .id
        case .time: .time
        case .recordedtime: .recordedtime
        case .outcome: .outcome
        case .service: .service
        case .method: .method
        case .path: .path
        case .status: .status
        case .attempt: .attempt
        case .durationms: .durationms
        case .ratelimit: .ratelimit
        case .sync: .sync
        case .records: .records
        case .errors: .errors
        case .correlationid: .correlationid
        case .reason: .reason
        }
    }
}
