import DaybookTesting
import Testing

@testable import HTTPServer

@Suite struct StreamBufferTests {
    /// The same as a buffer in the simplest words: all that was written, and what of it was taken.
    private struct Model {
        var capacity: Int
        var length: Int?
        var written: [UInt8] = []
        var taken: [UInt8] = []
        var end: StreamBuffer.End = .open
        var isFull = false
        var isStarving = false

        var count: Int { written.count - taken.count }
    }

    private func take(_ buffer: inout StreamBuffer, _ most: Int) -> (StreamBuffer.Step, [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: most)
        let step = bytes.withUnsafeMutableBufferPointer { buffer.take(into: $0) }
        if case .bytes(let count, _) = step { return (step, Array(bytes.prefix(count))) }
        return (step, [])
    }

    @Test(
        "bytes come out as they went in, and everyone is told what concerns them",
        arguments: 1...300
    )
    func model(seed: Int) {
        var chance = SeededChance(seed: UInt64(seed))
        var model = Model(capacity: [0, 1, 2, 100, 5000].randomElement(using: &chance) ?? 0)
        var buffer = StreamBuffer(capacity: model.capacity)
        model.capacity = max(1, model.capacity)
        if Bool.random(using: &chance) { model.length = Int.random(in: 0...3000, using: &chance) }
        let attachment = Int.random(in: 0..<5, using: &chance)
        for step in 0..<300 {
            if step == attachment {
                #expect(buffer.attach(length: model.length, takesBytes: true).isFirst)
            }
            switch Int.random(in: 0..<100, using: &chance) {
            case 0..<50: add(&buffer, &model, &chance)
            case 99 where step > 100: close(&buffer, &model, &chance)
            default: if step > attachment { takeSome(&buffer, &model, &chance) }
            }
            #expect(buffer.count == (model.end == .failed ? 0 : model.count))
        }
        let isAll = model.length == model.taken.count && model.count == 0
        let news = buffer.leave()
        #expect(news == (model.end == .open && !isAll ? .gone : nil))
        #expect(buffer.leave() == nil)
        #expect(buffer.add([1, 2].span) == (true, false))
        #expect(take(&buffer, 9).0 == .broken)
    }

    private func add(
        _ buffer: inout StreamBuffer,
        _ model: inout Model,
        _ chance: inout SeededChance
    ) {
        let size = Bool.random(using: &chance) ? 0 : Int.random(in: 0...150, using: &chance)
        let piece = (0..<size).map { _ in UInt8.random(in: 0...255, using: &chance) }
        let (hasRoom, wakes) = buffer.add(piece.span)
        guard model.end == .open else {
            #expect(hasRoom && !wakes)
            return
        }
        model.written += piece
        if !piece.isEmpty && model.count >= model.capacity { model.isFull = true }
        #expect(hasRoom == !model.isFull)
        #expect(wakes == (model.isStarving && size > 0))
        if size > 0 { model.isStarving = false }
    }

    private func close(
        _ buffer: inout StreamBuffer,
        _ model: inout Model,
        _ chance: inout SeededChance
    ) {
        let end: StreamBuffer.End = Bool.random(using: &chance) ? .whole : .failed
        let (isFirst, wakes) = buffer.close(end)
        #expect(isFirst == (model.end == .open))
        #expect(wakes == (isFirst && model.isStarving))
        if isFirst {
            model.end = end
            model.isStarving = false
        }
    }

    private func takeSome(
        _ buffer: inout StreamBuffer,
        _ model: inout Model,
        _ chance: inout SeededChance
    ) {
        let most = Int.random(in: 1...200, using: &chance)
        let (step, bytes) = take(&buffer, most)
        if model.end == .failed || model.length.map({ model.written.count > $0 }) == true {
            #expect(step == .broken)
        } else if model.count > 0 {
            let expected = Array(model.written[model.taken.count...].prefix(most))
            model.taken += expected
            let makesRoom = model.isFull && model.count <= model.capacity / 2
            if makesRoom { model.isFull = false }
            #expect(step == .bytes(expected.count, makesRoom: makesRoom && model.end == .open))
            #expect(bytes == expected)
        } else if model.end == .whole {
            let isWhole = model.length == nil || model.length == model.taken.count
            #expect(step == (isWhole ? .whole : .broken))
        } else {
            #expect(step == .starving)
            model.isStarving = true
        }
    }
}
