import Foundation
import Ledger
import Testing

extension CompanyMessage {
    /// The message as its provider would sign and send it now; PayPal's signs with a key that
    /// nobody here has.
    var request: Request? {
        let bytes = Array(body.utf8)
        switch provider {
        case "stripe": return .stripe(bytes)
        case "standard":
            var request = Request.standard(id: id, body)
            request.target = "/hooks/\(source)"
            return request
        case "woocommerce":
            return signed(
                bytes,
                [
                    ("X-WC-Webhook-Topic", type), ("X-WC-Webhook-Delivery-ID", id),
                    (
                        "X-WC-Webhook-Signature",
                        base64(hmac(Array(Sources.woocommerce.utf8), bytes))
                    ),
                ]
            )
        case "shopify":
            return signed(
                bytes,
                [
                    ("X-Shopify-Topic", type), ("X-Shopify-Event-Id", id),
                    ("X-Shopify-Hmac-SHA256", base64(hmac(Array(Sources.shopify.utf8), bytes))),
                ]
            )
        default: return nil
        }
    }

    private func signed(_ body: [UInt8], _ headers: [(String, String)]) -> Request {
        let kind = ("Content-Type", "application/json")
        return Request(target: "/hooks/\(source)", headers: [kind] + headers, body: body)
    }
}

extension Company {
    /// A trial's configuration with all sources that a company has over HTTP.
    static let configuration =
        Sources.configuration
        + ["ims", "pos", "cms", "carrier"].map {
            "  \($0): { provider: standard, secrets: [\"plain:\(Sources.standard)\"] }\n"
        }.joined()
}

extension [Company] {
    /// What is true of companies that share a ledger.
    func truth(_ projection: Company.Projection) -> [TrueRow] {
        let rows = flatMap { company -> [TrueRow] in company.truth(projection) }
        return rows.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

extension Trial {
    /// Appends messages to the trial's ledger as the front door would.
    func fill(_ messages: [CompanyMessage]) throws {
        let options = Ledger.Options(appends: true, headFile: "\(root)/another-head")
        let opened = try Ledger(path: ledger, options: options)
        defer { opened.close() }
        try opened.append(messages.map(\.draft), at: 2000)
    }

    /// The rows that `daybook state` lists.
    func state(_ projection: Company.Projection, _ options: String...) throws -> [TrueRow] {
        let words = ["state", projection.rawValue, "--format", "ndjson"]
        let finished = try run([Self.program] + words + options)
        try #require(finished.status == 0, "\(finished)")
        return try finished.output.split(separator: "\n").map {
            try TrueRow(json: Data($0.utf8), key: projection.key)
        }
    }

    /// The one row that a command prints.
    func one(_ line: String) throws -> [String: String] {
        let finished = try self.line(line)
        try #require(finished.status == 0, "\(line): \(finished)")
        return try #require(finished.rows.first, "\(line)")
    }
}

extension TrueRow {
    /// A row as a command prints it.
    init(json: Data, key name: String) throws {
        var object = try #require(
            try JSONSerialization.jsonObject(with: json) as? [String: Any]
        )
        key = try #require(object.removeValue(forKey: name) as? String)
        columns = try object.mapValues { value in
            let options: JSONSerialization.WritingOptions = [
                .fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes,
            ]
            let json = try JSONSerialization.data(withJSONObject: value, options: options)
            return String(decoding: json, as: UTF8.self)
        }
    }
}
