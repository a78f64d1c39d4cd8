import Foundation
import Testing

/// Witnesses and a time stamp authority in processes of their own, for a trial's ledger.
struct AnchorWitnesses {
    private let trial: Trial
    /// The policy lines of the witnesses that run.
    private(set) var lines: [String] = []
    private(set) var processes: [Child] = []
    /// Where time stamps are had; empty until the authority runs.
    private(set) var authority = ""

    /// Starts `count` witnesses of the trial's log.
    init(_ trial: Trial, count: Int) throws {
        self.trial = trial
        for number in 1...count { try startWitness(number) }
    }

    /// Starts a witness, or starts it again with what it knows.
    mutating func startWitness(_ number: Int) throws {
        let key = "w\(number).key"
        if !FileManager.default.fileExists(atPath: trial.path(key)) {
            let made = try trial.daybook(
                "witness",
                "--key",
                key,
                "--new-key",
                "w\(number).example"
            )
            try #require(made.status == 0, "\(made)")
            #expect(made.output.hasPrefix("w\(number).example+"))
        }
        let log = try #require(try trial.daybook("keys", "list").rows.last?["vkey"])
        let (child, name) = try trial.start([
            Trial.program, "witness", "--key", key, "--log", log, "--state", "state-w\(number)",
            "--listen", "127.0.0.1:0",
        ])
        let welcome = try eventually("witness") { () -> String? in
            let text = try trial.read("\(name).out")
            if !child.isRunning { throw Child.Failure(description: try trial.read("\(name).err")) }
            return text.contains("next: ") ? text : nil
        }
        let line = try #require(welcome.split(separator: "\n").first { $0.contains("policy") })
        let words = line.split(separator: " ").suffix(2)
        lines.append("witness w\(number) \(words.joined(separator: " "))")
        processes.append(child)
    }

    /// Writes policy and configuration so that the ledger is anchored by them.
    func configure(threshold: String = "all", every: String = "1h") throws {
        let names = lines.map { $0.split(separator: " ")[1] }.joined(separator: " ")
        let policy = lines.joined(separator: "\n") + "\ngroup g \(threshold) \(names)\nquorum g\n"
        try trial.write(policy, to: "ledger/policy.txt")
        var anchors = "anchors:\n  every: \(every)\n  policy: file:policy.txt\n"
        if !authority.isEmpty {
            anchors += "  timestamp: { url: \(authority), ca: file:ca.pem }\n"
        }
        try trial.write(Sources.configuration + anchors, to: "ledger/daybook.yaml")
    }

    /// Starts an authority: `openssl ts` behind a small server.
    mutating func startAuthority() throws {
        try trial.write(Self.openSSL, to: "tsa.cnf")
        try trial.write(Self.server, to: "tsa.py")
        let made = try trial.shell(Self.makeAuthority)
        try #require(made.status == 0, "\(made)")
        let (child, name) = try trial.start(["python3", "tsa.py"])
        let port = try eventually("authority") { () -> Int? in
            if !child.isRunning { throw Child.Failure(description: try trial.read("\(name).err")) }
            let text = try trial.read("\(name).out")
            return text.hasSuffix("\n") ? Int(text.dropLast()) : nil
        }
        authority = "http://127.0.0.1:\(port)/tsr"
        processes.append(child)
    }

    private static let makeAuthority = """
        set -e
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 \
            -subj '/CN=Trial root' -addext basicConstraints=critical,CA:TRUE
        openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Trial TSA'
        openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 \
            -extfile tsa.cnf -extensions tsa_cert
        echo 01 > serial
        cp ca.pem ledger/ca.pem
        """

    private static let openSSL = """
        [tsa_cert]
        basicConstraints = critical,CA:FALSE
        keyUsage = critical,digitalSignature
        extendedKeyUsage = critical,timeStamping

        [tsa]
        default_tsa = tsa1

        [tsa1]
        dir = .
        serial = ./serial
        crypto_device = builtin
        signer_cert = ./tsa.pem
        signer_key = ./tsa.key
        certs = ./ca.pem
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        ess_cert_id_chain = no
        ess_cert_id_alg = sha256

        """

    private static let server = """
        import http.server, subprocess, sys

        class Authority(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                is_query = self.headers["Content-Type"] == "application/timestamp-query"
                with open("query.tsq", "wb") as file:
                    file.write(query)
                command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa1",
                           "-queryfile", "query.tsq"]
                reply = subprocess.run(command, capture_output=True)
                self.send_response(200 if is_query and reply.returncode == 0 else 500)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply.stdout)))
                self.end_headers()
                self.wfile.write(reply.stdout)

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
        print(server.server_port, flush=True)
        server.serve_forever()

        """
}
