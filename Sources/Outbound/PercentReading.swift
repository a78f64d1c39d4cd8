internal import Bytes
internal import JSON
internal import YAML

/// A header of JSON with hundredths of limits that are not told: an object with such members, or
/// an object of arrays of these.
///
/// Source: Meta's X-App-Usage, X-Ad-Account-Usage and X-Business-Use-Case-Usage.
struct PercentReading: Sendable {
    private let header: String
    private let members: [String]
    /// A member with the time until access is regained; 0 while it is not refused.
    private let reset: String
    private let form: MomentForm
    private let window: WindowLength?
    private let per: String?

    /// Reads `{ percent: HEADER, members: [NAME, …] }`; `reset` is Meta's member in minutes unless
    /// it is said.
    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["percent", "members", "reset", "as", "window", "per"])
        header = try keys.required("percent").headerName.asciiLowercased
        members = try keys.required("members").texts
        guard (keys["as"] == nil) == (keys["reset"] == nil) else {
            throw node.error("found one of reset and as", expected: "both or neither")
        }
        reset = try keys.text("reset") ?? "estimated_time_to_regain_access"
        form =
            try keys["as"].map { node throws(YAMLError) in
                try node.form(of: [.seconds, .minutes])
            } ?? .minutes
        window = try WindowLength(keys["window"])
        per = try keys.text("per")
    }

    func read(_ headers: NamedValues, at now: Timestamp, into report: inout LimitReport) {
        do throws(UnreadReason) {
            guard let value = try headers.value(header) else { return }
            var parser = JSONParser(
                maximumDepth: OutboundLimits.headerJSONDepth,
                maximumBytes: OutboundLimits.headerJSONBytes
            )
            let text = Array(value.utf8)
            guard let root = try? parser.parse(text.span) else { throw .notJSON }
            guard readGroups(root, at: now, into: &report) else { throw .unexpectedForm }
        } catch {
            report.note(header, error)
        }
    }

    /// Reads the object, or the objects in the arrays in it; `false` if none has any member.
    private func readGroups(
        _ root: JSONValue,
        at now: Timestamp,
        into report: inout LimitReport
    ) -> Bool {
        if readObject(root, "", at: now, into: &report) { return true }
        var isFound = false
        var groups = root.members
        while let group = groups.next() {
            var elements = group.value.elements
            while let element = elements.next() {
                var prefix = group.name
                if let type = element.member("type")?.string { prefix += " " + type }
                isFound = readObject(element, prefix, at: now, into: &report) || isFound
            }
        }
        return isFound
    }

    private func readObject(
        _ object: JSONValue,
        _ prefix: String,
        at now: Timestamp,
        into report: inout LimitReport
    ) -> Bool {
        var resets: Timestamp?
        if let text = object.memberText(reset), text != "0" {
            do { resets = try form.moment(text, now: now) } catch {
                report.note("\(header) \(reset)", error)
            }
        }
        var isFound = false
        for member in members {
            guard let text = object.memberText(member) else { continue }
            isFound = true
            let name = prefix.isEmpty ? member : "\(prefix) \(member)"
            do {
                var state = LimitState()
                state.isPercentage = true
                state.window = window
                state.per = per
                state.limit = 100
                state.used = try FieldNumber(text[...]).roundedUp
                state.resets = resets
                state.name = report.name(name, from: header)
                report.add(state, from: header)
            } catch {
                report.note("\(header) \(member)", error)
            }
        }
        return isFound
    }
}
