/// Which duties are not to be in the same hands.
package struct DutyRule: Sendable {
    /// The rule's name.
    package let name: String
    /// What it forbids, in words.
    package let about: String
    let first: Duty
    let second: Duty
    /// Whether both must be about the same thing, such as one period.
    let sharesSubject: Bool

    /// The rules by which conflicts are found, beside that of `ownToken`.
    package static let all = [
        DutyRule(
            name: "close-and-reopen",
            about: "who closes a period does not reopen it",
            first: .close,
            second: .reopen,
            sharesSubject: true
        ),
        DutyRule(
            name: "own-approval",
            about: "who asks for a correction does not approve it",
            first: .correct,
            second: .approve,
            sharesSubject: true
        ),
        DutyRule(
            name: "own-promotion",
            about: "who writes a definition does not promote it",
            first: .author,
            second: .promote,
            sharesSubject: true
        ),
        DutyRule(
            name: "erase-and-export",
            about: "who erases does not export evidence",
            first: .erase,
            second: .export,
            sharesSubject: false
        ),
        DutyRule(
            name: "release-and-erase",
            about: "who releases a hold does not erase",
            first: .release,
            second: .erase,
            sharesSubject: false
        ),
        DutyRule(
            name: "correct-and-close",
            about: "who corrects does not close periods",
            first: .correct,
            second: .close,
            sharesSubject: false
        ),
        DutyRule(
            name: "key-and-erase",
            about: "who changes the signing key does not erase",
            first: .rotateKey,
            second: .erase,
            sharesSubject: false
        ),
    ]

    /// The rule that a token is made by one person and used by another.
    package static let ownToken = (
        name: "own-token", about: "who makes a token does not use it"
    )
}

/// Two things that one person should not have done both.
package struct DutyConflict: Hashable, Sendable {
    /// The rule's name.
    package let rule: String
    /// Who did both, as `AUTHTYPE:AUTHID`, the second perhaps by a token of their own making.
    package let who: [String]
    /// What they were done to.
    package let subject: String
    /// The events that tell of them, the earlier first.
    package let events: [UInt64]
}
