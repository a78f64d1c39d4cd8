import Foundation
import Testing

@Suite("What reviewers and auditors ask") struct WalkthroughTests {
    @Test("is answered by every command of the walk-through, as its page says")
    func page() throws {
        try withTrial { trial in
            let tool = "\(Trial.checkout)/tools/walkthrough"
            let finished = try trial.run([tool, "--daybook", Trial.program])
            #expect(finished.status == 0, "\(finished.output)\(finished.error)")
            #expect(finished.output.contains(" 0 differ"))
        }
    }
}
