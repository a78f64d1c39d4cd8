import Testing
import Webhooks
import YAML

@Suite("a source's configuration")
struct SourceTests {
    static let secrets = [
        "env:S": "whsec_AAAA", "env:EMPTY": "", "env:PREFIX": "whsec_", "env:JUNK": "whsec_!!!!",
        "env:SPACE": "whsec_AAAA ", "env:SHORTPK": "whpk_AAAA", "env:PRIVATE": "whsk_AAAA",
        "env:PEM": "no certificate",
        "env:CUT": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ]

    static func error(_ yaml: String) throws -> String? {
        do {
            _ = try source(yaml, secrets)
            return nil
        } catch let error as YAMLError {
            return error.description
        }
    }

    @Test("any of 1 to 64 plain characters make a name")
    func names() throws {
        for name in ["a", "shop-eu.2_b", "0", String(repeating: "z", count: 64), "daybook2"] {
            #expect(
                try source("\(name): { provider: stripe, secrets: env:S }", Self.secrets).name
                    == name
            )
        }
    }

    @Test(
        "another name is refused",
        arguments: [
            "Shop", "a b", "a/b", "ü", "a:b", "''", "daybook", String(repeating: "z", count: 65),
        ]
    )
    func badNames(name: String) throws {
        #expect(
            try Self.error("\(name): { provider: stripe, secrets: env:S }")
                == "daybook.yaml:1:1: a source cannot be called so, expected 1 to 64 of a-z, 0-9, "
                + "- . and _, and not daybook, which is the log's own"
        )
    }

    static let wrong: [(String, String)] = [
        ("{ secrets: env:S }", "4: missing key \"provider\""),
        ("stripe", "4: found \"stripe\", expected a mapping"),
        ("{ provider: strpe, secrets: env:S }", "16: found \"strpe\", expected \"stripe\""),
        ("{ provider: svxi, secrets: env:S }", "16: found \"svxi\", expected \"svix\""),
        ("{ provider: [stripe], secrets: env:S }", "16: found a list, expected a text"),
        ("{ provider: stripe }", "4: missing key \"secrets\""),
        ("{ provider: stripe, secret: env:S }", "24: unknown key \"secret\", expected \"secrets\""),
        ("{ provider: stripe, secrets: [] }", "33: found no secret, expected at least one"),
        ("{ provider: stripe, secrets: null }", "33: found null, expected a text"),
        ("{ provider: stripe, secrets: { a: b } }", "33: found a mapping, expected a text"),
        (
            "{ provider: stripe, secrets: env:EMPTY }",
            "33: the secret is empty or not in the provider's form, "
                + "expected a signing secret of stripe"
        ),
        ("{ provider: stripe, secrets: [env:S, env:NONE] }", "41: env:NONE is not set"),
        (
            "{ provider: paypal, secrets: env:S }",
            "24: unknown key \"secrets\", expected one of "
                + "provider, scheme, tolerance, body_limit, url, certificates, webhook_id"
        ),
        ("{ provider: paypal }", "4: missing key \"webhook_id\""),
        (
            "{ provider: paypal, webhook_id: env:EMPTY }",
            "36: the webhook's id is empty, expected as the provider shows it"
        ),
        ("{ provider: paypal, webhook_id: env:NONE }", "36: env:NONE is not set"),
        (
            "{ provider: paypal, webhook_id: env:S, certificates: [env:NONE] }",
            "58: env:NONE is not set"
        ),
        (
            "{ provider: paypal, webhook_id: env:S, certificates: env:PEM }",
            "57: cannot use the certificate: no certificate in pem form found"
        ),
        (
            "{ provider: stripe, secrets: env:S, webhook_id: env:S }",
            "40: unknown key \"webhook_id\", expected one of provider, "
                + "scheme, tolerance, body_limit, url, secrets"
        ),
        (
            "{ provider: stripe, secrets: env:S, tolerance: 0s }",
            "51: found \"0s\", expected from 1s to 7d"
        ),
        (
            "{ provider: stripe, secrets: env:S, tolerance: 999ms }",
            "51: found \"999ms\", expected from 1s to 7d"
        ),
        (
            "{ provider: stripe, secrets: env:S, tolerance: 604801s }",
            "51: found \"604801s\", expected from 1s to 7d"
        ),
        (
            "{ provider: stripe, secrets: env:S, tolerance: 300 }",
            "51: found \"300\", expected a duration such as 300s, 15m, 2h or 1d"
        ),
        (
            "{ provider: shopify, secrets: env:S, tolerance: 300s }",
            "52: found a tolerance, but no time is signed, expected none here"
        ),
        (
            "{ provider: stripe, secrets: env:S, body_limit: 0B }",
            "52: found \"0B\", expected from 1B to 16MiB"
        ),
        (
            "{ provider: stripe, secrets: env:S, body_limit: 16777217B }",
            "52: found \"16777217B\", expected from 1B to 16MiB"
        ),
        (
            "{ provider: stripe, secrets: env:S, body_limit: 4MB }",
            "52: found \"4MB\", expected a size such as 512B, 64KiB, 4MiB or 1GiB"
        ),
    ]

    @Test("an error says what was found where, and what was expected", arguments: wrong)
    func errors(entry: String, expected: String) throws {
        #expect(try Self.error("s: \(entry)") == "daybook.yaml:1:\(expected)")
    }

    @Test("a system that sends no webhooks is no provider, and those that are are named")
    func noProvider() throws {
        for name in ["netsuite", "bigquery", "nobody-at-all"] {
            let error = try #require(try Self.error("s: { provider: \(name), secrets: env:S }"))
            let start =
                "daybook.yaml:1:16: found \"\(name)\", expected one of afterpay, attentive, "
            #expect(error.hasPrefix(start), "\(error)")
            #expect(error.contains(", in-house-oms, ") && error.contains(", zendesk, "))
            #expect(!error.contains(", netsuite"))
        }
    }

    @Test(
        "a secret that the standard could not have made is refused, and not told",
        arguments: [
            "env:EMPTY", "env:PREFIX", "env:JUNK", "env:SPACE", "env:SHORTPK", "env:PRIVATE",
            "plain:whsec_s3cr-t", "plain:",
        ]
    )
    func secretForm(reference: String) throws {
        let error = try #require(
            try Self.error("s: { provider: svix, secrets: [\"\(reference)\"] }")
        )
        #expect(
            error == "daybook.yaml:1:32: the secret is empty or not in the provider's form, "
                + "expected a signing secret of svix"
        )
    }

    @Test("a certificate that cannot be read is refused")
    func damagedCertificate() throws {
        let error = try #require(
            try Self.error("s: { provider: paypal, webhook_id: env:S, certificates: env:CUT }")
        )
        #expect(
            error.hasPrefix(
                "daybook.yaml:1:57: cannot use the certificate: certificate 0 cannot be read: "
            )
        )
    }

    @Test("a body's limit is 4 MiB unless the source says otherwise")
    func bodyLimit() throws {
        for (entry, limit) in [
            ("", 4 << 20), (", body_limit: 1B", 1), (", body_limit: 64KiB", 64 << 10),
            (", body_limit: 16MiB", 16 << 20),
        ] {
            #expect(try Vendor.stripe.source(entry).bodyLimit == limit)
        }
    }

    @Test("a source knows its provider by any of its names")
    func provider() throws {
        let source = try source("s: { provider: in-house-oms, secrets: env:S }", Self.secrets)
        #expect(source.provider.name == "standard")
    }
}
