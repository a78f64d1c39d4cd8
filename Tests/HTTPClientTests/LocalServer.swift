import Foundation

/// A web server on this machine, of a throw-away authority, for as long as it is held.
final class LocalServer {
    /// Where it listens.
    let port: Int
    private let process = Process()
    private let input = Pipe()

    /// Starts the server, without TLS if no certificate is given.
    init(_ certificate: ServerCertificate?) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["python3", folder.appending(path: "Fixtures/server.py").path()]
            + (certificate.map { [$0.file, $0.keyFile] } ?? [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ProgramFailure(description: "the server did not start")
        }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// An authority and a certificate for `localhost` that it signed, in files of their own folder.
final class ServerCertificate {
    let file: String
    let keyFile: String
    let authorityFile: String
    private let folder: URL

    /// Makes both; an expired certificate was never valid after yesterday.
    init(expired: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path()
        file = path + "/server.pem"
        keyFile = path + "/server.key"
        authorityFile = path + "/root.pem"
        try Data("[req]\ndistinguished_name = dn\n[dn]\n".utf8)
            .write(to: folder.appending(path: "config"))
        let make = """
            cd "\(path)"
            request="openssl req -x509 -config config -noenc -days 2 \
                -newkey ec -pkeyopt ec_paramgen_curve:P-256"
            $request -subj /CN=root -addext basicConstraints=critical,CA:TRUE \
                -keyout root.key -out root.pem
            openssl req -config config -new -noenc -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
                -subj /CN=server -keyout server.key -out server.csr
            echo subjectAltName=DNS:localhost > names
            openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial \
                -days \(expired ? -1 : 2) -extfile names -out server.pem
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-e", "-c", make]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ProgramFailure(description: "openssl made no certificate")
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}

struct ProgramFailure: Error, CustomStringConvertible {
    var description: String
}
