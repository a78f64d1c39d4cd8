/// Keys of entries that several answers are read by.
enum Keys {
    static let github = """
        limited: [429, 403]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - limit: x-ratelimit-limit
            remaining: x-ratelimit-remaining
            used: x-ratelimit-used
            reset: x-ratelimit-reset
            as: epoch
            name: x-ratelimit-resource
        """
    static let klaviyo = """
        limited: [429]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - limit: ratelimit-limit
            remaining: ratelimit-remaining
            reset: ratelimit-reset
            as: seconds
        """
    static let xero = """
        limited: [429]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - { window: 1d, remaining: x-daylimit-remaining }
          - { window: 1m, per: tenant, remaining: x-minlimit-remaining }
          - { window: 1m, per: app, remaining: x-appminlimit-remaining }
          - { problem: x-rate-limit-problem }
        """
    static let hubspot = """
        limited: [429]
        readings:
          - window: 1d
            limit: x-hubspot-ratelimit-daily
            remaining: x-hubspot-ratelimit-daily-remaining
          - interval: x-hubspot-ratelimit-interval-milliseconds
            limit: x-hubspot-ratelimit-max
            remaining: x-hubspot-ratelimit-remaining
        """
    static let datadog = """
        limited: [429]
        readings:
          - limit: x-ratelimit-limit
            period: x-ratelimit-period
            remaining: x-ratelimit-remaining
            reset: x-ratelimit-reset
            as: seconds
            name: x-ratelimit-name
        """
    static let campaignMonitor = """
        limited: [429]
        readings:
          - limit: x-ratelimit-limit
            remaining: x-ratelimit-remaining
            reset: x-ratelimit-reset
            as: seconds
        """
}

