/// Suggests the word that was probably meant.
enum NearestWord {
    /// What to say was expected: the nearest word, or all of them if none is near.
    static func expectation(for word: String, of words: [String]) -> String {
        if let nearest = nearest(to: word, of: words) { return YAMLError.quoted(nearest) }
        return words.count == 1 ? "\"\(words[0])\"" : "one of \(words.joined(separator: ", "))"
    }

    /// The first of the words with the fewest slips of the pen from `word`.
    ///
    /// Nil if more than a third of the longer word would be slips.
    static func nearest(to word: String, of words: [String]) -> String? {
        var best: (word: String, distance: Int)?
        let typed = Array(word.unicodeScalars)
        for candidate in words {
            let scalars = Array(candidate.unicodeScalars)
            let allowed = max(1, max(typed.count, scalars.count) / 3)
            guard abs(typed.count - scalars.count) <= allowed else { continue }
            let distance = distance(typed, scalars)
            if distance <= allowed, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// Damerau and Levenshtein's distance: letters put in, left out, changed, or two exchanged.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(previous.count)
            for j in b.indices {
                var cost = min(previous[j + 1], row[j]) + 1
                cost = min(cost, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, beforePrevious[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
