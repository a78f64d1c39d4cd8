import Arguments
import Testing

@Suite("The nearest name")
struct NearestTests {
    /// Asks through the public way: an unknown command among those with the given names.
    private func suggestion(for word: String, among names: [String]) -> String? {
        let table = Command("t", "tests", subcommands: names.map { Command($0, "does it") })
        do {
            _ = try table.parse([word])
        } catch {
            if case .unknownCommand(_, let nearest, _) = error.problem { return nearest }
        }
        return nil
    }

    @Test(
        "a slip of one letter, or a swap, finds the name",
        arguments: ["exlain", "expplain", "explaim", "epxlain", "EXPLAIN", "expl", "xeplian"]
    )
    func slips(word: String) {
        #expect(suggestion(for: word, among: ["export", "explain", "erase"]) == "explain")
    }

    @Test(
        "a word that is like nothing finds nothing",
        arguments: ["x", "status", "expand-all", ""]
    )
    func strangers(word: String) {
        #expect(suggestion(for: word, among: ["export", "explain", "erase", "n"]) == nil)
    }

    @Test("the nearest of several wins, then the first, then the shortest that begins so")
    func ranking() {
        #expect(suggestion(for: "stat", among: ["start", "state", "stats"]) == "start")
        #expect(suggestion(for: "states", among: ["stats", "status", "state"]) == "stats")
        #expect(suggestion(for: "pro", among: ["projections", "prove"]) == "prove")
    }
}
