internal import Bytes

/// The parameters of a request's query; what nobody asks for by its name is refused.
struct Parameters {
    /// All of them in their order.
    let given: [(name: String, value: String)]
    private var unread: Set<String>

    /// Reads a query of at most so many bytes.
    init(_ query: String?, limit: Int) throws(APIProblem) {
        let query = query ?? ""
        guard query.utf8.count <= limit else {
            throw .malformed("the query is longer than \(limit) bytes")
        }
        guard let form = try? FormFields(query.utf8Span.span) else {
            throw .malformed("the query has too many parameters")
        }
        var given: [(name: String, value: String)] = []
        for field in form.fields {
            let (nameBytes, valueBytes) = (field.name, field.value)
            guard let name = String(utf8: nameBytes.span),
                let value = String(utf8: valueBytes.span), !value.utf8.contains(0)
            else { throw .malformed("the query is not UTF-8") }
            given.append((name, value))
        }
        self.given = given
        unread = Set(given.map(\.name))
    }

    /// Every value of a parameter.
    mutating func all(_ name: String) -> [String] {
        unread.remove(name)
        return given.filter { $0.name == name }.map(\.value)
    }

    /// The value of a parameter that stands once, or not at all.
    mutating func one(_ name: String) throws(APIProblem) -> String? {
        let values = all(name)
        guard values.count <= 1 else { throw .malformed("the parameter \(name) stands twice") }
        return values.first
    }

    /// Refuses what was not read.
    func finish() throws(APIProblem) {
        guard let name = unread.sorted().first else { return }
        throw .malformed("there is no parameter \"\(name.prefix(80))\" here")
    }
}
