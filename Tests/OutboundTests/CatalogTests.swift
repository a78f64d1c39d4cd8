import Foundation
import Outbound
import Testing
import YAML

/// The catalog's own files, as far as they tell of services.
@Suite("services of the catalog")
struct CatalogTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Catalog/Systems")

    static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    /// The service of a file, `nil` if it tells of none.
    static func service(_ file: String) throws -> ServiceProfile? {
        let bytes = Array(try Data(contentsOf: folder.appending(path: file)))
        let root = try parseYAML(bytes.span, file: file)
        guard let service = root["service"] else { return nil }
        return try ServiceProfile(service, name: String(file.dropLast(5)), about: "")
    }

    @Test("there are entries to read")
    func some() {
        #expect(Self.files.count > 10)
    }

    @Test("each service's entry is as the format has it", arguments: files)
    func parses(file: String) throws {
        guard let profile = try Self.service(file) else { return }
        #expect(profile.answer(200, "content-type: text/plain").lines == [])
    }

    @Test("each service's entry reads what its provider answers", arguments: Dialect.all)
    func reads(dialect: Dialect) throws {
        let system = try #require(try Self.service(dialect.system + ".yaml"))
        let report = system.answer(dialect.status, dialect.headers, body: dialect.body)
        let model = try profile(dialect.keys)
            .answer(dialect.status, dialect.headers, body: dialect.body)
        // An entry may leave out what is not certain of a limit, but not what remains of it.
        #expect(Set(report.limits.map(\.remaining)).isSuperset(of: model.limits.map(\.remaining)))
        #expect(report.isLimited == model.isLimited)
        #expect(report.retryAt == model.retryAt)
        #expect(report.unread == [])
    }
}
