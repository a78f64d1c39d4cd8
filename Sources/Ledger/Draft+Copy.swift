package import Bytes

extension Draft {
    /// A draft that says what an event of another log says, with the same body record.
    ///
    /// What only a writer sets is left out, and `causationid`, which names a place of that other
    /// log. An event without a time of its own gets the one at which it was recorded there, so that
    /// it goes on speaking for that moment. `nil` if the line lacks what every event has.
    package init?(copying line: borrowing Line, body record: Span<UInt8>?) {
        guard let source = line.text(.source), let id = line.text(.id), let type = line.text(.type),
            let kind = line.text(.kind).flatMap({ Kind(rawValue: $0) }),
            let outcome = line.outcome
        else { return nil }
        self.init(source: source, id: id, type: type, kind: kind, outcome: outcome)
        let known: Set<Attribute> = [
            .source, .id, .type, .kind, .outcome, .specversion, .causationid,
        ]
        for attribute in Attribute.allCases
        where !attribute.isWritersOwn && !known.contains(attribute) {
            if !attribute.isInteger {
                self[attribute] = line.text(attribute)
            } else if let number = line.integer(attribute) {
                set(attribute, to: number)
            }
        }
        if self[.time] == nil { self[.time] = line.recordedTime?.short }
        if let record { body = Body(copying: record) }
    }

    /// The line of this event if it were the one at a sequence, with zeros for the hashes: for
    /// trying out what it would do.
    ///
    /// - Throws: `AppendError.refused` if it could not be appended.
    package func proposedLine(
        at sequence: UInt64,
        recorded: Timestamp
    ) throws(AppendError) -> [UInt8] {
        var line: [UInt8] = []
        var scratch: [UInt8] = []
        try PreparedDraft(self).template.fill(
            &line,
            LineKnowledge(
                sequence: sequence,
                previous: .zero,
                recorded: recorded,
                cause: nil,
                bodyHash: nil
            ),
            scratch: &scratch
        )
        return line
    }
}

extension Body {
    /// A copy of a body record; `nil` if it is none.
    ///
    /// It keeps the salt, so that its digest is the original's and shows that nothing was changed.
    init?(copying record: Span<UInt8>) {
        guard let layout = BodyLayout(record) else { return nil }
        self.init(
            salt: record.extracting(1..<1 + BodyLayout.saltSize),
            meta: record.extracting(layout.meta),
            content: record.extracting(layout.content)
        )
    }
}
