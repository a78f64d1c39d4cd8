internal import JSON

extension JSONValue {
    /// Calls `body` with every value that `steps` lead to and the JSON Pointer to it.
    ///
    /// A `*` stands for every element of an array; in XML, where a single element is no array, also
    /// for what stands alone. Where steps lead nowhere, `body` gets `nil` once.
    func forEach(
        _ steps: ArraySlice<String>,
        path: String,
        isXML: Bool,
        _ body: (JSONValue?, String) -> Void
    ) {
        guard let step = steps.first else {
            body(self, path)
            return
        }
        guard step == "*" else {
            let pointer = try? JSONPointer("/\(step)")
            guard let pointer, let next = at(pointer) else {
                body(nil, "\(path)/\(step)")
                return
            }
            next.forEach(steps.dropFirst(), path: "\(path)/\(step)", isXML: isXML, body)
            return
        }
        guard kind == .array else {
            guard isXML else {
                body(nil, path)
                return
            }
            forEach(steps.dropFirst(), path: path, isXML: isXML, body)
            return
        }
        var elements = elements
        var index = 0
        while let element = elements.next() {
            element.forEach(steps.dropFirst(), path: "\(path)/\(index)", isXML: isXML, body)
            index += 1
        }
    }
}
