import Bytes
import Digest

// Spans cannot pass through `#expect`; arrays can.

extension SHA256 {
    static func hash(_ bytes: [UInt8]) -> Hash256 { hash(bytes.span) }
    static func leaf(_ bytes: [UInt8]) -> Hash256 { leaf(bytes.span) }
}

extension SigningKey {
    func sign(_ message: [UInt8]) throws -> [UInt8] { try sign(message.span) }
}

extension VerifyingKey {
    func verify(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
        verify(signature.span, message.span)
    }
}

extension RSAKey {
    func verify(_ signature: [UInt8], _ message: String) -> Bool {
        verify(signature, Array(message.utf8))
    }

    func verify(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
        verify(signature.span, message.span)
    }
}

extension RSASigningKey {
    func sign(_ message: [UInt8]) throws -> [UInt8] { try sign(message.span) }
}

func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    constantTimeEquals(a.span, b.span)
}
