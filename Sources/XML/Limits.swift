/// What a document may cost, with the reason for each bound.
package enum XMLLimits {
    /// The most bytes of a document, the same as of a JSON one.
    package static let byteCount = 16 << 20

    /// The deepest nesting of elements; the deepest SOAP messages have about 10 levels.
    package static let depth = 64

    /// The most elements and attributes together: each costs memory beyond its own bytes.
    package static let nodeCount = 200_000

    /// The most different names, prefixes and namespaces: libxml2 slows down with more of them.
    package static let nameCount = 10_000

    /// The most attributes and namespace declarations of one element, and the most namespaces in
    /// force at once: libxml2 compares each with each.
    package static let attributeCount = 256

    /// The most bytes of a tag or a comment: libxml2 says nothing of a tag before it has compared
    /// all its attributes.
    package static let tagByteCount = 256 << 10

    /// How far into a document its declaration is looked for, in bytes.
    static let declarationByteCount = 256

    /// The most characters of libxml2's words that an error repeats: they can quote the document.
    static let reasonLength = 120
}
