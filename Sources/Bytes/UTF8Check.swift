/// Whether bytes are UTF-8 (RFC 3629).
package enum UTF8Check {
    /// Whether `bytes` are UTF-8 throughout: no overlong form, surrogate or cut character.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        (try? UTF8Span(validating: bytes)) != nil
    }

    /// The offset of the first byte that is not part of UTF-8; `nil` if all are.
    package static func firstInvalid(_ bytes: Span<UInt8>) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}

extension String {
    /// Makes a string; `nil` if the bytes are not UTF-8.
    package init?(utf8 bytes: Span<UInt8>) {
        guard let valid = try? UTF8Span(validating: bytes) else { return nil }
        self.init(copying: valid)
    }
}
