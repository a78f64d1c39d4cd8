internal import Bytes

/// A sequence in 20 digits, as lines and file names have it.
func sequenceText(_ sequence: UInt64) -> String {
    Decimal.padded(sequence, digits: Decimal.sequenceDigits)
}
