/// What PayPal posts.
enum PayPal {
    /// A payment that went through.
    static func capture(_ order: Order, at time: Int, _ chance: inout Chance) -> Webhook {
        let id = "WH-" + chance.text(17)
        let capture = chance.text(17)
        let moment = Written.utc(time)
        let body = """
            {"id":"\(id)","event_version":"1.0","create_time":"\(moment)",\
            "resource_type":"capture","event_type":"PAYMENT.CAPTURE.COMPLETED",\
            "summary":"Payment completed","resource":{"id":"\(capture)",\
            "custom_id":"\(order.id)","amount":{"value":"\(order.total)",\
            "currency_code":"\(order.currency)"},"status":"COMPLETED",\
            "create_time":"\(moment)","final_capture":true}}
            """
        return Webhook(
            source: "paypal",
            provider: "paypal",
            id: id,
            type: "PAYMENT.CAPTURE.COMPLETED",
            subject: "capture:\(capture)",
            time: time,
            authentication: ("rsa-x509", "certificate 1"),
            headers: [
                ("paypal-transmission-id", id),
                ("paypal-transmission-time", moment),
                ("paypal-transmission-sig", chance.text(342, of: Alphabet.base64) + "=="),
                ("paypal-auth-algo", "SHA256withRSA"),
                (
                    "paypal-cert-url",
                    "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594"
                ),
            ],
            agent: "PayPal/AUHD-214.0-58843070",
            body: body
        )
    }
}
