package import Bytes
internal import YAML

/// The header in which a service says how long to stay away.
package struct RetryAfter: Hashable, Sendable {
    /// Its name in lower case.
    package let header: String
    /// What it holds.
    package let form: MomentForm

    /// Reads `{ header: NAME, as: FORM }`; without `as` it is seconds, as RFC 9110 has it.
    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "as"])
        header = try keys.required("header").headerName.asciiLowercased
        form =
            try keys["as"].map { node throws(YAMLError) in
                try node.form(of: [.seconds, .decimalSeconds, .httpDate, .epoch, .minutes])
            } ?? .seconds
    }

    /// How long to wait by the header's value: nothing if that moment has passed already, `nil` if
    /// the value cannot be believed.
    package func wait(_ value: String, now: Timestamp) -> Duration? {
        guard let moment = try? form.moment(value, now: now) else { return nil }
        return .microseconds(max(0, moment.microseconds - now.microseconds))
    }
}
