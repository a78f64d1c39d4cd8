internal import Bytes
internal import Catalog
internal import JSON
internal import POSIX
internal import Webhooks

/// Checks captured requests by the catalog, outside any ledger (`daybook hooks verify`).
package struct CapturedRequests {
    private let providers: Providers

    /// Uses the embedded providers and those of the ledger's folder, if there is one.
    package init(ledger: String) throws {
        do {
            providers = Providers(try Systems.load(ledger: ledger))
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    /// Checks each line of a file; gives a line of JSON for each to `output`.
    ///
    /// - Returns: whether all of them are valid.
    package func run(file path: String, output: ([UInt8]) throws -> Void) throws -> Bool {
        let text = try Files.read(path)
        var lines = NDJSONLines()
        var check = CapturedCheck(providers: providers)
        var allValid = true
        while let range = lines.next(in: text.span) {
            let result = check.check(text.span.extracting(range))
            allValid = allValid && result.isValid
            try output(result.line)
        }
        return allValid
    }
}
