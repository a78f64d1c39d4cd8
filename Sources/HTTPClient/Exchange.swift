internal import CCurl
internal import Glibc

/// One request and its answer: what libcurl's callbacks for it come to.
final class Exchange {
    /// The transfer's, by which the loop knows it.
    let number: UInt64
    let easy: EasyHandle
    let rules: TransferRules
    private let receiver: any TransferReceiver
    private let startMoment: UInt64
    private var head: HeadReader
    private var bodyTaken = 0
    private var isCut = false
    /// Whether a connection was there, and the request began to leave.
    private var isConnected = false
    private var isOver = false
    /// Whether addresses are checked.
    private let checksAddress: Bool
    /// Why we made libcurl stop.
    private var stopped: HTTPClientError?
    /// The last address that was refused, although another one may do.
    private var refused: HTTPClientError?
    /// Whether the receiver wants no more for now.
    private var isFull = false
    /// Whether libcurl holds back what it has.
    private var isHeld = false

    /// Prepares `easy` for a request, or refuses it; `decodes` asks for a body to be decoded.
    init(
        _ start: TransferStart,
        on easy: EasyHandle,
        decodes: Bool
    ) throws(HTTPClientError) {
        let rules = start.rules
        let target = try TargetURL(start.request.url, allowsPlainHTTP: rules.allowsPlainHTTP)
        if !rules.reachesPrivate, let literal = target.literal,
            let reason = AddressRule.refusal(of: literal)
        {
            throw .forbiddenAddress(reason: reason)
        }
        number = start.id.number
        self.easy = easy
        self.rules = rules
        receiver = start.receiver
        startMoment = start.moment
        head = HeadReader(limit: rules.headBytes, leavesOutEncoding: decodes)
        let proxy = ProxyChoice(rules, scheme: target.scheme)
        checksAddress = !rules.reachesPrivate && !proxy.isUsed
        try easy.restrict(to: target, rules)
        try proxy.apply(to: easy)
        try easy.load(start.request, decodes: decodes)
        // Plain HTTP/2 is not asked for; then libcurl need not ask whether connections are shared.
        let version = target.scheme == "https" ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
        try easy.set(CURLOPT_HTTP_VERSION, version)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try easy.check(
            unsafe CCurl_set_callbacks(
                easy.pointer,
                takeLine,
                takePiece,
                allowSending,
                checksAddress ? openSocket : nil,
                context
            )
        )
    }

    // MARK: Time

    /// When it takes too long, as far as it has got, and in which phase.
    var deadline: (moment: UInt64, problem: HTTPClientError) {
        var first = limit(rules.seconds, .whole)
        if !head.hasBegun {
            let byte = limit(rules.firstByteSeconds, .firstByte)
            if byte.moment < first.moment { first = byte }
        }
        if !isConnected {
            let connect = limit(rules.connectSeconds, .connect)
            if connect.moment < first.moment { first = connect }
        }
        return first
    }

    private func limit(
        _ seconds: Double,
        _ phase: HTTPClientError.Phase
    ) -> (moment: UInt64, problem: HTTPClientError) {
        // A day is more than anybody waits, and far from overflowing.
        let nanoseconds = UInt64(max(0.001, min(seconds, 86_400)) * 1e9)
        return (startMoment + nanoseconds, .tooSlow(limit: seconds, phase: phase))
    }

    // MARK: Pausing

    /// Lets libcurl go on if it was held; what it has may come at once.
    func resume() -> CURLcode {
        isFull = false
        guard isHeld else { return CURLE_OK }
        isHeld = false
        return unsafe curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
    }

    // MARK: The end

    /// What a transfer that libcurl has ended with `code` came to.
    func problem(_ code: CURLcode) -> HTTPClientError? {
        if let stopped { return stopped }
        switch code {
        case CURLE_OK:
            if head.isWhole { return nil }
            return .failed(code: Int(CURLE_GOT_NOTHING.rawValue), reason: "there was no answer")
        case CURLE_COULDNT_CONNECT:
            return refused ?? easy.problem(code)
        case CURLE_OPERATION_TIMEDOUT:
            return deadline.problem
        case CURLE_OUT_OF_MEMORY where isConnected && !head.isWhole:
            // libcurl's own limit for one line, of 100 KB.
            return .headersTooLarge(limit: rules.headBytes)
        case CURLE_URL_MALFORMAT where isConnected, CURLE_LOGIN_DENIED where isConnected:
            return .failed(code: Int(code.rawValue), reason: "the answer is malformed")
        default:
            return easy.problem(code)
        }
    }

