internal import Bytes

/// Where in a request the headers are that its provider's entry reads.
struct HeaderSlots: Sendable {
    private var places = [32 of Int32](repeating: Self.missing)

    private static let missing: Int32 = -1
    private static let doubled: Int32 = -2
    private static let conflicting: Int32 = -3

    /// What there is under a name.
    enum Finding: Equatable {
        case missing
        case one(String)
        /// The same name twice, be it with the same value: who wins would be anybody's guess.
        case doubled
        /// A name and its alias, with different values.
        case conflicting
    }

    init(_ headers: [(name: String, value: String)], _ table: HeaderTable) {
        for index in headers.indices {
            let name = headers[index].name
            guard let slot = table.slot(matching: name.utf8Span.span) else { continue }
            place(index, slot, headers)
        }
    }

    func find(_ slot: Int, in request: borrowing InboundRequest) -> Finding {
        switch places[slot] {
        case Self.missing: .missing
        case Self.doubled: .doubled
        case Self.conflicting: .conflicting
        case let index: .one(request.headers[Int(index)].value)
        }
    }

    /// The value, `nil` unless there is exactly one.
    func value(_ slot: Int, in request: borrowing InboundRequest) -> String? {
        let index = places[slot]
        return index < 0 ? nil : request.headers[Int(index)].value
    }

    /// The value that a signature cannot be checked without.
    func required(
        _ slot: Int,
        in request: borrowing InboundRequest,
        _ table: HeaderTable
    ) throws(Refusal) -> String {
        switch find(slot, in: request) {
        case .one(let value): return value
        case .missing: throw Refusal(.missingHeader, "header \(table.names[slot]) is missing")
        case .doubled, .conflicting: throw doubt(slot, table, status: 401)
        }
    }

    /// Refuses a request in which any header that is read is doubled or conflicts with its alias.
    func refuseDoubts(_ table: HeaderTable) throws(Refusal) {
        for slot in table.names.indices where places[slot] < Self.missing {
            // These decide nothing: in doubt they are left out.
            if slot <= HeaderTable.host { continue }
            throw doubt(slot, table, status: 400)
        }
    }

    private func doubt(_ slot: Int, _ table: HeaderTable, status: Int) -> Refusal {
        let name = table.names[slot]
        return places[slot] == Self.doubled
            ? Refusal(.doubledHeader, "header \(name) appears twice", status: status)
            : Refusal(
                .conflictingHeaders,
                "header \(name) and its alias have different values",
                status: status
            )
    }

    private mutating func place(
        _ index: Int,
        _ slot: Int,
        _ headers: [(name: String, value: String)]
    ) {
        let earlier = places[slot]
        if earlier == Self.missing {
            places[slot] = Int32(clamping: index)
        } else if earlier >= 0 {
            let first = headers[Int(earlier)]
            let second = headers[index]
            if first.name.lowercased() == second.name.lowercased() {
                places[slot] = Self.doubled
            } else if first.value != second.value {
                places[slot] = Self.conflicting
            }
        }
    }
}
