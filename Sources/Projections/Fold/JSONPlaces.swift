internal import Bytes
internal import JSON

/// Where values lie in a JSON text, found one container at a time and kept: to look up each element
/// of a list reads the list once, in whatever order they are asked for.
///
/// An element takes 8 bytes of memory, a member some 40 and its name.
struct JSONPlaces: ~Copyable {
    private struct Place: BitwiseCopyable {
        let start: UInt32
        let end: UInt32

        init(_ range: Range<Int>) {
            start = UInt32(range.lowerBound)
            end = UInt32(range.upperBound)
        }

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// For each list that was read, by where it begins, the range of its elements' places.
    private var lists: [Int: Range<Int>] = [:]
    private var elements: [Place] = []
    /// The objects that were read, by where they begin.
    private var objects: Set<Int> = []
    /// Where an object begins, in eight bytes, then a member's name.
    private var names = NameTable(capacity: 0)
    private var members: [Place] = []
    private var key: [UInt8] = []
    /// For the document as a whole, and for names with escapes.
    private var extractor = JSONExtractor()
    private let whole = JSONPaths((try? JSONPointer("")).map { [$0] } ?? [])
    private var document = 0..<0
    /// Bytes that were stepped over so far, in all texts.
    private(set) var bytesRead = 0

    /// Begins with a text, which later calls have to be given again; forgets all others.
    ///
    /// Of the text it is known then that it is UTF-8, that its strings end and that its outermost
    /// value has an end; of what is looked at later, all that has to be known of it.
    mutating func begin(_ text: Span<UInt8>) throws(JSONExtractionError) {
        lists.removeAll()
        elements.removeAll()
        objects.removeAll()
        names = NameTable(capacity: 0)
        members.removeAll()
        document = 0..<0
        _ = try extractor.extract(text, whole)
        var steps = JSONSteps(text)
        steps.skipSpace()
        let start = steps.position
        try steps.skipValue()
        document = start..<steps.position
        bytesRead += text.count
        steps.skipSpace()
        guard steps.position == text.count else { throw .notJSON }
    }

    /// Finds the value that a pointer leads to; `nil` if it leads nowhere.
    ///
    /// Of members with the same name the first counts.
    mutating func find(
        _ pointer: JSONPointer,
        in text: Span<UInt8>
    ) throws(JSONExtractionError) -> Range<Int>? {
        let path = pointer.text.utf8Span.span
        var place = document
        var position = 0
        while position < path.count {
            key.removeAll(keepingCapacity: true)
            LittleEndian.append(UInt64(place.lowerBound), to: &key)
            position = appendName(path, from: position + 1)
            let found: Place?
            switch text[place.lowerBound] {
            case UInt8(ascii: "["): found = try element(of: place, in: text)
            case UInt8(ascii: "{"): found = try member(of: place, in: text)
            default: found = nil
            }
            guard let found else { return nil }
            place = found.range
        }
        return place
    }

    /// Adds a step of a pointer to the key, with `~0` and `~1` resolved; where the step ends.
    private mutating func appendName(_ path: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < path.count, path[position] != UInt8(ascii: "/") {
            var byte = path[position]
            if byte == UInt8(ascii: "~"), position + 1 < path.count {
                position += 1
                byte = path[position] == UInt8(ascii: "1") ? UInt8(ascii: "/") : byte
            }
            key.append(byte)
            position += 1
        }
        return position
    }

    // MARK: - Lists

    private mutating func element(
        of place: Range<Int>,
        in text: Span<UInt8>
    ) throws(JSONExtractionError) -> Place? {
        let own: Range<Int>
        if let known = lists[place.lowerBound] {
            own = known
        } else {
            own = try readElements(place, text)
            lists[place.lowerBound] = own
        }
        let digits = key.span.extracting(8...)
        guard let index = Decimal.parse(digits), index < UInt64(own.count) else { return nil }
        return elements[own.lowerBound + Int(index)]
    }

    private mutating func readElements(
        _ place: Range<Int>,
        _ text: Span<UInt8>
    ) throws(JSONExtractionError) -> Range<Int> {
        let first = elements.count
        var steps = JSONSteps(text, at: place.lowerBound)
        var isOpen = steps.enter(UInt8(ascii: "]"))
        while isOpen {
            let start = steps.position
            try steps.skipValue()
            elements.append(Place(start..<steps.position))
            isOpen = try steps.goOn(UInt8(ascii: "]"))
        }
        bytesRead += place.count
        return first..<elements.count
    }

    // MARK: - Objects

    private mutating func member(
        of place: Range<Int>,
        in text: Span<UInt8>
    ) throws(JSONExtractionError) -> Place? {
        if !objects.contains(place.lowerBound) {
            try readMembers(place, text)
            objects.insert(place.lowerBound)
        }
        return names.find(key.span).map { members[$0] }
    }

    private mutating func readMembers(
        _ place: Range<Int>,
        _ text: Span<UInt8>
    ) throws(JSONExtractionError) {
        // Not `key`, which holds the name that is looked for.
        var name: [UInt8] = []
        var steps = JSONSteps(text, at: place.lowerBound)
        var isOpen = steps.enter(UInt8(ascii: "}"))
        while isOpen {
            name.removeAll(keepingCapacity: true)
            LittleEndian.append(UInt64(place.lowerBound), to: &name)
            let quote = steps.position
            try steps.skipString()
            let quoted = text.extracting(quote..<steps.position)
            if quoted.firstIndex(of: UInt8(ascii: "\\")) == nil {
                name.append(span: quoted.extracting(1..<quoted.count - 1))
            } else {
                let found = try extractor.extract(quoted, whole)
                name.append(span: found[0].text)
            }
            try steps.pass(UInt8(ascii: ":"))
            let start = steps.position
            try steps.skipValue()
            if names.number(of: name.span) == members.count {
                members.append(Place(start..<steps.position))
            }
            isOpen = try steps.goOn(UInt8(ascii: "}"))
        }
        bytesRead += place.count
    }
}
