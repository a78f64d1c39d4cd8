internal import CMicrohttpd
internal import Synchronization

extension HTTPRequest {
    /// Takes libmicrohttpd's next call; false breaks the connection.
    ///
    /// The calls are one for the head, some for pieces of the body, one for the end, and one more
    /// after a suspension.
    func advance(
        method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?,
        piece: Span<UInt8>
    ) -> Bool {
        switch step {
        case .head: unsafe takeHead(method, version)
        case .body where !piece.isEmpty: takePiece(piece)
        case .body: complete()
        case .suspended: takeLateAnswer()
        case .answered: true
        }
    }

    private func takeHead(
        _ method: UnsafePointer<CChar>?,
        _ version: UnsafePointer<CChar>?
    ) -> Bool {
        step = .body
        self.method = unsafe methodText(method)
        let head = unsafe checkHead(method, version)
        isChunked = head.isChunked
        announcedBytes = head.contentLength ?? 0
        if let problem = head.problem {
            var answer = HTTPAnswer.text(problem.status, problem.text)
            answer.close = true
            // Where the body ends is in doubt, so whatever follows is drained unread.
            connection.lingers = true
            return send(answer)
        }
        switch connection.server.handler.admit(self) {
        case .refuse(let answer): refusal = answer
        case .body(let limit): bodyLimit = min(limit, connection.server.limits.bodyBytes)
        }
        if refusal == nil && announcedBytes > bodyLimit { refusal = .tooLarge }
        guard head.announcesBody, let refusal else { return true }
        // An answer to the head alone keeps libmicrohttpd from sending 100 and ends the connection.
        connection.lingers = true
        return send(refusal)
    }

    private func checkHead(
        _ method: UnsafePointer<CChar>?,
        _ version: UnsafePointer<CChar>?
    ) -> HeadCheck {
        var check = HeadCheck()
        guard let method = unsafe method, let version = unsafe version else { return check }
        let headBytes = unsafe daybook_mhd_head_size(liveHandle)
        check.begin(at: UInt(bitPattern: version) + 8)
        forEachRawHeader { name, nameStart, value, valueStart in
            check.take(name: name, at: nameStart, value: value, at: valueStart)
        }
        isVersion10 = unsafe version[5] == 0x31 && version[7] == 0x30
        check.conclude(
            at: UInt(bitPattern: method) + UInt(headBytes),
            isVersion10: isVersion10,
            limit: connection.server.limits.headerCount
        )
        if self.method.isEmpty { check.fail(400, "malformed method") }
        if target.isEmpty { check.fail(400, "malformed request target") }
        if !connection.server.limits.hasRoom(headBytes: headBytes, headers: check.count) {
            check.fail(431, "headers too large")
        }
        return check
    }

    private func takePiece(_ piece: Span<UInt8>) -> Bool {
        bodyBytes += piece.count
        if refusal == nil && bodyBytes <= bodyLimit {
            append(piece)
            return true
        }
        // libmicrohttpd takes no answer amid a body, so a refused one is dropped up to its end.
        body = []
        if refusal == nil { refusal = .tooLarge }
        return bodyBytes - bodyLimit <= connection.server.limits.swallowedBytes
    }

    private func append(_ piece: Span<UInt8>) {
        if body.isEmpty {
            let expected = min(announcedBytes, connection.server.limits.bodyReservation)
            body = unsafe [UInt8](unsafeUninitializedCapacity: max(piece.count, expected)) {
                unsafe copy(piece, to: $0)
                $1 = piece.count
            }
        } else {
            unsafe piece.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
        }
    }

    private func complete() -> Bool {
        if let refusal { return send(refusal) }
        connection.enter(.working)
        switch connection.server.handler.handle(self) {
        case .answer(let answer):
            return send(answer)
        case .later(let start):
            step = .suspended
            connection.suspend(start)
            return true
        }
    }

    private func takeLateAnswer() -> Bool {
        guard let answer = connection.lateAnswer else { return false }
        connection.lateAnswer = nil
        return send(answer)
    }

    /// Queues the answer; false if it cannot be sent at all.
    private func send(_ answer: HTTPAnswer) -> Bool {
        step = .answered
        let server = connection.server
        // The end of a chunked body is in doubt: libmicrohttpd 0.9.75 takes a line that starts with
        // a colon for the end of the trailers, and what follows it for the next request.
        let closes = answer.close || isChunked || server.isStopping.load(ordering: .relaxed)
        let sent = queue(answer, closes: closes, to: self)
        answerBytes = sent.bytes
        connection.enter(.answering, deadline: server.answerDeadline(bytes: sent.bytes))
        return sent.status != 0
    }
}

extension HTTPAnswer {
    fileprivate static var tooLarge: Self {
        var answer = HTTPAnswer.text(413, "body too large")
        answer.close = true
        return answer
    }
}

private func methodText(_ method: UnsafePointer<CChar>?) -> String {
    guard let method = unsafe method else { return "" }
    let text = unsafe String(cString: method)
    return isToken(text.utf8Span.span) ? text : ""
}

private func copy(_ piece: Span<UInt8>, to buffer: UnsafeMutableBufferPointer<UInt8>) {
    unsafe piece.withUnsafeBufferPointer {
        _ = unsafe buffer.update(fromContentsOf: $0)
    }
}
