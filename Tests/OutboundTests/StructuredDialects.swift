extension Keys {
    static let shopify = """
        limited: [429]
        limited_codes: [THROTTLED]
        retry_after: { header: retry-after, as: decimal-seconds }
        readings:
          - { ratio: x-shopify-shop-api-call-limit }
          - body: /extensions/cost/throttleStatus
            limit: maximumAvailable
            remaining: currentlyAvailable
            restore: restoreRate
        """
    static let lightspeed = """
        limited: [429]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - { ratio: x-ls-api-bucket-level, restore: x-ls-api-drip-rate }
        """
    static let zendesk = """
        limited: [429]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - window: 1m
            limit: ratelimit-limit
            remaining: ratelimit-remaining
            reset: ratelimit-reset
            as: seconds
          - fields: "zendesk-ratelimit-*"
            separator: ";"
            limit: total
            remaining: remaining
            reset: resets
            as: seconds
        """
    static let buffer = """
        limited: [429]
        limited_codes: [RATE_LIMIT_EXCEEDED]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - { fields: ratelimit, remaining: r, reset: t, as: seconds }
          - { fields: ratelimit-policy, limit: q, period: w }
        """
    static let salesforce = """
        limited: [403]
        limited_codes: [REQUEST_LIMIT_EXCEEDED]
        readings:
          - { ratio: sforce-limit-info, prefix: "api-usage=", window: 1d }
        """
    static let meta = """
        limited: [429]
        limited_codes: [4, 17, 32, 613]
        readings:
          - { percent: x-app-usage, members: [call_count, total_time, total_cputime] }
          - percent: x-business-use-case-usage
            members: [call_count, total_time, total_cputime]
          - percent: x-ad-account-usage
            members: [acc_id_util_pct]
            reset: reset_time_duration
            as: seconds
        """
}

extension Dialect {
    static let bucketDialects = [
        Dialect(
            name: "Shopify REST",
            system: "shopify",
            keys: Keys.shopify,
            headers: "X-Shopify-Shop-Api-Call-Limit: 32/40",
            says: ["32 of 40, 8 left"]
        ),
        Dialect(
            name: "Shopify REST, too fast",
            system: "shopify",
            keys: Keys.shopify,
            status: 429,
            headers: "x-shopify-shop-api-call-limit: 40/40\nRetry-After: 2.0",
            says: ["40 of 40, 0 left", "limited", "retry at +2s"]
        ),
        Dialect(
            name: "Shopify GraphQL",
            system: "shopify",
            keys: Keys.shopify,
            body: """
                {"data":{"shop":{"code":"THROTTLED"}},"extensions":{"cost":{
                "requestedQueryCost":101,"actualQueryCost":46,"throttleStatus":{
                "maximumAvailable":1000.0,"currentlyAvailable":954,"restoreRate":50.0}}}}
                """,
            says: ["46 of 1000, 954 left, restores 50.0/s"]
        ),
        Dialect(
            name: "Shopify GraphQL, too fast with status 200",
            system: "shopify",
            keys: Keys.shopify,
            body: """
                {"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED",
                "documentation":"https://shopify.dev/api/usage/rate-limits"}}],
                "extensions":{"cost":{"requestedQueryCost":202,"actualQueryCost":null,
                "throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":118,
                "restoreRate":50.0}}}}
                """,
            says: ["882 of 1000, 118 left, restores 50.0/s", "limited"]
        ),
        Dialect(
            name: "Lightspeed R",
            system: "lightspeed-r",
            keys: Keys.lightspeed,
            headers: """
                X-LS-API-Bucket-Level: 10/60
                X-LS-API-Drip-Rate: 1
                X-LS-OAuth-Client-Id: 123456
                """,
            says: ["10 of 60, 50 left, restores 1.0/s"]
        ),
        Dialect(
            name: "Lightspeed R, with parts of a drip",
            system: "lightspeed-r",
            keys: Keys.lightspeed,
            status: 429,
            headers: "X-LS-API-Bucket-Level: 89.25/90\nX-LS-API-Drip-Rate: 1.5\nRetry-After: 4",
            says: ["90 of 90, 0 left, restores 1.5/s", "limited", "retry at +4s"]
        ),
        Dialect(
            name: "Salesforce",
            system: "salesforce",
            keys: Keys.salesforce,
            headers: "Sforce-Limit-Info: api-usage=18/5000",
            says: ["1d: 18 of 5000, 4982 left"]
        ),
        Dialect(
            name: "Salesforce, with the share of an app",
            system: "salesforce",
            keys: Keys.salesforce,
            headers: "Sforce-Limit-Info: "
                + "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)",
            says: ["1d: 25 of 5000, 4975 left"]
        ),
        Dialect(
            name: "Salesforce, used up",
            system: "salesforce",
            keys: Keys.salesforce,
            status: 403,
            headers: "Sforce-Limit-Info: api-usage=5001/5000",
            body: """
                [{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]
                """,
            says: ["1d: 5001 of 5000, 0 left", "limited", "problem 1d"]
        ),
        Dialect(
            name: "Salesforce, something that is forbidden",
            system: "salesforce",
            keys: Keys.salesforce,
            status: 403,
            headers: "Sforce-Limit-Info: api-usage=25/5000",
            body: #"[{"message":"No access.","errorCode":"INSUFFICIENT_ACCESS"}]"#,
            says: ["1d: 25 of 5000, 4975 left"]
        ),
    ]

