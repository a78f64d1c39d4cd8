internal import JSON
internal import Ledger

/// The body that the last event with a `part` was a part of, and where parts lie in it.
///
/// The parts of one request follow each other in the log, so one body is enough: all its parts
/// together cost as much as to read it a few times. What is kept of it are places, and its text
/// only where that was made from something else.
///
/// A class, so that folds that take turns share one: of one log, on one thread.
final class Batch {
    /// The event that has the body; `nil` before the first.
    private(set) var cause: UInt64?
    /// The content as JSON text; `nil` if it is that in the log.
    private(set) var text: [UInt8]?
    /// Why no part can be read.
    private var fault: String?
    private var places = JSONPlaces()
    /// How many bodies were read, by which tests know that none is read for each of its parts.
    private(set) var bodies = 0
    /// Bytes that were stepped over in them.
    var bytesRead: Int { places.bytesRead }

    /// Takes the content of an event in place of the one before.
    func take(_ cause: UInt64, _ content: Span<UInt8>, _ line: borrowing Line) {
        self.cause = cause
        text = nil
        fault = nil
        bodies += 1
        do {
            text = try EventContent.jsonText(content, line)
            if let text {
                try places.begin(text.span)
            } else {
                try places.begin(content)
            }
        } catch {
            fault = "\(error)"
        }
    }

    /// Finds the value that a pointer leads to in the JSON text; `nil` if it leads nowhere.
    ///
    /// - Throws: `Misfit`, at a line of the definition, if the text is found to be none.
    func find(
        _ pointer: JSONPointer,
        in text: Span<UInt8>,
        _ line: Int
    ) throws(Misfit) -> Range<Int>? {
        if fault == nil {
            do throws(JSONExtractionError) {
                return try places.find(pointer, in: text)
            } catch {
                // What was read in vain once is not read again for each part.
                fault = "\(error)"
            }
        }
        throw Misfit(line, "the body it is part of: \(fault ?? "")")
    }
}
