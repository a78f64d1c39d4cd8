internal import Bytes
internal import JSON
package import Ledger

/// Reads a body of `POST /v1/events`: CloudEvents 1.0 as its HTTP binding has them.
///
/// One event in structured mode, one in binary mode (`ce-…` headers), or a batch; plain
/// `application/json` may hold an event or an array of them.
package struct EventReader: ~Copyable {
    /// Events in one batch: a commit takes four of these.
    package static let batchEvents = 1000

    private static let structured = "application/cloudevents+json"
    private static let batch = "application/cloudevents-batch+json"

    private var reader = FactReader()
    private var parser = JSONParser()
    private let reserved: Set<String>

    /// `reserved` are sources that no caller may speak for, such as those of webhooks.
    package init(reserved: Set<String>) {
        self.reserved = reserved
    }

    /// Reads the events of a request; all of them, or a problem with the index of the first that
    /// cannot be recorded.
    package mutating func drafts(
        contentType: String?,
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) throws(APIProblem) -> [Draft] {
        let type = MediaType(contentType ?? "")
        switch type.name {
        case Self.structured:
            try Self.requireUTF8(type)
            return [try one(body)]
        case Self.batch:
            try Self.requireUTF8(type)
            return try many(body)
        case _ where type.name.hasPrefix("application/cloudevents"):
            throw Self.unsupported(type.name)
        case _ where EventHeaders.arePresent(headers):
            return [try binary(contentType, headers, body)]
        case "application/json":
            try Self.requireUTF8(type)
            let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            return first == UInt8(ascii: "[") ? try many(body) : [try one(body)]
        default:
            throw Self.unsupported(type.name)
        }
    }

    private static func requireUTF8(_ type: MediaType) throws(APIProblem) {
        guard type.isUTF8 else {
            throw APIProblem(415, "unsupported-type", "JSON is UTF-8, expected no other charset")
        }
    }

    private static func unsupported(_ name: String) -> APIProblem {
        APIProblem(
            415,
            "unsupported-type",
            "the content type is \"\(name.prefix(80))\", expected \(structured), \(batch), "
                + "application/json, or any with the headers of binary mode (ce-specversion, …)"
        )
    }

    private mutating func one(_ body: [UInt8]) throws(APIProblem) -> Draft {
        do {
            return try admitted(try reader.draft(body.span))
        } catch let problem as APIProblem {
            throw problem
        } catch {
            throw .malformed("\(error)")
        }
    }

    private mutating func many(_ body: [UInt8]) throws(APIProblem) -> [Draft] {
        let found: (count: Int, ranges: [Range<Int>])?
        do throws(JSONError) {
            found = try parser.topLevelElements(body.span, limit: Self.batchEvents)
        } catch {
            throw .malformed("\(error)")
        }
        guard let found else { throw .malformed("a batch is a JSON array of CloudEvents") }
        guard found.count <= Self.batchEvents else {
            throw APIProblem(
                413,
                "too-many-events",
                "the batch has \(found.count) events, expected at most \(Self.batchEvents)"
            )
        }
        var drafts: [Draft] = []
        drafts.reserveCapacity(found.count)
        for (index, range) in found.ranges.enumerated() {
            do {
                drafts.append(try admitted(try reader.draft(body.span.extracting(range))))
            } catch var problem as APIProblem {
                problem.index = index
                throw problem
            } catch {
                var problem = APIProblem.malformed("\(error)")
                problem.index = index
                throw problem
            }
        }
        return drafts
    }

    private mutating func binary(
        _ contentType: String?,
        _ headers: [(name: String, value: String)],
        _ body: [UInt8]
    ) throws(APIProblem) -> Draft {
        var attributes = try EventHeaders.attributes(headers)
        if let contentType { attributes.append(("datacontenttype", contentType)) }
        do {
            return try admitted(try reader.draft(attributes: attributes, content: body))
        } catch let problem as APIProblem {
            throw problem
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// Refuses what would be too large, and what speaks for a source that is not the caller's.
    private func admitted(_ draft: Draft) throws -> Draft {
        try draft.checkSize()
        guard !reserved.contains(draft.source) else { throw APIProblem.reserved(draft.source) }
        return draft
    }
}
