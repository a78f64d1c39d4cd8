package import Bytes
internal import JSON

extension ServiceProfile {
    /// Reads what an answer says of the limits, received at `now`.
    ///
    /// Header names are in any case. What is malformed, negative, or absurdly large or far gives
    /// nothing for that field and is noted in the report. So does a header that is repeated with
    /// different values, unless it is a list by RFC 9651.
    package func read(
        status: Int,
        headers: [(name: String, value: String)],
        body: Span<UInt8>,
        at now: Timestamp
    ) -> LimitReport {
        var report = LimitReport()
        let values = NamedValues(headers: headers)
        for reading in readings { reading.read(values, at: now, into: &report) }
        let hasCode = readBody(body, status: status, at: now, into: &report)
        for index in report.limits.indices {
            do { try report.limits[index].complete() } catch {
                report.note(report.limits[index].label ?? "limit", error)
            }
        }
        let wait = hasCode || status >= 400 ? readWait(values, at: now, into: &report) : nil
        report.isLimited = hasCode || isLimited(status, report, hasWait: wait != nil)
        if report.isLimited || status >= 500 { report.retryAt = wait }
        if !report.isLimited {
            report.problem = nil
        } else {
            let usedUp = report.limits.filter(\.isUsedUp)
            report.problem = report.problem ?? usedUp.first?.label
            report.retryAt = report.retryAt ?? usedUp.compactMap(\.resets).max()
        }
        return report
    }

    /// Whether a status says that there were too many calls; 429 always does (RFC 6585).
    ///
    /// 400 and 403 mostly say something else: they are believed if the rest of the answer says the
    /// same, or if a service never says more.
    private func isLimited(_ status: Int, _ report: LimitReport, hasWait: Bool) -> Bool {
        guard status == 429 || limited.contains(status) else { return false }
        guard status == 400 || status == 403 else { return true }
        if hasWait || report.limits.contains(where: \.isUsedUp) { return true }
        return retryAfter == nil && readings.isEmpty && limitedCodes.isEmpty
    }

    /// Until when to stay away; some services send that header with every answer.
    private func readWait(
        _ headers: NamedValues,
        at now: Timestamp,
        into report: inout LimitReport
    ) -> Timestamp? {
        guard let retryAfter else { return nil }
        do {
            return try headers.value(retryAfter.header).map { text throws(UnreadReason) in
                try retryAfter.form.moment(text, now: now)
            }
        } catch {
            report.note(retryAfter.header, error)
            return nil
        }
    }

    /// Reads the limits in a body, and says whether it has an error code that means one.
    private func readBody(
        _ body: Span<UInt8>,
        status: Int,
        at now: Timestamp,
        into report: inout LimitReport
    ) -> Bool {
        let hasReadings = readings.contains(where: \.readsBody)
        guard !body.isEmpty, hasReadings || !limitedCodes.isEmpty else { return false }
        var parser = JSONParser()
        do {
            let root = try parser.parse(body)
            for reading in readings { reading.read(root, at: now, into: &report) }
            return ErrorCodes(codes: limitedCodes).isIn(root, status: status)
        } catch {
            // What is no error need not be JSON: a service also sends files.
            if hasReadings || status >= 400 { report.note("body", .notJSON) }
            return false
        }
    }
}
