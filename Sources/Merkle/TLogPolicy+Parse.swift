internal import Bytes

extension TLogPolicy {
    /// Reads a policy's text; names must be defined before they are used, so that no group can hold
    /// itself.
    package init<Hasher: TreeHasher>(
        _ text: Span<UInt8>,
        using hasher: Hasher.Type
    ) throws(PolicyError) {
        guard text.count <= Self.longestText else {
            throw PolicyError(line: 0, what: "has more than \(Self.longestText) bytes")
        }
        guard let string = String(utf8: text) else {
            throw PolicyError(line: 0, what: "is not UTF-8")
        }
        var reader = PolicyReader<Hasher>()
        let lines = string.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            do throws(PolicyLineError) {
                try reader.read(line)
            } catch {
                throw PolicyError(line: index + 1, what: error.what)
            }
        }
        guard reader.hasQuorum else {
            throw PolicyError(line: 0, what: "has no quorum line")
        }
        self = reader.policy
    }
}

/// What is wrong with a line.
private struct PolicyLineError: Error {
    let what: String
}

/// Takes a policy line by line.
private struct PolicyReader<Hasher: TreeHasher> {
    var policy = TLogPolicy()
    var hasQuorum = false
    private var names: Set<String> = []
    private var members: Set<String> = []
    private var keys: Set<[UInt8]> = []
    private static var reserved: Set<String> { ["all", "any", "none"] }

    mutating func read(_ line: Substring) throws(PolicyLineError) {
        guard !line.hasPrefix("#") else { return }
        guard line.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else {
            throw PolicyLineError(what: "has a control character")
        }
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let keyword = words.first else { return }
        let rest = Array(words.dropFirst())
        switch keyword {
        case "log": try readLog(rest)
        case "witness": try readWitness(rest)
        case "group": try readGroup(rest)
        case "quorum": try readQuorum(rest)
        default:
            throw PolicyLineError(
                what: "begins with \"\(keyword.prefix(40))\", expected log, "
                    + "witness, group or quorum"
            )
        }
    }

    private mutating func readLog(_ words: [String]) throws(PolicyLineError) {
        guard (1...2).contains(words.count) else {
            throw PolicyLineError(what: "is not log VKEY [URL]")
        }
        try checkRoom(policy.logs.count)
        let vkey = try key(words[0])
        policy.logs.append(TLogPolicy.Log(vkey: vkey, url: words.count > 1 ? words[1] : nil))
    }

    private mutating func readWitness(_ words: [String]) throws(PolicyLineError) {
        guard (2...3).contains(words.count) else {
            throw PolicyLineError(what: "is not witness NAME VKEY [URL]")
        }
        try checkRoom(policy.witnesses.count)
        try define(words[0])
        let vkey = try key(words[1])
        policy.witnesses.append(
            TLogPolicy.Witness(name: words[0], vkey: vkey, url: words.count > 2 ? words[2] : nil)
        )
    }

    private mutating func readGroup(_ words: [String]) throws(PolicyLineError) {
        guard words.count >= 3 else {
            throw PolicyLineError(what: "is not group NAME all|any|NUMBER MEMBER…")
        }
        try checkRoom(policy.groups.count)
        let inside = Array(words[2...])
        for name in inside {
            guard names.contains(name) else {
                throw PolicyLineError(
                    what: "names \"\(name.prefix(80))\", which no line before defines"
                )
            }
            guard members.insert(name).inserted else {
                throw PolicyLineError(
                    what: "takes \"\(name.prefix(80))\" into a group a second time"
                )
            }
        }
        try define(words[0])
        policy.groups[words[0]] = TLogPolicy.Group(
            threshold: try threshold(words[1], of: inside.count),
            members: inside
        )
    }

    private func threshold(_ word: String, of count: Int) throws(PolicyLineError) -> Int {
        switch word {
        case "all": return count
        case "any": return 1
        default:
            guard let number = Decimal.parse(word.utf8Span.span), number >= 1,
                number <= UInt64(count)
            else {
                throw PolicyLineError(
                    what: "asks for \"\(word.prefix(40))\", expected all, any or 1 to \(count)"
                )
            }
            return Int(number)
        }
    }

    private mutating func readQuorum(_ words: [String]) throws(PolicyLineError) {
        guard words.count == 1 else { throw PolicyLineError(what: "is not quorum NAME|none") }
        guard !hasQuorum else { throw PolicyLineError(what: "is a second quorum line") }
        hasQuorum = true
        guard words[0] != "none" else { return }
        guard names.contains(words[0]) else {
            throw PolicyLineError(
                what: "names \"\(words[0].prefix(80))\", which no line before defines"
            )
        }
        policy.quorum = words[0]
    }

    private mutating func define(_ name: String) throws(PolicyLineError) {
        guard !Self.reserved.contains(name) else {
            throw PolicyLineError(what: "defines \"\(name)\", which is a reserved word")
        }
        guard names.insert(name).inserted else {
            throw PolicyLineError(what: "defines \"\(name.prefix(80))\" a second time")
        }
    }

    private mutating func key(_ text: String) throws(PolicyLineError) -> VKey {
        let vkey: VKey
        do throws(KeyError) {
            vkey = try VKey(text, using: Hasher.self)
        } catch {
            throw PolicyLineError(what: "has no vkey: \(error)")
        }
        // One key under two names would count twice.
        guard keys.insert(vkey.publicKey).inserted else {
            throw PolicyLineError(what: "has a public key that an earlier line has")
        }
        return vkey
    }

    private func checkRoom(_ count: Int) throws(PolicyLineError) {
        guard count < TLogPolicy.mostEntries else {
            throw PolicyLineError(what: "is one more than the \(TLogPolicy.mostEntries) allowed")
        }
    }
}
