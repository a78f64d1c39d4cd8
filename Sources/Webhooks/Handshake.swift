internal import Bytes
internal import Digest
internal import JSON
internal import YAML

/// A question that a provider asks before it sends, or from time to time.
struct Handshake: Sendable {
    private enum Wanted: Sendable {
        case present
        case digits
        case text(String)

        init(_ node: YAMLNode) throws(YAMLError) {
            switch try node.string {
            case "present": self = .present
            case "digits": self = .digits
            case let text: self = .text(text)
            }
        }

        func fits(_ value: String?) -> Bool {
            guard let value else { return false }
            switch self {
            case .present: return !value.isEmpty
            case .digits: return !value.isEmpty && value.utf8.allSatisfy { $0 &- 0x30 < 10 }
            case .text(let text): return value == text
            }
        }
    }

    private let method: String
    private let query: [(name: String, is: Wanted)]
    private let headers: [(slot: Int, is: Wanted)]
    private let form: [(name: String, is: Wanted)]
    private let body: [(pointer: JSONPointer, is: Wanted)]
    /// An array that is there and empty.
    private let empty: JSONPointer?
    /// The beginning of header names of which there must be none.
    private let without: String?
    /// Whether the question counts only if it is signed as webhooks are.
    let isSigned: Bool
    /// The parameter that must equal a secret; `nil` if none must.
    let verified: String?
    /// The status if it does not.
    private let refusal: Int
    private let answer: HandshakeAnswer

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["when", "verify", "refuse", "answer"])
        let when = try keys.required("when").mapping(allowed: [
            "method", "query", "header", "form", "body", "empty", "without", "signed",
        ])
        method = try when["method"]?.string ?? "POST"
        var query: [(name: String, is: Wanted)] = []
        for entry in try when["query"]?.mapping.entries ?? [] {
            query.append((entry.name, try Wanted(entry.value)))
        }
        self.query = query
        var named: [(slot: Int, is: Wanted)] = []
        for entry in try when["header"]?.mapping.entries ?? [] {
            named.append((try headers.slot(named: entry.name, entry.key), try Wanted(entry.value)))
        }
        self.headers = named
        var form: [(name: String, is: Wanted)] = []
        for entry in try when["form"]?.mapping.entries ?? [] {
            form.append((entry.name, try Wanted(entry.value)))
        }
        self.form = form
        var body: [(pointer: JSONPointer, is: Wanted)] = []
        for entry in try when["body"]?.mapping.entries ?? [] {
            body.append((try JSONPointer(entry.name, entry.key), try Wanted(entry.value)))
        }
        self.body = body
        empty = try when["empty"].map { node throws(YAMLError) in
            try JSONPointer(try node.string, node)
        }
        without = try when["without"].map { node throws(YAMLError) in
            let pattern = try node.string
            guard pattern.hasSuffix("*") else { throw node.mismatch(expected: "such as x-wc-*") }
            return pattern.dropLast().lowercased()
        }
        isSigned = try when["signed"]?.boolean ?? false
        if let place = keys["verify"] {
            guard let name = try place.string.dropping("query:") else {
                throw place.mismatch(expected: "query:NAME")
            }
            verified = String(name)
        } else {
            verified = nil
        }
        refusal = try keys["refuse"]?.integer(in: 400...499) ?? 403
        answer = try HandshakeAnswer(try keys.required("answer"), &headers)
    }

    /// The method of the question's request.
    var methodName: String { method }

    /// The question for people: `GET with hub.challenge`.
    var words: String {
        let names =
            query.map(\.name) + form.map(\.name) + body.map(\.pointer.text)
            + (empty.map { ["an empty \($0)"] } ?? [])
        return names.isEmpty ? "a \(method)" : "a \(method) with \(names.joined(separator: ", "))"
    }

    /// The answer to a request that is this question and needs no signature; `nil` for any other.
    func unsignedReply(
        to context: RequestContext,
        _ source: Source
    ) throws(Refusal) -> Answer? {
        let text = context.request.body
        guard !isSigned, context.request.method == method else { return nil }
        guard !body.isEmpty || empty != nil, text.count <= WebhookLimits.questionBytes else {
            return try reply(to: context, nil, source)
        }
        var parser = JSONParser()
        guard let content = try? parser.parse(text.span) else { return nil }
        return try reply(to: context, content, source)
    }

    /// The answer to a request that is this question; `nil` for any other.
    func reply(
        to context: RequestContext,
        _ content: JSONValue?,
        _ source: Source
    ) throws(Refusal) -> Answer? {
        matches(context, content) ? try answer(context, content, source) : nil
    }

    private func matches(_ context: RequestContext, _ content: JSONValue?) -> Bool {
        guard context.request.method == method else { return false }
        // Nobody vouches for an unsigned question, so it must not cost or carry much.
        if !isSigned, context.request.body.count > WebhookLimits.questionBytes { return false }
        if let without {
            guard
                !context.request.headers.contains(where: { $0.name.lowercased().hasPrefix(without) }
                )
            else { return false }
        }
        for (name, wanted) in query where !wanted.fits(context.parameter(name)) { return false }
        for (slot, wanted) in headers {
            guard wanted.fits(context.slots.value(slot, in: context.request)) else { return false }
        }
        for (pointer, wanted) in body {
            guard wanted.fits(content?.at(pointer)?.scalarText) else { return false }
        }
        if let empty {
            guard let array = content?.at(empty), array.kind == .array, array.count == 0 else {
                return false
            }
        }
        return form.isEmpty || formFits(context)
    }

    private func formFits(_ context: RequestContext) -> Bool {
        guard let fields = try? FormFields(context.request.body.span).fields,
            fields.count == form.count
        else { return false }
        return form.allSatisfy { name, wanted in
            let field = fields.first { $0.name.elementsEqual(name.utf8) }
            return wanted.fits(field.map { String(decoding: $0.value, as: UTF8.self) })
        }
    }

    /// The answer to the question; refuses one that does not show what it must.
    private func answer(
        _ context: RequestContext,
        _ content: JSONValue?,
        _ source: Source
    ) throws(Refusal) -> Answer {
        if let verified {
            let value = Array((context.parameter(verified) ?? "").utf8)
            var fits = false
            for token in source.verifyTokens where constantTimeEquals(token.span, value.span) {
                fits = true
            }
            guard fits else {
                throw Refusal(
                    .handshakeRefused,
                    "\(verified) is not the source's verify_token",
                    status: refusal
                )
            }
        }
        return try answer.fill(ContentReader(context, content), source)
    }
}

