internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle
internal import POSIX
internal import Synchronization

/// Reads the whole log again and compares everything that can be compared.
///
/// Sections of lines are checked in parallel, each with what precedes it taken from the log; the
/// tiles tie the sections together, the checkpoints' signatures come last, when the keys are known.
package struct Verifier: Sendable {
    /// What to check, and how.
    package struct Options: Sendable {
        /// First event to check.
        package var from: UInt64 = 0
        /// Last event to check; `nil` for the end.
        package var to: UInt64?
        /// Begins where the last signed "verified up to" mark ends.
        package var isIncremental = false
        /// A vkey that the log's first key must equal.
        package var pinnedKey: String?
        /// Threads; one for each core by default.
        package var threads = processorCount()

        package init() {}
    }

    /// Told now and then: events done, events in all.
    package typealias Progress = @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    private let path: String
    private let store: Store
    private let headFile: HeadFile
    private let options: Options
    private static let sectionSize: UInt64 = 16_384

    /// Opens the log in a ledger's folder for reading; it need not be sound.
    package init(path: String, headFile: String?, options: Options) throws(LedgerError) {
        guard Files.exists("\(path)/log/data.mdb") else { throw .missing(path: path) }
        self.path = path
        self.headFile = HeadFile(path: headFile ?? HeadFile.defaultPath(ledger: path))
        self.options = options
        do throws(LMDBError) {
            store = try Store(folder: path, options: .init(readOnly: true))
        } catch {
            throw .storage(error)
        }
    }

    /// Checks, and says what was found.
    ///
    /// - Throws: when the log cannot be read at all; damage that can be named is a finding.
    package func run(progress: @escaping Progress) throws -> VerifyReport {
        let start = Clock.monotonicNanoseconds
        var report = VerifyReport()
        var findings = Findings()
        // Before the log: the head file lags behind it, so a head that is read first is never ahead.
        let known = Result { () throws(LedgerError) in try headFile.read() }
        let log = try store.environment.read { transaction in
            try LogExtent(Snapshot(transaction, store), path, &findings)
        }
        report.origin = log.origin
        report.size = log.size
        let range = try chooseRange(log, &report, &findings)
        report.range = range

        var keys: [(sequence: UInt64, vkey: String)] = []
        var effective: UInt64 = 0
        for result in try checkSections(range, log, progress) {
            findings.add(result.findings)
            report.counts.add(result.counts)
            keys += result.keys
            effective += result.effective
        }
        let isWhole = range == 0..<log.size
        try store.environment.read { transaction in
            let snapshot = Snapshot(transaction, store)
            report.root = try? snapshot.root(size: log.size)
            // Another process may have appended meanwhile: what it added is counted, not checked.
            let grown = try Growth(snapshot, since: log.size)
            report.counts.tiles = try TileCheck(snapshot, size: grown.size).run(
                snapshot,
                &findings,
                &report.counts.bytes
            )
            report.erasures = try ErasureCheck.run(snapshot, &findings)
            if isWhole {
                try StrayCheck.run(
                    snapshot,
                    size: grown.size,
                    checkpoints: report.counts.checkpoints + grown.checkpoints,
                    &findings
                )
                report.counts.ids = try IndexCheck.run(
                    snapshot,
                    effective: effective + grown.effective,
                    size: grown.size,
                    &findings
                )
            }
            if !isWhole {
                keys += try KeyHistory.scan(snapshot, 0..<range.lowerBound)
                keys += try KeyHistory.scan(snapshot, range.upperBound..<log.size)
            }
        }
        keys.sort { $0.sequence < $1.sequence }
        let history = KeyHistory(keys, log: log, pinned: options.pinnedKey, &findings)
        try store.environment.read { transaction in
            try history.proveChanges(Snapshot(transaction, store), &findings)
        }
        report.keys = history.list
        report.counts.signatures = try checkSignatures(range, log, history, &findings)
        try checkHeadFile(known, log, history, &findings, &report)
        report.findings = findings.kept.sorted { $0.place.order < $1.place.order }
        report.findingCounts = findings.counts
        report.limits += Self.limits(isWhole: isWhole, report)
        report.nanoseconds = Clock.monotonicNanoseconds - start
        return report
    }

    private func chooseRange(
        _ log: LogExtent,
        _ report: inout VerifyReport,
        _ findings: inout Findings
    ) throws -> Range<UInt64> {
        var from = options.from
        if options.isIncremental {
            if let mark = try VerifiedMark.read(path, log, store, &findings) {
                report.resumedFrom = mark.size
                from = max(from, mark.size)
                report.limits.append(
                    "events before \(from), which were not read now; they were verified at "
                        + mark.time
                )
            } else {
                report.limits.append(
                    "nothing more: there was no mark of an earlier run, so all was read"
                )
            }
        }
        let end = min(options.to.map { $0 == .max ? $0 : $0 + 1 } ?? log.size, log.size)
        return min(from, end)..<end
    }

    // MARK: - In parallel

    private func checkSections(
        _ range: Range<UInt64>,
        _ log: LogExtent,
        _ progress: @escaping Progress
    ) throws -> [SectionResult] {
        var starts: [UInt64] = []
        var start = range.lowerBound
        while start < range.upperBound {
            starts.append(start)
            start = (start / Self.sectionSize + 1) * Self.sectionSize
        }
        let sections = zip(starts, starts.dropFirst() + [range.upperBound]).map { $0..<$1 }
        let done = Atomic<UInt64>(0)
        let total = UInt64(range.count)
        return try inParallel(sections.count, threads: options.threads) { index in
            try store.environment.read { transaction in
                let snapshot = Snapshot(transaction, store)
                var check = try SectionCheck(snapshot, sections[index], origin: log.origin)
                return try check.run(snapshot) { count in
                    let now = done.add(UInt64(count), ordering: .relaxed).newValue
                    progress(now, total)
                }
            }
        }
    }

    /// Verifies each checkpoint's signature under the key of its time.
    private func checkSignatures(
        _ range: Range<UInt64>,
        _ log: LogExtent,
        _ history: KeyHistory,
        _ findings: inout Findings
    ) throws -> UInt64 {
        let width = max(1, (UInt64(range.count) + 63) / 64)
        let results = try inParallel(64, threads: options.threads) { part in
            let from = range.lowerBound + UInt64(part) * width + 1
            let upTo = min(from + width, range.upperBound + 1)
            var found = Findings()
            var count: UInt64 = 0
            try store.environment.read { transaction in
                let snapshot = Snapshot(transaction, store)
                var notes = try snapshot.transaction.cursor(over: store.checkpoints, from: from)
                while from < upTo, try notes.next() {
                    guard let size = notes.key, size < upTo else { break }
                    count += 1
                    if let finding = history.check(notes.value, size: size) { found.add(finding) }
                }
            }
            return (found, count)
        }
        for result in results { findings.add(result.0) }
        return results.reduce(0) { $0 + $1.1 }
    }

    // MARK: - Outside the log

    private func checkHeadFile(
        _ known: Result<HeadFile.Stored?, LedgerError>,
        _ log: LogExtent,
        _ history: KeyHistory,
        _ findings: inout Findings,
        _ report: inout VerifyReport
    ) throws {
        func add(_ what: String, expected: String, found: String) {
            findings.add(
                Finding(.manipulation, .ledger("head file"), what, expected: expected, found: found)
            )
        }
        switch known {
        case .failure(let error):
            add(headFile.path, expected: "a checkpoint of this log", found: error.description)
        case .success(nil):
            report.limits.append(
                "that no tail was cut with all its traces: there is no head file at "
                    + headFile.path
            )
        case .success(let known?):
            if let finding = history.check(known.note.span, size: known.size) {
                add(finding.what, expected: finding.expected, found: finding.found)
            } else if known.size > log.size {
                add(
                    "events known outside the log",
                    expected: "at least \(known.size), root \(known.root)",
                    found: "\(log.size)"
                )
            } else {
                let root = try store.environment.read { transaction in
                    try? Snapshot(transaction, store).root(size: known.size)
                }
                guard root != known.root else { return }
                add(
                    "events known outside the log",
                    expected: "root \(known.root) at \(known.size)",
                    found: root?.description ?? "no root"
                )
            }
        }
    }

    private static func limits(isWhole: Bool, _ report: VerifyReport) -> [String] {
        var limits: [String] = []
        if !isWhole, report.resumedFrom == 0 {
            limits.append("events outside the range, and that the index of ids holds nothing else")
        }
        limits.append(VerifyReport.unanchored)
        return limits
    }
}

/// Runs `count` pieces of work on `threads` threads; the results in order, or the first error.
private func inParallel<R: Sendable>(
    _ count: Int,
    threads: Int,
    _ work: @escaping @Sendable (Int) throws -> R
) throws -> [R] {
    let results = Mutex<[R?]>(Array(repeating: nil, count: count))
    let failure = Mutex<(any Error)?>(nil)
    let next = Atomic<Int>(0)
    let worker: @Sendable () -> Void = {
        while failure.withLock({ $0 == nil }) {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do {
                let result = try work(index)
                results.withLock { $0[index] = result }
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
    }
    try runThreads(min(threads, count), worker)
    if let error = failure.withLock({ $0 }) { throw error }
    return results.withLock { $0.compactMap { $0 } }
}
