internal import COpenSSL

extension KeyHandle {
    /// Makes a public RSA key from its two numbers, big-endian.
    convenience init(modulus: [UInt8], exponent: [UInt8]) throws(DigestError) {
        var modulus = try KeyHandle.native(modulus)
        var exponent = try KeyHandle.native(exponent)
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            throw .library("EVP_PKEY_CTX_new_from_name")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_fromdata_init(context) == 1 else {
            throw .library("EVP_PKEY_fromdata_init")
        }
        var key: OpaquePointer?
        let made = unsafe modulus.withUnsafeMutableBufferPointer { n in
            unsafe exponent.withUnsafeMutableBufferPointer { e in
                var numbers = unsafe [
                    KeyHandle.parameter("n", n), KeyHandle.parameter("e", e),
                    OSSL_PARAM_construct_end(),
                ]
                // EVP_PKEY_PUBLIC_KEY, a macro that Swift cannot read.
                let half = OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY
                return unsafe EVP_PKEY_fromdata(context, &key, half, &numbers)
            }
        }
        guard made == 1, let key = unsafe key else { throw .library("EVP_PKEY_fromdata") }
        unsafe self.init(adopting: key)
    }

    /// A number of an RSA key, big-endian without leading zeros: `n` is the modulus, `e` the
    /// exponent.
    func number(_ name: String) throws(DigestError) -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1 else {
            throw .library("EVP_PKEY_get_bn_param")
        }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(unsafe BN_num_bits(number)) + 7) / 8)
        guard unsafe Int(BN_bn2bin(number, &bytes)) == bytes.count else {
            throw .library("BN_bn2bin")
        }
        return bytes
    }

    /// Signs SHA-256 of `message` with this key's private half, by PKCS #1 v1.5 where it is RSA.
    func signSHA256(_ message: Span<UInt8>) throws(DigestError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .library("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer) == 1 else {
            throw .library("EVP_DigestSignInit")
        }
        var signature = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(pointer)))
        var count = signature.count
        let signed = unsafe message.withUnsafeBufferPointer {
            unsafe EVP_DigestSign(context, &signature, &count, $0.baseAddress, $0.count)
        }
        guard signed == 1 else { throw .library("EVP_DigestSign") }
        return Array(signature.prefix(count))
    }

    /// A parameter that points to its name and its number.
    private static func parameter(
        _ name: StaticString,
        _ number: UnsafeMutableBufferPointer<UInt8>
    ) -> OSSL_PARAM {
        // Only a literal's bytes stay where they are for as long as the parameter is used.
        let name = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        return unsafe OSSL_PARAM_construct_BN(name, number.baseAddress, number.count)
    }

    /// A big-endian number in the machine's byte order, as libcrypto's parameters are given.
    private static func native(_ number: [UInt8]) throws(DigestError) -> [UInt8] {
        guard let big = unsafe BN_bin2bn(number, Int32(clamping: number.count), nil) else {
            throw .library("BN_bin2bn")
        }
        defer { unsafe BN_free(big) }
        var bytes = [UInt8](repeating: 0, count: max(1, number.count))
        guard unsafe BN_bn2nativepad(big, &bytes, Int32(clamping: bytes.count)) >= 0 else {
            throw .library("BN_bn2nativepad")
        }
        return bytes
    }
}