    static let structuredDialects = [
        Dialect(
            name: "Zendesk, of the account and of an endpoint",
            system: "zendesk",
            keys: Keys.zendesk,
            headers: """
                x-rate-limit: 700
                ratelimit-limit: 700
                x-rate-limit-remaining: 699
                ratelimit-remaining: 699
                ratelimit-reset: 41
                Zendesk-RateLimit-tickets-index: total=100; remaining=99; resets=41
                zendesk-ratelimit-incremental-exports: total=10;    remaining=0;     resets=2
                """,
            says: [
                "1m: 1 of 700, 699 left, resets +41s",
                "tickets-index: 1 of 100, 99 left, resets +41s",
                "incremental-exports: 10 of 10, 0 left, resets +2s",
            ]
        ),
        Dialect(
            name: "Buffer",
            system: "buffer",
            keys: Keys.buffer,
            headers: """
                RateLimit-Policy: "15min";q=100;w=900;pk=:dXNlcjox:, "24h";q=250;w=86400
                RateLimit: "15min";r=95;t=120, "24h";r=180;t=7200
                """,
            says: [
                "15min 15m: 5 of 100, 95 left, resets +120s",
                "24h 1d: 70 of 250, 180 left, resets +7200s",
            ]
        ),
        Dialect(
            name: "Buffer, its list in several headers",
            system: "buffer",
            keys: Keys.buffer,
            status: 429,
            headers: """
                RateLimit: "15min";r=0;t=120
                RateLimit: "24h";r=180;t=7200
                Retry-After: 120
                """,
            says: [
                "15min: ? of ?, 0 left, resets +120s", "24h: ? of ?, 180 left, resets +7200s",
                "limited", "retry at +120s", "problem 15min",
            ]
        ),
        Dialect(
            name: "Buffer, by an error of GraphQL",
            system: "buffer",
            keys: Keys.buffer,
            body: """
                {"errors":[{"message":"Too many requests","extensions":
                {"code":"RATE_LIMIT_EXCEEDED","window":"24h"}}],"data":null}
                """,
            says: ["limited"]
        ),
        Dialect(
            name: "Meta, an app",
            system: "meta",
            keys: Keys.meta,
            headers: #"x-app-usage: {"call_count":28,"total_time":25,"total_cputime":25}"#,
            says: [
                "call_count: 28 of 100%, 72 left", "total_time: 25 of 100%, 75 left",
                "total_cputime: 25 of 100%, 75 left",
            ]
        ),
        Dialect(
            name: "Meta, a business that must wait",
            system: "meta",
            keys: Keys.meta,
            status: 400,
            headers: #"X-Business-Use-Case-Usage: {"2782312": [{"type":"ads_management","#
                + #""call_count":100,"total_cputime":7.5,"total_time":25,"#
                + #""estimated_time_to_regain_access":19},{"type":"instagram","call_count":3,"#
                + #""estimated_time_to_regain_access":0}]}"#,
            body: #"{"error":{"message":"Too many calls","type":"OAuthException","code":17}}"#,
            says: [
                "2782312 ads_management call_count: 100 of 100%, 0 left, resets +1140s",
                "2782312 ads_management total_time: 25 of 100%, 75 left, resets +1140s",
                "2782312 ads_management total_cputime: 8 of 100%, 92 left, resets +1140s",
                "2782312 instagram call_count: 3 of 100%, 97 left",
                "limited", "retry at +1140s", "problem 2782312 ads_management call_count",
            ]
        ),
        Dialect(
            name: "Meta, an account for advertisements",
            system: "meta",
            keys: Keys.meta,
            headers: #"X-Ad-Account-Usage: {"acc_id_util_pct":9.67,"reset_time_duration":100,"#
                + #""ads_api_access_tier":"standard_access"}"#,
            says: ["acc_id_util_pct: 10 of 100%, 90 left, resets +100s"]
        ),
    ]

    static let silentDialects = [
        Dialect(
            name: "Microsoft Graph",
            system: "microsoft-graph",
            keys: """
                limited: [429]
                retry_after: { header: retry-after, as: decimal-seconds }
                readings:
                  - { problem: x-ms-throttle-information }
                """,
            status: 429,
            headers: "Retry-After: 2.128\nx-ms-throttle-information: WriteLimitExceeded",
            says: ["limited", "retry at +2.128s", "problem WriteLimitExceeded"]
        ),
        Dialect(name: "ACS", system: "acs", keys: "limited: [406]", status: 406, says: ["limited"]),
        Dialect(
            name: "Cin7",
            system: "cin7-core",
            keys: "limited: [503, 429]",
            status: 503,
            says: ["limited"]
        ),
        Dialect(
            name: "FedEx, whose 403 nothing explains",
            system: "fedex",
            keys: "limited: [429, 403]",
            status: 403,
            says: ["limited"]
        ),
        Dialect(
            name: "Slack",
            system: "slack",
            keys: "limited: [429]\nretry_after: { header: retry-after }",
            status: 429,
            headers: "Retry-After: 30",
            says: ["limited", "retry at +30s"]
        ),
        Dialect(
            name: "NetSuite, by the code of a RESTlet",
            system: "netsuite",
            keys: "limited: [429]\nlimited_codes: [SSS_REQUEST_LIMIT_EXCEEDED]",
            status: 400,
            body: #"{"error":{"code":"SSS_REQUEST_LIMIT_EXCEEDED","message":"Concurrency"}}"#,
            says: ["limited"]
        ),
        Dialect(
            name: "BigQuery, by a reason",
            system: "bigquery",
            keys: "limited_codes: [rateLimitExceeded, quotaExceeded]",
            status: 403,
            body: """
                {"error":{"code":403,"message":"Exceeded rate limits",
                "errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}]}}
                """,
            says: ["limited"]
        ),
        Dialect(
            name: "Stripe, in good order",
            system: "stripe",
            keys: "limited: [429]\nrequest_id: request-id",
            headers: "request-id: req_1234\nretry-after: 5",
            says: []
        ),
    ]
}
