import DaybookTesting

/// Writes random documents and damages them.
struct RandomJSON {
    var generator: SeededChance

    mutating func document() -> String { value(depth: 0) }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 5 ? 10 : 6), using: &generator) {
        case 0: ["true", "false", "null"].randomElement(using: &generator) ?? "null"
        case 1: String(Int64(truncatingIfNeeded: generator.next()))
        case 2: String(generator.next())
        case 3: double()
        case 4, 5: string()
        case 6, 7: container("[", "]") { $0.value(depth: depth + 1) }
        default: object(depth: depth)
        }
    }

    private mutating func object(depth: Int) -> String {
        var names: Set<String> = []
        return container("{", "}") { writer in
            // Numbered, so that no name is repeated, whatever its escapes.
            names.insert(String(names.count))
            let name = writer.string().dropLast() + "\(names.count)\""
            return name + writer.space() + ":" + writer.space() + writer.value(depth: depth + 1)
        }
    }

    private mutating func container(
        _ opening: String,
        _ closing: String,
        _ element: (inout RandomJSON) -> String
    ) -> String {
        let count = Int.random(in: 0..<6, using: &generator)
        var elements: [String] = []
        for _ in 0..<count { elements.append(space() + element(&self) + space()) }
        return opening + space() + elements.joined(separator: ",") + closing
    }

    private mutating func space() -> String {
        ["", "", "", " ", "\n", "\t\r\n  "].randomElement(using: &generator) ?? ""
    }

    private mutating func double() -> String {
        let digits = Int.random(in: -1_000_000...1_000_000, using: &generator)
        let fraction = ["", ".0", ".5", ".125", ".000001"].randomElement(using: &generator) ?? ""
        let exponent = ["e0", "E+10", "e-10", "e3"].randomElement(using: &generator) ?? ""
        return "\(digits)\(fraction)\(exponent)"
    }

    private mutating func string() -> String {
        let parts = [
            "a", "order", " ", "é", "ß", "漢字", "😂", "\u{7F}", "\\n", "\\\"", "\\\\", "\\/", "\\t",
            "\\u00e9", "\\ud83d\\ude02", "\\u0001", "/", "~", "{", "]", ",", ":",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            text += parts.randomElement(using: &generator) ?? ""
        }
        return "\"\(text)\""
    }

    /// The bytes with one to three of them changed, removed, doubled or exchanged.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("{}[]\",:\\u0129.-+eEtfn \n\0".utf8) + [0x80, 0xC3, 0xED, 0xF0, 0xFF]
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = alphabet.randomElement(using: &generator) ?? 0
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[place], at: place)
            default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &generator))
            }
        }
        return bytes
    }
}
