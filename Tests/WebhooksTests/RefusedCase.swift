import Testing
import Webhooks

/// A request that is spoiled, and what the sender is told.
struct RefusedCase: Sendable, CustomTestStringConvertible {
    let vendor: Vendor
    let what: String
    let expected: String
    let spoil: @Sendable (inout InboundRequest) -> Void

    /// `expected` is the answer's status and the line's reason.
    init(
        _ vendor: Vendor,
        _ what: String,
        _ expected: String,
        _ spoil: @escaping @Sendable (inout InboundRequest) -> Void
    ) {
        self.vendor = vendor
        self.what = what
        self.expected = expected
        self.spoil = spoil
    }

    /// One header with other values, each in a line of its own, or taken away.
    init(_ vendor: Vendor, _ header: String, _ values: [String], _ expected: String) {
        self.init(vendor, "\(header): \(values)", expected) { request in
            request[header] = nil
            request.headers += values.map { (header, $0) }
        }
    }

    var testDescription: String { "\(vendor.rawValue), \(what)" }

    /// The spoiled request.
    func request() throws -> InboundRequest {
        var request = try vendor.request()
        spoil(&request)
        return request
    }
}
