internal import Bytes

/// Rows in memory, by name, with what links their names: what some events say, folded.
///
/// Folds of disjoint sets of events merge into the fold of them all, in any order. A row is kept
/// under the name its events use; `Links` tells which names are one row.
struct Fold: ~Copyable {
    /// Says that two names are one row's.
    struct Link {
        let from: UInt32
        let to: UInt32
        let stamp: Stamp
    }

    /// An event that told a row something.
    struct Touch {
        let row: UInt32
        let sequence: UInt64
    }

    let shape: Shape
    private(set) var names: NameTable
    private(set) var touches: [Touch] = []
    private(set) var links: [Link] = []
    /// The registers of one value, `shape.singles` for each row.
    private var singles: [Held] = []
    /// The other registers, by row and column.
    private var others: [UInt64: OtherRegister] = [:]
    private var texts: [UInt8] = []

    init(_ shape: Shape, capacity: Int = 64) {
        self.shape = shape
        names = NameTable(capacity: capacity)
        singles.reserveCapacity(capacity * shape.singles)
    }

    /// Rows so far.
    var count: Int { names.count }

    /// The number of a row, a new one if need be.
    mutating func row(named name: Span<UInt8>) -> Int {
        let before = names.count
        let row = names.number(of: name)
        if row == before {
            for _ in 0..<shape.singles { singles.append(.none) }
        }
        return row
    }

    /// Takes what an event says by one of the rules; nothing that speaks for a later moment than
    /// `asOf`, and nothing of other names than `only`, but for links.
    mutating func apply<IDs: EventIDs & ~Copyable>(
        _ event: borrowing EventFacts,
        sequence: UInt64,
        rule: Int,
        asOf: Int64? = nil,
        only: NameTable? = nil,
        _ ids: borrowing IDs
    ) throws {
        for told in event.rows {
            let name = event.bytes.span.extracting(told.name)
            if let only, only.find(name) == nil { continue }
            let stamp = Stamp(at: told.at, rule: rule, sequence: sequence)
            let row = row(named: name)
            touch(row, sequence)
            for place in told.links {
                let other = self.row(named: event.bytes.span.extracting(event.links[place]))
                if other != row { link(row, other, stamp) }
            }
            if let asOf, told.at > asOf { continue }
            for place in told.facts {
                try apply(event.facts[place], of: event, to: row, stamp, ids)
            }
        }
    }

    private mutating func touch(_ row: Int, _ sequence: UInt64) {
        let touch = Touch(row: UInt32(row), sequence: sequence)
        // Several elements of one event may tell the same row something.
        if let last = touches.last, last.sequence == sequence, last.row == touch.row { return }
        touches.append(touch)
    }

    /// Notes that two rows are one.
    mutating func link(_ row: Int, _ other: Int, _ stamp: Stamp) {
        links.append(Link(from: UInt32(row), to: UInt32(other), stamp: stamp))
    }

    private mutating func apply<IDs: EventIDs & ~Copyable>(
        _ fact: EventFacts.Fact,
        of event: borrowing EventFacts,
        to row: Int,
        _ stamp: Stamp,
        _ ids: borrowing IDs
    ) throws {
        let column = shape.columns[fact.column]
        if let single = column.single {
            var held = Held(stamp: stamp, value: fact.value)
            let place = row * shape.singles + single
            if try singles[place].isNone || column.keep.prefers(held, to: singles[place], ids) {
                if column.kind == .text { held.value = keep(text: fact.value, of: event) }
                singles[place] = held
            }
            return
        }
        try withOther(row, fact.column) { register throws in
            try register.apply(fact, of: event, column, stamp, ids)
        }
    }

    private mutating func keep(text: Value, of event: borrowing EventFacts) -> Value {
        let start = Int(text.first)
        return keep(text: event.bytes.span.extracting(start..<start + Int(text.second)))
    }

    private mutating func keep(text: Span<UInt8>) -> Value {
        let start = texts.count
        texts.append(span: text)
        return Value(first: Int64(start), second: UInt64(text.count))
    }

    private mutating func withOther<R>(
        _ row: Int,
        _ column: Int,
        _ body: (inout OtherRegister) throws -> R
    ) rethrows -> R {
        let key = UInt64(row) << 8 | UInt64(column)
        // Taken out while it changes, or each change would copy it.
        var register = others.removeValue(forKey: key) ?? OtherRegister(shape.columns[column])
        defer { others[key] = register }
        return try body(&register)
    }
}

// MARK: - Reading rows

extension Fold {
    /// A register of one value; `nil` while nothing was said.
    func single(_ row: Int, _ place: Int) -> Held? {
        let held = singles[row * shape.singles + place]
        return held.isNone ? nil : held
    }

