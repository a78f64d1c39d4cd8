/// A member of an object: its name and its value.
package struct JSONMember: ~Escapable {
    private let key: JSONValue
    /// The member's value.
    package let value: JSONValue

    @_lifetime(copy key)
    init(key: JSONValue) {
        self.key = key
        value = key.value(at: key.index + 1)
    }

    /// The member's name with its escapes resolved.
    package var name: String { key.string ?? "" }

    /// The name's UTF-8 bytes.
    package var nameUTF8: Span<UInt8> {
        @_lifetime(copy self)
        get { key.text(at: key.index) }
    }

    /// Whether the name has exactly these bytes.
    package func isNamed(_ name: Span<UInt8>) -> Bool {
        nameUTF8.hasSameBytes(as: name)
    }
}

/// A walk over an object's members: `while let member = members.next() { … }`.
package struct JSONMembers: ~Escapable {
    private let container: JSONValue
    private var index: Int
    private let end: Int

    @_lifetime(copy object)
    init(_ object: JSONValue) {
        container = object
        index = object.index + 1
        end = object.letter == .object ? object.endIndex - 1 : index
    }

    /// The next member, nil at the end.
    @_lifetime(copy self)
    package mutating func next() -> JSONMember? {
        guard index < end else { return nil }
        let member = JSONMember(key: container.value(at: index))
        index = member.value.endIndex
        return member
    }
}
