internal import Bytes

/// The elements and attributes of a document, and their JSON text.
///
/// It is built from the parser's steps and takes a few integers for each element beyond its text,
/// so that the document is written once, in linear time, however it repeats and nests its names.
struct ElementTree {
    /// An element or an attribute; places in arrays, -1 for none.
    private struct Node {
        let name: Int32
        /// Where the text is in `text`.
        var textStart: Int32 = 0
        var textEnd: Int32 = 0
        /// The first child.
        var firstChild: Int32 = -1
        /// The first sibling of the next name, for the first of its own name.
        var nextName: Int32 = -1
        /// The next sibling of the same name.
        var nextAlike: Int32 = -1
    }

    /// An element whose end has not come.
    private struct Open {
        let node: Int32
        var children: [Int32] = []
        var text: [UInt8] = []
    }

    /// The last of the children of one name that an element is known to have.
    private struct Run {
        var parent: Int32 = -1
        var last: Int32 = -1
    }

    private var nodes: [Node] = []
    private var text: [UInt8] = []
    /// Each name as a key of JSON: quotes and colon included.
    private var keys: [[UInt8]] = []
    /// By name; holds good for the element that is being closed.
    private var runs: [Run] = []
    private var open: [Open] = []

    /// How many elements and attributes there are.
    var count: Int { nodes.count }

    /// How many elements are open.
    var depth: Int { open.count }

    /// Takes a name in, before its `mark` if it has one; what it is known as from then on.
    mutating func add(name: Span<UInt8>, mark: StaticString) -> Int32 {
        var marked: [UInt8] = []
        marked.append(ascii: mark)
        marked.append(span: name)
        var key: [UInt8] = []
        CanonicalJSON.appendString(marked.span, to: &key)
        key.append(UInt8(ascii: ":"))
        keys.append(key)
        runs.append(Run())
        return Int32(keys.count - 1)
    }

    /// Begins an element, within the one that was begun last.
    mutating func begin(name: Int32) {
        open.append(Open(node: addNode(name)))
    }

    /// Gives the element that was begun last an attribute.
    mutating func addAttribute(name: Int32, value: Span<UInt8>) {
        setText(of: addNode(name), to: value)
    }

    /// Appends to the text of the element that was begun last.
    mutating func append(text piece: Span<UInt8>) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text.append(span: piece)
    }

    /// Ends the element that was begun last.
    mutating func end() {
        guard let element = open.popLast() else { return }
        var firstOfLastName: Int32 = -1
        for child in element.children {
            let name = Int(nodes[Int(child)].name)
            if runs[name].parent == element.node {
                nodes[Int(runs[name].last)].nextAlike = child
            } else if firstOfLastName < 0 {
                nodes[Int(element.node)].firstChild = child
                firstOfLastName = child
            } else {
                nodes[Int(firstOfLastName)].nextName = child
                firstOfLastName = child
            }
            runs[name] = Run(parent: element.node, last: child)
        }
        if element.children.isEmpty || !element.text.allSatisfy(Self.isWhiteSpace) {
            setText(of: element.node, to: element.text.span)
        }
    }

    /// The whole document, once its root has ended.
    func jsonText() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + nodes.count * 8)
        output.append(UInt8(ascii: "{"))
        if let root = nodes.first {
            output.append(contentsOf: keys[Int(root.name)])
            append(root, to: &output)
        }
        output.append(UInt8(ascii: "}"))
        return output
    }

    private mutating func addNode(_ name: Int32) -> Int32 {
        let place = Int32(nodes.count)
        nodes.append(Node(name: name))
        if !open.isEmpty { open[open.count - 1].children.append(place) }
        return place
    }

    private mutating func setText(of node: Int32, to value: Span<UInt8>) {
        nodes[Int(node)].textStart = Int32(text.count)
        text.append(span: value)
        nodes[Int(node)].textEnd = Int32(text.count)
    }

    /// Appends a value; it recurses no deeper than elements nest.
    private func append(_ node: Node, to output: inout [UInt8]) {
        let own = text.span.extracting(Int(node.textStart)..<Int(node.textEnd))
        guard node.firstChild >= 0 else {
            CanonicalJSON.appendString(own, to: &output)
            return
        }
        var next = node.firstChild
        var separator = UInt8(ascii: "{")
        while next >= 0 {
            let child = nodes[Int(next)]
            output.append(separator)
            output.append(contentsOf: keys[Int(child.name)])
            if child.nextAlike < 0 {
                append(child, to: &output)
            } else {
                append(all: child, to: &output)
            }
            separator = UInt8(ascii: ",")
            next = child.nextName
        }
        if !own.isEmpty {
            output.append(ascii: ",\"#text\":")
            CanonicalJSON.appendString(own, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Appends an array of a child and those of the same name.
    private func append(all first: Node, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        append(first, to: &output)
        var next = first.nextAlike
        while next >= 0 {
            output.append(UInt8(ascii: ","))
            append(nodes[Int(next)], to: &output)
            next = nodes[Int(next)].nextAlike
        }
        output.append(UInt8(ascii: "]"))
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
