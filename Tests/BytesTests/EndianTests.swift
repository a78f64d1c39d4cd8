import Bytes
import Testing

@Suite("Fixed-width integers")
struct EndianTests {
    let bytes: [UInt8] = [0xff, 1, 2, 3, 4, 5, 6, 7, 8]

    @Test("bytes are read in the order asked for, at any offset")
    func load() {
        #expect(LittleEndian.uint16(bytes.span, at: 1) == 0x0201)
        #expect(LittleEndian.uint32(bytes.span, at: 1) == 0x0403_0201)
        #expect(LittleEndian.uint64(bytes.span, at: 1) == 0x0807_0605_0403_0201)
        #expect(BigEndian.uint16(bytes.span, at: 1) == 0x0102)
        #expect(BigEndian.uint32(bytes.span, at: 1) == 0x0102_0304)
        #expect(BigEndian.uint64(bytes.span, at: 1) == 0x0102_0304_0506_0708)
    }

    @Test(
        "an integer that does not lie within the bytes is nil",
        arguments: [-1, 2, 9, Int.max, Int.min]
    )
    func outOfBounds(offset: Int) {
        #expect(LittleEndian.uint64(bytes.span, at: offset) == nil)
        #expect(BigEndian.uint64(bytes.span, at: offset) == nil)
        #expect((BigEndian.uint16(bytes.span, at: offset) == nil) == (offset != 2))
        #expect((LittleEndian.uint32(bytes.span, at: offset) == nil) == (offset != 2))
    }

    @Test("what is appended is read back")
    func append() {
        var chance = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            let value = chance.next()
            var output: [UInt8] = []
            LittleEndian.append(value, to: &output)
            BigEndian.append(value, to: &output)
            LittleEndian.append(UInt32(truncatingIfNeeded: value), to: &output)
            BigEndian.append(UInt32(truncatingIfNeeded: value), to: &output)
            LittleEndian.append(UInt16(truncatingIfNeeded: value), to: &output)
            BigEndian.append(UInt16(truncatingIfNeeded: value), to: &output)
            #expect(output.count == 28)
            #expect(output[0] == UInt8(truncatingIfNeeded: value))
            #expect(output[15] == output[0])
            #expect(LittleEndian.uint64(output.span, at: 0) == value)
            #expect(BigEndian.uint64(output.span, at: 8) == value)
            #expect(LittleEndian.uint32(output.span, at: 16) == UInt32(truncatingIfNeeded: value))
            #expect(BigEndian.uint32(output.span, at: 20) == UInt32(truncatingIfNeeded: value))
            #expect(LittleEndian.uint16(output.span, at: 24) == UInt16(truncatingIfNeeded: value))
            #expect(BigEndian.uint16(output.span, at: 26) == UInt16(truncatingIfNeeded: value))
        }
    }
}
