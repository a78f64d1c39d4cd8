internal import Bytes

extension OtherRegister {
    func encode(_ output: inout [UInt8]) {
        switch self {
        case .sum(let register):
            RecordWriter.varint(UInt64(register.totals.count), &output)
            for total in register.totals {
                RecordWriter.varint(total.currency, &output)
                RecordWriter.wide(total.amount, &output)
            }
            RecordWriter.stamp(register.last, &output)
        case .count(let register):
            RecordWriter.varint(register.count, &output)
            RecordWriter.stamp(register.last, &output)
        case .all(let register):
            RecordWriter.varint(register.isCut ? 1 : 0, &output)
            RecordWriter.varint(UInt64(register.members.count), &output)
            for member in register.members {
                RecordWriter.value(member.value, &output)
                RecordWriter.stamp(member.stamp, &output)
            }
        case .balance(let register):
            RecordWriter.varint(register.base == nil ? 0 : 1, &output)
            if let base = register.base {
                RecordWriter.signed(base.count, &output)
                RecordWriter.stamp(base.stamp, &output)
            }
            RecordWriter.varint(UInt64(register.changes.count), &output)
            for change in register.changes {
                RecordWriter.stamp(change.stamp, &output)
                RecordWriter.wide(change.delta, &output)
            }
        case .window(let register):
            RecordWriter.varint(UInt64(register.buckets.count), &output)
            var before: Int64 = 0
            for bucket in register.buckets {
                RecordWriter.signed(bucket.width, &output)
                RecordWriter.signed(bucket.index &- before, &output)
                RecordWriter.varint(bucket.count, &output)
                before = bucket.index
            }
            RecordWriter.stamp(register.last, &output)
        case .histogram(let register):
            RecordWriter.varint(UInt64(register.buckets.count), &output)
            var before = Histogram.Bucket(slice: 0, value: 0, count: 0)
            for bucket in register.buckets {
                RecordWriter.signed(bucket.slice &- before.slice, &output)
                RecordWriter.signed(bucket.value &- before.value, &output)
                RecordWriter.varint(bucket.count, &output)
                before = bucket
            }
            RecordWriter.stamp(register.last, &output)
        case .keyed(let register, _):
            RecordWriter.varint(register.isCut ? 1 : 0, &output)
            RecordWriter.varint(UInt64(register.members.count), &output)
            for member in register.members {
                RecordWriter.text(member.key.utf8Span.span, &output)
                RecordWriter.value(member.value, &output)
                RecordWriter.stamp(member.stamp, &output)
            }
        }
    }

    /// Reads a register of a column; `nil` if there is none.
    init?(_ reader: inout RecordReader, _ column: Shape.Column) {
        let register: OtherRegister?
        switch OtherRegister(column) {
        case .sum: register = Self.sum(&reader)
        case .count: register = Self.count(&reader)
        case .all: register = Self.all(&reader, column.kind)
        case .balance: register = Self.balance(&reader)
        case .window: register = Self.window(&reader)
        case .histogram: register = Self.histogram(&reader, column.slice)
        case .keyed(_, let use):
            let kind = use == .count ? .boolean : column.kind
            register = Self.keyed(&reader, kind).map { .keyed($0, use) }
        }
        guard let register else { return nil }
        self = register
    }

    private static func sum(_ reader: inout RecordReader) -> OtherRegister? {
        guard let count = reader.count() else { return nil }
        var totals: [(currency: UInt64, amount: Int128)] = []
        for _ in 0..<count {
            guard let currency = reader.varint(), let amount = reader.wide() else { return nil }
            totals.append((currency, amount))
        }
        return reader.stamp().map { .sum(Sum(totals: totals, last: $0)) }
    }

    private static func count(_ reader: inout RecordReader) -> OtherRegister? {
        guard let count = reader.varint(), let last = reader.stamp() else { return nil }
        return .count(Count(count: count, last: last))
    }

    private static func all(_ reader: inout RecordReader, _ kind: ValueKind) -> OtherRegister? {
        guard let isCut = reader.varint(), let count = reader.count() else { return nil }
        var members: [(value: ColumnValue, stamp: Stamp)] = []
        for _ in 0..<count {
            guard let value = reader.columnValue(kind), let stamp = reader.stamp() else {
                return nil
            }
            members.append((value, stamp))
        }
        return .all(All(members: members, isCut: isCut == 1))
    }

    private static func balance(_ reader: inout RecordReader) -> OtherRegister? {
        guard let hasBase = reader.varint() else { return nil }
        var base: (count: Int64, stamp: Stamp)?
        if hasBase == 1 {
            guard let count = reader.signed(), let stamp = reader.stamp() else { return nil }
            base = (count, stamp)
        }
        guard let count = reader.count() else { return nil }
        var changes: [Balance.Change] = []
        changes.reserveCapacity(count)
        for _ in 0..<count {
            guard let stamp = reader.stamp(), let delta = reader.wide() else { return nil }
            changes.append(Balance.Change(stamp: stamp, delta: delta))
        }
        return .balance(Balance(base: base, changes: changes))
    }

    private static func window(_ reader: inout RecordReader) -> OtherRegister? {
        guard let count = reader.count() else { return nil }
        var buckets: [Window.Bucket] = []
        buckets.reserveCapacity(count)
        var before: Int64 = 0
        for _ in 0..<count {
            guard let width = reader.signed(), width > 0, let step = reader.signed(),
                let count = reader.varint()
            else { return nil }
            before = before &+ step
            buckets.append(Window.Bucket(width: width, index: before, count: count))
        }
        return reader.stamp().map { .window(Window(buckets: buckets, last: $0)) }
    }

    private static func histogram(_ reader: inout RecordReader, _ slice: Int64) -> OtherRegister? {
        guard let count = reader.count() else { return nil }
        var buckets: [Histogram.Bucket] = []
        buckets.reserveCapacity(count)
        var before = Histogram.Bucket(slice: 0, value: 0, count: 0)
        for _ in 0..<count {
            guard let step = reader.signed(), let change = reader.signed(),
                let count = reader.varint()
            else { return nil }
            before = Histogram.Bucket(
                slice: before.slice &+ step,
                value: before.value &+ change,
                count: count
            )
            buckets.append(before)
        }
        return reader.stamp().map {
            .histogram(Histogram(slice: slice, buckets: buckets, last: $0))
        }
    }

    private static func keyed(_ reader: inout RecordReader, _ kind: ValueKind) -> Keyed? {
        guard let isCut = reader.varint(), let count = reader.count() else { return nil }
        var members: [(key: String, value: ColumnValue, stamp: Stamp)] = []
        for _ in 0..<count {
            guard let key = reader.string(), let value = reader.columnValue(kind),
                let stamp = reader.stamp()
            else { return nil }
            members.append((key, value, stamp))
        }
        return Keyed(members: members, isCut: isCut == 1)
    }
}
