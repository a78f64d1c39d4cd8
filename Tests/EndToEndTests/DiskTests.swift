import Foundation
import Testing

/// A small file system, mounted over a trial's ledger.
private struct Disk {
    let path: String

    /// Whether this process may mount.
    static let isPossible: Bool = {
        let path = "/tmp/daybook-mount-\(UUID().uuidString)"
        guard mkdir(path, 0o700) == 0 else { return false }
        defer { rmdir(path) }
        guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
        return umount2(path, Int32(MNT_DETACH)) == 0
    }()

    func mountEmpty(kilobytes: Int) throws {
        try check(mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k"))
    }

    func remount(readOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        try check(mount("tmpfs", path, "tmpfs", flags, nil))
    }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }

    /// Leaves no byte free.
    func fill() {
        let file = open("\(path)/filler", O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0o600)
        defer { close(file) }
        for count in [65_536, 4096, 1] {
            let bytes = [UInt8](repeating: 1, count: count)
            while write(file, bytes, count) == count {}
        }
    }

    func clear() { unlink("\(path)/filler") }

    private func check(_ code: Int32) throws {
        if code != 0 {
            throw Child.Failure(description: "mount \(path): \(String(cString: strerror(errno)))")
        }
    }
}

@Suite(
    "The disk",
    .enabled(if: Disk.isPossible, "a file system can be mounted by root alone")
)
struct DiskTests {
    /// Runs a test with the ledger on a disk of its own.
    private func withDisk(_ body: (Trial, Disk) throws -> Void) throws {
        try withTrial(makesLedger: false) { trial in
            let disk = Disk(path: trial.path("disk"))
            try trial.write("", to: "disk/below")
            try disk.mountEmpty(kilobytes: 8192)
            defer { disk.unmount() }
            trial.environment["DAYBOOK_LEDGER"] = "\(disk.path)/ledger"
            let made = try trial.daybook("init", "--origin", "shop.example.com/log")
            try #require(made.status == 0, "\(made)")
            try trial.write(Sources.configuration, to: "disk/ledger/daybook.yaml")
            try body(trial, disk)
        }
    }

    @Test("full, webhooks are put off; with room again they are taken without a restart")
    func full() throws {
        try withDisk { trial, disk in
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_0")).status == 200)
            disk.fill()
            // What was free within the log's file may still be used up.
            var accepted = 1
            let text = String(repeating: "x", count: 20_000)
            var refused: Answer?
            while refused == nil, accepted < 300 {
                let body = #"{"id":"evt_\#(accepted)","type":"a","data":"\#(text)"}"#
                let answer = try server.send(.stripe(Array(body.utf8)))
                if answer.status == 200 { accepted += 1 } else { refused = answer }
            }
            let answer = try #require(refused)
            #expect(answer.status == 503)
            #expect(Int(answer.headers["retry-after"] ?? "") != nil)
            #expect(answer.text.contains("the disk is full"))
            let health = try server.get("/healthz")
            #expect(health.status == 503)
            #expect(row(Data(health.body))["status"] == "disk_full")
            // Reading goes on.
            #expect(try server.get("/checkpoint").status == 200)
            #expect(try trial.log("--source", "stripe").count == accepted)
            disk.clear()
            #expect(try server.send(.stripe(id: "evt_\(accepted)")).status == 200)
            let mended = try server.get("/healthz")
            #expect(mended.status == 200)
            #expect(row(Data(mended.body))["status"] == "ok")
            let ids = try trial.log("--source", "stripe").compactMap { $0["id"] }
            #expect(ids == (0...accepted).map { "evt_\($0)" })
            #expect(try trial.isSound())
            #expect(server.stop() == 0)
        }
    }

    @Test("full, the command line says so with status 3, and loses nothing")
    func fullCommands() throws {
        try withDisk { trial, disk in
            try trial.daybook("append", "--source", "ops", "--type", "a")
            let size = try trial.log().count
            disk.fill()
            let text = String(repeating: "x", count: 100_000)
            let fact = Fact(id: "f1", data: "\"\(text)\"")
            for command in ["append", "import"] {
                let finished = try trial.daybook(command, "-", input: fact.json + "\n")
                #expect(finished.status == 3, "\(finished)")
                #expect(finished.error.contains("the disk is full"), "\(finished)")
                #expect(finished.output == "")
            }
            #expect(try trial.log().count == size)
            #expect(try trial.isSound())
            disk.clear()
            #expect(try trial.daybook("append", input: fact.json).status == 0)
            #expect(try trial.isSound())
        }
    }

    @Test("read-only, the log can be read and verified, and nothing is appended")
    func readOnly() throws {
        try withDisk { trial, disk in
            try trial.daybook("append", "--source", "ops", "--type", "a", "--data", "{}")
            try disk.remount(readOnly: true)
            #expect(try trial.log().count == 2)
            #expect(try trial.daybook("show", "1", "--body").output == "{}")
            #expect(try trial.daybook("prove", "1").status == 0)
            #expect(try trial.daybook("keys", "list").status == 0)
            #expect(try trial.isSound())
            let commands = [
                ["serve", "--listen", "127.0.0.1:0"], ["append", "--source", "o", "--type", "b"],
                ["import", "/dev/null"], ["keys", "rotate"],
            ]
            for command in commands {
                let finished = try trial.run([Trial.program] + command)
                #expect(finished.status == 3, "\(command)")
                #expect(finished.output == "", "\(command)")
                #expect(finished.error.contains("Read-only file system"), "\(finished)")
                #expect(finished.error.contains("must be writable"), "\(finished)")
            }
            let examined = try trial.daybook("doctor")
            #expect(examined.status == 1)
            #expect(examined.output.contains("cannot be written"))
            try disk.remount(readOnly: false)
            #expect(try trial.daybook("append", "--source", "o", "--type", "b").status == 0)
            #expect(try trial.isSound())
        }
    }
}