/// What a question is answered with: a status, and a text or an object of texts.
struct HandshakeAnswer: Sendable {
    private enum Piece: Sendable {
        case value(ValueSource)
        /// The hex HMAC-SHA256 of a value by the source's first secret.
        case code(ValueSource)
    }

    private let status: Int
    private let text: Piece?
    private let members: [(name: String, piece: Piece)]

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["status", "text", "json"])
        status = try keys["status"]?.integer(in: 200...299) ?? 200
        text = try keys["text"].map { node throws(YAMLError) in try Self.piece(node, &headers) }
        var members: [(name: String, piece: Piece)] = []
        for entry in try keys["json"]?.mapping.entries ?? [] {
            members.append((entry.name, try Self.piece(entry.value, &headers)))
        }
        self.members = members
    }

    private static func piece(
        _ node: YAMLNode,
        _ headers: inout HeaderTable
    ) throws(YAMLError) -> Piece {
        let text = try node.string
        if let name = text.dropping("{hmac:query:"), name.hasSuffix("}") {
            return .code(.query(String(name.dropLast())))
        }
        return .value(try ValueSource.template(node, &headers))
    }

    func fill(
        _ reader: borrowing ContentReader,
        _ source: Source
    ) throws(Refusal) -> Answer {
        if !members.isEmpty {
            var body: [UInt8] = []
            for (index, member) in members.enumerated() {
                body.append(ascii: index == 0 ? "{" : ",")
                CanonicalJSON.appendString(member.name, to: &body)
                body.append(ascii: ":")
                let value = try value(member.piece, reader, source)
                CanonicalJSON.appendString(value, to: &body)
            }
            body.append(ascii: "}")
            return Answer(status: status, body: body, contentType: "application/json")
        }
        guard let text else { return Answer(status: status) }
        return Answer(status: status, body: Array(try value(text, reader, source).utf8))
    }

    /// What is sent back is a text of bounded length without control characters.
    private func value(
        _ piece: Piece,
        _ reader: borrowing ContentReader,
        _ source: Source
    ) throws(Refusal) -> String {
        switch piece {
        case .value(let value):
            let text = reader.text(value) ?? ""
            let isPlain =
                text.utf8.count <= WebhookLimits.echoBytes
                && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
            return isPlain ? text : ""
        case .code(let value):
            guard let secret = source.firstSecret else { return "" }
            let text = reader.text(value) ?? ""
            // Whoever could have anything signed would have webhooks signed.
            guard Self.isWord(text) else {
                throw Refusal(
                    .handshakeRefused,
                    "the challenge is no word of letters, digits, - and _",
                    status: 403
                )
            }
            var mac = HMACKey(.sha256, key: secret.span).start()
            mac.update(text.utf8Span.span)
            let code = mac.finish()
            return Hex.encode(code.span)
        }
    }

    private static func isWord(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ASCII.lower($0) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2d || $0 == 0x5f
            }
    }
}
