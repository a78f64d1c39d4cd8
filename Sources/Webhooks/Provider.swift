internal import Catalog
internal import JSON
internal import YAML

/// A provider's webhooks as the catalog has them: how they are signed, named and timed.
package final class Provider: Sendable {
    /// The name that sources refer to.
    package let name: String
    /// What it is, in a sentence.
    package let about: String
    let headers: HeaderTable
    let schemes: [NamedScheme]
    let tolerance: Tolerance?
    let content: ContentKind
    let names: EventNames
    /// The kinds of events that one request may carry besides itself.
    let parts: [PartRule]
    let handshakes: [Handshake]
    /// Whether a redelivery's body may differ, so that the id alone tells that it is one.
    let varies: Bool
    /// The answer to an accepted webhook.
    let answer: Answer
    /// A request as the provider sends it; an entry of a user's own may have none.
    package let sample: Sample?
    /// What a person reads: how to set it up, and what the secret is.
    package let guide: Guide

    /// What to do at the provider, for people.
    package struct Guide: Sendable {
        /// The steps, in order.
        package let setup: [String]
        /// What the secret is and where the provider shows it.
        package let secret: String?
        /// How soon an answer must come.
        package let answerWithin: String?
        /// What happens when none comes.
        package let retries: String?
    }

    /// Reads the half of an entry that is about webhooks; an entry has one.
    init(_ entry: CatalogEntry) throws(YAMLError) {
        guard let node = entry.webhooks else {
            preconditionFailure("\(entry.name) sends no webhooks")
        }
        name = entry.name
        about = entry.about
        let keys = try node.mapping(
            allowed: [
                "setup", "secret", "answer_within", "retries", "aliases", "scheme", "schemes",
                "tolerance", "content", "parts", "handshakes", "varies", "answer", "sample",
            ] + EventNames.keys
        )
        guide = try Guide(keys)
        var aliases: [HeaderTable.Alias] = []
        for entry in try keys["aliases"]?.mapping.entries ?? [] {
            aliases.append(.init(prefix: entry.name, other: try entry.value.string))
        }
        var headers = HeaderTable(aliases: aliases)
        schemes = try NamedScheme.all(keys, node, &headers)
        if let node = keys["tolerance"] {
            tolerance = try Tolerance(node)
            try NamedScheme.requireTime(schemes, node)
        } else {
            tolerance = nil
        }
        let word = try keys["content"]?.word(of: ContentKind.allCases.map(\.rawValue))
        content = word.flatMap { ContentKind(rawValue: $0) } ?? .json
        names = try EventNames(keys, &headers)
        var parts: [PartRule] = []
        for node in keys["parts"]?.oneOrMore ?? [] { parts.append(try PartRule(node, &headers)) }
        self.parts = parts
        var handshakes: [Handshake] = []
        for node in keys["handshakes"]?.oneOrMore ?? [] {
            handshakes.append(try Handshake(node, &headers))
        }
        self.handshakes = handshakes
        varies = try keys["varies"]?.boolean ?? false
        answer = try Answer(keys["answer"])
        sample = try keys["sample"].map { node throws(YAMLError) in try Sample(node) }
        self.headers = headers
    }

    /// The answer to a question of the provider's that needs no signature; `nil` for any other
    /// request.
    func unsignedReply(
        to context: RequestContext,
        _ source: Source
    ) throws(Refusal) -> Answer? {
        for handshake in handshakes {
            if let answer = try handshake.unsignedReply(to: context, source) { return answer }
        }
        return nil
    }

    /// The answer to a question that is signed as webhooks are; `nil` for any other request.
    func signedReply(
        to context: RequestContext,
        _ content: JSONValue,
        _ source: Source
    ) throws(Refusal) -> Answer? {
        for handshake in handshakes where handshake.isSigned {
            if let answer = try handshake.reply(to: context, content, source) { return answer }
        }
        return nil
    }

    /// Whether one request may carry several events.
    package var hasParts: Bool { !parts.isEmpty }

    /// The methods of requests that the provider sends, besides `POST`.
    package var otherMethods: [String] { handshakes.map(\.methodName).filter { $0 != "POST" } }
}

extension Provider.Guide {
    fileprivate init(_ keys: YAMLMapping) throws(YAMLError) {
        var setup: [String] = []
        for node in keys["setup"]?.oneOrMore ?? [] { setup.append(try node.string) }
        self.setup = setup
        secret = try keys["secret"]?.string
        answerWithin = try keys["answer_within"]?.string
        retries = try keys["retries"]?.string
    }
}

extension Answer {
    /// Reads `{ status: 202 }`, or with `type` and `body`; 200 and nothing if there is no node.
    fileprivate init(_ node: YAMLNode?) throws(YAMLError) {
        guard let node else {
            self.init(status: 200)
            return
        }
        let keys = try node.mapping(allowed: ["status", "type", "body"])
        self.init(
            status: try keys["status"]?.integer(in: 200...299) ?? 200,
            body: Array(try keys["body"]?.string.utf8 ?? "".utf8),
            contentType: try keys["type"]?.string
        )
    }
}
