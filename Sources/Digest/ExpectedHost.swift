/// Which host a certificate must be for.
package enum ExpectedHost: Sendable, Equatable {
    /// This host.
    case exactly(String)
    /// This domain or any host below it.
    case domain(String)

    /// The host or the domain.
    package var name: String {
        switch self {
        case .exactly(let name), .domain(let name): name
        }
    }
}
