import Foundation
import JSON

/// A document in a form that both readers can be brought to; numbers as doubles.
indirect enum Tree: Equatable {
    case object([String: Tree])
    case array([Tree])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    init(_ value: JSONValue) {
        switch value.kind {
        case .object:
            var members: [String: Tree] = [:]
            value.forEachMember { members[$0.name] = Tree($0.value) }
            self = .object(members)
        case .array:
            var elements: [Tree] = []
            value.forEachElement { elements.append(Tree($0)) }
            self = .array(elements)
        case .string: self = .string(value.string ?? "")
        case .integer, .unsigned, .double: self = .number(value.double ?? .nan)
        case .boolean: self = .bool(value.bool == true)
        case .null: self = .null
        }
    }

    /// What `JSONSerialization` made of a document.
    init(_ value: Any) {
        switch value {
        case let object as [String: Any]: self = .object(object.mapValues { Tree($0) })
        case let array as [Any]: self = .array(array.map { Tree($0) })
        case let string as String: self = .string(string)
        case let bool as Bool: self = .bool(bool)
        case let number as NSNumber: self = .number(number.doubleValue)
        default: self = .null
        }
    }

    /// Whether both are equal but for the last digits of numbers.
    ///
    /// `JSONSerialization` takes long numbers through `NSDecimalNumber`, whose double is not
    /// always the nearest one.
    func isClose(to other: Tree) -> Bool {
        switch (self, other) {
        case (.object(let own), .object(let others)):
            own.count == others.count
                && own.allSatisfy { name, value in others[name].map(value.isClose) == true }
        case (.array(let own), .array(let others)):
            own.count == others.count && zip(own, others).allSatisfy { $0.isClose(to: $1) }
        case (.number(let own), .number(let others)):
            abs(own - others) <= 1e-14 * abs(own)
        default: self == other
        }
    }
}
