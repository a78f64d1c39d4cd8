internal import Bytes
internal import JSON
internal import Ledger

/// Reads a rule's operands from an event, or from one element of it.
struct Reading: ~Escapable {
    let line: Line
    let content: ExtractedValues
    let element: ExtractedValues?
    /// What is not in the content, and lists.
    let kept: Span<KeptValues.Entry>
    let keptBytes: Span<UInt8>

    @_lifetime(copy line, copy content, copy element, copy kept, copy keptBytes)
    init(
        _ line: borrowing Line,
        _ content: ExtractedValues,
        _ element: ExtractedValues?,
        _ kept: Span<KeptValues.Entry>,
        _ keptBytes: Span<UInt8>
    ) {
        self.line = copy line
        self.content = content
        self.element = element
        self.kept = kept
        self.keptBytes = keptBytes
    }

    /// The value of an operand.
    @_lifetime(copy self)
    func value(_ operand: Operand) -> EventValue {
        switch operand {
        case .content(let place): return EventValue(content[place])
        case .element(let place, let fallback):
            if let element {
                let value = element[place]
                if value.kind != .missing { return EventValue(value) }
            }
            return EventValue(content[fallback])
        case .attribute(let attribute):
            guard let raw = line.raw(attribute) else { return kept(nil) }
            // Escapes are rare, and resolved beforehand.
            if let entry = find(.attribute(attribute)) { return kept(entry) }
            return EventValue(kind: attribute.isInteger ? .number : .string, text: raw)
        case .message(let place): return kept(find(.message(place)))
        }
    }

    /// The places in the content, or of a message, whose value is a list, with the list's values.
    func list(_ operand: Operand) -> Range<Int>? {
        switch operand {
        case .content(let place): return find(.list(place))?.members
        // A list within an element is none of the content's.
        case .element(let place, let fallback):
            if let element, element[place].kind != .missing { return nil }
            return find(.list(fallback))?.members
        case .attribute, .message: return nil
        }
    }

    /// One value of a list.
    @_lifetime(copy self)
    func member(_ place: Int) -> EventValue { kept(kept[place]) }

    private func find(_ key: KeptValues.Key) -> KeptValues.Entry? {
        for place in kept.indices where kept[place].key == key { return kept[place] }
        return nil
    }

    @_lifetime(copy self)
    private func kept(_ entry: KeptValues.Entry?) -> EventValue {
        guard let entry else {
            return EventValue(kind: .missing, text: keptBytes.extracting(0..<0))
        }
        return EventValue(kind: entry.kind, text: keptBytes.extracting(entry.text))
    }
}

/// A value in an event, where it lies.
struct EventValue: ~Escapable {
    let kind: ExtractedKind
    /// A text with its escapes resolved, or a number as it is written.
    let text: Span<UInt8>

    @_lifetime(copy text)
    init(kind: ExtractedKind, text: Span<UInt8>) {
        self.kind = kind
        self.text = text
    }

    @_lifetime(copy value)
    init(_ value: ExtractedValue) {
        kind = value.kind
        text = value.text
    }

    /// Whether there is something but null and the empty text, which many systems send for nothing.
    var isPresent: Bool {
        switch kind {
        case .missing, .null: false
        case .string: !text.isEmpty
        case .false, .true, .number, .array, .object: true
        }
    }

    /// Whether it can be named and compared: neither null nor a list nor an object.
    var isScalar: Bool {
        switch kind {
        case .string, .number, .false, .true: true
        case .missing, .null, .array, .object: false
        }
    }

    /// Whether it is this text, in which `*` stands for any text.
    func equals(_ pattern: String) -> Bool {
        switch kind {
        case .true: return pattern == "true"
        case .false: return pattern == "false"
        case .string, .number:
            let bytes = pattern.utf8Span.span
            if text.equals(bytes) { return true }
            guard bytes.firstIndex(of: UInt8(ascii: "*")) != nil else { return false }
            return globMatches(pattern, String(repairing: text))
        case .missing, .null, .array, .object: return false
        }
    }

    /// What it is, for a message that must not tell content.
    var finding: String {
        switch kind {
        case .missing: "nothing"
        case .null: "null"
        case .false, .true: "a boolean"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// Values of an event that are copied before they are read: what is not in the content, texts of
/// lines with escapes, and the members of lists.
struct KeptValues {
    enum Key: Hashable {
        case attribute(Attribute)
        case message(Int)
        /// A list in the content; its members follow.
        case list(Int)
        case member
    }

    struct Entry {
        let key: Key
        let kind: ExtractedKind
        let start: Int
        let end: Int

        var text: Range<Int> { start..<end }
        /// For a list, its members' places.
        var members: Range<Int> { start..<end }
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    mutating func add(_ key: Key, _ kind: ExtractedKind, _ text: Span<UInt8>) {
        let start = bytes.count
        bytes.append(span: text)
        entries.append(Entry(key: key, kind: kind, start: start, end: bytes.count))
    }

    /// Adds the members of a list in the content.
    mutating func add(list place: Int, _ elements: borrowing ExtractedElements) {
        let first = entries.count + 1
        entries.append(
            Entry(key: .list(place), kind: .array, start: first, end: first + elements.count)
        )
        for number in 0..<elements.count {
            let values = elements[number]
            let value = values[0]
            add(.member, value.kind, value.text)
        }
    }
}
