import Arguments
import Testing

@Suite("Help screens")
struct HelpTests {
    @Test(
        "a screen is as its fixture at both widths",
        arguments: [[], ["log"], ["show"], ["sync"], ["erase"], ["hooks"], ["hooks", "verify"]],
        [80, 44]
    )
    func screen(path: [String], width: Int) throws {
        let name = (["help"] + path + ["\(width).txt"]).joined(separator: "-")
        #expect(try fixture(name) == sample.help(for: path, width: width))
    }

    @Test("no line is wider than asked for, unless it is a command line to copy or one word")
    func width() {
        for width in [40, 60, 80, 120] {
            for path in [[], ["log"], ["show"], ["hooks"], ["erase"]] {
                for line in sample.help(for: path, width: width).split(separator: "\n") {
                    let isWhole = line.hasPrefix("  daybook ")
                    #expect(line.count <= width || isWhole, "\(line)")
                }
            }
        }
    }

    @Test("colour adds bold and changes nothing else")
    func colour() {
        let plain = sample.help(for: ["log"])
        let bold = sample.help(for: ["log"], colour: true)
        #expect(bold.hasPrefix("\u{1B}[1mUsage:\u{1B}[0m daybook log"))
        #expect(!plain.contains("\u{1B}"))
        let stripped = bold.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "")
        #expect(stripped == plain)
    }

    @Test("an unknown path shows the help of the last known command")
    func unknownPath() {
        #expect(sample.help(for: ["hooks", "nothing"]) == sample.help(for: ["hooks"]))
    }

    @Test("a screen too narrow for anything still says everything")
    func narrow() {
        let words = sample.help(for: ["log"]).split(whereSeparator: \.isWhitespace)
        let narrow = sample.help(for: ["log"], width: 1).split(whereSeparator: \.isWhitespace)
        #expect(narrow == words)
    }
}
