internal import CCurl
internal import Glibc

/// Which proxy a transfer goes through.
///
/// A transfer that may reach the public internet alone goes either through the proxy or around it
/// by our own choice: libcurl's way, by `no_proxy`, would connect directly to hosts whose addresses
/// we believe the proxy to check.
struct ProxyChoice {
    private let proxy: String?
    private let exceptions: String?

    init(_ rules: TransferRules, scheme: String) {
        if !rules.usesProxyFromEnvironment {
            // An empty name overrides the environment's.
            proxy = ""
            exceptions = nil
        } else if rules.reachesPrivate {
            proxy = nil
            exceptions = nil
        } else {
            proxy = Self.environment(scheme) ?? ""
            exceptions = ""
        }
    }

    /// Whether the transfer goes through a proxy, or may.
    var isUsed: Bool { proxy != "" }

    func apply(to easy: EasyHandle) throws(HTTPClientError) {
        if let proxy { try easy.set(CURLOPT_PROXY, proxy) }
        if let exceptions { try easy.set(CURLOPT_NOPROXY, exceptions) }
    }

    /// The proxy that the environment names, found as libcurl finds it.
    ///
    /// `HTTP_PROXY` is not looked at: a CGI's client could set it with a `Proxy` header.
    private static func environment(_ scheme: String) -> String? {
        let own = scheme == "http" ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"]
        for name in own + ["all_proxy", "ALL_PROXY"] {
            if let value = unsafe getenv(name), unsafe value.pointee != 0 {
                return unsafe String(cString: value)
            }
        }
        return nil
    }
}
