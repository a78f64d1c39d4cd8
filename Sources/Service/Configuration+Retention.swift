package import Audit
internal import POSIX
internal import YAML

extension Configuration {
    /// How long events are kept, without reading secrets; the usual time where the file says none.
    package static func retention(ledger: String) throws -> RetentionPolicy {
        guard Files.exists(file(ledger)) else { return RetentionPolicy() }
        do {
            let node = try read(ledger).mapping["retention"]
            return try node.map { try RetentionPolicy($0) } ?? RetentionPolicy()
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }
}
