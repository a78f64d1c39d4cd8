internal import Audit
package import Ledger

extension Ledger {
    /// Opens the ledger in a folder to append, its head file as its configuration says.
    ///
    /// Should the configuration be another one than the log knows, an event says so, before
    /// whatever comes now. `actor` stands in that event, and in all that name nobody.
    package static func openForAppending(_ path: String, actor: Actor) throws -> Ledger {
        let headFile = try Configuration.headFile(ledger: path)
        let options = Options(appends: true, headFile: headFile, actor: actor)
        let ledger = try Ledger(path: path, options: options)
        do {
            try ConfigurationChange.record(
                file: Configuration.file(path),
                in: ledger,
                by: actor
            )
        } catch {
            ledger.close()
            throw error
        }
        return ledger
    }
}
