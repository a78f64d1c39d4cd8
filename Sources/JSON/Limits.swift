/// What a document may cost, with the reason for each bound.
package enum JSONLimits {
    /// The deepest nesting of objects and arrays that is accepted.
    ///
    /// No provider's webhook nests more than about 15 levels; recursion over values stays shallow.
    package static let depth = 64

    /// The most bytes a document may have.
    ///
    /// The largest messages among the providers have 10 MB; parsing needs about 15 bytes of
    /// buffers for each byte of input.
    package static let byteCount = 16 << 20

    /// What no configuration can exceed: in a larger document an array can have more elements
    /// than the 24 bits for a count on simdjson's tape can tell.
    static let byteCountCeiling = 32 << 20

    /// What no configuration can exceed: canonicalisation recurses, on small thread stacks too.
    static let depthCeiling = 1024
}
