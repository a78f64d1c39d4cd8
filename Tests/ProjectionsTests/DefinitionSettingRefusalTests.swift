import Testing

@testable import Projections

@Suite("Refused: settings")
struct DefinitionSettingRefusalTests {
    static let cases = RefusalCase.list(
        #"""
        stat: /x
        => 22:12: found "stat", expected "state"
        nope: /x
        => 22:12: found "nope", expected "note"
        total: /x
        => 22:12: found a derived column, expected a column that is stored
        item: /x
        => 22:12: found the key, expected a column that is stored
        state: x
        => 22:19: found "x", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        state: { is: opne }
        => 22:25: found "opne", expected "open"
        state: { is: [open] }
        => 22:25: found a list, expected a text
        state: { is: ~ }
        => 22:25: found null, expected a text
        state: { is: open, from: /x }
        => 22:31: found "from" beside "is", expected one of them
        state: { }
        => 22:19: found no value, expected one of from, is, delta, count, text
        state: { map: { a: open } }
        => 22:19: found no value, expected one of from, is, delta, count, text
        state: { form: /x }
        => 22:21: unknown key "form", expected "from"
        state: { from: /x, map: { a: opem } }
        => 22:41: found "opem", expected "open"
        state: { from: /x, map: { a: open, b: 7 } }
        => 22:50: found "7", expected one of open, closed, lost
        state: { from: /x, map: {} }
        => 22:36: found 0 words, expected 1 to 256
        state: { from: /x, map: [a] }
        => 22:36: found a list, expected a mapping
        state: { from: /x, map: { a: open }, as: unix }
        => 22:49: found "as" beside "map", expected whole values in the map
        state: { from: /x, as: unix }
        => 22:31: found "as" for type enum, expected it for time and money columns only
        note: { from: /x, as: unix }
        => 22:30: found "as" for type text, expected it for time and money columns only
        state: { is: open, map: { a: open } }
        => 22:31: found "map" beside "is", expected it with from or delta only
        state: { is: open, default: open }
        => 22:31: found "default" beside "is", expected it with from or delta only
        state: { is: open, optional: true }
        => 22:31: found "optional" beside "is", expected it with from or delta only
        state: { from: /x, default: opn }
        => 22:40: found "opn", expected "open"
        state: { from: /x, default: open, optional: true }
        => 22:31: found "default" beside optional: true, expected one of them
        state: { from: /x, optional: yes }
        => 22:41: found "yes", expected true or false
        state: { from: x }
        => 22:27: found "x", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        state: { from: "@tpe" }
        => 22:27: found "@tpe", expected "@type"
        state: { from: "@zzzzzz" }
        => 22:27: found "@zzzzzz", expected one of @source, @provider, @type, @kind, @subject, \#
        @id, @time, @recordedtime, @outcome, @service, @method, @path, @status, @attempt, \#
        @durationms, @ratelimit, @sync, @records, @errors, @correlationid, @reason
        state: { from: "@source", when: { "@tpye": a } }
        => 22:46: found "@tpye", expected "@type"
        state: { from: /a~2 }
        => 22:27: found "/a~2", expected 0 or 1 after each ~ in a pointer (RFC 6901)
        state: { from: header:é }
        => 22:27: found "header:é", expected a header's name after header:
        state: { from: "header:" }
        => 22:27: found "header:", expected a header's name after header:
        state: { from: request:x }
        => 22:27: found "request:x", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        state: { from: "" }
        => 22:27: found "", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        state: { from: [/x] }
        => 22:27: found a list, expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        state: { delta: /x }
        => 22:21: found "delta" for keep latest, expected it for keep balance only
        state: { count: true }
        => 22:21: found "count" for keep latest, expected it for keep count and window only
        state: { text: "{/x}" }
        => 22:21: found "text" for type enum, expected it for text columns only
        note: { text: "{/x}", default: y }
        => 22:34: found "default" beside "text", expected it with from or delta only
        note: { text: "{/x" }
        => 22:26: found "{/x", expected a } after each {, before another {
        note: { text: "a", is: b }
        => 22:31: found "is" beside "text", expected one of them
        state: { from: /x, scale: 2 }
        => 22:31: found "scale" for type enum, expected it for integer columns only
        state: { from: /x, currency: /c }
        => 22:31: found "currency" for type enum, expected it for money columns only
        state: { from: /x, width: /w }
        => 22:31: found "width" beside "from", expected it with count: true only
        state: { from: /x, by: "{/id}" }
        => 22:31: found "by" for column state, which has none, expected it for columns with \#
        "by" only
        state: { is: open, by: "{/id}" }
        => 22:31: found "by" for column state, which has none, expected it for columns with \#
        "by" only
        state: []
        => 22:19: found 0 choices, expected 1 to 64
        state: [ { is: open }, { is: closed } ]
        => 22:35: never reached: the choice at line 22 always holds, expected it last
        state: [ /x ]
        => 22:21: found "/x", expected a mapping
        state: [ { is: open, when: {} } ]
        => 22:39: found 0 conditions, expected 1 to 32
        state: [ { is: open, when: { x: 1 } } ]
        => 22:41: found "x", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        state: [ { is: open, when: { /x: } } ]
        => 22:45: found nothing, expected present, absent, a value, a list of values, or { \#
        lt|lte|gt|gte: INTEGER }
        state: [ { is: open, when: { /x: [] } } ]
        => 22:45: found 0 values, expected 1 to 64
        state: [ { is: open, when: { /x: [a, absent] } } ]
        => 22:49: found "absent", expected it alone, or in quotes if it is a value
        state: [ { is: open, when: { /x: [a, [b]] } } ]
        => 22:49: found a list, expected a value
        state: [ { is: open, when: { /x: { } } } ]
        => 22:45: found no comparison, expected one of lt, lte, gt, gte
        state: [ { is: open, when: { /x: { le: 1 } } } ]
        => 22:47: unknown key "le", expected "lt"
        state: [ { is: open, when: { /x: { gt: 1.5 } } } ]
        => 22:51: found "1.5", expected an integer
        state: [ { is: open, when: { /x: { gt: "1" } } } ]
        => 22:51: found "1", expected an integer
        state: [ { is: open, when: { /x: { gt: 5, lt: 5 } } } ]
        => 22:45: no number passes this test, expected bounds that meet
        state: [ { is: open, when: { header:A: a, header:a: b } } ]
        => 22:54: found "header:a" a second time, expected it once
        note: { is: [a] }
        => 22:24: found a list, expected a text
        note: { is: "a\0b" }
        => 22:24: found control character 0x0, expected a text
        size: { is: big }
        => 22:24: found "big", expected an integer
        size: { is: "7" }
        => 22:24: found "7", expected an integer
        size: { is: 9223372036854775808 }
        => 22:24: found "9223372036854775808", expected an integer
        size: { from: /x, scale: 0 }
        => 22:37: found "0", expected a factor other than 0
        size: { from: /x, scale: 1000000001 }
        => 22:37: found "1000000001", expected an integer from -1000000000 to 1000000000
        size: { from: /x, scale: 0.5 }
        => 22:37: found "0.5", expected an integer from -1000000000 to 1000000000
        size: { from: /x, map: { a: b } }
        => 22:40: found "b", expected an integer
        size: { from: /x, map: { a: 1 }, scale: 2 }
        => 22:45: found "scale" beside "map", expected whole values in the map
        live: { is: yes }
        => 22:24: found "yes", expected true or false
        seen: { is: yesterday }
        => 22:24: found "yesterday", expected a time such as 2026-02-01T10:00:00Z
        seen: { from: /x, as: unix_ms }
        => 22:34: found "unix_ms", expected "unix-ms"
        seen: { from: /x, as: minor }
        => 22:34: found "minor", expected one of rfc3339, zoneless, unix, unix-ms, http-date
        seen: { from: /x, default: 2026-02-30T00:00:00Z }
        => 22:39: found "2026-02-30T00:00:00Z", expected a time such as 2026-02-01T10:00:00Z
        paid: /x
        => 22:18: found a path for a money column, expected { from: PATH, currency: … }
        paid: { from: /x }
        => 22:26: missing key "currency", expected the path of the amount's currency, or { is: \#
        EUR }
        paid: { from: /x, currency: EUR }
        => 22:40: found "EUR", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        paid: { from: /x, currency: { is: eur } }
        => 22:46: found "eur", expected a currency of three upper-case letters such as EUR
        paid: { from: /x, currency: { code: EUR } }
        => 22:42: unknown key "code", expected "is"
        paid: { from: /x, currency: /c, as: unix }
        => 22:48: found "unix", expected "minor"
        paid: { from: /x, currency: /c, scale: 2 }
        => 22:44: found "scale" for type money, expected it for integer columns only
        paid: { from: /x, map: { a: { amount: 1, currency: EUR } }, currency: /c }
        => 22:72: found "currency" beside "map", expected whole values in the map
        paid: { is: 12.50 }
        => 22:24: found "12.50", expected an exact amount such as { amount: "12.50", currency: \#
        EUR }
        paid: { is: { amount: 12.505, currency: EUR } }
        => 22:34: found "12.505", expected an exact amount of EUR, such as "12.50"
        paid: { is: { amount: "12,50", currency: EUR } }
        => 22:34: found "12,50", expected an exact amount of EUR, such as "12.50"
        paid: { is: { amount: 12.50 } }
        => 22:24: missing key "currency"
        paid: { is: { amount: 12.50, currency: Euro } }
        => 22:51: found "Euro", expected a currency of three upper-case letters such as EUR
        times: /x
        => 22:19: found a value for keep count, expected { count: true }
        times: { from: /x }
        => 22:21: found a value for keep count, expected { count: true }
        times: { is: 1 }
        => 22:21: found a value for keep count, expected { count: true }
        times: { count: false }
        => 22:28: found "false", expected true
        times: { count: 1 }
        => 22:28: found "1", expected true or false
        times: { count: true, width: /w }
        => 22:34: found "width" for keep count, expected it for keep window only
        times: { count: true, map: { a: 1 } }
        => 22:34: found "map" beside "count", expected it with from or delta only
        calls: { count: true }
        => 22:21: missing key "width", expected the path of a duration
        calls: { count: true, width: w }
        => 22:41: found "w", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        calls: { from: /x }
        => 22:21: found a value for keep window, expected { count: true, width: PATH }
        calls: /x
        => 22:19: found a value for keep window, expected { count: true, width: PATH }
        stock: { from: /x, delta: /y }
        => 22:31: found "delta" beside "from", expected one of them
        stock: { delta: x }
        => 22:28: found "x", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        refunds: { from: /x, currency: /c }
        => 22:21: missing key "by", expected a template for the refund
        refunds: { from: /x, currency: /c, by: "{x}" }
        => 22:51: found "{x}", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        refunds: { from: /x, currency: /c, by: "{/x" }
        => 22:51: found "{/x", expected a } after each {, before another {
        refunds: { from: /x, currency: /c, by: "/x}" }
        => 22:51: found "/x}", expected a { before each }
        refunds: { from: /x, currency: /c, by: "{{/x}}" }
        => 22:51: found "{{/x}}", expected a } after each {, before another {
        refunds: { from: /x, currency: /c, by: {/x} }
        => 22:51: found a mapping, expected a template in quotes such as "woo-{/id}"
        refunds: { from: /x, currency: /c, by: "" }
        => 22:51: found "", expected a template in quotes such as "woo-{/id}"
        tagged: /x
        => 22:12: found "tagged", expected one of state, best, note, tags, size, paid, seen, \#
        live, times, stock, calls, refunds
        note: @type
        => 22:18: found character that cannot start any token while scanning for the next token \#
        that starts at line 22, expected quotes, as in "@type"
        state: { from: request:/a~, optional: true }
        => 22:27: found "request:/a~", expected 0 or 1 after each ~ in a pointer (RFC 6901)
        state: { from: /x, default: { amount: 1, currency: EUR } }
        => 22:40: found a mapping, expected a text
        """#
    )

    @Test("each slip is told with its place and what was expected", arguments: cases)
    func refusal(of refused: RefusalCase) {
        let text = Sample.definition(setting: refused.fragment)
        #expect(Sample.refusal(of: text) == "p.yaml:\(refused.message)")
    }
}
