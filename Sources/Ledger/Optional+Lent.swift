extension Optional where Wrapped: ~Escapable {
    /// What `body` makes of a lent value, if there is one: `flatMap`, which the standard library
    /// has for values that may be kept only.
    func read<R, E: Error>(_ body: (Wrapped) throws(E) -> R?) throws(E) -> R? {
        guard let value = self else { return nil }
        return try body(value)
    }
}
