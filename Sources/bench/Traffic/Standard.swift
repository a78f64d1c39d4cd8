/// What the systems of the house and the carriers' adapter post: Standard Webhooks.
enum Standard {
    /// A message; `data` is the members of its data as JSON.
    static func message(
        _ source: String,
        _ type: String,
        subject: String?,
        data: String,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let id = "msg_" + chance.text(24)
        let body = """
            {"type":"\(type)","timestamp":"\(Written.utc(time))","data":{\(data)}}
            """
        return Webhook(
            source: source,
            provider: "standard",
            id: id,
            type: type,
            subject: subject,
            time: time,
            authentication: ("hmac-sha256", "env:\(source.uppercased())_SECRET"),
            headers: [
                ("webhook-id", id),
                ("webhook-timestamp", "\(time)"),
                ("webhook-signature", "v1," + chance.text(43, of: Alphabet.base64) + "="),
            ],
            agent: "Svix-Webhooks/1.24.0",
            body: body
        )
    }
}
