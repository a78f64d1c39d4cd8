internal import Bytes
internal import JSON
internal import Ledger

/// Reads headers, and places in calls' requests and responses, from an event's body.
struct MessageReader: ~Copyable {
    private var parser = JSONParser()

    /// Copies the values that a rule names; those that are not there are left out.
    ///
    /// `content` is the whole content as JSON text. For an event that is a part, all this is of the
    /// event that it is part of, and `batch` knows where values lie in it.
    mutating func read(
        _ rule: PlannedRule,
        _ record: Span<UInt8>,
        _ layout: BodyLayout,
        _ content: Span<UInt8>,
        _ batch: Batch?,
        _ kept: inout KeptValues
    ) throws(Misfit) {
        var lengths: (request: Int, response: Int)?
        do throws(JSONError) {
            let meta = try parser.parse(record.extracting(layout.meta))
            for (place, path) in rule.messagePaths.enumerated() {
                if case .header(let name) = path { Self.header(name, place, meta, &kept) }
            }
            if let list = meta.member("lengths"), let request = list.element(0)?.uint64,
                let response = list.element(1)?.uint64
            {
                lengths = (Int(clamping: request), Int(clamping: response))
            }
        } catch {
            throw Misfit(rule.line, "the body's meta is damaged: \(error)")
        }
        guard let lengths else {
            try readRequest(rule, content, batch, &kept)
            return
        }
        let content = record.extracting(layout.content)
        let split = min(lengths.request, content.count)
        for (place, path) in rule.messagePaths.enumerated() {
            switch path {
            case .header: continue
            case .request(let pointer):
                try value(pointer, place, content.extracting(..<split), rule.line, &kept)
            case .response(let pointer):
                try value(pointer, place, content.extracting(split...), rule.line, &kept)
            }
        }
    }

    /// Where nothing else is said, all of the content is the request.
    private mutating func readRequest(
        _ rule: PlannedRule,
        _ content: Span<UInt8>,
        _ batch: Batch?,
        _ kept: inout KeptValues
    ) throws(Misfit) {
        for (place, path) in rule.messagePaths.enumerated() {
            guard case .request(let pointer) = path else { continue }
            guard let batch else {
                try value(pointer, place, content, rule.line, &kept)
                continue
            }
            guard let found = try batch.find(pointer, in: content, rule.line) else { continue }
            // A list or an object may be all of the body: what it is shows without reading it.
            switch content[found.lowerBound] {
            case UInt8(ascii: "["): kept.add(.message(place), .array, content.extracting(0..<0))
            case UInt8(ascii: "{"): kept.add(.message(place), .object, content.extracting(0..<0))
            default: try value(nil, place, content.extracting(found), rule.line, &kept)
            }
        }
    }

    private static func header(
        _ name: [UInt8],
        _ place: Int,
        _ meta: JSONValue,
        _ kept: inout KeptValues
    ) {
        guard let headers = meta.member("request")?.member("headers") else { return }
        var cursor = headers.elements
        while let pair = cursor.next() {
            guard let found = pair.element(0)?.utf8, found.count == name.count,
                let value = pair.element(1)?.utf8
            else { continue }
            var isSame = true
            for i in found.indices where found[i] | 0x20 != name[i] | 0x20 { isSame = false }
            if isSame {
                kept.add(.message(place), .string, value)
                return
            }
        }
    }

    /// Copies the value that a pointer leads to, or that the text is.
    private mutating func value(
        _ pointer: JSONPointer?,
        _ place: Int,
        _ part: Span<UInt8>,
        _ line: Int,
        _ kept: inout KeptValues
    ) throws(Misfit) {
        if part.isEmpty { return }
        do throws(JSONError) {
            let document = try parser.parse(part)
            guard let pointer else {
                Self.add(document, place, part, &kept)
                return
            }
            guard let value = document.at(pointer) else { return }
            guard value.kind == .double else {
                Self.add(value, place, part, &kept)
                return
            }
        } catch {
            throw Misfit(line, "\(error)")
        }
        if let pointer { try Self.addFraction(pointer, place, part, line, &kept) }
    }

    /// Copies a number with a fraction or an exponent as it is written: a double would not be it.
    private static func addFraction(
        _ pointer: JSONPointer,
        _ place: Int,
        _ part: Span<UInt8>,
        _ line: Int,
        _ kept: inout KeptValues
    ) throws(Misfit) {
        var extractor = JSONExtractor()
        let paths = JSONPaths([pointer])
        do throws(JSONExtractionError) {
            let found = try extractor.extract(part, paths)
            kept.add(.message(place), .number, found[0].text)
        } catch {
            throw Misfit(line, "\(error)")
        }
    }

    private static func add(
        _ value: JSONValue,
        _ place: Int,
        _ part: Span<UInt8>,
        _ kept: inout KeptValues
    ) {
        let nothing = part.extracting(0..<0)
        switch value.kind {
        case .null: kept.add(.message(place), .null, nothing)
        case .boolean: kept.add(.message(place), value.bool == true ? .true : .false, nothing)
        case .string:
            if let text = value.utf8 { kept.add(.message(place), .string, text) }
        case .integer, .unsigned:
            if let text = value.scalarText {
                kept.add(.message(place), .number, text.utf8Span.span)
            }
        case .double: kept.add(.message(place), .number, part)
        case .array: kept.add(.message(place), .array, nothing)
        case .object: kept.add(.message(place), .object, nothing)
        }
    }
}
