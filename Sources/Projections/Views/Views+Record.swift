internal import Bytes
internal import Digest
internal import LMDB
internal import Ledger

extension Views {
    private static let definedType = "daybook.projection.defined"
    private static let promotedType = "daybook.projection.promoted"

    /// Appends the definitions that are in use and not in the log yet, so that whatever they say
    /// can be reproduced; needs a ledger that was opened for appending, else does nothing.
    ///
    /// A definition that has folded nothing so far waits, unless it is named.
    package func recordDefinitions(named name: String? = nil) throws {
        guard let writer = ledger.writer, !isReadOnly else { return }
        let unrecorded = try store.environment.read { transaction in
            try catalogue.views(in: transaction).filter { view in
                if view.isRecorded { return false }
                if view.name == name { return true }
                return try catalogue.rows(view.rows, in: transaction)?.tally.applied ?? 0 > 0
            }
        }
        for view in unrecorded {
            _ = try writer.append([Self.defined(view)])
            try store.write { transaction in
                guard var now = try catalogue.view(view.name, view.version, in: transaction),
                    now.hash == view.hash
                else { return }
                now.isRecorded = true
                try catalogue.put(now, in: &transaction)
            }
        }
    }

    /// The event that says what a version of a projection is; its content is the definition.
    ///
    /// Its id is the definition's identity, so that it takes effect once however often it is
    /// recorded.
    private static func defined(_ view: StoredView) -> Draft {
        var draft = Draft(
            source: AdminEvent.source,
            id: "projection/\(view.name)/\(view.version)/\(view.hash)",
            type: definedType,
            kind: .admin
        )
        draft[.subject] = "projection:\(view.name)"
        draft[.datacontenttype] = "application/yaml"
        let text = view.text
        draft.body = body(
            "{\"hash\":\"\(view.hash)\",\"version\":\(view.version)}",
            text.span
        )
        return draft
    }

    /// Appends that another version answers.
    func recordPromotion(of name: String, to version: Int, from before: Int?) throws {
        guard let writer = ledger.writer else { return }
        var draft = AdminEvent.draft(type: Self.promotedType)
        draft[.subject] = "projection:\(name)"
        draft[.datacontenttype] = "application/json"
        let old = before.map { "\"before\":\($0)," } ?? ""
        let content = "{\(old)\"projection\":\"\(name)\",\"version\":\(version)}"
        draft.body = Self.body("{}", content.utf8Span.span)
        _ = try writer.append([draft])
    }

    private static func body(_ meta: String, _ content: Span<UInt8>) -> Body {
        let salt = Random.fill(BodyLayout.saltSize)
        return Body(salt: salt.span, meta: meta.utf8Span.span, content: content)
    }
}
