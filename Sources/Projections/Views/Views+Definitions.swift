extension Views {
    /// The definitions that answer, by the projection's name, each with its text as it was written.
    package func definitionTexts() throws -> [(name: String, version: Int, text: [UInt8])] {
        try names().map { name in
            let view = try view(name)
            return (name, view.version, view.text)
        }
    }
}
