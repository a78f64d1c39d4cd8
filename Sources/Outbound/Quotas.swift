internal import Bytes

/// The value of a header that tells the limit: `100`, or with the windows of all limits, as early
/// drafts of RateLimit have it: `10, 10;w=1, 150;w=60`.
///
/// Source: draft-ietf-httpapi-ratelimit-headers-03 section 3.1; Klaviyo and Envoy send it.
struct Quotas {
    private let first: Int
    private let policies: [(limit: Int, window: WindowLength)]

    init(_ text: String) throws(UnreadReason) {
        var first: Int?
        var policies: [(limit: Int, window: WindowLength)] = []
        for item in pieces(text, at: [UInt8(ascii: ",")]) {
            let parameters = pieces(item, at: [UInt8(ascii: ";")])
            let limit = try FieldNumber(parameters[0][...]).roundedDown
            let window = parameters.dropFirst().first { $0.hasPrefix("w=") }
            if let window {
                guard policies.count < OutboundLimits.entries else { throw .tooMany }
                let seconds = try FieldNumber(window.dropFirst(2))
                guard seconds.millionths == 0, let length = WindowLength(seconds: seconds.whole)
                else { throw .notAWindow }
                policies.append((limit, length))
            } else if let first, first != limit {
                // `5,000` is one number to some: better none than a wrong one.
                throw .notANumber
            }
            first = first ?? limit
        }
        guard let first else { throw .notANumber }
        self.first = first
        self.policies = policies
    }

    /// Says which limit the state tells of, and what else is limited.
    ///
    /// The draft puts the limit in force first, but Klaviyo counts down another: so it is the first
    /// in which what remains, and the time until the reset, have room.
    func fill(_ state: inout LimitState, _ others: inout [LimitState], at now: Timestamp) {
        state.limit = first
        guard !policies.isEmpty, state.window == nil else { return }
        let remaining = state.remaining ?? 0
        let wait = (state.resets?.microseconds ?? now.microseconds) - now.microseconds
        let order = policies.filter { $0.limit == first } + policies.filter { $0.limit != first }
        let binding = order.first {
            remaining <= $0.limit && wait <= Int64($0.window.seconds) * 1_000_000
        }
        state.limit = binding?.limit ?? first
        state.window = binding?.window
        var isLeftOut = false
        for policy in policies {
            if !isLeftOut, let binding, policy == binding {
                isLeftOut = true
                continue
            }
            var other = LimitState()
            other.limit = policy.limit
            other.window = policy.window
            others.append(other)
        }
    }
}
