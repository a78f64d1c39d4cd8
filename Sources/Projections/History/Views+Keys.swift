internal import LMDB
internal import Ledger

extension Views {
    /// For each event the keys of the rows that it belongs to, without looking at what it changed.
    ///
    /// Of rows whose key is not known yet it is the names by which the event knows them.
    package func keys(
        of sequences: [UInt64],
        in request: ViewRequest,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> [[String]] {
        let view = try open(request, progress: progress)
        let plan = try plan(of: view)
        let batch = Batch()
        return try ledger.read { snapshot in
            var known: [String: String] = [:]
            return try sequences.map { sequence in
                var folding = Folding(plan, batch)
                try folding.fold(snapshot, [sequence])
                var keys: [String] = []
                for touch in folding.fold.touches {
                    let name = folding.fold.names.text(Int(touch.row))
                    let key = try known[name] ?? self.key(of: name, view, plan, snapshot)
                    known[name] = key
                    if !keys.contains(key) { keys.append(key) }
                }
                return keys
            }
        }
    }
}
