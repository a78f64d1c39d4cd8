internal import Bytes

extension JSONParser {
    /// The document's canonical form by RFC 8785 (JCS); refuses repeated member names.
    ///
    /// Numbers are doubles, as the RFC has it, so integers beyond 2^53 are rounded, and those
    /// beyond 64 bits, which `parse` refuses, are accepted.
    package mutating func canonicalized(_ bytes: Span<UInt8>) throws(JSONError) -> [UInt8] {
        do throws(JSONError) {
            return try Self.canonicalText(of: parse(bytes), sized: bytes.count)
        } catch .numberOutOfRange {
            // Says with its place in these bytes what is wrong besides.
            var scanner = JSONScanner(bytes, maximumDepth: maximumDepth, integersMayBeWide: true)
            try scanner.scanDocument()
            let widened = ValidatedJSON.wideningIntegers(bytes)
            return try Self.canonicalText(of: parseAnySize(widened.span), sized: bytes.count)
        }
    }

    private static func canonicalText(of value: JSONValue, sized: Int) throws(JSONError) -> [UInt8]
    {
        var output: [UInt8] = []
        output.reserveCapacity(sized)
        try value.appendCanonical(to: &output)
        return output
    }
}

extension JSONValue {
    /// Appends the value's canonical form by RFC 8785 (JCS); refuses repeated member names.
    ///
    /// After an error the output holds the part that came before it.
    package func appendCanonical(to output: inout [UInt8]) throws(JSONError) {
        try appendCanonical(to: &output, depth: 1)
    }

    /// Whether any object in the value, at any depth, has two members of the same name.
    package var hasDuplicateKeys: Bool {
        do { try requireDistinctKeys() } catch { return true }
        return false
    }

    /// Throws `duplicateKey` if any object in the value has two members of the same name.
    package func requireDistinctKeys() throws(JSONError) {
        var depth = 0
        var position = index
        repeat {
            // The tape lists containers and what they contain in one row, so no recursion.
            let value = value(at: position)
            switch value.letter {
            case .object:
                depth += 1
                _ = try value.sortedMembers(depth: depth)
            case .array: depth += 1
            case .objectEnd, .arrayEnd: depth -= 1
            default: break
            }
            position = value.isContainer ? position + 1 : value.endIndex
        } while depth > 0
    }

    private func appendCanonical(to output: inout [UInt8], depth: Int) throws(JSONError) {
        switch letter {
        case .object: try appendCanonicalObject(to: &output, depth: depth)
        case .array:
            output.append(.openingBracket)
            var cursor = elements
            var separates = false
            while let element = cursor.next() {
                if separates { output.append(.comma) }
                separates = true
                try element.appendCanonical(to: &output, depth: depth + 1)
            }
            output.append(.closingBracket)
        case .string: CanonicalJSON.appendString(text(at: index), to: &output)
        case .integer, .unsigned, .double:
            // The parser lets no infinity through.
            do { try CanonicalJSON.appendNumber(double ?? 0, to: &output) } catch {
                throw .numberOutOfRange(offset: 0)
            }
        case .true: output.append(ascii: "true")
        case .false: output.append(ascii: "false")
        default: output.append(ascii: "null")
        }
    }

    private func appendCanonicalObject(
        to output: inout [UInt8],
        depth: Int
    ) throws(JSONError) {
        output.append(.openingBrace)
        var separates = false
        for place in try sortedMembers(depth: depth) {
            if separates { output.append(.comma) }
            separates = true
            CanonicalJSON.appendString(text(at: place.keyIndex), to: &output)
            output.append(.colon)
            try value(at: place.keyIndex + 1).appendCanonical(to: &output, depth: depth + 1)
        }
        output.append(.closingBrace)
    }

    /// An object's members in the order of JCS; refuses repeated names.
    private func sortedMembers(depth: Int) throws(JSONError) -> [MemberPlace] {
        var places: [MemberPlace] = []
        places.reserveCapacity(count)
        var isSorted = true
        var cursor = members
        while let member = cursor.next() {
            let place = MemberPlace(ordinal: places.count, keyIndex: member.value.index - 1)
            if let last = places.last { isSorted = isSorted && precedes(last, place) }
            places.append(place)
        }
        if isSorted { return places }
        places.sort { precedes($0, $1) }
        for (first, second) in zip(places, places.dropFirst()) where !precedes(first, second) {
            throw .duplicateKey(
                first: min(first.ordinal, second.ordinal),
                second: max(first.ordinal, second.ordinal),
                depth: depth
            )
        }
        return places
    }

    private func precedes(_ a: MemberPlace, _ b: MemberPlace) -> Bool {
        CanonicalJSON.precedes(text(at: a.keyIndex), text(at: b.keyIndex))
    }
}

/// Where a member stands in its object and its name on the tape.
private struct MemberPlace {
    let ordinal: Int
    let keyIndex: Int
}
