internal import Bytes
internal import JSON
internal import Ledger

extension DeliveryTerms {
    /// The terms as canonical JSON (RFC 8785), the body of a rule's event.
    package var canonicalJSON: [UInt8] {
        var text: [UInt8] = []
        text.append(ascii: "{\"allow_private\":")
        text.append(contentsOf: (allowsPrivate ? "true" : "false").utf8)
        text.append(ascii: ",\"concurrent\":")
        Decimal.append(UInt64(concurrent), to: &text)
        text.append(ascii: ",\"from\":{\"kind\":")
        Self.append(selection.kinds.map(\.rawValue).sorted(), to: &text)
        for (name, patterns) in [
            ("provider", selection.provider), ("source", selection.source),
            ("subject", selection.subject), ("type", selection.type),
        ] where !patterns.isEmpty {
            text.append(contentsOf: ",\"\(name)\":".utf8)
            Self.append(patterns.map(\.text), to: &text)
        }
        text.append(ascii: "},\"name\":")
        CanonicalJSON.appendString(name, to: &text)
        text.append(contentsOf: ",\"ordered\":\(isOrdered ? "true" : "false")".utf8)
        text.append(ascii: ",\"retries\":[")
        for (index, wait) in retries.enumerated() {
            if index > 0 { text.append(ascii: ",") }
            Decimal.append(UInt64(wait), to: &text)
        }
        text.append(ascii: "],\"timeout\":")
        Decimal.append(UInt64(timeout), to: &text)
        text.append(ascii: ",\"to\":")
        CanonicalJSON.appendString(to, to: &text)
        text.append(ascii: "}")
        return text
    }

    private static func append(_ texts: [String], to output: inout [UInt8]) {
        output.append(ascii: "[")
        for (index, text) in texts.enumerated() {
            if index > 0 { output.append(ascii: ",") }
            CanonicalJSON.appendString(text, to: &output)
        }
        output.append(ascii: "]")
    }

    /// Reads the body of a rule's event; `nil` if it is none.
    package init?(json: Span<UInt8>) {
        var parser = JSONParser(maximumDepth: 4, maximumBytes: 1 << 20)
        guard let value = try? parser.parse(json), let terms = Self.read(value) else { return nil }
        self = terms
    }

    private static func read(_ value: JSONValue) -> DeliveryTerms? {
        guard let name = value.member("name")?.string, let to = value.member("to")?.string,
            let from = value.member("from"), let concurrent = value.member("concurrent")?.int64,
            let timeout = value.member("timeout")?.int64,
            let isOrdered = value.member("ordered")?.bool,
            let allowsPrivate = value.member("allow_private")?.bool,
            (1...Int64(DeliveryLimits.concurrent)).contains(concurrent), timeout > 0
        else { return nil }
        var retries: [Int] = []
        value.member("retries")?.forEachElement { element in
            let wait = element.int64 ?? 0
            retries.append(Int(min(max(wait, 0), Int64(DeliveryLimits.waitMilliseconds))))
        }
        return DeliveryTerms(
            name: name,
            selection: selection(from),
            to: to,
            isOrdered: isOrdered,
            concurrent: Int(concurrent),
            retries: retries,
            timeout: Int(min(timeout, Int64(DeliveryLimits.timeoutMilliseconds.upperBound))),
            allowsPrivate: allowsPrivate
        )
    }

    private static func selection(_ from: JSONValue) -> DeliverySelection {
        var kinds: Set<Kind> = []
        from.member("kind")?.forEachElement { element in
            if let kind = element.string.flatMap({ Kind(rawValue: $0) }) { kinds.insert(kind) }
        }
        return DeliverySelection(
            kinds: kinds,
            source: patterns(from, "source"),
            provider: patterns(from, "provider"),
            type: patterns(from, "type"),
            subject: patterns(from, "subject")
        )
    }

    private static func patterns(_ from: JSONValue, _ name: String) -> [DeliveryPattern] {
        var patterns: [DeliveryPattern] = []
        from.member(name)?.forEachElement { element in
            if let text = element.string { patterns.append(DeliveryPattern(text)) }
        }
        return patterns
    }
}
