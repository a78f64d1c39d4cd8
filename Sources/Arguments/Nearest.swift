/// Returns the name that a user who typed `word` most likely meant; `nil` when none is near.
///
/// Near is one edit for every three letters, at least one; failing that, a name that begins with
/// `word`. Letter case does not count. Of equally near names the first wins.
func nearest(to word: String, among names: [String]) -> String? {
    let typed = Array(word.lowercased())
    guard !typed.isEmpty else { return nil }
    let tolerance = max(1, typed.count / 3)
    var best: (name: String, distance: Int)?
    for name in names {
        let distance = editDistance(typed, Array(name.lowercased()))
        // Words with nothing in common are not near, however short.
        guard distance <= tolerance, distance < max(typed.count, name.count) else { continue }
        if distance < best?.distance ?? .max { best = (name, distance) }
    }
    if let best { return best.name }
    guard typed.count > 1 else { return nil }
    return names.filter { $0.hasPrefix(word.lowercased()) }.min { $0.count < $1.count }
}

/// Counts the edits between two words: insert, delete, replace, or swap two neighbours.
///
/// This is the Damerau-Levenshtein distance in its "optimal string alignment" form, where no
/// letter is edited twice.
func editDistance(_ source: [Character], _ target: [Character]) -> Int {
    var rows = [Array(0...target.count)]
    for i in 1..<(source.count + 1) {
        var row = [i]
        row.reserveCapacity(target.count + 1)
        for j in 1..<(target.count + 1) {
            let replaced = rows[i - 1][j - 1] + (source[i - 1] == target[j - 1] ? 0 : 1)
            var distance = min(rows[i - 1][j] + 1, row[j - 1] + 1, replaced)
            if i > 1, j > 1, source[i - 1] == target[j - 2], source[i - 2] == target[j - 1] {
                distance = min(distance, rows[i - 2][j - 2] + 1)
            }
            row.append(distance)
        }
        rows.append(row)
    }
    return rows[source.count][target.count]
}
