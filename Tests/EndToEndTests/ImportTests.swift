import Foundation
import Testing

@Suite("Facts from the command line") struct ImportTests {
    private func file(_ ids: [String], lineEnd: String = "\n") -> String {
        ids.map { Fact(id: $0).json + lineEnd }.joined()
    }

    @Test("good lines are appended, bad ones named by their number, and the status is 1")
    func mixed() throws {
        try withTrial { trial in
            let text = """
                \(Fact(id: "f1").json)
                not JSON

                {"specversion":"1.0","id":"f3","source":"ops"}
                \(Fact(id: "f5").json)
                {"specversion":"0.3","id":"f6","source":"ops","type":"a"}
                {"specversion":"1.0","id":"f7","source":"daybook","type":"a"}
                \(Fact(id: "f8").json) trailing
                \(Fact(id: "f9").json)

                """
            let file = try trial.write(text, to: "facts.ndjson")
            let finished = try trial.daybook("import", file)
            #expect(finished.status == 1)
            let messages = finished.error.split(separator: "\n")
            let expected = [
                (2, "not JSON"), (4, "attribute type is missing"), (6, "specversion is \"0.3\""),
                (7, "the log's own"), (8, "not JSON"),
            ]
            #expect(messages.count == expected.count)
            for (message, (line, problem)) in zip(messages, expected) {
                #expect(message.hasPrefix("daybook: \(file):\(line): "), "\(message)")
                #expect(message.contains(problem), "\(message)")
            }
            let summary = try #require(finished.rows.first)
            #expect(summary["appended"] == "3")
            #expect(summary["refused"] == "5")
            #expect(try trial.log("--source", "ops").map { $0["id"] } == ["f1", "f5", "f9"])
            #expect(try trial.isSound())
        }
    }

    @Test("a second run appends no fact twice")
    func idempotent() throws {
        try withTrial { trial in
            let file = try trial.write(file((1...300).map { "f\($0)" }), to: "facts")
            let first = try trial.daybook("import", file)
            #expect(first.status == 0)
            #expect(first.rows.first?["appended"] == "300")
            let second = try trial.daybook("import", file)
            #expect(second.status == 0)
            #expect(second.rows.first?["appended"] == "0")
            #expect(second.rows.first?["duplicates"] == "300")
            #expect(try trial.log("--outcome", "accepted", "--kind", "fact").count == 300)
            #expect(try trial.isSound())
        }
    }

