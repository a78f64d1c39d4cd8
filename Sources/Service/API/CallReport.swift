internal import Bytes
internal import JSON
internal import Ledger

/// A call that a program made by itself and reports (`POST /v1/calls`).
package struct CallReport: Sendable {
    /// One side of the call.
    struct Message: Sendable {
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
    }

    /// Bytes of a path with its query, for which a line has ample room.
    private static let targetBytes = 4096
    /// Bytes of an id, or of the name of a thread.
    private static let nameBytes = 256
    /// Bytes of what the program says went wrong.
    private static let errorBytes = 4096
    /// Attempts of one request: more than any sane schedule has.
    private static let attempts: UInt64 = 1000
    /// Milliseconds that a call may have taken: a week.
    private static let milliseconds: UInt64 = 604_800_000
    /// Header lines of one message: more than servers take.
    private static let headers = 200
    /// Bytes of a header's name.
    private static let headerNameBytes = 256
    /// Bytes of a header's value.
    private static let headerBytes = 16 << 10

    /// The name of the service that was called.
    package private(set) var service = ""
    private(set) var method = ""
    /// Path and query.
    private(set) var target = ""
    private(set) var status: UInt64?
    private(set) var attempt: UInt64 = 1
    private(set) var sent: Timestamp?
    private(set) var milliseconds: UInt64?
    private(set) var id: String?
    private(set) var correlation: String?
    /// Why there is no whole answer.
    private(set) var error: String?
    private(set) var request = Message()
    private(set) var response: Message?

    /// Reads a report; a problem names the member that is wrong.
    package init(_ text: Span<UInt8>) throws(APIProblem) {
        var parser = JSONParser()
        do {
            let value = try parser.parse(text)
            try value.requireDistinctKeys()
            try read(value)
        } catch let problem as APIProblem {
            throw problem
        } catch {
            throw .malformed("\(error)")
        }
        try check()
    }

    private mutating func read(_ value: JSONValue) throws(APIProblem) {
        guard value.kind == .object else {
            throw .malformed("a report is a JSON object, found \(value.kind)")
        }
        var members = value.members
        while let member = members.next() {
            switch member.name {
            case "service": service = try member.line(upTo: 64)
            case "method": method = try member.line(upTo: 32)
            case "path": target = try member.line(upTo: Self.targetBytes)
            case "status": status = try member.integer(100...599)
            case "attempt": attempt = try member.integer(1...Self.attempts)
            case "sent": sent = try member.time()
            case "duration_ms": milliseconds = try member.integer(0...Self.milliseconds)
            case "id": id = try member.line(upTo: Self.nameBytes)
            case "correlation": correlation = try member.line(upTo: Self.nameBytes)
            case "error": error = try member.text(upTo: Self.errorBytes)
            case "request": request = try Self.message(member)
            case "response": response = try Self.message(member)
            default:
                throw member.unknown(
                    expected: "service, method, path, status, attempt, sent, duration_ms, id, "
                        + "correlation, error, request or response"
                )
            }
        }
    }

    private func check() throws(APIProblem) {
        guard SourceName.isValid(service) else {
            throw .malformed("service is no name, expected \(SourceName.rule)")
        }
        guard !method.isEmpty, method.utf8.allSatisfy({ $0 &- 0x41 < 26 || $0 == 0x2D }) else {
            throw .malformed("method is no method, expected such as GET or POST")
        }
        guard target.hasPrefix("/"), !target.hasPrefix("//"), !target.contains("#") else {
            throw .malformed("path is no path, expected such as /v1/orders?limit=5, without a host")
        }
        guard sent != nil else {
            throw .malformed("sent is missing, expected when the call was sent, in RFC 3339")
        }
        guard status != nil || error != nil else {
            throw .malformed("status and error are missing, expected one of them at least")
        }
    }

    private static func message(_ member: JSONMember) throws(APIProblem) -> Message {
        guard member.value.kind == .object else {
            throw .malformed("\(member.name) is not an object of headers, body or body_base64")
        }
        var message = Message()
        var hasBody = false
        var members = member.value.members
        while let part = members.next() {
            switch part.name {
            case "headers": message.headers = try fields(part.value)
            case "body", "body_base64":
                guard !hasBody else {
                    throw .malformed("body and body_base64 are both there, expected one of them")
                }
                hasBody = true
                message.body = try body(part)
            default: throw part.unknown(expected: "headers, body or body_base64")
            }
        }
        return message
    }

    private static func body(_ member: JSONMember) throws(APIProblem) -> [UInt8] {
        guard let text = member.value.utf8 else {
            throw .malformed("\(member.name) is not a text; a JSON body is given as its text")
        }
        if member.name == "body" { return [UInt8](copying: text) }
        guard let bytes = Base64.decode(text) else { throw .malformed("body_base64 is no base64") }
        return bytes
    }

    /// The headers of an object, whose values are texts, or lists of them for lines of one name.
    private static func fields(
        _ value: JSONValue
    ) throws(APIProblem) -> [(name: String, value: String)] {
        guard value.kind == .object else {
            throw .malformed("headers is not an object of names and values")
        }
        var fields: [(name: String, value: String)] = []
        var members = value.members
        while let member = members.next() {
            let name = member.name
            guard (1...headerNameBytes).contains(name.utf8.count),
                name.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
            else { throw .malformed("a header has no name of visible ASCII characters") }
            let values: [String?]
            if member.value.kind == .array {
                values = texts(member.value)
            } else {
                values = [member.value.string]
            }
            for value in values {
                guard let value, value.utf8.count <= headerBytes else {
                    throw .malformed(
                        "a header's value is not a text of at most \(headerBytes) bytes, or a "
                            + "list of such"
                    )
                }
                fields.append((name, value))
            }
            guard fields.count <= headers else {
                throw .malformed("there are more than \(headers) headers")
            }
        }
        return fields
    }

    private static func texts(_ array: JSONValue) -> [String?] {
        var texts: [String?] = []
        var elements = array.elements
        // One more than may be is enough to be refused.
        while texts.count <= headers, let element = elements.next() { texts.append(element.string) }
        return texts
    }
}
