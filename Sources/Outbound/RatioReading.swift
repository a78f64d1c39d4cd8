internal import YAML

/// A header with what is used and what is allowed: `32/40`, or `api-usage=18/5000` among others.
struct RatioReading: Sendable {
    private let header: String
    /// What comes before the ratio in its member of the header.
    private let prefix: String
    private let window: WindowLength?
    private let per: String?
    /// A header with what comes back each second.
    private let restore: String?

    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["ratio", "prefix", "window", "per", "restore"])
        header = try keys.required("ratio").headerName.asciiLowercased
        prefix = try keys.text("prefix") ?? ""
        window = try WindowLength(keys["window"])
        per = try keys.text("per")
        restore = try keys["restore"].map { node throws(YAMLError) in
            try node.headerName.asciiLowercased
        }
    }

    func read(_ headers: NamedValues, into report: inout LimitReport) {
        var state = LimitState()
        state.window = window
        state.per = per
        do throws(UnreadReason) {
            guard let value = try headers.value(header) else { return }
            let members = pieces(value, at: [UInt8(ascii: ","), UInt8(ascii: ";")])
                .filter { $0.hasPrefix(prefix) }
            guard members.count == 1 else { throw .unexpectedForm }
            // Salesforce says in brackets whose ratio it is.
            let ratio = members[0].dropFirst(prefix.count).prefix { $0 != "(" }
            let parts = ratio.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .unexpectedForm }
            state.used = try FieldNumber(parts[0]).roundedUp
            state.limit = try FieldNumber(parts[1]).roundedDown
        } catch {
            report.note(header, error)
            return
        }
        if let restore {
            do {
                state.restorePerSecond = try headers.value(restore).map {
                    text throws(UnreadReason) in
                    try FieldNumber(text[...]).value
                }
            } catch {
                report.note(restore, error)
            }
        }
        report.add(state, from: header)
    }
}
