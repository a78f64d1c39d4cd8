extension JSONValue {
    /// How many elements or members there are directly within; 0 for scalars.
    package var count: Int {
        guard isContainer else { return 0 }
        // The tape has 24 bits for it, enough for every document within the ceiling on size.
        return Int(truncatingIfNeeded: tape[index] >> 32 & 0xFF_FFFF)
    }

    /// An array's elements in order; nothing for any other kind but an array.
    package var elements: JSONElements {
        @_lifetime(copy self)
        get { JSONElements(self) }
    }

    /// An object's members in the document's order; nothing for any other kind but an object.
    package var members: JSONMembers {
        @_lifetime(copy self)
        get { JSONMembers(self) }
    }

    /// Calls `body` with each element of an array, in order.
    package func forEachElement<E: Error>(_ body: (JSONValue) throws(E) -> Void) throws(E) {
        var cursor = elements
        while let element = cursor.next() { try body(element) }
    }

    /// Calls `body` with each member of an object, in the document's order.
    package func forEachMember<E: Error>(_ body: (JSONMember) throws(E) -> Void) throws(E) {
        var cursor = members
        while let member = cursor.next() { try body(member) }
    }

    /// The first member of an object with this name, nil if there is none or it is no object.
    @_lifetime(copy self)
    package func member(_ name: String) -> JSONValue? {
        member(name.utf8Span.span)
    }

    @_lifetime(copy self)
    func member(_ name: Span<UInt8>) -> JSONValue? {
        guard letter == .object else { return nil }
        // The hottest loop of the module, so it goes by places and makes no value until the end.
        let end = endIndex - 1
        var position = index + 1
        while position < end {
            if text(at: position).hasSameBytes(as: name) { return value(at: position + 1) }
            position = endIndex(of: position + 1)
        }
        return nil
    }

    /// The element of an array at a place counted from zero, nil if there is none.
    @_lifetime(copy self)
    package func element(_ offset: Int) -> JSONValue? {
        var cursor = elements
        var left = offset
        while let element = cursor.next() {
            if left == 0 { return element }
            left -= 1
        }
        return nil
    }
}
