import Bytes
import Catalog
import Foundation
import Testing
import Webhooks

/// A captured request with what it is known to be, many of them published by the providers.
struct Vector: Sendable, CustomTestStringConvertible {
    let id: String
    let isValid: Bool
    /// The request as one line of JSON.
    let line: [UInt8]
    var testDescription: String { id }

    static let all = Result { try read() }

    /// Those that are questions which are answered.
    static let handshakes = Result {
        try all.get().filter { try $0.fields["kind"] as? String == "handshake" }
    }

    private static func read() throws -> [Vector] {
        let data = Data(try file("Fixtures/providers.json"))
        let vectors = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
        return try vectors.map { fields in
            Vector(
                id: fields["id"] as? String ?? "",
                isValid: fields["expect"] as? String == "valid",
                line: try Array(JSONSerialization.data(withJSONObject: fields))
            )
        }
    }

    /// The line with other values in it; `NSNull` takes one away.
    func line(changing values: [String: Any]) throws -> [UInt8] {
        let fields = try fields.merging(values) { $1 }
        return try Array(JSONSerialization.data(withJSONObject: fields))
    }

    var fields: [String: Any] {
        get throws {
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
        }
    }

    func text(_ name: String) throws -> String { try fields[name] as? String ?? "" }

    static func named(_ id: String) throws -> Vector {
        try #require(all.get().first { $0.id == id })
    }

    /// What the check of captured requests finds.
    func checked(changing values: [String: Any] = [:]) throws -> CapturedCheck.Result {
        var check = CapturedCheck(providers: try embedded.get())
        let line = try line(changing: values)
        return check.check(line.span)
    }
}

// MARK: - The same through the intake

extension Vector {
    private var urlParts: (base: String, rest: String) {
        get throws {
            let url = try text("url")
            let base = String(url.prefix { $0 != "?" })
            return (base, String(url.dropFirst(base.count)))
        }
    }

    /// A source as somebody would configure it for this request.
    func source() throws -> Source {
        let entry = try embedded.get().systems.entry(named: text("provider"))
        let isKeyed = ["rsa-x509", "rsa", "oidc"].contains(Sender.kind(of: entry))
        var members = ["provider: \(try text("provider"))"]
        var values = ["SECRET": try text("secret"), "PEM": try text("public_key_pem")]
        // Where no secret is given, none counts, whatever it is.
        if values["SECRET"] == "" { values["SECRET"] = "never shown to anybody" }
        if !isKeyed { members.append("secrets: SECRET") }
        if let id = try fields["webhook_id"] as? String {
            members += ["webhook_id: ID", "certificates: PEM"]
            values["ID"] = id
        }
        if let key = try fields["public_jwk"] {
            members.append("keys: KEYS")
            let data = try JSONSerialization.data(withJSONObject: key)
            values["KEYS"] = String(decoding: data, as: UTF8.self)
        }
        if let expected = try fields["expected"] as? [String: Any] {
            members += ["audience: \"\(expected["aud"] as? String ?? "")\"", "email: EMAIL"]
            values["EMAIL"] = expected["email"] as? String
        }
        let base = try urlParts.base
        if !base.isEmpty { members.append("url: \"\(base)\"") }
        return try WebhooksTests.source("shop: { \(members.joined(separator: ", ")) }", values)
    }

    /// The request as the server would hand it over.
    func request() throws -> InboundRequest {
        let fields = try fields
        var headers = (fields["headers"] as? [String: String] ?? [:]).map { ($0.key, $0.value) }
        if let type = fields["content_type"] as? String,
            !headers.contains(where: { $0.0.lowercased() == "content-type" })
        {
            headers.append(("Content-Type", type))
        }
        return InboundRequest(
            method: fields["method"] as? String ?? "POST",
            target: "/hooks/shop\(try urlParts.rest)",
            headers: headers,
            body: Array(try text("body").utf8)
        )
    }

    /// What the intake makes of it at the moment it was captured.
    func judged() throws -> Verdict {
        judge(try request(), try source(), at: try fields["now_unix"] as? Int ?? now)
    }
}
