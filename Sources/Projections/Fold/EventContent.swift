internal import Bytes
internal import JSON
internal import Ledger
internal import XML

/// How an event's content becomes the JSON text that pointers lead into.
///
/// This is the one place where it is decided.
enum EventContent {
    /// The content as JSON text; `nil` if it is that already, or nobody says what it is.
    static func jsonText(
        _ content: Span<UInt8>,
        _ line: borrowing Line
    ) throws(ContentFault) -> [UInt8]? {
        // Nearly all content is an object or a list, and those are JSON whatever the sender calls
        // them: XML never begins so, and no form does that was encoded as it has to be.
        guard content.count > 0, content[0] != UInt8(ascii: "{"), content[0] != UInt8(ascii: "[")
        else { return nil }
        // A call's content is two messages, of which one is looked at when it is asked for.
        guard let type = line.raw(.datacontenttype), !type.hasPrefix(ascii: "application/json"),
            let kind = line.raw(.kind), !kind.equals(ascii: "call"), !kind.equals(ascii: "delivery")
        else { return nil }
        switch ContentForm(mediaType: type) {
        case .form: return try form(content)
        case .xml: return try xml(content)
        case nil: return nil
        }
    }

    private static func form(_ content: Span<UInt8>) throws(ContentFault) -> [UInt8] {
        do throws(FormFieldsError) {
            return try FormFields(content).jsonText()
        } catch {
            throw ContentFault(description: "\(error)")
        }
    }

    private static func xml(_ content: Span<UInt8>) throws(ContentFault) -> [UInt8] {
        do throws(XMLError) {
            return try XML.jsonText(ofXML: content)
        } catch {
            // What an error quotes is content.
            switch error {
            case .notXML(let line, _):
                throw ContentFault(description: "not XML: its grammar is broken at line \(line)")
            case .encoding:
                throw ContentFault(description: "XML in an unknown encoding, expected UTF-8")
            default: throw ContentFault(description: "\(error)")
            }
        }
    }
}

/// The forms of content that are read as if they were JSON.
enum ContentForm {
    /// HTML's forms, `application/x-www-form-urlencoded` (URL standard section 5).
    case form
    /// `text/xml`, `application/xml` and all types that end with `+xml` (RFC 7303).
    case xml

    /// Tells the form by a media type, whose parameters do not matter; `nil` for any other type.
    init?(mediaType: Span<UInt8>) {
        var name: [UInt8] = []
        for index in mediaType.indices {
            let byte = mediaType[index]
            if byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ") { break }
            let isUpper = byte &- UInt8(ascii: "A") < 26
            name.append(isUpper ? byte | 0x20 : byte)
        }
        let span = name.span
        if span.equals(ascii: "application/x-www-form-urlencoded") {
            self = .form
        } else if span.equals(ascii: "text/xml") || span.equals(ascii: "application/xml")
            || name.suffix(4).elementsEqual("+xml".utf8)
        {
            self = .xml
        } else {
            return nil
        }
    }
}

/// Why content cannot be read, without any of it.
struct ContentFault: Error, CustomStringConvertible {
    let description: String
}
