internal import Bytes
internal import JSON
internal import LMDB
package import Ledger

/// What becomes of projections when bodies are erased.
package struct KeptBodies: Sendable {
    /// What is kept of each body, by the event's sequence: what the definitions that answer read
    /// for columns that are not personal.
    package var bodies: [UInt64: Body] = [:]
    /// The projections whose rules are for any of the events.
    package var projections: Set<String> = []
}

extension Views {
    /// Works out what projections go on to read of bodies when these are erased.
    package func keptBodies(of sequences: [UInt64]) throws -> KeptBodies {
        var kept = KeptBodies()
        let answering = try names().map { name in
            let plan = try plan(of: view(name))
            return (name: name, plan: plan, paths: KeptPaths(plan.definition))
        }
        // Versions that do not answer have rows, too.
        let stored = try versions().map { version in
            (name: version.name, plan: try plan(of: view(version.name, version: version.version)))
        }
        try ledger.read { snapshot in
            for sequence in sequences {
                guard let line = try snapshot.line(at: sequence),
                    let record = try snapshot.body(at: sequence)
                else { continue }
                // The event's own content, and that of each event that is part of it.
                var wanted: [(prefix: String, places: KeptPaths.Places)] = []
                func look(_ line: borrowing Line, at prefix: String) {
                    for (name, plan) in stored where !plan.candidates(for: line).isEmpty {
                        kept.projections.insert(name)
                    }
                    for (name, plan, paths) in answering {
                        for rule in plan.candidates(for: line) {
                            kept.projections.insert(name)
                            wanted.append((prefix, paths.rules[rule]))
                        }
                    }
                }
                look(line, at: "")
                try snapshot.forEachLine(from: sequence + 1) { _, part in
                    // They follow their request, whatever a redelivered one names as its cause.
                    guard let place = part.text(.part) else { return false }
                    look(part, at: place)
                    return true
                }
                if let text = try Self.kept(wanted, of: record, line) {
                    let meta = Array("{}".utf8)
                    kept.bodies[sequence] = Body(meta: meta.span, content: text.span)
                }
            }
        }
        return kept
    }

    /// The part of a body's content that is kept; `nil` if it is none that can be read, or nothing.
    private static func kept(
        _ wanted: [(prefix: String, places: KeptPaths.Places)],
        of record: Span<UInt8>,
        _ line: borrowing Line
    ) throws -> [UInt8]? {
        guard !wanted.isEmpty, let layout = BodyLayout(record) else { return nil }
        let content = record.extracting(layout.content)
        do {
            if let text = try EventContent.jsonText(content, line) {
                return try kept(wanted, of: text.span)
            }
            return try kept(wanted, of: content)
        } catch is JSONExtractionError {
            return nil
        } catch is ContentFault {
            return nil
        }
    }

    private static func kept(
        _ wanted: [(prefix: String, places: KeptPaths.Places)],
        of text: Span<UInt8>
    ) throws(JSONExtractionError) -> [UInt8]? {
        var document = try KeptDocument(text)
        for (prefix, places) in wanted {
            for path in places.paths { try document.keep(prefix + path, of: text) }
            guard let each = places.each else { continue }
            for index in 0..<(try document.count(prefix + each, of: text)) {
                let element = "\(prefix)\(each)/\(index)"
                if places.takesElements { try document.keep(element, of: text) }
                for path in places.paths { try document.keep(element + path, of: text) }
            }
        }
        return document.text
    }

    /// Folds the rows of projections anew, from what is left of the log, and overwrites in the
    /// file of `views/` what was in their place.
    ///
    /// Versions that do not answer are dropped, as their rows hold what was erased, too.
    ///
    /// - Returns: the versions that were dropped, those that could not be folded anew (their
    ///   definition's file has another version by now), and what the overwriting did.
    package func foldAnew(
        _ projections: Set<String>,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> (dropped: [ProjectionVersion], left: [ProjectionVersion], overwriting: Overwriting)
    {
        var dropped: [ProjectionVersion] = []
        var left: [ProjectionVersion] = []
        for version in try versions() where projections.contains(version.name) {
            if files.definition(named: version.name)?.version == version.version { continue }
            if version.isActive {
                left.append(version)
            } else {
                try drop(version.name, version: version.version)
                dropped.append(version)
            }
        }
        var options = RebuildOptions()
        options.anew = true
        options.digests = false
        options.quarantines = true
        for name in projections.sorted() where !left.contains(where: { $0.name == name }) {
            _ = try rebuild(name, options, progress: progress)
        }
        let databases = [
            store.catalogue, store.rows, store.links, store.touched, store.quarantine,
        ]
        return (dropped, left, try Overwriting(store.environment, databases))
    }
}
