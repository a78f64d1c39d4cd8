internal import Bytes
internal import Ledger

/// What of a call's messages is never recorded: values under names that are secret, by
/// configuration or by their look.
package struct CallSecrets: Sendable {
    /// Headers' names, in lower case.
    private let headers: [String]
    /// Names of parameters of the query, in lower case.
    private let parameters: [String]
    /// The secrets themselves, which a service may send back anywhere in a header.
    private let values: [[UInt8]]

    /// Takes the names that are configured; those that look secret are added by themselves.
    package init(headers: [String] = [], parameters: [String] = [], values: [String] = []) {
        self.headers = headers.map(\.asciiLowercased)
        self.parameters = parameters.map(\.asciiLowercased)
        // A short one would be found where it is none.
        self.values = values.map { Array($0.utf8) }.filter { $0.count >= 8 }
    }

    /// Headers as they are recorded.
    package func shown(
        _ fields: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        fields.map { field in
            let isSecret =
                SecretFields.isLikelySecret(field.name)
                || headers.contains(field.name.asciiLowercased)
                || isShown(in: field.value)
            if isSecret { return (field.name, SecretFields.redacted) }
            // Where a redirect leads may carry a token.
            let isTarget = ["location", "content-location"].contains(field.name.asciiLowercased)
            return isTarget ? (field.name, shown(target: field.value)) : field
        }
    }

    /// A body as it is recorded: without the secrets themselves, should the service send one back.
    package func shown(body: [UInt8]) -> [UInt8] {
        var body = body
        for value in values {
            var start = 0
            while let found = body.span.position(of: value.span, from: start) {
                body.replaceSubrange(
                    found..<found + value.count,
                    with: SecretFields.redacted.utf8
                )
                start = found + SecretFields.redacted.utf8.count
            }
        }
        return body
    }

    private func isShown(in text: String) -> Bool {
        guard !values.isEmpty else { return false }
        let text = Array(text.utf8)
        return values.contains { SecretFields.occurs($0, in: text) }
    }

    /// A path with its query as it is recorded.
    package func shown(target: String) -> String {
        SecretFields.shownTarget(target) { name in
            SecretFields.isLikelySecret(name) || parameters.contains(name.asciiLowercased)
        }
    }
}

extension Span where Element == UInt8 {
    /// Where `word` begins first, from an offset on; `nil` if it does not occur.
    fileprivate func position(of word: Span<UInt8>, from start: Int) -> Int? {
        guard let first = word.isEmpty ? nil : word[0] else { return nil }
        var offset = start
        while offset + word.count <= count, let found = firstIndex(of: first, from: offset),
            found + word.count <= count
        {
            if extracting(found..<found + word.count).equals(word) { return found }
            offset = found + 1
        }
        return nil
    }
}