    @Test("another content under a known id is a conflict, and the status is 1")
    func conflict() throws {
        try withTrial { trial in
            let lines = [Fact(id: "f1"), Fact(id: "f1", data: #"{"n":5}"#), Fact(id: "f2")]
            let text = lines.map { $0.json + "\n" }.joined()
            let finished = try trial.daybook("import", "-", input: text)
            #expect(finished.status == 1)
            #expect(finished.rows.first?["appended"] == "2")
            #expect(finished.rows.first?["conflicts"] == "1")
        }
    }

    @Test(
        "lines may end as on Windows, the last one not at all, and be empty",
        arguments: ["\n", "\r\n", "\n\n", "\r\n\r\n", "\n \t\n"],
        [true, false]
    )
    func lineEnds(end: String, atTheLast: Bool) throws {
        try withTrial { trial in
            var text = file(["f1", "f2", "f3"], lineEnd: end)
            if !atTheLast { text.removeLast(end.count) }
            let finished = try trial.daybook("import", "-", input: text)
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.rows.first?["appended"] == "3")
            #expect(try trial.daybook("show", "1", "--body").output == Fact(id: "f1").data)
        }
    }

    @Test("an empty file is no mistake", arguments: ["", "\n", "\r\n\r\n"])
    func empty(text: String) throws {
        try withTrial { trial in
            let finished = try trial.daybook("import", "-", input: text)
            #expect(finished.status == 0)
            #expect(finished.error == "")
            #expect(finished.rows.first?["appended"] == "0")
        }
    }

    @Test("a pipe is imported as it comes in")
    func pipe() throws {
        try withTrial { trial in
            let (first, second) = (Fact(id: "f1").json, Fact(id: "f2").json)
            try trial.write("\(first)\n", to: "one")
            try trial.write("\(second)\n", to: "two")
            let finished = try trial.shell("(cat one; cat two) | $DAYBOOK import -")
            #expect(finished.rows.first?["appended"] == "2")
        }
    }

    @Test("a file that cannot be read is named, and the status is 3", arguments: ["nofile", "."])
    func unreadable(name: String) throws {
        try withTrial { trial in
            let finished = try trial.daybook("import", name)
            #expect(finished.status == 3)
            #expect(finished.error.hasPrefix("daybook: cannot "))
            #expect(finished.error.contains(name))
        }
    }

    @Test("content is kept byte for byte, in JSON and in base64")
    func content() throws {
        try withTrial { trial in
            let spaced = Fact(id: "f1", data: #"{ "z": 1.0,  "a": "é" }"#)
            try trial.daybook("append", input: spaced.json)
            #expect(try trial.daybook("show", "1", "--body").output == spaced.data)
            let binary =
                #"{"specversion":"1.0","id":"f2","source":"ops","type":"a","#
                + #""data_base64":"AP8K","datacontenttype":"application/octet-stream","team":"x"}"#
            try trial.daybook("append", input: binary)
            #expect(try trial.daybook("show", "2", "--body").bytes == [0, 255, 10])
            #expect(try trial.daybook("show", "2", "--meta").output.contains(#""team":"x""#))
        }
    }

    @Test("append takes a fact by its parts")
    func parts() throws {
        try withTrial { trial in
            let finished = try trial.daybook(
                "append",
                "--source",
                "ops",
                "--type",
                "stock.counted",
                "--id",
                "c1",
                "--subject",
                "item:A1",
                "--data",
                #"{"n":4}"#
            )
            #expect(finished.status == 0)
            let receipt = try #require(finished.rows.first)
            #expect(receipt["sequence"] == "1")
            #expect(receipt["outcome"] == "accepted")
            #expect(receipt["checkpoint"] == "2")
            let event = try #require(try trial.log("--source", "ops").first)
            #expect(event["id"] == "c1")
            #expect(event["subject"] == "item:A1")
            #expect(event["kind"] == "fact")
            #expect(try trial.daybook("show", "1", "--body").output == #"{"n":4}"#)
        }
    }

    @Test(
        "what is no fact is refused with a clear text and status 3",
        arguments: [
            ("", "not JSON: found nothing but white space"),
            ("{", "not JSON: found the end"),
            ("[]", "found an array, expected an object"),
            (#"{"specversion":"1.0"}"#, "attribute source is missing"),
            (#"{"specversion":"1.0","source":"ops","type":"a"}"#, "attribute id is missing"),
            (#"{"specversion":"1.0","id":7,"source":"ops","type":"a"}"#, "attribute id"),
            (#"{"specversion":"1.0","id":"1","source":"daybook","type":"a"}"#, "the log's own"),
            (
                #"{"specversion":"1.0","id":"1","source":"ops","type":"a","time":"noon"}"#,
                "time \"noon\" is not RFC 3339"
            ),
            (
                #"{"specversion":"1.0","id":"1","id":"2","source":"ops","type":"a"}"#,
                "attribute id stands twice"
            ),
            (
                #"{"specversion":"1.0","id":"1","source":"ops","type":"a","data_base64":"*"}"#,
                "data_base64 is not base64"
            ),
        ]
    )
    func refused(text: String, problem: String) throws {
        try withTrial { trial in
            let finished = try trial.daybook("append", input: text)
            #expect(finished.status == 3)
            #expect(finished.output == "")
            #expect(finished.error.hasPrefix("daybook: "))
            #expect(finished.error.contains(problem), "\(finished.error)")
            #expect(finished.error.filter(\.isNewline).count == 1)
            #expect(try trial.log().count == 1)
        }
    }
}
