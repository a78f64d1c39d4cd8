internal import Bytes
internal import LMDB
internal import Ledger

/// A version of a projection that has a view.
package struct ProjectionVersion: Sendable {
    package let name: String
    package let version: Int
    /// Whether it answers.
    package let isActive: Bool
}

extension Views {
    /// All versions of all projections that have a view, by name and version.
    package func versions() throws -> [ProjectionVersion] {
        try store.environment.read { transaction in
            try catalogue.views(in: transaction).map { view in
                let active = try catalogue.version(.active, of: view.name, in: transaction)
                return ProjectionVersion(
                    name: view.name,
                    version: view.version,
                    isActive: active == view.version
                )
            }
        }
    }

    /// Makes a version the one that answers, in one transaction; by default the newest.
    ///
    /// - Returns: the version that answers now, and the one that did before.
    package func promote(
        _ name: String,
        version: Int? = nil
    ) throws -> (version: Int, before: Int?) {
        let known = try versions(name)
        guard let version = version ?? known.max(), known.contains(version) else {
            if known.isEmpty { throw ViewError.unknown(name: name, known: try names()) }
            throw ViewError.noVersion(name: name, version: version ?? 0, known: known)
        }
        _ = try open(ViewRequest(name, version: version))
        let before = try store.write { transaction in
            let before = try catalogue.version(.active, of: name, in: transaction)
            guard before != version else { return before }
            try catalogue.point(.active, of: name, to: version, in: &transaction)
            try catalogue.point(.previous, of: name, to: before, in: &transaction)
            return before
        }
        try recordDefinitions(named: name)
        if before != version { try recordPromotion(of: name, to: version, from: before) }
        return (version, before)
    }

    /// Makes the version answer again that did before the last promotion.
    package func rollback(_ name: String) throws -> (version: Int, before: Int?) {
        let previous = try store.environment.read { transaction in
            try catalogue.version(.previous, of: name, in: transaction)
        }
        guard let previous, try stored(name, previous) != nil else {
            throw ViewError.noPrevious(name: name)
        }
        return try promote(name, version: previous)
    }

    /// Deletes a version that does not answer, with its rows if no other version shows them.
    package func drop(_ name: String, version: Int) throws {
        guard let view = try stored(name, version) else {
            throw ViewError.noVersion(name: name, version: version, known: try versions(name))
        }
        try store.write { transaction in
            guard try catalogue.version(.active, of: name, in: transaction) != version else {
                throw ViewError.isActive(name: name, version: version)
            }
            if try catalogue.version(.previous, of: name, in: transaction) == version {
                try catalogue.point(.previous, of: name, to: nil, in: &transaction)
            }
            try catalogue.removeView(name, version, in: &transaction)
        }
        try removeUnusedRows(view.rows)
    }

    /// Deletes rows that no version shows.
    func removeUnusedRows(_ number: UInt32) throws {
        let isUsed = try store.environment.read { transaction in
            try catalogue.views(in: transaction).contains { $0.rows == number }
        }
        if !isUsed { try removeRows(number) }
    }

    /// Deletes rows with all that belongs to them, in steps that each are short.
    func removeRows(_ number: UInt32) throws {
        try store.write { try catalogue.removeRows(number, in: &$0) }
        let prefix = ViewKey.prefix(number)
        for database in [store.rows, store.links, store.touched, store.quarantine] {
            while try removeSome(database, prefix) {}
        }
    }

    /// Deletes up to so many records; `false` when there are none left.
    private func removeSome(_ database: Database, _ prefix: [UInt8]) throws -> Bool {
        let keys = try store.environment.read { transaction in
            var keys: [[UInt8]] = []
            var cursor = try transaction.cursor(over: database, from: prefix)
            while keys.count < 20_000, try cursor.next() {
                guard cursor.keyBytes.hasPrefix(prefix.span) else { break }
                keys.append([UInt8](copying: cursor.keyBytes))
            }
            return keys
        }
        guard !keys.isEmpty else { return false }
        try store.write { transaction in
            for key in keys { _ = try transaction.remove(key.span, in: database) }
        }
        return true
    }
}
