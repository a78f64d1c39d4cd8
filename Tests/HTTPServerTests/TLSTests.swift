import Foundation
import HTTPServer
import Testing

@Suite struct TLSTests {
    /// Makes a folder with a self-signed certificate for 127.0.0.1.
    private func makeCertificate(in folder: URL) throws -> TLSFiles {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appendingPathComponent("key.pem")
        let certificate = folder.appendingPathComponent("certificate.pem")
        let made = try run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key.path, "-out", certificate.path,
        ])
        #expect(made.status == 0)
        return TLSFiles(
            certificate: [UInt8](try Data(contentsOf: certificate)),
            key: [UInt8](try Data(contentsOf: key))
        )
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private func withFolder(_ test: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("daybook-tls-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try test(folder)
    }

    @Test("requests go through TLS, answered at once or later")
    func served() throws {
        try withFolder { folder in
            let files = try makeCertificate(in: folder)
            try withServer(tls: files) { server, _ in
                for path in ["/echo", "/later"] {
                    let body = String(repeating: "secret ", count: 20_000)
                    let file = folder.appendingPathComponent("body")
                    try Data(body.utf8).write(to: file)
                    let result = try run([
                        "curl", "-s", "--cacert", folder.path + "/certificate.pem",
                        "--data-binary", "@\(file.path)", "-H", "Expect:",
                        "https://127.0.0.1:\(server.port)\(path)",
                    ])
                    #expect(result.status == 0)
                    #expect(result.output == body)
                }
            }
        }
    }

    @Test("a refused body still gets its answer through TLS")
    func refused() throws {
        try withFolder { folder in
            let files = try makeCertificate(in: folder)
            try withServer(tls: files) { server, _ in
                let result = try run([
                    "curl", "-s", "--cacert", folder.path + "/certificate.pem", "-d", "too long",
                    "-w", "%{http_code}", "https://127.0.0.1:\(server.port)/limit/3",
                ])
                #expect(result.output == "body too large\n413")
            }
        }
    }

    @Test("TLS 1.1 is refused")
    func oldVersion() throws {
        try withFolder { folder in
            let files = try makeCertificate(in: folder)
            try withServer(tls: files) { server, _ in
                let result = try run([
                    "curl", "-s", "-k", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
                    "https://127.0.0.1:\(server.port)/echo",
                ])
                #expect(result.status == 35)
            }
        }
    }

    @Test("plain HTTP on a TLS port is cut off, and the server goes on")
    func plainClient() throws {
        try withFolder { folder in
            let files = try makeCertificate(in: folder)
            try withServer(tls: files) { server, _ in
                let client = try RawClient(server.port)
                try client.request("GET", "/echo")
                try client.drain()
                let result = try run([
                    "curl", "-s", "-k", "-d", "x", "https://127.0.0.1:\(server.port)/echo",
                ])
                #expect(result.output == "x")
            }
        }
    }

    @Test("a certificate that is none is an error, not a server")
    func badCertificate() throws {
        let files = TLSFiles(certificate: Array("nonsense".utf8), key: Array("nonsense".utf8))
        let error = #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(
                address: "127.0.0.1",
                port: 0,
                threads: 1,
                tls: files,
                handler: TestHandler()
            )
        }
        #expect(error?.description.hasPrefix("use the tls certificate and key: ") == true)
    }
}