extension Dialect {
    static let headerDialects = [
        Dialect(
            name: "GitHub, one call of many",
            system: "github",
            keys: Keys.github,
            headers: """
                content-type: application/json; charset=utf-8
                X-RateLimit-Limit: 5000
                X-RateLimit-Remaining: 4987
                X-RateLimit-Used: 13
                X-RateLimit-Reset: 1795171234
                X-RateLimit-Resource: core
                """,
            says: ["core: 13 of 5000, 4987 left, resets +2434s"]
        ),
        Dialect(
            name: "GitHub, nothing left",
            system: "github",
            keys: Keys.github,
            status: 403,
            headers: """
                x-ratelimit-limit: 30
                x-ratelimit-remaining: 0
                x-ratelimit-used: 30
                x-ratelimit-reset: 1795168841
                x-ratelimit-resource: search
                """,
            says: [
                "search: 30 of 30, 0 left, resets +41s", "limited", "retry at +41s",
                "problem search",
            ]
        ),
        Dialect(
            name: "GitHub, a secondary limit",
            system: "github",
            keys: Keys.github,
            status: 403,
            headers: "x-ratelimit-limit: 5000\nx-ratelimit-remaining: 4000\nretry-after: 60",
            says: ["1000 of 5000, 4000 left", "limited", "retry at +60s"]
        ),
        Dialect(
            name: "GitHub, something that is forbidden",
            system: "github",
            keys: Keys.github,
            status: 403,
            headers: "x-ratelimit-limit: 5000\nx-ratelimit-remaining: 4000",
            says: ["1000 of 5000, 4000 left"]
        ),
        Dialect(
            name: "Okta",
            system: "okta",
            keys: """
                limited: [429]
                retry_after: { header: x-rate-limit-reset, as: epoch }
                readings:
                  - limit: x-rate-limit-limit
                    remaining: x-rate-limit-remaining
                    reset: x-rate-limit-reset
                    as: epoch
                """,
            status: 429,
            headers: """
                X-Rate-Limit-Limit: 600
                X-Rate-Limit-Remaining: 0
                X-Rate-Limit-Reset: 1795168812
                """,
            says: ["600 of 600, 0 left, resets +12s", "limited", "retry at +12s"]
        ),
        Dialect(
            name: "Okta, in good order",
            system: "okta",
            keys: """
                retry_after: { header: x-rate-limit-reset, as: epoch }
                readings:
                  - { limit: x-rate-limit-limit, remaining: x-rate-limit-remaining }
                """,
            status: 404,
            headers: """
                X-Rate-Limit-Limit: 600
                X-Rate-Limit-Remaining: 599
                X-Rate-Limit-Reset: 1795168812
                """,
            says: ["1 of 600, 599 left"]
        ),
        Dialect(
            name: "Lightspeed X, a window of five minutes",
            system: "lightspeed-x",
            keys: """
                limited: [429]
                retry_after: { header: retry-after, as: http-date }
                readings:
                  - { window: 5m, limit: x-ratelimit-limit, remaining: x-ratelimit-remaining }
                """,
            status: 429,
            headers: """
                x-ratelimit-limit: 350
                x-ratelimit-remaining: 0
                Retry-After: Fri, 20 Nov 2026 10:04:05 GMT
                """,
            says: ["5m: 350 of 350, 0 left", "limited", "retry at +245s", "problem 5m"]
        ),
        Dialect(
            name: "Klaviyo, with the windows of both limits",
            system: "klaviyo",
            keys: Keys.klaviyo,
            headers: """
                RateLimit-Limit: 10, 10;w=1, 150;w=60
                RateLimit-Remaining: 149
                RateLimit-Reset: 42
                """,
            says: ["1m: 1 of 150, 149 left, resets +42s", "1s: ? of 10"]
        ),
        Dialect(
            name: "Klaviyo, where the first window is in force",
            system: "klaviyo",
            keys: Keys.klaviyo,
            headers: """
                RateLimit-Limit: 10, 10;w=1, 150;w=60
                RateLimit-Remaining: 9
                RateLimit-Reset: 1
                """,
            says: ["1s: 1 of 10, 9 left, resets +1s", "1m: ? of 150"]
        ),
        Dialect(
            name: "Klaviyo, too fast: Retry-After instead",
            system: "klaviyo",
            keys: Keys.klaviyo,
            status: 429,
            headers: "Retry-After: 7",
            says: ["limited", "retry at +7s"]
        ),
        Dialect(
            name: "WooCommerce's Store API",
            system: "woocommerce",
            keys: """
                limited: [429]
                retry_after: { header: ratelimit-retry-after, as: seconds }
                readings:
                  - limit: ratelimit-limit
                    remaining: ratelimit-remaining
                    reset: ratelimit-reset
                    as: epoch
                """,
            status: 429,
            headers: """
                RateLimit-Limit: 25
                RateLimit-Remaining: 0
                RateLimit-Reset: 1795168809
                RateLimit-Retry-After: 9
                """,
            says: ["25 of 25, 0 left, resets +9s", "limited", "retry at +9s"]
        ),
        Dialect(
            name: "Xero, one call of many",
            system: "xero",
            keys: Keys.xero,
            headers: """
                X-DayLimit-Remaining: 4988
                X-MinLimit-Remaining: 57
                X-AppMinLimit-Remaining: 9997
                """,
            says: [
                "1d: ? of ?, 4988 left", "1m per tenant: ? of ?, 57 left",
                "1m per app: ? of ?, 9997 left",
            ]
        ),
        Dialect(
            name: "Xero, the day is used up",
            system: "xero",
            keys: Keys.xero,
            status: 429,
            headers: """
                X-DayLimit-Remaining: 0
                X-MinLimit-Remaining: 60
                X-Rate-Limit-Problem: day
                Retry-After: 50400
                """,
            says: [
                "1d: ? of ?, 0 left", "1m per tenant: ? of ?, 60 left", "limited",
                "retry at +50400s", "problem day",
            ]
        ),
        Dialect(
            name: "HubSpot",
            system: "hubspot",
            keys: Keys.hubspot,
            headers: """
                X-HubSpot-RateLimit-Daily: 250000
                X-HubSpot-RateLimit-Daily-Remaining: 249999
                X-HubSpot-RateLimit-Interval-Milliseconds: 10000
                X-HubSpot-RateLimit-Max: 100
                X-HubSpot-RateLimit-Remaining: 99
                """,
            says: ["1d: 1 of 250000, 249999 left", "10s: 1 of 100, 99 left"]
        ),
        Dialect(
            name: "HubSpot by OAuth, without the day",
            system: "hubspot",
            keys: Keys.hubspot,
            headers: """
                x-hubspot-ratelimit-interval-milliseconds: 10000
                x-hubspot-ratelimit-max: 110
                x-hubspot-ratelimit-remaining: 41
                """,
            says: ["10s: 69 of 110, 41 left"]
        ),
        Dialect(
            name: "HubSpot, with the limit's name in the body",
            system: "hubspot",
            keys: "readings: [{ problem: x-none }, { problem: /policyName }]",
            status: 429,
            body: """
                {"status":"error","errorType":"RATE_LIMIT","message":"You have reached your limit.",
                "policyName":"TEN_SECONDLY_ROLLING"}
                """,
            says: ["limited", "problem TEN_SECONDLY_ROLLING"]
        ),
        Dialect(
            name: "Pipedrive",
            system: "pipedrive",
            keys: """
                limited: [429]
                readings:
                  - window: 2s
                    limit: x-ratelimit-limit
                    remaining: x-ratelimit-remaining
                    reset: x-ratelimit-reset
                    as: seconds
                  - { window: 1d, remaining: x-daily-requests-left }
                """,
            headers: """
                x-ratelimit-limit: 80
                x-ratelimit-remaining: 79
                x-ratelimit-reset: 2
                x-daily-requests-left: 29998
                """,
            says: ["2s: 1 of 80, 79 left, resets +2s", "1d: ? of ?, 29998 left"]
        ),
        Dialect(
            name: "PagerDuty",
            system: "pagerduty",
            keys: """
                limited: [429]
                readings:
                  - window: 1m
                    limit: ratelimit-limit
                    remaining: ratelimit-remaining
                    reset: ratelimit-reset
                    as: seconds
                """,
            headers: "ratelimit-limit: 960\nratelimit-remaining: 958\nratelimit-reset: 33",
            says: ["1m: 2 of 960, 958 left, resets +33s"]
        ),
        Dialect(
            name: "Datadog, which names the limit and its period",
            system: "datadog",
            keys: Keys.datadog,
            status: 429,
            headers: """
                X-RateLimit-Limit: 300
                X-RateLimit-Period: 3600
                X-RateLimit-Remaining: 0
                X-RateLimit-Reset: 1174
                X-RateLimit-Name: logs_queries
                """,
            says: [
                "logs_queries 1h: 300 of 300, 0 left, resets +1174s", "limited",
                "retry at +1174s", "problem logs_queries",
            ]
        ),
        Dialect(
            name: "ShipStation V1",
            system: "shipstation-v1",
            keys: """
                limited: [429]
                readings:
                  - window: 1m
                    limit: x-rate-limit-limit
                    remaining: x-rate-limit-remaining
                    reset: x-rate-limit-reset
                    as: seconds
                """,
            headers: """
                X-Rate-Limit-Limit: 40
                X-Rate-Limit-Remaining: 38
                X-Rate-Limit-Reset: 55
                """,
            says: ["1m: 2 of 40, 38 left, resets +55s"]
        ),
        Dialect(
            name: "Attentive",
            system: "attentive",
            keys: """
                limited: [429]
                readings:
                  - { window: 1s, limit: x-ratelimit-limit, remaining: x-ratelimit-remaining }
                """,
            headers: "x-ratelimit-limit: 150\nx-ratelimit-remaining: 149",
            says: ["1s: 1 of 150, 149 left"]
        ),
        Dialect(
            name: "Campaign Monitor under /transactional",
            system: "campaign-monitor",
            keys: Keys.campaignMonitor,
            headers: """
                X-RateLimit-Limit: 600
                X-RateLimit-Remaining: 597
                X-RateLimit-Reset: 21
                """,
            says: ["3 of 600, 597 left, resets +21s"]
        ),
        Dialect(
            name: "Campaign Monitor elsewhere",
            system: "campaign-monitor",
            keys: Keys.campaignMonitor,
            headers: "content-type: application/json",
            says: []
        ),
    ]
}
