/// A limit that is not configured and that the provider told of.
struct LearnedWindow: Sendable {
    /// Its name, or its window, for people and to know it again.
    let label: String
    /// How many more calls it has room for.
    var left: Int
    /// When that is over, in microseconds.
    var until: Int64

    /// Takes the newest word on it.
    ///
    /// It does not tell which of the `held` calls it has counted: what was believed moves no
    /// further than to the nearer bound.
    mutating func learn(remaining: Int, held: Int, until: Int64) {
        left = min(max(left, remaining - held), remaining)
        self.until = until
    }
}
