/// Why an event that fits a rule cannot be folded.
package struct Misfit: Error, Hashable, Sendable {
    /// The line of the definition that asks for what is not there; 0 if none does.
    package let line: Int
    /// What was found and expected, without the event's content.
    package let what: String
    /// Whether the body was erased, which no change of the definition mends.
    package let isErased: Bool

    init(_ line: Int, _ what: String, isErased: Bool = false) {
        self.line = line
        self.what = what
        self.isErased = isErased
    }
}

/// What events may cost, with the reason for each bound.
enum FoldLimits {
    /// Elements of an `each`: no document that we know has more than a few hundred.
    static let elements = 10_000
    /// Bytes of a text in a column: room for a URL.
    static let textBytes = 4096
    /// Values of an array that a set or a link takes.
    static let arrayValues = 1000
    /// 1970-01-01: what systems say that have no time.
    static let earliestMoment: Int64 = 1
    /// How far after its recording an event may speak for: renewals are announced, typing errors
    /// are not believed.
    static let futureMicroseconds: Int64 = 400 * 86_400 * 1_000_000
}
