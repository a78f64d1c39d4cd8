import Arguments
import Testing

@Suite("The manual page")
struct ManPageTests {
    private let page = sample.manPage(date: "2026-03-31", version: "1.0")

    @Test("the page is as its fixture")
    func wholePage() throws {
        #expect(try fixture("daybook.1") == page)
    }

    @Test("the page is ASCII, and no text is taken for a macro")
    func escapes() {
        let table = Command(
            "tool",
            "says caf\u{E9} \u{1F600} and \\n",
            discussion: """
                .TH is not a macro here.

                'tis neither; "quoted" `ticks` ^ ~ stay.
                """
        )
        let page = table.manPage(date: "2026-03-31", version: "1.0")
        #expect(page.contains { !$0.isASCII } == false)
        #expect(page.contains("tool \\- says caf\\[u00E9] \\[u1F600] and \\[rs]n\n"))
        #expect(page.contains("\n\\&.TH is not a macro here.\n"))
        #expect(
            page.contains(
                "\n\\[aq]tis neither; \\[dq]quoted\\[dq] \\[ga]ticks\\[ga] \\[ha] \\[ti] stay.\n"
            )
        )
    }

    @Test(
        "groff formats the page without a warning",
        .enabled(if: program("groff") != nil, "groff is not installed")
    )
    func groff() throws {
        let path = try #require(program("groff"))
        let (status, output) = try run(path, ["-ww", "-man", "-Tascii", "-P-cbou"], input: page)
        #expect(status == 0)
        #expect(!output.contains("warning"))
        #expect(output.contains("daybook log [OPTIONS]"))
        #expect(output.contains("It says \"don't lose it\" and means it."))
        #expect(output.contains("the last ten events"))
    }
}
