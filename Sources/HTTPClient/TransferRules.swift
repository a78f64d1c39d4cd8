/// What a transfer may take, and what it may reach.
package struct TransferRules: Sendable {
    /// The longest time, in seconds, until the host is connected to: its name resolved, TLS agreed.
    package var connectSeconds: Double
    /// The longest time, in seconds, from the start to the answer's first byte.
    package var firstByteSeconds: Double
    /// The longest time, in seconds, from the start to the end, pauses by the receiver included.
    package var seconds: Double
    /// The longest body accepted, in bytes after it is decoded.
    package var bodyBytes: Int
    /// The most bytes of status lines and headers, those of interim answers included.
    package var headBytes: Int
    /// Allows `http` URLs as well.
    package var allowsPlainHTTP: Bool
    /// Allows addresses that are not of the public internet; see `AddressRule`.
    package var reachesPrivate: Bool
    /// Goes through the proxy that `https_proxy` and its kin name.
    ///
    /// Then literal addresses in URLs are all that can be checked. What `no_proxy` names goes
    /// around the proxy only where `reachesPrivate` holds: such hosts are private as a rule, and
    /// libcurl does not tell which way it goes before it connects.
    package var usesProxyFromEnvironment: Bool
    /// PEM certificates of the authorities to trust; `nil`: the system's.
    package var caFile: String?

    /// Takes the rules; all have a default, the careful one.
    package init(
        connectSeconds: Double = 5,
        firstByteSeconds: Double = 30,
        seconds: Double = 120,
        bodyBytes: Int = 16 << 20,
        headBytes: Int = 64 << 10,
        allowsPlainHTTP: Bool = false,
        reachesPrivate: Bool = false,
        usesProxyFromEnvironment: Bool = false,
        caFile: String? = nil
    ) {
        self.connectSeconds = connectSeconds
        self.firstByteSeconds = firstByteSeconds
        self.seconds = seconds
        self.bodyBytes = bodyBytes
        self.headBytes = headBytes
        self.allowsPlainHTTP = allowsPlainHTTP
        self.reachesPrivate = reachesPrivate
        self.usesProxyFromEnvironment = usesProxyFromEnvironment
        self.caFile = caFile
    }
}
