internal import JSON

/// Why a request is not taken for what it claims to be.
package struct Refusal: Error, Hashable, Sendable {
    /// The kinds of reasons; raw values are what stands in front in a line's `reason`.
    package enum Word: String, Sendable {
        case missingHeader = "missing-header"
        case doubledHeader = "doubled-header"
        case conflictingHeaders = "conflicting-headers"
        case missingSignature = "missing-signature"
        case malformedSignature = "malformed-signature"
        case signatureMismatch = "signature-mismatch"
        case malformedTimestamp = "malformed-timestamp"
        case tooOld = "timestamp-too-old"
        case tooNew = "timestamp-too-new"
        case unknownAlgorithm = "unknown-algorithm"
        case missingParameter = "missing-parameter"
        case missingToken = "missing-token"
        case malformedToken = "malformed-token"
        case unknownKey = "unknown-key"
        case wrongToken = "wrong-token"
        case certificateURL = "certificate-url"
        case untrustedCertificate = "untrusted-certificate"
        case notJSON = "not-json"
        case notForm = "not-a-form"
        case notXML = "not-xml"
        case tooManyParts = "too-many-parts"
        case handshakeRefused = "handshake-refused"
        case tooDeep = "too-deep"
        case tooLarge = "too-large"
        case missingID = "missing-id"
        case missingType = "missing-type"
        case overlongName = "overlong-name"
    }

    /// What kind of reason it is.
    package let word: Word
    /// The reason for people, without anything secret and without the request's content.
    package let text: String
    /// 401 if the sender is not who it should be, 400 or 413 if it is and what it sent is wrong.
    package let status: Int

    init(_ word: Word, _ text: String, status: Int = 401) {
        self.word = word
        self.text = text
        self.status = status
    }

    /// A body that cannot be read.
    init(_ error: JSONError) {
        switch error {
        case .tooDeep: self.init(.tooDeep, "body: \(error)", status: 400)
        case .tooLarge: self.init(.tooLarge, "body: \(error)", status: 413)
        default: self.init(.notJSON, "body: \(error)", status: 400)
        }
    }

    /// The word, a colon and the text: the line's `reason`.
    package var reason: String { "\(word.rawValue): \(text)" }
}
