/// Makes JSON text of an XML document, so that JSON Pointers lead through both.
///
/// The text is an object whose only member is the root. An element with neither attributes nor
/// child elements is its text, with all white space, `""` if there is none. Any other is an object
/// of its attributes (`@name`), its child elements, and its own text (`#text`) unless that is only
/// white space. Siblings of one name are an array in the document's order, a single one stands
/// alone. Names are without prefix, namespace declarations are left out, and so are comments and
/// processing instructions. All values are strings: numbers are not guessed.
///
/// A document type is refused, so there are no entities but the five of XML itself, and nothing
/// else is ever read. A prefix that is not declared is no error. The limits are `XMLLimits`.
package func jsonText(ofXML bytes: Span<UInt8>) throws(XMLError) -> [UInt8] {
    guard bytes.count <= XMLLimits.byteCount else {
        throw .tooLarge(byteCount: bytes.count, limit: XMLLimits.byteCount)
    }
    let encoding = try XMLEncoding(of: bytes)
    return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(XMLError) -> [UInt8] in
        let reader = try unsafe XMLReader(buffer)
        return try reader.tree(in: encoding).jsonText()
    }
}
