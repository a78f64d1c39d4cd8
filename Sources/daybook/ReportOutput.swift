import Arguments
import POSIX

/// Where a report goes that is a file: under its name when it is whole, or to the standard output.
enum ReportOutput {
    static let options = [
        Option("out", "the file to write, - for the standard output", value: "FILE", kind: .file),
        Option("force", "replaces FILE if it is there"),
    ]

    /// Lets `make` write a new file, and puts that in its place.
    ///
    /// - Returns: the bytes written.
    @discardableResult
    static func write(to path: String, force: Bool, _ make: (String) throws -> Void) throws -> Int {
        guard path == "-" else {
            let file = try OutputFile(path, replaces: force)
            try make(file.temporary)
            let size = try FileDescriptor(reading: file.temporary).size()
            try file.publish()
            return size
        }
        let file = try OutputFile(Process.temporaryPath("report"), replaces: false)
        try make(file.temporary)
        let input = try FileDescriptor(reading: file.temporary)
        while true {
            let chunk = try input.read(atMost: 1 << 20)
            if chunk.isEmpty { return try input.size() }
            try StandardStream.output.write(chunk.span)
        }
    }

    /// Writes a report of known bytes.
    static func write(_ bytes: [UInt8], to path: String, force: Bool) throws {
        guard path != "-" else { return try StandardStream.output.write(bytes.span) }
        try check(path, force: force)
        try Files.replace(path, with: bytes, mode: 0o644)
    }

    /// Refuses before the work what `write` would refuse after it.
    static func check(_ path: String, force: Bool) throws {
        if path != "-", !force, Files.exists(path) {
            throw UsageProblem("\(path) exists already; choose another --out, or --force")
        }
    }
}
