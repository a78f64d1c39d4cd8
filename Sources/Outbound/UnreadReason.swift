/// Why a field of an answer says nothing.
package enum UnreadReason: String, Error, Sendable {
    case notANumber = "not a number"
    case negative = "a negative number"
    case tooLarge = "a number beyond all limits"
    case tooFar = "a moment too far ahead"
    case past = "a moment long past"
    case notAWindow = "no whole seconds, or more than a year of them"
    case repeated = "repeated with different values"
    case notJSON = "not JSON that is accepted"
    case unexpectedForm = "not in the documented form"
    case aboveLimit = "more remains than the limit allows"
    case tooMany = "more of them than are looked at"
}
