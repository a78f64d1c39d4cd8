package import Bytes
internal import Digest
package import Ledger

extension ProviderReconciliation {
    /// What became of the records that the log lacked.
    package struct Appended: Hashable, Sendable {
        package var appended: UInt64 = 0
        /// Somebody else appended them meanwhile.
        package var duplicates: UInt64 = 0
    }

    /// Facts that are handed to the writer at once.
    private static let groupSize = 256

    /// Appends a fact for each record of the list that the log lacks.
    ///
    /// Its source is `reconcile:SOURCE`, so that it never takes the id of a webhook that comes
    /// after all; its id, type and time are the provider's, its content is the record, and it is
    /// caused by the event that records the reconciliation. It has no `provider`: a definition reads
    /// it only where a rule names its source, so that nothing counts twice. Ids make it happen once.
    package func appendMissing(
        of list: ProviderList,
        to ledger: Ledger,
        report: ReportRecord,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> Appended {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        let digest = "\(list.digest)"
        var result = Appended()
        var next = 0
        while next < missingRecords.count {
            let end = min(next + Self.groupSize, missingRecords.count)
            let drafts = missingRecords[next..<end].map {
                draft(list.records[$0], list, digest, report)
            }
            for draft in drafts { try draft.checkSize() }
            for receipt in try writer.append(drafts) {
                if receipt.outcome == .accepted {
                    result.appended += 1
                } else {
                    result.duplicates += 1
                }
            }
            next = end
            progress(UInt64(end), UInt64(missingRecords.count))
        }
        return result
    }

    /// The type of a fact whose record says none.
    package static let missingType = "reconcile.missing"

    private func draft(
        _ record: ListedRecord,
        _ list: ProviderList,
        _ digest: String,
        _ report: ReportRecord
    ) -> Draft {
        var draft = Draft(
            source: ProviderQuery.factSource(source),
            id: record.id,
            type: record.type ?? Self.missingType,
            kind: .fact
        )
        draft[.subject] = record.subject
        draft[.time] = record.time?.short
        draft[.datacontenttype] = "application/json"
        draft[.reason] = "the provider's list has it, the log had not"
        if let cause = report.recorded?.sequence {
            draft[.causationid] = Decimal.padded(cause, digits: Decimal.sequenceDigits)
        }
        draft.sign(by: report.actor)
        var meta = CanonicalObject()
        meta.add("list", digest)
        meta.add("place", UInt64(record.place))
        let content = list.content(of: record)
        let metaBytes = meta.bytes
        draft.body = Body(meta: metaBytes.span, content: content.span)
        return draft
    }
}

extension ProviderList {
    /// SHA-256 of the list as it came: what the record of the report names it by.
    package var digest: Hash256 { SHA256.hash(bytes.span) }

    /// A record as JSON: the element itself, or the columns' texts by their names.
    func content(of record: ListedRecord) -> [UInt8] {
        isJSON ? [UInt8](copying: bytes.span.extracting(record.range)) : csvContent(record)
    }
}
