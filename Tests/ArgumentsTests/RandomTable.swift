import Arguments

/// A generator with a seed (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes sound tables up, and command lines for them.
struct TableMaker {
    var generator: SeededGenerator
    private var count = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func table() -> Command {
        command(named: "tool", depth: 0, options: [.help, .version])
    }

    /// A name that no other command or option of the table has or begins with.
    private mutating func name(_ kind: String) -> String {
        count += 1
        let letters = "abcdefghijklmnopqrstuvwxyz"
        return "\(kind)\(count)\(letters.randomElement(using: &generator) ?? "a")"
    }

    private mutating func command(named name: String, depth: Int, options: [Option]) -> Command {
        let subcommands = depth < Int.random(in: 1...3, using: &generator) ? 1...4 : 0...0
        var children: [Command] = []
        for _ in 0..<Int.random(in: subcommands, using: &generator) {
            children.append(command(named: self.name("do-"), depth: depth + 1, options: []))
        }
        var options = options
        for _ in 0..<Int.random(in: 0...5, using: &generator) { options.append(option()) }
        var operands: [Operand] = []
        for index in 0..<Int.random(in: 0...2, using: &generator) where children.isEmpty {
            operands.append(Operand("OP\(index)", "operand \(index)", kind: kind()))
        }
        return Command(
            name,
            "summary of \(name)",
            group: ["Start", "Look"].randomElement(using: &generator),
            options: options,
            operands: operands,
            subcommands: children
        )
    }

    private mutating func option() -> Option {
        let name = name("set-")
        let isFlag = Bool.random(using: &generator)
        return Option(
            name,
            "summary of \(name)",
            value: isFlag ? nil : "V",
            kind: isFlag ? .text : kind(),
            repeats: Bool.random(using: &generator)
        )
    }

    private mutating func kind() -> ValueKind {
        let kinds: [ValueKind] = [
            .text, .file, .directory, .integer(-5...5), .natural, .choice(["red", "blue"]),
        ]
        return kinds.randomElement(using: &generator) ?? .text
    }

    mutating func value(of kind: ValueKind) -> String {
        switch kind {
        case .integer(let range):
            "\(Int.random(in: range.clamped(to: -9...9), using: &generator))"
        case .choice(let words): words.randomElement(using: &generator) ?? ""
        default: ["a", "b=c", "-", "-7", "a b"].randomElement(using: &generator) ?? ""
        }
    }
}
