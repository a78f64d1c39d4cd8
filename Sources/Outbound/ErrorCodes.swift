internal import JSON

/// Error codes that mean "too many calls", wherever providers put them in a body.
struct ErrorCodes: Sendable {
    let codes: [String]

    /// Members that hold a code: GraphQL, Meta, NetSuite, Salesforce, Google.
    private static let names = ["code", "errorCode", "error_code", "o:errorCode", "reason"]
    /// Members in which errors stand.
    private static let places = [
        "error", "errors", "extensions", "fault", "details", "o:errorDetails",
    ]

    /// Whether a body has one of the codes.
    ///
    /// In an answer that is no error, such as GraphQL's, only what it calls errors can have it: an
    /// order may well have a `code` too.
    func isIn(_ root: JSONValue, status: Int) -> Bool {
        if status >= 400 { return isIn(root, depth: 0) }
        for name in ["error", "errors"] {
            if let errors = root.member(name), isIn(errors, depth: 1) { return true }
        }
        return false
    }

    private func isIn(_ value: JSONValue, depth: Int) -> Bool {
        guard depth <= OutboundLimits.errorDepth else { return false }
        if let text = value.scalarText { return codes.contains(text) }
        var elements = value.elements
        while let element = elements.next() {
            if isIn(element, depth: depth + 1) { return true }
        }
        for name in Self.names {
            if let text = value.member(name)?.scalarText, codes.contains(text) { return true }
        }
        for name in Self.places {
            if let place = value.member(name), isIn(place, depth: depth + 1) { return true }
        }
        return false
    }
}
