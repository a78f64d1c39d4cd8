import Foundation
import LMDB
import Testing

/// A folder that is deleted with its owner.
private final class Folder {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "lmdb-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func text(_ string: String) -> [UInt8] { Array(string.utf8) }

private func copy(_ span: Span<UInt8>?) -> [UInt8]? {
    guard let span else { return nil }
    return (0..<span.count).map { span[$0] }
}

@Suite struct EnvironmentTests {
    @Test("what a transaction put is there for later snapshots, in key order")
    func roundTrip() throws {
        let folder = try Folder()
        let environment = try Environment(path: folder.path, options: .init(mapSize: 1 << 20))
        let numbers = try environment.open([("numbers", .integer)])[0]
        try environment.write { transaction in
            for key in [3, 1, 2] as [UInt64] {
                try transaction.put(text("value \(key)").span, for: key, in: numbers)
            }
        }
        try environment.read { transaction in
            #expect(try copy(transaction.value(for: 2, in: numbers)) == text("value 2"))
            #expect(try copy(transaction.value(for: 4, in: numbers)) == nil)
            let (last, count) = (
                try transaction.lastKey(in: numbers), try transaction.count(of: numbers)
            )
            #expect(last == 3)
            #expect(count == 3)
            var keys: [UInt64?] = []
            var cursor = try transaction.cursor(over: numbers, from: 2)
            while try cursor.next() { keys.append(cursor.key) }
            #expect(keys == [2, 3])
        }
    }

    @Test("a transaction that throws leaves nothing behind")
    func rollback() throws {
        struct Stop: Error {}
        let folder = try Folder()
        let environment = try Environment(path: folder.path, options: .init(mapSize: 1 << 20))
        let numbers = try environment.open([("numbers", .integer)])[0]
        #expect(throws: Stop.self) {
            try environment.write { transaction in
                try transaction.put(text("gone").span, for: 1, in: numbers)
                throw Stop()
            }
        }
        try environment.read { transaction in
            let last = try transaction.lastKey(in: numbers)
            #expect(last == nil)
        }
    }

    @Test("a key is inserted once, and appended only at the end")
    func insertAndAppend() throws {
        let folder = try Folder()
        let environment = try Environment(path: folder.path, options: .init(mapSize: 1 << 20))
        let databases = try environment.open([("names", .bytes), ("numbers", .integer)])
        try environment.write { transaction in
            let (key, one, two) = (text("key"), text("one"), text("two"))
            #expect(try transaction.insert(one.span, for: key.span, in: databases[0]))
            #expect(try !transaction.insert(two.span, for: key.span, in: databases[0]))
            #expect(try copy(transaction.value(for: key.span, in: databases[0])) == one)
            try transaction.append(one.span, for: 5, in: databases[1])
        }
        #expect(throws: LMDBError.self) {
            try environment.write { transaction in
                let late = text("late")
                try transaction.append(late.span, for: 4, in: databases[1])
            }
        }
    }

    @Test("a full map grows and loses nothing")
    func growth() throws {
        let folder = try Folder()
        let environment = try Environment(path: folder.path, options: .init(mapSize: 1 << 18))
        let numbers = try environment.open([("numbers", .integer)])[0]
        let before = environment.mapSize
        var key: UInt64 = 0
        while key < 2000 {
            do {
                try environment.write { transaction in
                    for offset in 0..<100 as Range<UInt64> {
                        let value = [UInt8](repeating: UInt8(truncatingIfNeeded: key), count: 900)
                        try transaction.append(value.span, for: key + offset, in: numbers)
                    }
                }
                key += 100
            } catch let error as LMDBError where error.isMapFull {
                try environment.grow()
            }
        }
        #expect(environment.mapSize > before)
        try environment.read { transaction in
            let count = try transaction.count(of: numbers)
            #expect(count == 2000)
        }
    }

    @Test("a read-only environment refuses to write and says which call failed")
    func readOnly() throws {
        let folder = try Folder()
        do {
            let environment = try Environment(path: folder.path, options: .init(mapSize: 1 << 20))
            _ = try environment.open([("numbers", .integer)])
        }
        let environment = try Environment(
            path: folder.path,
            options: .init(mapSize: 1 << 20, readOnly: true)
        )
        _ = try environment.open([("numbers", .integer)])
        let error = #expect(throws: LMDBError.self) { try environment.write { _ in } }
        #expect(error?.isAccess == true)
        #expect(error?.description.contains("mdb_txn_begin") == true)
    }

    @Test("a folder that does not exist is named by the operation that missed it")
    func missing() {
        let error = #expect(throws: LMDBError.self) {
            try Environment(path: "/nowhere/at/all", options: .init())
        }
        #expect(error?.isMissing == true)
        #expect(error?.operation == "mdb_env_open")
    }
}
