import JSON
import Testing
import XML

@Suite("XML as JSON text")
struct XMLTextTests {
    @Test(
        "elements, attributes and text become members",
        arguments: [
            ("<a/>", #"{"a":""}"#),
            ("<a></a>", #"{"a":""}"#),
            ("<a>1.50</a>", #"{"a":"1.50"}"#),
            ("<a> b\n\t</a>", #"{"a":" b\n\t"}"#),
            ("<a>  </a>", #"{"a":"  "}"#),
            ("<a><b>1</b></a>", #"{"a":{"b":"1"}}"#),
            ("<a>\n <b/>\n</a>", #"{"a":{"b":""}}"#),
            ("<a><b>1</b><b>2</b></a>", #"{"a":{"b":["1","2"]}}"#),
            ("<a><b>1</b><c/><b>2</b></a>", #"{"a":{"b":["1","2"],"c":""}}"#),
            ("<a><b><b/><b/></b><b/></a>", #"{"a":{"b":[{"b":["",""]},""]}}"#),
            ("<a><b><c/></b><c/><b><c/></b></a>", #"{"a":{"b":[{"c":""},{"c":""}],"c":""}}"#),
            ("<a x='1'/>", ##"{"a":{"@x":"1"}}"##),
            ("<a x=''> </a>", ##"{"a":{"@x":""}}"##),
            ("<a x='1'>text</a>", ##"{"a":{"@x":"1","#text":"text"}}"##),
            ("<a y='1' x='2'><x/></a>", ##"{"a":{"@y":"1","@x":"2","x":""}}"##),
            ("<a>one <b/>two<b/> three\n</a>", ##"{"a":{"b":["",""],"#text":"one two three\n"}}"##),
        ]
    )
    func shapes(document: String, expected: String) throws {
        #expect(try json(document) == expected)
    }

    @Test(
        "names lose their prefixes, declared or not, and stay one key",
        arguments: [
            ("<n:a xmlns:n='urn:n' xmlns='urn:d'><b/></n:a>", #"{"a":{"b":""}}"#),
            ("<n:a xmlns:n='urn:n'/>", #"{"a":""}"#),
            ("<a xmlns:n='u' xmlns:m='v'><n:b/><m:b/><b/></a>", #"{"a":{"b":["","",""]}}"#),
            ("<a xmlns:n='u' i='1' n:i='2'/>", ##"{"a":{"@i":["1","2"]}}"##),
            ("<n:a><m:b n:i='1' m:i='2'/></n:a>", ##"{"a":{"b":{"@i":["1","2"]}}}"##),
            ("<a xml:lang='el'/>", ##"{"a":{"@lang":"el"}}"##),
        ]
    )
    func prefixes(document: String, expected: String) throws {
        #expect(try json(document) == expected)
    }

    @Test(
        "text is what it stands for, whatever way it is written",
        arguments: [
            ("<a>&lt;&gt;&amp;&quot;&apos;</a>", #"{"a":"<>&\"'"}"#),
            ("<a>&#38;#38;&#x26;amp;&amp;#38;</a>", #"{"a":"&#38;&amp;&#38;"}"#),
            ("<a x='&lt;&gt;&amp;&quot;&apos;'/>", ##"{"a":{"@x":"<>&\"'"}}"##),
            (
                "<a x='&#38;#38;&#x26;amp;&amp;#38;&'/>".replacing("&'", with: "&amp;'"),
                ##"{"a":{"@x":"&#38;&amp;&#38;&"}}"##
            ),
            ("<a x='1\n2\t3&#10;4'/>", ##"{"a":{"@x":"1 2 3\n4"}}"##),
            ("<a>1<![CDATA[<b>&amp;]]]]><![CDATA[>]]>2</a>", #"{"a":"1<b>&amp;]]>2"}"#),
            ("<a><![CDATA[ ]]></a>", #"{"a":" "}"#),
            ("<a>1<!-- <b/> -->2<?php echo 3 ?>4</a>", #"{"a":"124"}"#),
            ("<!--1--><?p?><a><!----></a><!--2--><?p?>", #"{"a":""}"#),
            ("<a>\r\n\r</a>", #"{"a":"\n\n"}"#),
            ("<a>&#13;&#9;\\</a>", #"{"a":"\r\t\\"}"#),
            ("<é>ß漢😂</é>", #"{"é":"ß漢😂"}"#),
            ("<a>\u{7F}\u{85}\u{2028}\u{FFFD}</a>", "{\"a\":\"\u{7F}\u{85}\u{2028}\u{FFFD}\"}"),
        ]
    )
    func texts(document: String, expected: String) throws {
        #expect(try json(document) == expected)
    }

    @Test("pointers lead through a Salesforce outbound message with one notification")
    func oneNotification() throws {
        let object = "/Envelope/Body/notifications/Notification/sObject"
        try expectStrings(
            in: "salesforce-1.xml",
            [
                "/Envelope/Body/notifications/OrganizationId": "00D5g000000ABCDEA2",
                "/Envelope/Body/notifications/SessionId/@nil": "true",
                "/Envelope/Body/notifications/Notification/Id": "04l5g00000QrstuAAB",
                object + "/@type": "sf:Opportunity",
                object + "/Id": "0065g00000LmnopAAC",
                object + "/Amount": "1250.50",
                object + "/Name": "Fish & Söhne – renewal",
            ]
        )
    }

    @Test("pointers lead through a Salesforce outbound message with three notifications")
    func threeNotifications() throws {
        let list = "/Envelope/Body/notifications/Notification"
        try expectStrings(
            in: "salesforce-3.xml",
            [
                "/Envelope/Body/notifications/OrganizationId": "00D5g000000ABCDEA2",
                list + "/0/Id": "04l5g00000QrstuAAB",
                list + "/1/sObject/@type": "sf:Contact",
                list + "/2/sObject/Id": "0035g00000LmnowAAC",
                list + "/2/sObject/Email": "person3@example.com",
            ]
        )
    }

    private func expectStrings(in name: String, _ expected: [String: String]) throws {
        let document = try fixture(name)
        let text = try jsonText(ofXML: document.span)
        var parser = JSONParser()
        let value = try parser.parse(text.span)
        for (path, string) in expected {
            let pointer = try JSONPointer(path)
            let found = value.at(pointer)?.string
            #expect(found == string, "\(path)")
        }
    }

    @Test("documents are read on many threads at once")
    func threads() async throws {
        let good = try fixture("salesforce-3.xml")
        let expected = try json(good)
        await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<100).count {
                        let isBad = (task + $0).isMultiple(of: 3)
                        let found = try? json(isBad ? Array(good.dropLast(3)) : good)
                        return found == (isBad ? nil : expected)
                    }
                }
            }
            for await right in group { #expect(right == 100) }
        }
    }
}