    /// A register of another kind; `nil` while nothing was said.
    func other(_ row: Int, _ column: Int) -> OtherRegister? {
        others[UInt64(row) << 8 | UInt64(column)]
    }

    /// The bytes of a text that a register of one value holds.
    @_lifetime(borrow self)
    func text(_ value: Value) -> Span<UInt8> {
        let start = Int(value.first)
        return texts.span.extracting(start..<start + Int(value.second))
    }

    /// What a column of a row says; `nil` while nothing was said.
    func value(_ row: Int, _ column: Int) -> ColumnValue? {
        let definition = shape.columns[column]
        guard let place = definition.single else { return other(row, column)?.value }
        guard let held = single(row, place) else { return nil }
        return self.value(held.value, definition.kind)
    }

    /// Which event, by which rule, made a column what it is.
    func stamp(_ row: Int, _ column: Int) -> Stamp? {
        guard let place = shape.columns[column].single else { return other(row, column)?.last }
        return single(row, place)?.stamp
    }

    private func value(_ value: Value, _ kind: ValueKind) -> ColumnValue {
        kind == .text ? .text(String(repairing: text(value))) : ColumnValue(value, kind)
    }

    /// Whether nothing was said of a row.
    func isEmpty(_ row: Int) -> Bool {
        shape.columns.indices.allSatisfy { column in
            guard let place = shape.columns[column].single else {
                return other(row, column) == nil
            }
            return single(row, place) == nil
        }
    }
}

// MARK: - Merging

extension Fold {
    /// Takes in a row of another fold, or of a view, as its record says it.
    ///
    /// - Returns: `false` if the record is damaged.
    mutating func absorb<IDs: EventIDs & ~Copyable>(
        _ record: Span<UInt8>,
        into row: Int,
        _ ids: borrowing IDs
    ) throws -> Bool {
        var reader = RecordReader(record)
        guard let present = reader.varint() else { return false }
        for (index, column) in shape.columns.enumerated() where present >> UInt64(index) & 1 == 1 {
            guard let place = column.single else {
                guard let other = OtherRegister(&reader, column) else { return false }
                try withOther(row, index) { try $0.merge(other, column, ids) }
                continue
            }
            guard let stamp = reader.stamp() else { return false }
            let value: Value
            let new: Held
            let slot = row * shape.singles + place
            if column.kind == .text {
                guard let text = reader.text() else { return false }
                new = Held(stamp: stamp, value: Value(first: 0))
                if try singles[slot].isNone || column.keep.prefers(new, to: singles[slot], ids) {
                    value = keep(text: record.extracting(text))
                    singles[slot] = Held(stamp: stamp, value: value)
                }
                continue
            }
            guard let read = reader.value(column.kind) else { return false }
            new = Held(stamp: stamp, value: read)
            if try singles[slot].isNone || column.keep.prefers(new, to: singles[slot], ids) {
                singles[slot] = new
            }
        }
        return reader.isAtEnd
    }

    /// A row's record, for `absorb`.
    func encode(_ row: Int, into output: inout [UInt8]) {
        var present: UInt64 = 0
        for column in shape.columns.indices {
            if let place = shape.columns[column].single {
                if single(row, place) != nil { present |= 1 << UInt64(column) }
            } else if other(row, column) != nil {
                present |= 1 << UInt64(column)
            }
        }
        RecordWriter.varint(present, &output)
        for (index, column) in shape.columns.enumerated() where present >> UInt64(index) & 1 == 1 {
            guard let place = column.single else {
                other(row, index)?.encode(&output)
                continue
            }
            guard let held = single(row, place) else { continue }
            RecordWriter.stamp(held.stamp, &output)
            if column.kind == .text {
                RecordWriter.text(text(held.value), &output)
            } else {
                RecordWriter.value(held.value, column.kind, &output)
            }
        }
    }

    /// Takes in all rows and links of another fold.
    mutating func merge<IDs: EventIDs & ~Copyable>(
        _ other: borrowing Fold,
        _ ids: borrowing IDs
    ) throws {
        var record: [UInt8] = []
        var rows: [Int] = []
        for number in 0..<other.count {
            let row = row(named: other.names[number])
            rows.append(row)
            record.removeAll(keepingCapacity: true)
            other.encode(number, into: &record)
            _ = try absorb(record.span, into: row, ids)
        }
        for link in other.links {
            self.link(rows[Int(link.from)], rows[Int(link.to)], link.stamp)
        }
        for touch in other.touches { self.touch(rows[Int(touch.row)], touch.sequence) }
    }
}