    /// Tells the receiver, once.
    func end(_ problem: HTTPClientError?) {
        guard !isOver else { return }
        isOver = true
        receiver.ended(
            TransferEnd(
                problem: problem,
                wasSent: isConnected && easy.sentBytes > 0,
                microseconds: Int64((monotonicNanoseconds() - startMoment) / 1000),
                isCut: isCut
            )
        )
    }
}

// MARK: What libcurl calls

extension Exchange {
    /// Takes a line of the head; `false` stops.
    fileprivate func take(line: Span<UInt8>) -> Bool {
        switch head.take(line) {
        case .more: return true
        case .whole(let head):
            receiver.began(head)
            return true
        case .tooLong:
            stopped = .headersTooLarge(limit: rules.headBytes)
        case .switching:
            let code = Int(CURLE_WEIRD_SERVER_REPLY.rawValue)
            stopped = .failed(code: code, reason: "101: nobody asked for another protocol")
        }
        return false
    }

    /// Takes a piece of the body; `nil`: not now; `false` stops.
    fileprivate func take(piece: Span<UInt8>) -> Bool? {
        if isFull {
            isHeld = true
            return nil
        }
        let room = rules.bodyBytes - bodyTaken
        isCut = piece.count > room
        if isCut { stopped = .tooLarge(limit: rules.bodyBytes) }
        let taken = isCut ? piece.extracting(first: room) : piece
        bodyTaken += taken.count
        if !taken.isEmpty { isFull = !receiver.received(taken) }
        return !isCut
    }

    /// Whether the request may be sent on a connection to `address`.
    fileprivate func mayBeSent(to address: UnsafePointer<CChar>?) -> Bool {
        // libcurl sends a second time when a connection that it used again dies.
        if isConnected, easy.sentBytes > 0 {
            let code = Int(CURLE_GOT_NOTHING.rawValue)
            let reason =
                "the connection was closed before an answer, which may have been on its way"
            stopped = .failed(code: code, reason: reason)
            return false
        }
        // A connection of others, who may reach more, is no way around the rule.
        if checksAddress {
            let text = unsafe address.map { unsafe String(cString: $0) } ?? ""
            if let reason = AddressRule.refusal(of: TargetURL.bytes(of: text) ?? []) {
                stopped = .forbiddenAddress(reason: reason)
                return false
            }
        }
        isConnected = true
        receiver.leaves()
        return true
    }

    /// Opens the socket for an address that may be reached.
    fileprivate func open(_ address: UnsafePointer<curl_sockaddr>) -> Int32 {
        let family = unsafe address.pointee.family
        let start = family == AF_INET ? 4 : 8
        let count = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        let bytes = unsafe UnsafeRawBufferPointer(
            start: UnsafeRawPointer(address) + offset + start,
            count: count
        )
        if let reason = unsafe AddressRule.refusal(of: Array(bytes)) {
            refused = .forbiddenAddress(reason: reason)
            return -1
        }
        let kind = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return unsafe socket(family, kind, address.pointee.protocol)
    }
}

private func exchange(_ context: UnsafeMutableRawPointer) -> Exchange {
    unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
}

private let takeLine: CCurl_Writer = { bytes, size, count, context in
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    let isTaken = unsafe exchange(context).take(line: line.bindMemory(to: UInt8.self).span)
    return isTaken ? size * count : 0
}

private let takePiece: CCurl_Writer = { bytes, size, count, context in
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    let isTaken = unsafe exchange(context).take(piece: piece.bindMemory(to: UInt8.self).span)
    guard let isTaken else { return Int(CURL_WRITEFUNC_PAUSE) }
    // Any number but the piece's own stops the transfer; an empty piece has no other.
    return isTaken ? size * count : size * count + 1
}

private let allowSending: CCurl_Gate = { context, address, _, _, _ in
    unsafe exchange(context).mayBeSent(to: address) ? 0 : 1
}

private let openSocket: CCurl_Opener = { context, _, address in
    unsafe exchange(context).open(address)
}
