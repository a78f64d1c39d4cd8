import Bytes

/// A webhook as it was received.
struct Webhook {
    var source: String
    var provider: String
    var id: String
    var type: String
    var subject: String?
    /// Seconds since 1970.
    var time: Int
    /// What says who the sender is, as the line has it: the scheme, and the secret's name.
    var authentication: (scheme: String, secret: String)
    /// The headers that this sender adds to those that all have.
    var headers: [(name: String, value: String)]
    var agent: String
    var body: String
}

extension Webhook {
    /// The body's record: the request's head as meta, then the content.
    ///
    /// The meta is laid out as the intake does it; no text here needs escapes.
    var meta: String {
        let common = [
            ("host", "daybook.example.com"),
            ("user-agent", agent),
            ("accept", "*/*"),
            ("accept-encoding", "gzip, deflate"),
            ("content-type", "application/json"),
            ("content-length", "\(body.utf8.count)"),
        ]
        var text = "{\"request\":{\"headers\":["
        for (index, header) in (common + headers).enumerated() {
            if index > 0 { text += "," }
            text += "[\"\(header.0)\",\"\(header.1)\"]"
        }
        text += "],\"method\":\"POST\",\"target\":\"/hooks/\(source)\"}}"
        return text
    }
}

/// Moments as the senders write them.
enum Written {
    /// `2026-09-01T00:00:00Z`.
    static func utc(_ time: Int) -> String {
        Timestamp(microseconds: Int64(time) * 1_000_000).short
    }

    /// `2026-09-01T00:00:00`, in UTC without saying so.
    static func zoneless(_ time: Int) -> String { String(utc(time).dropLast()) }

    /// `2026-09-01T02:00:00+02:00`.
    static func local(_ time: Int, hours: Int) -> String {
        let offset = Decimal.padded(UInt64(abs(hours)), digits: 2)
        return zoneless(time + hours * 3600) + (hours < 0 ? "-" : "+") + offset + ":00"
    }

    /// Cents as `12.30`.
    static func money(_ cents: Int) -> String {
        "\(cents / 100)." + Decimal.padded(UInt64(cents % 100), digits: 2)
    }

    /// JSON text with `\u` escapes for all that is not ASCII, as many libraries write it.
    static func ascii(_ json: String) -> String {
        if json.utf8.allSatisfy({ $0 < 0x80 }) { return json }
        var text: [UInt8] = []
        text.reserveCapacity(json.utf8.count + 64)
        for scalar in json.unicodeScalars {
            if scalar.isASCII {
                text.append(UInt8(scalar.value))
            } else {
                let digits = String(scalar.value, radix: 16)
                text += "\\u".utf8
                text += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                text += digits.utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
