import Catalog
import Testing
import Webhooks
import YAML

/// A provider's entry with lines in it that somebody got wrong.
struct WrongEntry: Sendable, CustomTestStringConvertible {
    let removed: String
    let added: String
    /// The error without the name of the file.
    let expected: String

    var testDescription: String { expected }

    /// All of them, from a file with a block of lines for each.
    ///
    /// A line begins with `-` if it is taken from the entry, with `+` if it is put there, and with
    /// `!` if it is the error.
    static let all = Result {
        let text = String(decoding: try file("Fixtures/entry-errors.txt"), as: UTF8.self)
        return text.split(separator: "\n\n").map { block in
            func lines(_ mark: String) -> String {
                block.split(separator: "\n").filter { $0.hasPrefix(mark) }
                    .map { $0.dropFirst(2) }.joined(separator: "\n")
            }
            return WrongEntry(removed: lines("-"), added: lines("+"), expected: lines("!"))
        }
    }
}

@Suite("errors in a provider's entry")
struct CatalogErrorTests {
    private func error(_ yaml: String) throws -> String? {
        do throws(YAMLError) {
            let file = CatalogFile(name: "mine.yaml", bytes: Array(yaml.utf8))
            _ = try Providers(try Systems(adding: [file])).provider(named: "mine")
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "an error says what was found where, and what was expected",
        arguments: try WrongEntry.all.get()
    )
    func entry(wrong: WrongEntry) throws {
        let entry = String(decoding: try file("Fixtures/entry.yaml"), as: UTF8.self)
        let added = wrong.added.isEmpty ? "" : "\(wrong.added)\n"
        let changed = entry.replacing("\(wrong.removed)\n", with: added)
        #expect(changed != entry)
        let found = try error(changed)
        #expect(found == "mine.yaml:\(wrong.expected)")
    }

    @Test("the entry that they are made from has none")
    func good() throws {
        let entry = String(decoding: try file("Fixtures/entry.yaml"), as: UTF8.self)
        #expect(try error(entry) == nil)
    }

    @Test(
        "what is no YAML is refused with its place",
        arguments: [
            ("", "1:1: found nothing, expected a document"),
            ("a: b: c", "1:5: mapping values are not allowed in this context"),
            ("- a", "1:1: found a list, expected a mapping"),
            ("7", "1:1: found \"7\", expected a mapping"),
            (
                "a: *b",
                "1:4: found alias \"*b\", expected each value written out, without anchors and aliases"
            ),
        ]
    )
    func noEntry(yaml: String, expected: String) throws {
        let found = try error(yaml)
        #expect(found == "mine.yaml:\(expected)")
    }
}
