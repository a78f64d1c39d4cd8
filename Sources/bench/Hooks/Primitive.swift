import Bytes
import Digest

/// What OpenSSL does of checking one signature, with everything it needs: the least that anybody
/// who checks it must do.
struct Primitive {
    /// The functions, with the keys they take.
    enum Function {
        case hmac(HashAlgorithm, HMACKey)
        case sha256
        case ed25519(VerifyingKey)
        case rsa(RSAKey)
    }

    let function: Function
    /// What is signed.
    let message: [UInt8]
    /// The signature over it, or the code.
    let signature: [UInt8]

    /// The name that tools/bench knows it by.
    var name: String {
        switch function {
        case .hmac(.sha1, _): "hmac-sha1"
        case .hmac(.sha256, _): "hmac-sha256"
        case .hmac(.sha512, _): "hmac-sha512"
        case .sha256: "sha256"
        case .ed25519: "ed25519"
        case .rsa: "rsa2048"
        }
    }

    /// Computes it once, and whether the signature is right.
    func isRight() -> Bool {
        switch function {
        case .hmac(_, let key):
            var code = key.start()
            code.update(message.span)
            return code.finish() == signature
        case .sha256:
            let hash = SHA256.hash(message.span)
            return hash.withSpan { constantTimeEquals($0, signature.span) }
        case .ed25519(let key): return key.verify(signature.span, message.span)
        case .rsa(let key): return key.verify(signature.span, message.span)
        }
    }
}
