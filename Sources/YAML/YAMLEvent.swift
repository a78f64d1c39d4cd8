/// A step through a file as libyaml sees it.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart
        case scalar(String, isQuoted: Bool)
        case sequenceStart
        case mappingStart
        case alias
        /// The end of a sequence, a mapping or a document, or the start of the stream.
        case bracket
    }

    let kind: Kind
    let place: YAMLPlace
    /// The name after `&` or `*`.
    let anchor: String?
    let tag: String?

    init(_ kind: Kind, at place: YAMLPlace, anchor: String? = nil, tag: String? = nil) {
        self.kind = kind
        self.place = place
        self.anchor = anchor
        self.tag = tag
    }
}
