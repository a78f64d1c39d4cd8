/// A walk over an array's elements: `while let element = elements.next() { … }`.
package struct JSONElements: ~Escapable {
    private let container: JSONValue
    private var index: Int
    private let end: Int

    @_lifetime(copy array)
    init(_ array: JSONValue) {
        container = array
        index = array.index + 1
        end = array.letter == .array ? array.endIndex - 1 : index
    }

    /// The next element, nil at the end.
    @_lifetime(copy self)
    package mutating func next() -> JSONValue? {
        guard index < end else { return nil }
        let value = container.value(at: index)
        index = value.endIndex
        return value
    }
}
