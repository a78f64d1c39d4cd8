internal import CSimdJSON

/// Pointers made ready for an extractor, to be shared by all threads.
///
/// What they lead to is told apart by their places in the array that they were made from.
@safe package final class JSONPaths: Sendable {
    /// How many pointers there are.
    package let count: Int
    // Nothing changes it from the end of init to deinit.
    private nonisolated(unsafe) let handle: OpaquePointer?

    /// Merges the pointers into one tree.
    ///
    /// Two may be equal, or one a part of another.
    package init(_ pointers: [JSONPointer]) {
        count = pointers.count
        var handle = unsafe csimdjson_paths_create()
        for pointer in pointers {
            let steps = pointer.steps.map {
                csimdjson_step(start: $0.start, end: $0.end, index: Int64($0.arrayIndex ?? -1))
            }
            guard let open = unsafe handle else { break }
            if unsafe !csimdjson_paths_add(open, pointer.names, steps, steps.count) {
                unsafe csimdjson_paths_destroy(open)
                unsafe handle = nil
            }
        }
        unsafe self.handle = unsafe handle
    }

    deinit {
        if let handle = unsafe handle { unsafe csimdjson_paths_destroy(handle) }
    }

    /// The tree; none if there was no memory for it, which an extraction then reports.
    @unsafe var tree: OpaquePointer? { unsafe handle }
}
