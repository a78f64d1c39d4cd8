internal import Bytes
package import Digest
internal import Ledger

/// Asks a time stamp authority (RFC 3161 section 3.4, over HTTP).
package struct TimestampClient: Sendable {
    /// Seconds by which the authority's clock may differ from ours.
    package static let clockTolerance: Int64 = 600
    /// Seconds for the request.
    package static let seconds: Double = 20

    private let authority: TimestampAuthority
    private let send: AnchorSend

    /// Takes an authority.
    package init(_ authority: TimestampAuthority, send: @escaping AnchorSend) {
        self.authority = authority
        self.send = send
    }

    /// Has a checkpoint's text stamped; `nonce` is random, `now` in seconds since 1970.
    ///
    /// Gives the reply, which proves it, and who stamped when.
    package func stamp(
        _ head: AnchoredHead,
        nonce: UInt64,
        at now: UInt64
    ) throws -> (reply: [UInt8], holder: TimestampReply.Holder) {
        let query = TimestampQuery(digest: head.digest, nonce: nonce)
        let answer = try send(
            AnchorRequest(
                method: "POST",
                url: authority.url,
                contentType: "application/timestamp-query",
                body: try query.der(),
                seconds: Self.seconds
            )
        )
        guard answer.status == 200 else {
            throw WitnessClient.Problem(
                "answered \(answer.status): \(AnchorTransport.words(answer.body))"
            )
        }
        let holder = try TimestampReply(answer.body).check(query, roots: authority.roots)
        let distance = holder.time.microseconds / 1_000_000 - Int64(now)
        guard abs(distance) <= Self.clockTolerance else {
            throw WitnessClient.Problem(
                "stamped with a clock that is \(abs(distance)) seconds "
                    + "\(distance > 0 ? "ahead of" : "behind") ours; one of the two is wrong"
            )
        }
        return (answer.body, holder)
    }
}
