internal import Bytes

/// The headers that a provider's entry reads, each with a slot of its own, so that a request's
/// headers are gone through once.
struct HeaderTable: Sendable {
    /// The slot of `content-type`, which every table has.
    static let contentType = 0
    /// The slot of `traceparent`, which every table has.
    static let traceparent = 1
    /// The slot of `host`, which every table has.
    static let host = 2

    private struct Entry {
        let name: [UInt8]
        let slot: Int
    }

    /// The name in lower case of each slot.
    private(set) var names: [String] = []
    private var entries: [Entry] = []
    /// A bit for each length among the names, lengths of 63 and more in one.
    private var lengths: UInt64 = 0
    private let aliases: [Alias]

    /// Says that names which begin with `other` are read as if they began with `prefix`.
    struct Alias: Sendable {
        let prefix: String
        let other: String
    }

    init(aliases: [Alias] = []) {
        self.aliases = aliases
        _ = slot(of: "content-type")
        _ = slot(of: "traceparent")
        _ = slot(of: "host")
    }

    /// The slot of a name in lower case, a new one if it has none; `nil` if there are too many.
    mutating func slot(of name: String) -> Int? {
        if let known = names.firstIndex(of: name) { return known }
        guard names.count < WebhookLimits.headers else { return nil }
        let slot = names.count
        names.append(name)
        add(name, slot)
        for alias in aliases where name.hasPrefix(alias.prefix) {
            add(alias.other + name.dropFirst(alias.prefix.count), slot)
        }
        return slot
    }

    /// The slot of a name as a sender wrote it; `nil` if nobody reads it.
    func slot(matching name: Span<UInt8>) -> Int? {
        guard lengths >> UInt64(min(name.count, 63)) & 1 != 0 else { return nil }
        for entry in entries {
            let lowerCase = entry.name
            if ASCII.matches(name, lowerCase: lowerCase.span) { return entry.slot }
        }
        return nil
    }

    private mutating func add(_ name: String, _ slot: Int) {
        entries.append(Entry(name: Array(name.utf8), slot: slot))
        lengths |= 1 << UInt64(min(name.utf8.count, 63))
    }
}
