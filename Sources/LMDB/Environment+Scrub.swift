internal import CLMDB
internal import Glibc

/// What a scrub did.
package struct ScrubReport: Sendable, Equatable {
    /// Bytes that were overwritten with zeros.
    package var bytes = 0
    /// Pages that hold nothing now, but still stand in the view of a reader that began earlier.
    package var pagesInUse = 0

    /// Whether nothing is left of what was removed.
    package var isComplete: Bool { pagesInUse == 0 }
}

extension Environment {
    /// Overwrites with zeros whatever lies in the data file and in no record: free pages, the gaps
    /// in pages that are in use, and what lies behind the last page.
    ///
    /// LMDB frees the page of a record that is removed and leaves its bytes where they are; here
    /// they go. Nothing that a reader can see changes, so a crash on the way harms nothing and the
    /// scrub is just done again. `databases` are all that there are. Waits for readers that began
    /// before the last commit, for so many milliseconds at most, and keeps writers out meanwhile.
    ///
    /// By the file format of LMDB 0.9 (its `mdb.c`: MDB_page, MDB_node and the free list).
    package func scrub(
        _ databases: [Database],
        waiting milliseconds: Int = 5000
    ) throws(LMDBError) -> ScrubReport {
        gate.lockShared()
        defer { gate.unlock() }
        try waitForReaders(milliseconds)
        // It changes nothing: it keeps every other writer out, of this process or another.
        let lock = try unsafe WriteTransaction(environment: handle)
        let now = try unsafe ReadTransaction(environment: handle)
        var scrubber = try unsafe Scrubber(handle, now)
        try unsafe scrubber.collectFreePages(handle, now)
        try scrubber.scrubPages()
        for database in databases { try scrubber.scrubTails(of: database, now) }
        try scrubber.scrubEnd()
        _ = consume lock
        return scrubber.report
    }

    /// Waits until nobody reads an earlier view than the newest as it is now; writers go on.
    private func waitForReaders(_ milliseconds: Int) throws(LMDBError) {
        var information = unsafe MDB_envinfo()
        try unsafe check(mdb_env_info(handle, &information), "mdb_env_info")
        let newest = unsafe information.me_last_txnid
        var waited = 0
        while try unsafe Scrubber.oldestReader(handle) ?? newest < newest, waited < milliseconds {
            usleep(20_000)
            waited += 20
        }
    }
}

/// One pass over a data file, while nothing is written to it.
private struct Scrubber {
    private let file: Int32
    private let pageSize: Int
    private let lastPage: Int
    /// The transaction whose view is the newest.
    let newest: Int
    private(set) var report = ScrubReport()
    /// Whether a page belongs to nothing, by its number.
    private var isFree: [Bool]
    private let zeros: [UInt8]

    /// Bytes of a page's header; numbers in it are of the machine's own order.
    private static let headerSize = 16
    private static let flagsOffset = 10
    private static let branch: UInt16 = 1
    private static let leaf: UInt16 = 2
    private static let overflow: UInt16 = 4
    /// Pages that are looked at together.
    private static let batch = 256

    init(_ environment: OpaquePointer, _ now: borrowing ReadTransaction) throws(LMDBError) {
        var information = unsafe MDB_envinfo()
        var statistics = MDB_stat()
        var file: Int32 = -1
        try unsafe check(mdb_env_info(environment, &information), "mdb_env_info")
        try unsafe check(mdb_env_stat(environment, &statistics), "mdb_env_stat")
        try unsafe check(mdb_env_get_fd(environment, &file), "mdb_env_get_fd")
        self.file = file
        pageSize = Int(statistics.ms_psize)
        lastPage = unsafe information.me_last_pgno
        newest = unsafe mdb_txn_id(now.handle)
        isFree = Array(repeating: false, count: lastPage + 1)
        zeros = Array(repeating: 0, count: pageSize)
    }

    /// The oldest transaction whose view somebody reads; `nil` if nobody does.
    static func oldestReader(_ environment: OpaquePointer) throws(LMDBError) -> Int? {
        // The list is text: process, thread, transaction a line; "-" where a slot is not in use.
        var text: [UInt8] = []
        let code = unsafe withUnsafeMutablePointer(to: &text) { text in
            unsafe mdb_reader_list(
                environment,
                { line, context in
                    guard let line = unsafe line, let context = unsafe context else { return -1 }
                    let text = unsafe context.assumingMemoryBound(to: [UInt8].self)
                    let bytes = unsafe UnsafeRawBufferPointer(start: line, count: strlen(line))
                    unsafe text.pointee.append(contentsOf: bytes)
                    return 0
                },
                text
            )
        }
        if code < 0 { throw LMDBError(code: code, operation: "mdb_reader_list") }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        return lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.min()
    }

