package import Bytes
internal import Digest
internal import JSON
internal import Ledger

/// Turns requests into verdicts, with buffers of its own: one for each thread.
///
/// What is decided depends on the request, the source, the time and what was fetched alone.
package struct Intake: ~Copyable {
    private var parser = JSONParser()
    private var salts = SaltSource()
    private var diagnoses = (second: Int64(0), count: 0)

    /// Starts with empty buffers.
    package init() {}

    /// Decides what a request to `source` is.
    package mutating func receive(
        _ request: InboundRequest,
        from source: Source,
        at now: Timestamp,
        fetched: FetchedTrust
    ) -> Verdict {
        let drafting = Drafting(
            context: RequestContext(request, source.provider.headers, base: source.url),
            source: source
        )
        let context = drafting.context
        do throws(Refusal) {
            if let answer = try source.provider.unsignedReply(to: context, source) {
                return .handshake(drafting.handshake(nil, salts.next()), answer)
            }
            switch try Verification.run(
                context,
                source,
                now,
                fetched,
                tolerance: source.tolerance
            ) {
            case .needs(let document): return .needs(document)
            case .verified(let proof):
                try context.slots.refuseDoubts(context.table)
                return try accept(drafting, proof)
            }
        } catch {
            let refusal =
                mayDiagnose(at: now) ? error.explained(context, source, now) : error
            return .rejected(
                drafting.rejected(refusal, salts.next()),
                Answer(status: refusal.status),
                refusal
            )
        }
    }

    /// Whether a refusal may be looked into: a flood of forged requests must cost little.
    private mutating func mayDiagnose(at now: Timestamp) -> Bool {
        let second = now.microseconds / 1_000_000
        if diagnoses.second != second { diagnoses = (second, 0) }
        diagnoses.count += 1
        return diagnoses.count <= WebhookLimits.diagnosesPerSecond
    }

    private mutating func accept(
        _ drafting: Drafting,
        _ proof: Verification.Proof
    ) throws(Refusal) -> Verdict {
        let context = drafting.context
        let provider = drafting.source.provider
        let salt = salts.next()
        if provider.content == .any {
            let draft = try drafting.webhook(ContentReader(context, nil), proof, salt)
            return .accepted([draft], provider.answer)
        }
        let body = context.request.body
        let text = try provider.content.jsonText(body.span) ?? body
        let content: JSONValue
        do throws(JSONError) {
            content = try parser.parse(text.span)
        } catch {
            throw Refusal(error)
        }
        return try Self.accept(content, drafting, proof, salt)
    }

    private static func accept(
        _ content: JSONValue,
        _ drafting: Drafting,
        _ proof: Verification.Proof,
        _ salt: [16 of UInt8]
    ) throws(Refusal) -> Verdict {
        let context = drafting.context
        let provider = drafting.source.provider
        if let answer = try provider.signedReply(to: context, content, drafting.source) {
            return .handshake(drafting.handshake(proof, salt), answer)
        }
        let draft = try drafting.webhook(ContentReader(context, content), proof, salt)
        let parts = try drafting.parts(of: content)
        return .accepted([draft] + parts, provider.answer)
    }
}
