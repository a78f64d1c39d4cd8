/// Whether some text fits both patterns, in each of which every `*` stands for any text.
func globsOverlap(_ a: String, _ b: String) -> Bool {
    let a = Array(a.utf8)
    let b = Array(b.utf8)
    let star = UInt8(ascii: "*")
    // Most patterns differ before their first star.
    for (x, y) in zip(a, b) where x != y || x == star {
        if x != star, y != star { return false }
        break
    }
    // Row i, column j: whether what is left of `a` from i and of `b` from j overlap.
    var below = [Bool](repeating: false, count: b.count + 1)
    for i in stride(from: a.count, through: 0, by: -1) {
        var row = below
        for j in stride(from: b.count, through: 0, by: -1) {
            let (isStarA, isStarB) = (i < a.count && a[i] == star, j < b.count && b[j] == star)
            row[j] =
                if i == a.count, j == b.count {
                    true
                } else if isStarA || isStarB {
                    // A star ends, or takes one piece of the other pattern.
                    (isStarA && below[j] || j < b.count && isStarA && row[j + 1])
                        || (isStarB && row[j + 1] || i < a.count && isStarB && below[j])
                } else {
                    i < a.count && j < b.count && a[i] == b[j] && below[j + 1]
                }
        }
        below = row
    }
    return below[0]
}
