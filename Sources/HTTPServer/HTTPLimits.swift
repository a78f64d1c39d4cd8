/// What one client may cost the server.
package struct HTTPLimits: Sendable {
    /// Bytes of the buffer that a request's head has to fit into; at least 8 KiB are used.
    ///
    /// Request line and headers share it with 56 bytes more a header and 4 KiB kept for the answer's
    /// head. libmicrohttpd clears all of it for every request: 0.1 microseconds a KiB.
    package var headerBytes: Int
    /// Header lines in one request.
    package var headerCount: Int
    /// Connections open at once; further ones wait in the listen queue.
    package var connections: Int
    /// Connections open at once from one address; 0 is no limit, as behind a proxy.
    package var connectionsPerAddress: Int
    /// Seconds from a connection's start, or its previous answer, to a complete request.
    ///
    /// A total, whatever trickles in meanwhile, so that a slow sender cannot hold a connection. The
    /// client has as long again to take the answer, and more for a large one.
    package var requestSeconds: Int
    /// The slowest taking of a large answer that is waited for, in bytes a second.
    package var answerBytesPerSecond: Int
    /// Bytes of a body, whatever a handler admits.
    package var bodyBytes: Int

    /// Takes the limits that differ from the defaults.
    package init(
        headerBytes: Int = 32 << 10,
        headerCount: Int = 100,
        connections: Int = 1024,
        connectionsPerAddress: Int = 0,
        requestSeconds: Int = 30,
        answerBytesPerSecond: Int = 64 << 10,
        bodyBytes: Int = 8 << 20
    ) {
        self.headerBytes = headerBytes
        self.headerCount = headerCount
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
        self.requestSeconds = requestSeconds
        self.answerBytesPerSecond = answerBytesPerSecond
        self.bodyBytes = bodyBytes
    }
}

extension HTTPLimits {
    var connectionMemory: Int { max(headerBytes, 8 << 10) }

    /// Whether the answer's head fits beside a request's; if not, the connection would just break.
    func hasRoom(headBytes: Int, headers: Int) -> Bool {
        let bookkeeping = headers * 56
        return headBytes <= min(headerBytes, connectionMemory - 4 << 10 - bookkeeping)
    }

    /// The first reservation for a body; what a client merely announces must not cost memory.
    var bodyReservation: Int { 256 << 10 }

    /// How much of a refused body is still read and dropped so that the client gets to the answer.
    var swallowedBytes: Int { 1 << 20 }
}

/// The certificate chain and private key of a server, both as PEM text.
package struct TLSFiles: Sendable {
    /// The server's certificate, then those that lead to a root.
    package var certificate: [UInt8]
    /// The unencrypted private key.
    package var key: [UInt8]

    /// Takes both texts as they are in their files.
    package init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }
}
