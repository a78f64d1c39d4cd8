/// A CloudEvent as `append` and `import` take it.
struct Fact {
    var id: String
    var source = "ops"
    var type = "stock.counted"
    var data = #"{"n":4}"#

    var json: String {
        #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"\#(type)","#
            + #""data":\#(data)}"#
    }
}
