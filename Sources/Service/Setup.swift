internal import Bytes
internal import Digest
internal import Ledger
internal import POSIX
internal import Projections

/// Makes new ledgers, with a configuration that works at once.
package enum Setup {
    /// What was made.
    package struct Result: Sendable {
        /// The log's name.
        package let origin: String
        /// The key that signs it.
        package let vkey: String
    }

    /// Makes a ledger in a folder that has none.
    ///
    /// A `daybook.yaml` that is there already is kept and says the origin unless `origin` is given.
    package static func makeLedger(at path: String, origin: String?) throws -> Result {
        let file = Configuration.file(path)
        // Secrets may come later: only what makes the log is asked of the file.
        let configured = try Configuration.origin(ledger: path)
        let origin = origin ?? configured ?? "\(Host.name)/daybook"
        let headFile = try Configuration.headFile(ledger: path)
        try Ledger.create(path: path, origin: origin, options: .init(appends: true))
        if !Files.exists(file) {
            try writeTrialSecret("\(path)/secrets/stripe")
            try Files.create(file, with: Array(defaultConfiguration(origin: origin).utf8))
        }
        try writeProjections("\(path)/projections")
        let ledger = try Ledger(path: path, options: .init(appends: false, headFile: headFile))
        return Result(origin: origin, vkey: ledger.firstKey)
    }

    /// Copies the default projections with their cases, to be edited; a folder that is there is kept.
    private static func writeProjections(_ folder: String) throws {
        guard !Files.exists(folder) else { return }
        for files in DefaultProjections.all {
            let cases = "\(folder)/\(files.name)/cases"
            try Files.makeFolder(cases)
            try Files.create("\(folder)/\(files.name)/projection.yaml", with: files.definition)
            try Files.create("\(cases)/stories.yaml", with: files.stories)
        }
    }

    private static func writeTrialSecret(_ path: String) throws {
        try Files.makeFolder(Files.parent(of: path))
        let secret = "whsec_" + Hex.encode(Random.fill(16).span) + "\n"
        try Files.create(path, with: Array(secret.utf8))
    }

    private static func defaultConfiguration(origin: String) -> String {
        var bytes: [UInt8] = []
        // A JSON string is a YAML string, whatever the name has in it.
        CanonicalJSON.appendString(origin, to: &bytes)
        let quoted = String(repairing: bytes.span)
        return """
            # What this ledger takes in. "daybook doctor" checks it, "daybook serve" uses it.
            origin: \(quoted)          # the log's name in every checkpoint; it cannot change
            listen: 127.0.0.1:8080
            sources:
              # Webhooks come to /hooks/NAME. Secrets are references: env:NAME, file:PATH (from here)
              # or, for trials, plain:VALUE. Several may be live at once while one replaces another.
              # This one is for trying out; put Stripe's signing secret into the file to use it.
              # "daybook providers" lists the systems that are known, "daybook providers show NAME" says
              # how to set one up, "daybook providers test NAME" tries it.
              stripe: { provider: stripe, secrets: [file:secrets/stripe] }
              # woocommerce: { provider: woocommerce, secrets: [env:WC_SECRET] }
              # shopify:     { provider: shopify, secrets: [env:SHOPIFY_SECRET] }
              # paypal:      { provider: paypal, webhook_id: env:PAYPAL_WEBHOOK_ID }
              # oms:         { provider: standard, secrets: [env:OMS_SECRET] }
            # Calls go out by /out/NAME/PATH, for who shows a token ("daybook tokens create NAME --role
            # gateway") or the service's own key; each is recorded and kept within its limits.
            # services:
            #   stripe: { auth: { bearer: env:STRIPE_KEY }, limits: [100/1s] }
            # Events are forwarded to endpoints of yours, signed by Standard Webhooks.
            # deliveries:
            #   - name: paid-to-shop
            #     from: { source: stripe, type: payment_intent.succeeded }
            #     to: https://shop.example.com/hooks/paid
            #     secret: env:SHOP_SECRET
            # Every read of audit data is recorded before it is answered; this switches it off.
            # reads: unrecorded
            # Jobs that "daybook sync NAME -- COMMAND" runs are due at these times.
            # syncs:
            #   products: { schedule: "0 2 * * *", zone: Europe/London, grace: 30m }
            # Witnesses and a time stamp authority vouch for the log, so that whoever steals its keys
            # cannot write it anew; "daybook anchor --help" says how.
            # anchors: { every: 1h, policy: file:policy.txt }

            """
    }
}
