internal import Synchronization

/// What was written to standard output while it is held back.
///
/// Up to a limit in memory, beyond it in a file without a name, so that an answer of any length
/// can wait until the log says that it was asked for.
struct OutputHold: ~Copyable {
    /// Bytes that wait in memory: more than nearly every answer has.
    static let memoryBytes = 1 << 20

    /// What is held now; `nil` while standard output is written to at once.
    static let current = Mutex<OutputHold?>(nil)

    private var memory: [UInt8] = []
    private var file: FileDescriptor?
    /// Bytes held in all.
    private(set) var count: UInt64 = 0
    /// Why something could not be held: then nothing of the answer can be shown.
    private(set) var failure: SystemError?

    /// Takes what would have been written.
    ///
    /// - Throws: the file's problem; all that was held before is gone then.
    mutating func take(_ bytes: Span<UInt8>) throws(SystemError) {
        if let failure { throw failure }
        if file == nil, memory.count + bytes.count <= Self.memoryBytes {
            unsafe bytes.withUnsafeBufferPointer { unsafe memory.append(contentsOf: $0) }
            count += UInt64(bytes.count)
            return
        }
        do throws(SystemError) {
            if file == nil { file = try FileDescriptor(withoutNameIn: Self.folder) }
            try writeOut()
            try file?.write(bytes)
            count += UInt64(bytes.count)
        } catch {
            failure = error
            memory = []
            file = nil
            count = 0
            throw error
        }
    }

    private mutating func writeOut() throws(SystemError) {
        guard !memory.isEmpty else { return }
        try file?.write(memory.span)
        memory = []
    }

    /// Writes what was held to standard output, in the order in which it came.
    consuming func release() throws(SystemError) {
        let output = StandardStream.output.rawValue
        try writeAll(output, memory.span, "standard output")
        guard let file = file.take() else { return }
        try file.rewind()
        while true {
            let piece = try file.read(atMost: Self.memoryBytes)
            if piece.isEmpty { return }
            try writeAll(output, piece.span, "standard output")
        }
    }

    /// Where temporary files go; `/var/tmp` is on a disk, other than what may be memory.
    private static var folder: String { Process.environment("TMPDIR") ?? "/var/tmp" }
}

extension StandardStream {
    /// Holds back what is written to standard output from now on, until `releaseOutput`.
    package static func holdOutput() {
        OutputHold.current.withLock { $0 = OutputHold() }
    }

    /// Bytes that are held back now.
    package static var heldBytes: UInt64 {
        OutputHold.current.withLock { $0?.count ?? 0 }
    }

    /// Writes out what was held back, and holds back no more.
    ///
    /// - Throws: why it cannot be written; what is left of it is dropped.
    package static func releaseOutput() throws(SystemError) {
        // Whoever writes meanwhile waits, lest pieces of the answer change places.
        try OutputHold.current.withLock { held throws(SystemError) in
            guard let taken = held.take() else { return }
            try taken.release()
        }
    }
}
