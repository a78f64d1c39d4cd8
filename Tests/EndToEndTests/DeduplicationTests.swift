import Testing

@Suite("Deduplication over HTTP") struct DeduplicationTests {
    @Test(
        "a redelivery is answered as the first was and kept as a small event",
        arguments: [false, true]
    )
    func duplicate(afterRestart: Bool) throws {
        try withTrial { trial in
            var server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1", at: now - 60)).status == 200)
            if afterRestart {
                #expect(server.stop() == 0)
                server = try trial.serve()
            }
            // Each attempt is signed anew, as providers do.
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            let events = try trial.log("--source", "stripe")
            #expect(events.map { $0["outcome"] } == ["accepted", "duplicate"])
            #expect(events.last?["causationid"] == events.first?["sequence"])
            #expect(events.last?["bodyhash"] == nil)
            #expect(events.last?["bodysize"] == nil)
            let body = try trial.daybook("show", "2", "--body")
            #expect(body.output == "")
            #expect(body.error == "daybook: the event has no body\n")
            #expect(try trial.isSound())
        }
    }

    @Test("the same id with another body is kept whole as a conflict", arguments: [false, true])
    func conflict(afterRestart: Bool) throws {
        try withTrial { trial in
            var server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1", amount: 1)).status == 200)
            if afterRestart {
                #expect(server.stop() == 0)
                server = try trial.serve()
            }
            let other = Request.stripe(id: "evt_1", amount: 2)
            #expect(try server.send(other).status == 200)
            let events = try trial.log("--source", "stripe")
            #expect(events.map { $0["outcome"] } == ["accepted", "conflict"])
            #expect(events.last?["causationid"] == events.first?["sequence"])
            #expect(try trial.daybook("show", "2", "--body").bytes == other.body)
            #expect(try trial.isSound())
        }
    }

    @Test("the same id from two sources is two events")
    func sources() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let body = #"{"id":"one","type":"order.paid"}"#
            #expect(try server.send(.stripe(Array(body.utf8))).status == 200)
            #expect(try server.send(.standard(id: "one", body)).status == 200)
            #expect(
                try trial.log("--kind", "webhook").map { $0["outcome"] } == [
                    "accepted", "accepted",
                ]
            )
        }
    }

    @Test("of many deliveries at once exactly one is accepted")
    func concurrent() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let connections = try (1...16).map { _ in try server.connect() }
            let request = Request.stripe(id: "evt_1")
            for connection in connections { try connection.send(request) }
            for connection in connections { #expect(try connection.answer().status == 200) }
            let outcomes = try trial.log("--source", "stripe").compactMap { $0["outcome"] }
            #expect(outcomes.first == "accepted")
            #expect(outcomes.dropFirst().allSatisfy { $0 == "duplicate" })
            #expect(outcomes.count == 16)
            #expect(try trial.isSound())
        }
    }
}
