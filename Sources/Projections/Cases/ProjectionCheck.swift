internal import POSIX

/// A file of cases.
package struct CaseFile: Sendable {
    /// The file's name for messages.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// Runs the cases of some files.
///
/// A file that cannot be read as cases is an error; a case that does not hold is in its report.
package func checkCases(_ definition: Definition, _ files: [CaseFile]) throws -> [CaseReport] {
    let reader = CaseReader(definition)
    let runner = CaseRunner(definition)
    var reports: [CaseReport] = []
    for file in files {
        let bytes = file.bytes
        for story in try reader.cases(bytes.span, file: file.name) {
            reports.append(try runner.run(story))
        }
    }
    return reports
}

/// A projection's definition has been read, and its cases have been run.
package struct ProjectionCheck: Sendable {
    /// What was checked.
    package let definition: Definition
    /// The definition's file.
    package let file: String
    /// By file and place.
    package let cases: [CaseReport]

    /// Whether all cases hold.
    package var holds: Bool { cases.allSatisfy(\.holds) }

    /// Checks what is under `projections/` in a ledger's folder or in a checkout; in a ledger
    /// without that folder, the default projections.
    package static func run(folder: String) throws -> [ProjectionCheck] {
        guard Files.isFolder("\(folder)/projections") else {
            // Says so if there is no such folder at all.
            _ = try Files.list(folder)
            return try runDefaults()
        }
        let files = try DefinitionFiles(ledger: folder)
        return try files.definitions.map { definition in
            let cases = try caseFiles("\(folder)/projections/\(definition.name)/cases")
            return ProjectionCheck(
                definition: definition,
                file: files.path(of: definition.name),
                cases: try checkCases(definition, cases)
            )
        }
    }

    private static func runDefaults() throws -> [ProjectionCheck] {
        try DefaultProjections.all.map { files in
            let file = "projections/\(files.name)/projection.yaml"
            let bytes = files.definition
            let definition = try Definition(yaml: bytes.span, file: file)
            let name = "projections/\(files.name)/cases/stories.yaml"
            let stories = CaseFile(name: name, bytes: files.stories)
            return ProjectionCheck(
                definition: definition,
                file: file,
                cases: try checkCases(definition, [stories])
            )
        }
    }

    private static func caseFiles(_ folder: String) throws -> [CaseFile] {
        guard Files.isFolder(folder) else { return [] }
        return try Files.list(folder).filter { $0.hasSuffix(".yaml") }.sorted().map { name in
            let path = "\(folder)/\(name)"
            return CaseFile(name: path, bytes: try Files.read(path, limit: 1 << 20))
        }
    }
}
