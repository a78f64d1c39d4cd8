import Tables
import Testing

@Suite("Terminal text")
struct TerminalTextTests {
    @Test(
        "a text is as wide as a terminal shows it",
        arguments: [
            ("", 0), ("plain", 5), ("Καλημέρα", 8), ("Ωμέγα\u{301}", 5),
            ("e\u{301}", 1), ("a\u{300}\u{301}\u{302}\u{20DD}", 1),
            ("日本語", 6), ("한국어", 6), ("\u{1112}\u{1161}\u{11AB}", 2), ("ｶﾅ", 2), ("ＡＢ", 4),
            ("（注）", 6), ("𠀀", 2), ("🙂", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇬🇷", 2), ("🇬🇷🇨🇾", 4),
            ("❤", 1), ("❤️", 2), ("👩‍❤️‍👨", 2), ("🏳️‍🌈", 2), ("1️⃣", 2), ("☕", 2), ("€ … ↵", 5),
            ("שלום", 4), ("नमस्ते", 4),
        ]
    )
    func width(text: String, width: Int) {
        #expect(TerminalText.width(text) == width)
    }

    @Test(
        "what a terminal would obey is shown instead",
        arguments: [
            ("\u{1B}[31mred\u{1B}[0m", #"\u{1b}[31mred\u{1b}[0m"#),
            ("\u{9B}31m", #"\u{9b}31m"#),
            ("a\nb\r\nc\rd", #"a↵b↵c\u{d}d"#),
            ("\r\r\n\r", #"\u{d}↵\u{d}"#),
            ("a\tb", #"a\tb"#),
            ("\u{0}\u{7}\u{7F}", #"\u{0}\u{7}\u{7f}"#),
            ("a\u{202E}b", #"a\u{202e}b"#),
            ("pay\u{200B}pal\u{FEFF}", #"pay\u{200b}pal\u{feff}"#),
            ("\u{2028}", #"\u{2028}"#),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("👩‍💻 Καλημέρα 日本語 e\u{301}", "👩‍💻 Καλημέρα 日本語 e\u{301}"),
        ]
    )
    func harmless(text: String, shown: String) {
        #expect(TerminalText.harmless(text) == shown)
    }

    @Test("harmless text stays as it is", arguments: hostileTexts)
    func harmlessTwice(text: String) {
        let once = TerminalText.harmless(text)
        #expect(TerminalText.harmless(once) == once)
        #expect(once.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test(
        "a text that is too wide is cut where it is asked to be",
        arguments: [
            ("abcdefgh", 8, TerminalText.Cut.end, "abcdefgh"), ("abcdefgh", 5, .end, "abcd…"),
            ("abcdefgh", 5, .middle, "ab…gh"), ("abcdefgh", 4, .middle, "ab…h"),
            ("abcdefgh", 2, .middle, "a…"), ("abcdefgh", 1, .middle, "…"),
            ("abcdefgh", 0, .end, ""), ("日本語日本語", 6, .end, "日本…"),
            ("日本語日本語", 7, .middle, "日…語"), ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3, .end, "👩‍👩‍👧‍👦…"),
            ("e\u{301}e\u{301}e\u{301}", 2, .end, "e\u{301}…"), ("🇬🇷🇨🇾🇯🇵", 5, .middle, "🇬🇷…🇯🇵"),
        ]
    )
    func shortened(text: String, width: Int, cut: TerminalText.Cut, result: String) {
        #expect(TerminalText.shortened(text, to: width, at: cut) == result)
    }
}
