/// The members of a JSON object that holds strings and natural numbers only, up to 32 of them, by
/// where they lie: what a line of a log is.
///
/// It checks no more than it must to find them. At most 65,535 bytes can be told.
package struct FlatObject {
    /// A member.
    package struct Member: BitwiseCopyable {
        /// The first eight bytes of the name, the first the lowest; zeros fill it up.
        package var nameWord: UInt64 = 0
        /// Where the name lies, between its quotes.
        package var name: UInt16 = 0
        package var nameEnd: UInt16 = 0
        /// Where the value lies: between its quotes, or the number's digits.
        package var value: UInt16 = 0
        package var valueEnd: UInt16 = 0
    }

    /// In the object's order; `count` of them.
    package var members = InlineArray<32, Member>(repeating: Member())
    package var count = 0
    /// Where the walk ended: in a sound object at the closing brace.
    package var end = 1
    /// Whether a member has begun that is none.
    package var isBroken = false

    /// Finds the members.
    package init(_ bytes: Span<UInt8>) { scan(bytes) }
}
