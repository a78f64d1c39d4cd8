extension TerminalText {
    /// How many columns of a terminal a character takes, by what its scalars add to it.
    static func width(of character: Character) -> Int {
        var width = 0
        var previous: Unicode.Scalar?
        for scalar in character.unicodeScalars {
            width += columns(scalar, after: previous, in: width)
            previous = scalar
        }
        return width
    }

    /// What a scalar adds to a character that takes `width` columns before it.
    private static func columns(
        _ scalar: Unicode.Scalar,
        after previous: Unicode.Scalar?,
        in width: Int
    ) -> Int {
        guard let previous else { return columns(scalar) }
        let properties = scalar.properties
        // Joined emoji and skin tones melt into the picture before them.
        if previous == "\u{200D}", properties.isEmoji { return 0 }
        if properties.isEmojiModifier { return 0 }
        // Asks for the coloured, wide form of a character that is narrow otherwise.
        if scalar == "\u{FE0F}", previous.properties.isEmoji, width == 1 { return 1 }
        return columns(scalar)
    }

    /// How many columns a scalar takes by itself.
    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        // Vowels and finals of Hangul stand inside the block their initial opens.
        case 0x1160...0x11ff, 0xd7b0...0xd7ff: return 0
        // Two make a flag.
        case 0x1f1e6...0x1f1ff: return 1
        default: return isWide(scalar) ? 2 : 1
        }
    }

    /// Whether a scalar is wide or full width in East Asian typography (UAX #11).
    ///
    /// Blocks are taken whole, their unassigned places included, as UAX #11 recommends for most;
    /// what lies outside them and is wide is emoji, which Swift knows.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x1100: false
        case 0x1100...0x115f,  // Hangul initials
            0x2329...0x232a,  // angle brackets
            0x2e80...0x303e,  // radicals, CJK punctuation
            0x3041...0x4dff,  // kana to CJK extension A and hexagrams
            0x4e00...0xa4cf,  // CJK, Yi
            0xa960...0xa97f, 0xac00...0xd7a3,  // Hangul
            0xf900...0xfaff,  // CJK compatibility
            0xfe10...0xfe19, 0xfe30...0xfe6f,  // vertical and small forms
            0xff01...0xff60, 0xffe0...0xffe6,  // full-width forms
            0x16fe0...0x18dff, 0x1aff0...0x1b2ff,  // Tangut, Khitan, Nüshu, kana
            0x1d300...0x1d37f,  // Tai Xuan Jing, counting rods
            0x1f200...0x1f2ff,  // enclosed ideographs
            0x20000...0x3fffd:
            true  // CJK extensions B and up
        default: scalar.properties.isEmojiPresentation
        }
    }
}
