import DaybookTesting
import Glibc
import Ledger
import POSIX

/// A file system of its own with a ledger on it, small enough to be filled.
///
/// Takes the right to mount.
final class SmallDisk {
    private static let detach: Int32 = 2
    let path: String
    let headFile: String
    let root: String
    private let isMounted: Bool

    /// Whether this process may mount.
    static let isPossible = (try? SmallDisk(kilobytes: 64)) != nil

    init(kilobytes: Int) throws {
        root = "\(Process.environment("TMPDIR") ?? "/tmp")/daybook-disk-\(AdminEvent.newID())"
        let folder = "\(root)/disk"
        path = "\(folder)/ledger"
        headFile = "\(root)/head"
        try Files.makeFolder(folder)
        if mount("tmpfs", folder, "tmpfs", 0, "size=\(kilobytes)k") != 0 {
            let error = SystemError(code: errno, operation: "mount", object: folder)
            Files.removeTree(root)
            throw error
        }
        isMounted = true
    }

    /// The disk that another process has mounted.
    init(at root: String) {
        self.root = root
        path = "\(root)/disk/ledger"
        headFile = "\(root)/head"
        isMounted = false
    }

    deinit {
        guard isMounted else { return }
        _ = umount2("\(root)/disk", Self.detach)
        Files.removeTree(root)
    }

    /// Mounts the disk anew with other options, as `mount -o remount` does.
    func remount(readOnly: Bool = false, kilobytes: Int) throws {
        let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        // Between fork and exec a child that another test starts has this process's files open.
        for attempt in 1...200 {
            if mount("tmpfs", "\(root)/disk", "tmpfs", flags, "size=\(kilobytes)k") == 0 { return }
            guard errno == EBUSY, attempt < 200 else {
                throw SystemError(code: errno, operation: "remount", object: "\(root)/disk")
            }
            usleep(5000)
        }
    }

    func create() throws {
        try Ledger.create(
            path: path,
            origin: "test.example/log",
            options: .init(appends: true, headFile: headFile, mapSize: 1 << 24)
        )
    }

    func open(appends: Bool) throws -> Ledger {
        try Ledger(
            path: path,
            options: .init(appends: appends, headFile: headFile, mapSize: 1 << 24)
        )
    }

    /// Appends events and leaves nothing open.
    func append(_ count: Int) throws {
        let ledger = try open(appends: true)
        defer { ledger.close() }
        for number in 1...count { _ = try ledger.writer?.append([.sample(number)]) }
    }

    func verify() throws -> VerifyReport {
        try Verifier(path: path, headFile: headFile, options: .init()).run { _, _ in }
    }

    /// Writes a file until there is no byte left.
    func fill() throws {
        let file = Glibc.open("\(root)/disk/filler", O_CREAT | O_APPEND | O_WRONLY, 0o600)
        defer { close(file) }
        for count in [65_536, 4096, 1] {
            let bytes = [UInt8](repeating: 1, count: count)
            while write(file, bytes, count) == count {}
        }
    }

    /// Makes room again.
    func clear() throws { try Files.remove("\(root)/disk/filler") }
}
