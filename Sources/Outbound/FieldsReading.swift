internal import Bytes
internal import YAML

/// A header with several members: `"burst";r=95;t=12` or `total=100; remaining=99; resets=41`.
struct FieldsReading: Sendable {
    /// The header's name, or what it begins with.
    private let header: String
    /// Whether any name counts that begins so; what follows is then the limit's name.
    private let isPrefix: Bool
    /// What parts the members; without it, the header is a list of RFC 9651 with a name for each
    /// limit, and the members are parameters.
    private let separator: UInt8?
    private let names: CountNames

    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: CountNames.keys + ["fields", "separator"])
        let place = try keys.required("fields")
        let name = try place.headerName.asciiLowercased
        isPrefix = name.hasSuffix("*")
        header = isPrefix ? String(name.dropLast()) : name
        guard !header.isEmpty, !header.contains("*") else {
            throw place.mismatch(expected: "a header's name, with one * at its end at most")
        }
        separator = try keys["separator"].map { node throws(YAMLError) in
            guard let byte = node.text?.utf8.first, node.text?.utf8.count == 1,
                ";,&|".utf8.contains(byte)
            else { throw node.mismatch(expected: "one of ; , & |") }
            return byte
        }
        names = try CountNames(node, keys, areHeaders: false)
    }

    func read(_ headers: NamedValues, at now: Timestamp, into report: inout LimitReport) {
        for place in isPrefix ? headers.names(after: header) : [header] {
            let rest = String(place.dropFirst(header.count))
            let name = isPrefix ? report.name(rest, from: place) : nil
            if isPrefix, name == nil { continue }
            guard let separator else {
                readList(headers, place, name, at: now, into: &report)
                continue
            }
            do {
                guard let value = try headers.value(place) else { continue }
                let members = Self.members(pieces(value, at: [separator])[...])
                readMembers(members, name, place, at: now, into: &report)
            } catch {
                report.note(place, error)
            }
        }
    }

    /// Reads the items of a list, which may be spread over several headers (RFC 9651 section 4.2).
    private func readList(
        _ headers: NamedValues,
        _ place: String,
        _ name: String?,
        at now: Timestamp,
        into report: inout LimitReport
    ) {
        guard let value = headers.list(place) else { return }
        let items = pieces(value, at: [UInt8(ascii: ",")])
        for item in items.prefix(OutboundLimits.entries) {
            let parameters = pieces(item, at: [UInt8(ascii: ";")])
            let own = parameters[0].filter { $0 != "\"" && $0 != "\\" }
            guard let itemName = report.name(own, from: place) else { continue }
            let members = Self.members(parameters.dropFirst())
            readMembers(members, name ?? itemName, place, at: now, into: &report)
        }
        if items.count > OutboundLimits.entries { report.note(place, .tooMany) }
    }

    private func readMembers(
        _ members: NamedValues,
        _ name: String?,
        _ place: String,
        at now: Timestamp,
        into report: inout LimitReport
    ) {
        guard names.all.contains(where: { members.list($0) != nil }) else {
            report.note(place, .unexpectedForm)
            return
        }
        names.read(members, name: name, place: place, at: now, into: &report)
    }

    /// The members `name=value` of a field; others have no say.
    private static func members(_ pieces: ArraySlice<String>) -> NamedValues {
        var members = NamedValues()
        for piece in pieces {
            guard let sign = piece.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = piece[piece.utf8.index(after: sign)...]
            members.add(trimmed(piece[..<sign]), trimmed(value))
        }
        return members
    }
}
