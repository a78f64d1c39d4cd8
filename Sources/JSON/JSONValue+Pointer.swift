extension JSONValue {
    /// The value that `pointer` leads to from here, nil if there is none.
    ///
    /// Where an object repeats a name, the first member counts.
    @_lifetime(copy self)
    package func at(_ pointer: borrowing JSONPointer) -> JSONValue? {
        var value = self
        let names = pointer.names.span
        let steps = pointer.steps.span
        for position in steps.indices {
            let step = steps[position]
            switch value.letter {
            case .object:
                guard let found = value.member(names.extracting(step.start..<step.end)) else {
                    return nil
                }
                value = found
            case .array:
                guard let offset = step.arrayIndex, let found = value.element(offset) else {
                    return nil
                }
                value = found
            default: return nil
            }
        }
        return value
    }
}
