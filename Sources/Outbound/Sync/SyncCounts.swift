internal import JSON

/// What a job says of its own run: numbers in the last line of its output, as JSON.
///
/// `{"records":120,"errors":0,"source_count":120,"destination_count":120}`, each of them optional.
package struct SyncCounts: Hashable, Sendable {
    /// Records that were moved.
    package var records: UInt64?
    /// Records that could not be.
    package var errors: UInt64?
    /// Records where they come from, and where they go to.
    package var sourceCount: UInt64?
    package var destinationCount: UInt64?

    /// Starts with nothing said.
    package init() {}

    /// Reads the last line of an output that is not empty; nothing if that is no JSON object.
    package init(lastLineOf output: Span<UInt8>) {
        var end = output.count
        while end > 0, output[end - 1] <= 0x20 { end -= 1 }
        var start = end
        while start > 0, output[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        var parser = JSONParser()
        guard let line = try? parser.parse(output.extracting(start..<end)) else { return }
        records = line.member("records")?.uint64
        errors = line.member("errors")?.uint64
        sourceCount = line.member("source_count")?.uint64
        destinationCount = line.member("destination_count")?.uint64
    }

    /// Why the counts do not agree; `nil` if they do or one of them is not said.
    package var mismatch: String? {
        guard let sourceCount, let destinationCount, sourceCount != destinationCount else {
            return nil
        }
        return "the counts differ: \(sourceCount) at the source, \(destinationCount) at the "
            + "destination"
    }
}
