// Who is a member.
extension Company {
    /// A member's story; it ends before a company's time does.
    mutating func member(_ place: Int) {
        let key = "m\(seed)-\(place)"
        var time = Self.start + number(0...86_400 * Self.days)
        let tier = one(of: ["student", "associate", "fellow"])
        let chapter = one(of: ["sydney", "athens", "london"])
        if happens(30) {
            tell("applied", key, "pending", at: time)
            time += number(3600...400_000)
        }
        var ends = time + 365 * 86_400
        tell("joined", key, "active", at: time, tier: tier, chapter: chapter, ends: ends)
        note(.members, key, "joined_at", .least, .time(time), at: time)
        if happens(40) {
            time += number(10...60)
            subscribe("created", key, "active", "active", tier, ends, at: time)
            if happens(50) {
                time += number(86_400...900_000)
                subscribe("updated", key, "past_due", "suspended", tier, ends, at: time)
            }
        }
        for _ in 0..<number(0...5) {
            time += number(86_400...500_000)
            let words = [
                "renewed", "upgraded", "lapsed", "cancelled", "suspended", "reinstated",
            ]
            let what = one(of: words)
            switch what {
            case "renewed":
                ends += 365 * 86_400
                tell(what, key, "active", at: time, ends: ends)
                note(.members, key, "renewed_at", .greatest, .time(time), at: time)
                note(.members, key, "renewals", .count, .number(1), at: time)
            case "upgraded":
                tell(what, key, nil, at: time, tier: one(of: ["fellow", "life"]))
            default:
                tell(what, key, what == "reinstated" ? "active" : what, at: time)
            }
        }
    }

    private mutating func tell(
        _ what: String,
        _ key: String,
        _ status: String?,
        at time: Int,
        tier: String? = nil,
        chapter: String? = nil,
        ends: Int? = nil
    ) {
        var data = #""member":"\#(key)","email":"\#(key)@example.org""#
        if let tier { data += #","tier":"\#(tier)""# }
        if let chapter { data += #","chapter":"\#(chapter)""# }
        if let ends { data += #","expires_at":"\#(rfc3339(ends))""# }
        standard("cms", "member.\(what)", at: time, data)
        let said: [(String, CompanyFact.Value?)] = [
            ("status", status.map { .word($0) }), ("tier", tier.map { .word($0) }),
            ("chapter", chapter.map { .word($0) }), ("expires_at", ends.map { .time($0) }),
        ]
        for case (let column, let value?) in said {
            note(.members, key, column, .latest, value, at: time)
        }
    }

    private mutating func subscribe(
        _ what: String,
        _ key: String,
        _ status: String,
        _ meaning: String,
        _ tier: String,
        _ ends: Int,
        at time: Int
    ) {
        let object =
            #""id":"sub_1","object":"subscription","status":"\#(status)","#
            + #""current_period_end":\#(ends),"metadata":{"member_id":"\#(key)","#
            + #""tier":"\#(tier)"}"#
        stripe("customer.subscription.\(what)", at: time, object)
        note(.members, key, "status", .latest, .word(meaning), at: time)
        note(.members, key, "tier", .latest, .word(tier), at: time)
        note(.members, key, "expires_at", .latest, .time(ends), at: time)
    }
}

// What is in stock.
extension Company {
    /// An item's story at two places, and perhaps in the shop.
    mutating func item(_ place: Int, moves: Int) {
        let item = "SKU-\(seed)-\(place)"
        for location in ["sydney", "athens"] {
            let key = "\(item)@\(location)"
            let data = #""sku":"\#(item)","location":"\#(location)""#
            var time = Self.start + number(0...3600)
            if happens(85) { count(key, data, at: time) }
            time += 2
            if happens(70) {
                let point = number(1...80)
                standard("ims", "stock.policy", at: time, data + #","reorder_point":\#(point)"#)
                note(.stock, key, "reorder_point", .latest, .number(point), at: time)
            }
            for _ in 0..<number(0...moves) {
                time += number(2...40_000)
                move(item, location, key, data, at: time)
            }
        }
        guard happens(50) else { return }
        let (time, quantity) = (Self.start + number(0...86_400), number(0...99))
        let body =
            #"{"id":7,"sku":"\#(item)","stock_quantity":\#(quantity),"#
            + #""date_modified_gmt":"\#(civil(time))"}"#
        let id = name("wp\(seed)")
        send("woocommerce", "woocommerce", id: id, type: "product.updated", at: time, body)
        note(.stock, "\(item)@online", "on_hand", .absolute, .number(quantity), at: time)
        note(.stock, "\(item)@online", "counted_at", .greatest, .time(time), at: time)
    }

    private mutating func count(_ key: String, _ data: String, at time: Int) {
        let quantity = number(0...200)
        standard("ims", "stock.counted", at: time, data + #","quantity":\#(quantity)"#)
        note(.stock, key, "on_hand", .absolute, .number(quantity), at: time)
        note(.stock, key, "counted_at", .greatest, .time(time), at: time)
    }

    private mutating func move(
        _ item: String,
        _ location: String,
        _ key: String,
        _ data: String,
        at time: Int
    ) {
        let quantity = number(1...5)
        let what = one(of: [
            "sale", "sale", "sale", "return", "adjusted", "reserved", "reserved", "released",
            "count",
        ])
        switch what {
        case "sale", "return":
            // The same item stands in two lines: both count.
            let lines =
                #""lines":[{"sku":"\#(item)","quantity":\#(quantity)},"#
                + #"{"sku":"\#(item)","quantity":1}]"#
            let data = #""location":"\#(location)","till":3,"# + lines
            standard("pos", "\(what).completed", at: time, data)
            let delta = what == "sale" ? -quantity - 1 : quantity + 1
            note(.stock, key, "on_hand", .delta, .number(delta), at: time)
        case "adjusted":
            let delta = number(-9...9)
            standard("ims", "stock.adjusted", at: time, data + #","delta":\#(delta)"#)
            note(.stock, key, "on_hand", .delta, .number(delta), at: time)
        case "reserved", "released":
            standard("ims", "stock.\(what)", at: time, data + #","quantity":\#(quantity)"#)
            let delta = what == "reserved" ? quantity : -quantity
            note(.stock, key, "reserved", .delta, .number(delta), at: time)
        default: count(key, data, at: time)
        }
    }
}