    /// Notes the pages that LMDB's own list of free pages names.
    mutating func collectFreePages(
        _ environment: OpaquePointer,
        _ now: borrowing ReadTransaction
    ) throws(LMDBError) {
        let oldest = try unsafe Self.oldestReader(environment) ?? newest
        // The list is the database 0: under the transaction that freed them, a count and the pages.
        var cursor = try now.cursor(over: Database(handle: 0))
        while try cursor.next() {
            guard let freedBy = cursor.key else { continue }
            let value = cursor.value
            for index in 1..<max(1, value.count / 8) {
                let page = Int(truncatingIfNeeded: Self.word(value, at: index * 8))
                guard (2...lastPage).contains(page) else { continue }
                if freedBy <= UInt64(oldest) {
                    isFree[page] = true
                } else {
                    report.pagesInUse += 1
                }
            }
        }
    }

    private static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        unsafe bytes.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
    }

    /// Zeroes free pages whole, and the gap between a page's list of records and its records.
    mutating func scrubPages() throws(LMDBError) {
        var page = 2
        var batch: [UInt8] = []
        var first = 0
        while page <= lastPage {
            if page >= first + batch.count / pageSize {
                batch = try read(at: page * pageSize, count: Self.batch * pageSize)
                first = page
                guard batch.count >= pageSize else { return }
            }
            let start = (page - first) * pageSize
            page += try scrub(page, batch.span.extracting(start..<start + pageSize))
        }
    }

    /// Scrubs one page; gives how many pages it is the first of.
    private mutating func scrub(_ page: Int, _ bytes: Span<UInt8>) throws(LMDBError) -> Int {
        if isFree[page] {
            try zero(page * pageSize, bytes)
            return 1
        }
        let (flags, lower, upper, count) = unsafe bytes.withUnsafeBytes { raw in
            unsafe (
                raw.loadUnaligned(fromByteOffset: Self.flagsOffset, as: UInt16.self),
                Int(raw.loadUnaligned(fromByteOffset: 12, as: UInt16.self)),
                Int(raw.loadUnaligned(fromByteOffset: 14, as: UInt16.self)),
                Int(raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
            )
        }
        guard Self.word(bytes, at: 0) == UInt64(page) else { return 1 }
        if flags & Self.overflow != 0 { return max(1, min(count, lastPage + 1 - page)) }
        guard flags & (Self.branch | Self.leaf) != 0, Self.headerSize <= lower, lower < upper,
            upper <= pageSize
        else { return 1 }
        try zero(page * pageSize + lower, bytes.extracting(lower..<upper))
        return 1
    }

    /// Zeroes what lies behind records that have pages of their own.
    mutating func scrubTails(
        of database: Database,
        _ now: borrowing ReadTransaction
    ) throws(LMDBError) {
        var cursor = try now.cursor(over: database)
        while try cursor.next() {
            let value = cursor.value
            guard value.count > 0, let page = overflowPage(value) else { continue }
            let end = Self.headerSize + value.count
            let rest = end % pageSize
            guard rest > 0 else { continue }
            let place = page * pageSize + end
            let tail = try read(at: place, count: pageSize - rest)
            try zero(place, tail.span)
        }
    }

    /// The first page of a record that has pages of its own; such records begin behind the header.
    private func overflowPage(_ value: Span<UInt8>) -> Int? {
        unsafe value.withUnsafeBytes { raw in
            guard let start = raw.baseAddress,
                Int(bitPattern: start) % pageSize == Self.headerSize
            else { return nil }
            let header = unsafe start - Self.headerSize
            let page = unsafe header.loadUnaligned(as: UInt64.self)
            let flags = unsafe header.loadUnaligned(
                fromByteOffset: Self.flagsOffset,
                as: UInt16.self
            )
            guard flags & Self.overflow != 0, page <= UInt64(lastPage) else { return nil }
            return Int(page)
        }
    }

    /// Zeroes what transactions that never ended left behind the last page.
    mutating func scrubEnd() throws(LMDBError) {
        var place = (lastPage + 1) * pageSize
        while true {
            let bytes = try read(at: place, count: Self.batch * pageSize)
            if bytes.isEmpty { break }
            try zero(place, bytes.span)
            place += bytes.count
        }
        if fdatasync(file) != 0 { throw LMDBError(code: errno, operation: "fdatasync") }
    }

    private func read(at place: Int, count: Int) throws(LMDBError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let got = unsafe pread(
                    file,
                    buffer.baseAddress.map { unsafe $0 + done },
                    count - done,
                    place + done
                )
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                done += got
            }
        }
        if failure != 0 { throw LMDBError(code: failure, operation: "read data.mdb") }
        return bytes
    }

    /// Overwrites a stretch of the file with zeros unless that is what it holds.
    private mutating func zero(_ place: Int, _ bytes: Span<UInt8>) throws(LMDBError) {
        var first = 0
        while first < bytes.count, bytes[first] == 0 { first += 1 }
        var end = bytes.count
        while end > first, bytes[end - 1] == 0 { end -= 1 }
        report.bytes += end - first
        while first < end {
            let count = min(end - first, zeros.count)
            let offset = place + first
            let written = unsafe zeros.withUnsafeBytes {
                unsafe pwrite(file, $0.baseAddress, count, offset)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw LMDBError(code: errno, operation: "overwrite data.mdb") }
            first += written
        }
    }
}
