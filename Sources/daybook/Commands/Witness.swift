import Arguments
import Audit
import POSIX
import Service

/// The command `daybook witness`.
enum WitnessCommand: ProgramCommand {
    static let command = Command(
        "witness",
        "vouches for the logs of others: cosigns checkpoints that only grow",
        group: "Prove",
        discussion: """
            Takes POST /add-checkpoint (C2SP tlog-witness), and serves what it cosigned last at \
            /SHA-256 OF ORIGIN/checkpoint. It needs no ledger; run it where those who hold the logs' \
            keys cannot reach it. What it knows is one file a log in the folder of --state: losing \
            them makes it forget, so keep them; a log that was restored on purpose is cosigned again \
            when its file is deleted there. A log that changes its key is cosigned when the new key \
            is named, too.
            """,
        options: [
            Option("log", "the key of a log to witness", value: "VKEY", repeats: true),
            Option(
                "key",
                "the witness's private key",
                value: "FILE",
                kind: .file,
                isRequired: true
            ),
            Option(
                "listen",
                "where to listen",
                value: "ADDRESS:PORT",
                default: "127.0.0.1:8081"
            ),
            Option("state", "the folder of what it knows", value: "DIR", kind: .directory),
            Option("new-key", "makes the file of --key, prints its vkey and ends", value: "NAME"),
        ],
        examples: [
            Example(
                "daybook witness --key w1.key --new-key witness.example.com/w1",
                "makes a key"
            ),
            Example(
                "daybook witness --key w1.key --state w1 --log shop.example.com/daybook+33d7b496+AeHT...",
                "witnesses a log"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let keyFile = context.invocation.string("key") ?? ""
        if let name = context.invocation.string("new-key") {
            let key = try WitnessKey.generate(name: name)
            try key.store(at: keyFile)
            try StandardStream.output.write("\(key.publicText)\n")
            return .done
        }
        let logs = context.invocation.all("log")
        guard !logs.isEmpty else { throw UsageProblem("--log is missing, expected a log's vkey") }
        guard let folder = context.invocation.string("state") else {
            throw UsageProblem("--state is missing, expected a folder for what the witness knows")
        }
        var signals = StopSignals()
        Process.raiseOpenFileLimit()
        let server = try WitnessServer(
            logs: logs,
            keyFile: keyFile,
            listen: context.invocation.string("listen") ?? "127.0.0.1:8081",
            folder: folder
        ) { context.warn($0) }
        try StandardStream.output.write(server.welcome)
        let signal = signals.wait()
        context.warn("\(signal): finishing what was accepted")
        server.stop()
        return .done
    }
}
