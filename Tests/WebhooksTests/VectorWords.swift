import Webhooks

/// Why each of the vectors that are invalid is refused.
enum VectorWords {
    static let refusals: [Refusal.Word: [String]] = [
        .certificateURL: [
            "paypal-06"
        ],
        .handshakeRefused: [
            "meta-04"
        ],
        .malformedSignature: [
            "attentive-02", "intuit-quickbooks-02", "stripe-20",
        ],
        .malformedTimestamp: [
            "convoy-14", "stripe-04", "stripe-05", "stripe-06", "stripe-17",
        ],
        .missingHeader: [
            "hubspot-10", "okta-03", "shopify-03", "standard-webhooks-13",
        ],
        .missingSignature: [
            "github-03", "github-11", "pagerduty-03", "pagerduty-06", "slack-06",
            "standard-webhooks-07",
        ],
        .signatureMismatch: [
            "chatwoot-02", "convoy-09", "convoy-13", "convoy-17", "github-04", "github-13",
            "hubspot-07", "hubspot-08", "in-house-oms-03", "intuit-quickbooks-04", "klaviyo-02",
            "klaviyo-03", "lightspeed-x-03", "linkedin-02", "meta-02", "pagerduty-02", "paypal-03",
            "paypal-04", "shipstation-v2-02", "shopify-02", "shopify-06", "shopify-09", "slack-02",
            "standard-webhooks-02", "standard-webhooks-05", "standard-webhooks-11",
            "standard-webhooks-17", "stripe-03", "stripe-15", "svix-03", "svix-05", "twilio-08",
            "twilio-09", "woocommerce-02", "xero-03", "zendesk-03", "zendesk-04",
        ],
        .tooNew: [
            "slack-04"
        ],
        .tooOld: [
            "convoy-10", "google-pubsub-02", "hubspot-06", "mailchimp-02", "shipstation-v2-03",
            "slack-03", "standard-webhooks-08", "stripe-02",
        ],
        .unknownAlgorithm: [
            "google-pubsub-08", "lightspeed-x-02",
        ],
        .wrongToken: [
            "google-pubsub-03", "google-pubsub-04", "google-pubsub-06", "microsoft-graph-02",
            "microsoft-graph-03", "okta-02", "pipedrive-02", "salesforce-outbound-message-02",
        ],
    ]

    /// The word for one of them; `nil` for the valid ones.
    static func word(of id: String) -> Refusal.Word? {
        refusals.first { $0.value.contains(id) }?.key
    }
}
