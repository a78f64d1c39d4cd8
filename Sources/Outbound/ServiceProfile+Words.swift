extension ServiceProfile {
    /// How it wants to be shown who calls, for people.
    package var authInWords: String { auth.inWords }

    /// Each limit in a line for people, the calls at once last; none if none is documented.
    package var limitsInWords: [String] {
        limits.map(\.inWords) + (concurrent.map { ["\($0) at once"] } ?? [])
    }

    /// Where it says how long to stay away, for people; `nil` if nowhere.
    package var retryAfterInWords: String? {
        retryAfter.map { "\($0.header), \($0.form.rawValue)" }
    }

    /// Where the key of a repeated call goes, for people; `nil` if there is none.
    package var idempotencyInWords: String? { idempotency?.inWords }
}
