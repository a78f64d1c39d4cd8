import YAML

@testable import Projections

/// A definition with a column of every kind, into which tests put what they are about.
enum Sample {
    /// Lines 1 to 16.
    static let columns = """
        projection: sample
        version: 1
        key: item
        columns:
          state: { type: enum, of: [open, closed, lost], keep: latest }
          best: { type: enum, of: [low, high], keep: furthest }
          note: { type: text, keep: latest }
          tags: { type: text, keep: all }
          size: { type: integer, keep: latest }
          paid: { type: money, keep: latest }
          seen: { type: time, keep: max }
          live: { type: boolean, keep: latest }
          times: { type: integer, keep: count }
          stock: { type: integer, keep: balance }
          calls: { type: integer, keep: window }
          refunds: { type: money, keep: latest, by: refund }

        """

    private static let rule = """
        events:
          - { from: { type: a }, key: "{/id}", set: { note: /x } }

        """

    /// One more column, in line 17 from column 3.
    static func definition(column: String) -> String {
        "\(columns)  \(column)\n\(rule)"
    }

    /// Derived columns, the first in line 18 from column 3.
    static func definition(derive: String) -> String {
        "\(columns)derive:\n  \(derive)\n\(rule)"
    }

    /// A rule, in line 18 from column 5.
    static func definition(rule: String) -> String {
        "\(columns)events:\n  - \(rule)\n"
    }

    /// A derived column `total`, and a rule with settings, in line 22 from column 12.
    static func definition(setting: String) -> String {
        """
        \(columns)derive: { total: { sum: [size, stock] } }
        events:
          -
            from: { type: a }
            key: "{/id}"
            set: { \(setting) }

        """
    }

    static func read(_ text: String) throws -> Definition {
        try Definition(yaml: text.utf8Span.span, file: "p.yaml")
    }

    /// What is wrong with a definition; `nil` if nothing is.
    static func refusal(of text: String) -> String? {
        do { _ = try read(text) } catch { return "\(error)" }
        return nil
    }
}
