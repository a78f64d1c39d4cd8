import YAML

@testable import Projections

/// A definition with a register of every kind, and cases for it.
enum CaseSample {
    static let text = """
        projection: sample
        version: 1
        key: item
        columns:
          state: { type: enum, of: [open, closed, lost], keep: latest }
          origin: { type: text, keep: first }
          best: { type: enum, of: [low, mid, high], keep: furthest }
          top: { type: integer, keep: max }
          low: { type: integer, keep: min }
          paid: { type: money, keep: sum }
          points: { type: integer, keep: sum }
          times: { type: integer, keep: count }
          tags: { type: text, keep: all }
          moods: { type: enum, of: [sad, glad], keep: all }
          stock: { type: integer, keep: balance }
          calls: { type: integer, keep: window }
          refunds: { type: money, keep: latest, by: refund }
          returned: { type: money, keep: sum, by: refund }
          seen: { type: time, keep: latest }
          live: { type: boolean, keep: latest }
        derive:
          busiest: { peak_at: calls }
          left: { subtract: [stock, top] }
          word:
            - { when: { state: open }, is: on }
            - { is: "off" }
          ended: { sum: [times, times] }
        events:
          - from: { provider: shop, type: told }
            key: "{/id}"
            at: { from: /at, as: unix }
            link: "alias:{/alias}"
            set:
        """

    /// What each rule of the sample sets: whatever the event has.
    private static let settings = """
              state: { from: /state, optional: true }
              origin: { from: /origin, optional: true }
              best: { from: /best, optional: true }
              top: { from: /n, optional: true }
              low: { from: /n, optional: true }
              paid: { from: /paid, currency: /currency, optional: true }
              points: { from: /n, optional: true }
              times: { when: { /n: present }, count: true }
              tags: { from: /tags, optional: true }
              moods: { from: /mood, optional: true }
              stock:
                - { when: { /count: present }, from: /count }
                - { delta: /delta, optional: true }
              calls: { when: { /call: present }, count: true, width: /call }
              refunds:
                { when: { /refund: present }, from: /paid, currency: /currency, by: "{/refund}" }
              returned:
                { when: { /refund: present }, from: /paid, currency: /currency, by: "{/refund}" }
              seen: { from: /seen, optional: true }
              live: { from: /live, optional: true }
        """

    static var definition: Definition {
        get throws {
            var yaml = "\(text)\n\(settings)\n"
            yaml += """
                  - from: { provider: shop, type: known }
                    key: "alias:{/alias}"
                    at: { from: /at, as: unix }
                    set:
                \(settings)
                """
            return try Definition(yaml: yaml.utf8Span.span, file: "sample.yaml")
        }
    }

    static func read(_ yaml: String) throws -> [ProjectionCase] {
        try CaseReader(definition).cases(yaml.utf8Span.span, file: "c.yaml")
    }

    static func run(_ yaml: String) throws -> [CaseReport] {
        try checkCases(definition, [CaseFile(name: "c.yaml", bytes: Array(yaml.utf8))])
    }

    /// What is wrong with a file of cases; `nil` if nothing is.
    static func refusal(of yaml: String) -> String? {
        do { _ = try read(yaml) } catch { return "\(error)" }
        return nil
    }
}
