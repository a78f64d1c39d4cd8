internal import Bytes

/// Finds the elements of a list in a JSON text of any size, without reading what is in them.
///
/// The list is the document itself, or the member `data` of an object, as Stripe and many others
/// answer. The elements must be parsed by themselves: here only brackets and strings are followed.
struct JSONElementScanner {
    /// The elements, in order.
    private(set) var elements: [Range<Int>] = []
    /// Values beside the list, which must be JSON as well.
    private(set) var others: [Range<Int>] = []
    private var position = 0

    /// Scans a document.
    init(_ bytes: Span<UInt8>) throws(ListProblem) {
        skipSpace(bytes)
        switch byte(bytes) {
        case UInt8(ascii: "["): try list(bytes)
        case UInt8(ascii: "{"): try object(bytes)
        default: throw problem("a list, or an object with a list \"data\"")
        }
        skipSpace(bytes)
        guard position == bytes.count else { throw problem("the end of the text") }
    }

    private mutating func object(_ bytes: Span<UInt8>) throws(ListProblem) {
        var hasList = false
        position += 1
        skipSpace(bytes)
        if byte(bytes) == UInt8(ascii: "}") { throw problem("a list \"data\"") }
        while true {
            let name = try value(bytes)
            guard bytes[name.lowerBound] == UInt8(ascii: "\"") else {
                throw problem("a member's name")
            }
            others.append(name)
            try expect(UInt8(ascii: ":"), bytes)
            skipSpace(bytes)
            let isData = bytes.extracting(name).equals(ascii: "\"data\"")
            if isData, !hasList, byte(bytes) == UInt8(ascii: "[") {
                try list(bytes)
                hasList = true
            } else {
                others.append(try value(bytes))
            }
            guard try isNext(UInt8(ascii: "}"), bytes) else { continue }
            guard hasList else { throw problem("a list \"data\" in the object") }
            return
        }
    }

    private mutating func list(_ bytes: Span<UInt8>) throws(ListProblem) {
        position += 1
        skipSpace(bytes)
        if byte(bytes) == UInt8(ascii: "]") {
            position += 1
            return
        }
        repeat {
            guard elements.count < ProviderList.recordLimit else {
                throw ListProblem("the list has more than \(ProviderList.recordLimit) records")
            }
            elements.append(try value(bytes))
        } while try !isNext(UInt8(ascii: "]"), bytes)
    }

    /// Passes a comma, or the end of a container, which it tells.
    private mutating func isNext(_ end: UInt8, _ bytes: Span<UInt8>) throws(ListProblem) -> Bool {
        skipSpace(bytes)
        let found = byte(bytes)
        guard found == end || found == UInt8(ascii: ",") else {
            throw problem("a comma or the end of the list")
        }
        position += 1
        skipSpace(bytes)
        return found == end
    }

    private mutating func expect(_ wanted: UInt8, _ bytes: Span<UInt8>) throws(ListProblem) {
        skipSpace(bytes)
        guard byte(bytes) == wanted else {
            throw problem("\"\(Character(UnicodeScalar(wanted)))\"")
        }
        position += 1
    }

    /// Passes a value; where it lies.
    private mutating func value(_ bytes: Span<UInt8>) throws(ListProblem) -> Range<Int> {
        skipSpace(bytes)
        let start = position
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                try string(bytes)
                if depth == 0 { return start..<position }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return try scalar(from: start) }
                depth -= 1
                if depth == 0 {
                    position += 1
                    return start..<position
                }
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return try scalar(from: start) }
            default: break
            }
            position += 1
        }
        guard depth == 0 else { throw problem("a closing bracket") }
        return try scalar(from: start)
    }

    private func scalar(from start: Int) throws(ListProblem) -> Range<Int> {
        guard position > start else { throw problem("a value") }
        return start..<position
    }

    private mutating func string(_ bytes: Span<UInt8>) throws(ListProblem) {
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "\""):
                position += 1
                return
            default: position += 1
            }
        }
        position = bytes.count
        throw problem("a closing quote")
    }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func byte(_ bytes: Span<UInt8>) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    private func problem(_ expected: String) -> ListProblem {
        ListProblem("not JSON at byte \(position), expected \(expected)")
    }
}
