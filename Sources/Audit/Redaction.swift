internal import Bytes
internal import JSON
internal import Ledger

/// Masks what looks personal or secret in an event's content, for those who need only its form.
///
/// Structure, names, types and ids stay. What is masked proves nothing by itself.
package enum Redaction {
    /// What stands in the place of a text.
    package static let mask = "[redacted]"

    /// Parts of member names whose values are taken for personal, whatever their case and however
    /// their words are joined.
    ///
    /// A name is looked at without `_`, `-`, `.` and spaces. Rather one value too many is masked
    /// than one too few.
    package static let personalParts = [
        "name", "mail", "phone", "mobile", "fax", "address", "street", "city", "town", "zip",
        "postal", "postcode", "birth", "gender", "iban", "bic", "swift", "accountnumber", "routing",
        "card", "cvc", "cvv", "pan", "expmonth", "expyear", "last4", "fingerprint", "taxid", "vat",
        "ssn", "passport", "license", "licence", "latitude", "longitude", "useragent", "note",
        "comment", "message", "description", "avatar", "photo", "picture", "contact", "recipient",
        "signature", "customerip", "browserip",
    ]
    /// Names that are personal only as a whole: as parts they stand in harmless words.
    package static let personalNames = ["ip", "age", "sex", "to", "cc", "bcc", "dob", "lat", "lng"]
    /// Names that hold one of the parts and say nothing about a person.
    private static let harmless = [
        "eventname", "eventtype", "currencyname", "statusname", "productname", "planname",
        "filename", "hostname", "displaystatus", "company",
    ]

    /// Masks a content; what is no JSON is replaced whole by its kind and length.
    package static func json(_ content: Span<UInt8>, mediaType: String?) -> [UInt8] {
        do {
            var parser = JSONParser()
            let text = try masked(parser.parse(content))
            return try parser.canonicalized(text.span)
        } catch {
            var object = CanonicalObject()
            object.add("bytes", UInt64(content.count))
            object.add("redacted", mediaType ?? "a body that is not JSON")
            return object.bytes
        }
    }

    /// Whether the value of a member of this name is masked.
    package static func isMasked(_ name: String) -> Bool {
        let word = String(
            decoding: name.utf8.compactMap { byte -> UInt8? in
                switch byte {
                case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x20: nil
                case 0x41...0x5a: byte | 0x20
                default: byte
                }
            },
            as: UTF8.self
        )
        if isID(name, word) || harmless.contains(word) { return false }
        return personalNames.contains(word) || SecretFields.isLikelySecret(name)
            || personalParts.contains { word.contains($0) }
    }

    /// Ids say which thing it is, and reviewers need them to find it.
    private static func isID(_ name: String, _ word: String) -> Bool {
        word == "id" || word == "gid" || name.hasSuffix("_id") || name.hasSuffix("Id")
            || word == "ordernumber" || word == "customerid"
    }

    private static func masked(_ value: JSONValue) throws(JSONError) -> [UInt8] {
        var text: [UInt8] = []
        try append(value, isMasked: false, to: &text)
        return text
    }

    private static func append(
        _ value: JSONValue,
        isMasked: Bool,
        to text: inout [UInt8]
    ) throws(JSONError) {
        switch value.kind {
        case .object:
            text.append(UInt8(ascii: "{"))
            var members = value.members
            var isFirst = true
            while let member = members.next() {
                if !isFirst { text.append(UInt8(ascii: ",")) }
                isFirst = false
                let name = member.name
                CanonicalJSON.appendString(name, to: &text)
                text.append(UInt8(ascii: ":"))
                let isID = name == "id" || name.hasSuffix("_id")
                try append(
                    member.value,
                    isMasked: isMasked ? !isID : Self.isMasked(name),
                    to: &text
                )
            }
            text.append(UInt8(ascii: "}"))
        case .array:
            text.append(UInt8(ascii: "["))
            var elements = value.elements
            var isFirst = true
            while let element = elements.next() {
                if !isFirst { text.append(UInt8(ascii: ",")) }
                isFirst = false
                try append(element, isMasked: isMasked, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .string where isMasked: CanonicalJSON.appendString(mask, to: &text)
        case .integer where isMasked, .unsigned where isMasked, .double where isMasked:
            text.append(UInt8(ascii: "0"))
        case .boolean where isMasked: text.append(contentsOf: "false".utf8)
        default: try value.appendCanonical(to: &text)
        }
    }
}
