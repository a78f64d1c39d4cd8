internal import Bytes
internal import Ledger
internal import Merkle
internal import POSIX

/// What proves that a log was continued in two ways: what a witness cosigned, and what is here.
///
/// Canonical JSON: `origin`, `witness`, `theirs` (the witness's note with its size and root),
/// `ours` (a note of this log, the root of its first events up to their size, and the consistency
/// proof, a hash a line, that ties that root to the note where the note is of a larger size). Both
/// notes are signed by the log, so that nobody else can have made them.
struct ForkEvidence {
    private let known: WitnessClient.KnownHead
    /// Whether the witness knows more events than there are here: then ours may lack its tail
    /// alone.
    private let isAhead: Bool
    private let content: [UInt8]

    /// Compares a witness's head with a log.
    init(_ known: WitnessClient.KnownHead, _ head: AnchoredHead) throws {
        self.known = known
        let size = known.checkpoint.size
        isAhead = size > head.checkpoint.size
        var ours = CanonicalObject()
        let sameSize = size <= head.checkpoint.size ? try head.note(size: size) : nil
        let note = sameSize ?? head.note.bytes
        ours.add("note", String(repairing: note.span))
        if size <= head.checkpoint.size {
            if sameSize == nil {
                let path = try head.path(from: size).map { $0.withSpan { Base64.encode($0) } }
                ours.add("path", path.joined(separator: "\n"))
            }
            ours.add("root", try head.root(size: size).description)
            ours.add("size", size)
        } else {
            ours.add("root", head.checkpoint.root.description)
            ours.add("size", head.checkpoint.size)
        }
        var theirs = CanonicalObject()
        theirs.add("note", String(repairing: known.note.span))
        theirs.add("root", known.checkpoint.root.description)
        theirs.add("size", size)
        var object = CanonicalObject()
        object.add("origin", known.checkpoint.origin)
        object.add("ours", ours)
        object.add("theirs", theirs)
        object.add("witness", known.witness)
        content = object.bytes
    }

    /// Keeps the evidence in the ledger's folder; gives its path, and whether it is new.
    func keep(ledger path: String) throws -> (file: String, isNew: Bool) {
        let folder = "\(path)/anchors"
        try Files.makeFolder(folder)
        let root = known.checkpoint.root.description.prefix(16)
        let witness = Witness.hash(known.witness).prefix(8)
        let kind = isAhead ? "ahead" : "fork"
        let file = "\(folder)/\(kind)-\(known.checkpoint.size)-\(root)-\(witness).json"
        guard !Files.exists(file) else { return (file, false) }
        try Files.create(file, with: content)
        return (file, true)
    }

    /// The event that tells of it.
    func draft(by actor: Actor) -> Draft {
        var draft = AdminEvent.draft(type: AnchorEvent.refusedType, json: content.span)
        draft[.subject] = "checkpoint:\(known.checkpoint.size)"
        draft[.reason] =
            "witness \(known.witness) knows a log of \(known.checkpoint.size) events with the root "
            + "\(known.checkpoint.root), from which this one does not go on"
        draft.sign(by: actor)
        return draft
    }
}
