#include "CSimdJSON.h"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace {

// Buffers are sized in powers of two, so that growing documents seldom cost an allocation.
constexpr size_t smallest_capacity = 8 * 1024;
// One large document must not keep its buffers (about 14 bytes for each of its own) for ever.
constexpr size_t largest_kept_capacity = 1024 * 1024;
constexpr uint64_t payload_mask = (uint64_t(1) << 56) - 1;

size_t capacity_for(size_t count) {
    size_t capacity = smallest_capacity;
    while (capacity < count) { capacity *= 2; }
    return capacity;
}

// The size that dom::document::allocate gives its string buffer.
size_t strings_capacity(size_t capacity) {
    return SIMDJSON_ROUNDUP_N(5 * capacity / 3 + simdjson::SIMDJSON_PADDING, 64);
}

}  // namespace

struct csimdjson_parser {
    simdjson::dom::parser parser;
    std::unique_ptr<uint8_t[]> input;
    size_t capacity = 0;

    bool fit(size_t count) {
        bool hoards = capacity > largest_kept_capacity && count <= largest_kept_capacity;
        if (count <= capacity && !hoards) { return true; }
        size_t wanted = capacity_for(count);
        capacity = 0;
        // Zeroed because simdjson reads, without effect, up to its padding past the end.
        input.reset(new (std::nothrow) uint8_t[wanted + simdjson::SIMDJSON_PADDING]());
        if (!input || parser.doc.allocate(wanted) != simdjson::SUCCESS) { return false; }
        capacity = wanted;
        return true;
    }
};

extern "C" csimdjson_parser *csimdjson_parser_create(void) {
    return new (std::nothrow) csimdjson_parser();
}

extern "C" void csimdjson_parser_destroy(csimdjson_parser *parser) { delete parser; }

extern "C" csimdjson_status csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes,
                                            size_t count, size_t max_depth,
                                            csimdjson_document *document) {
    if (!parser->fit(count)) { return CSIMDJSON_NO_MEMORY; }
    // Does nothing when neither number differs from the last call's.
    if (parser->parser.allocate(parser->capacity, max_depth) != simdjson::SUCCESS) {
        return CSIMDJSON_NO_MEMORY;
    }
    if (count > 0) { std::memcpy(parser->input.get(), bytes, count); }

    auto error = parser->parser.parse(parser->input.get(), count, false).error();
    if (error == simdjson::DEPTH_ERROR) { return CSIMDJSON_TOO_DEEP; }
    if (error == simdjson::MEMALLOC) { return CSIMDJSON_NO_MEMORY; }
    if (error != simdjson::SUCCESS) { return CSIMDJSON_NOT_JSON; }

    const simdjson::dom::document &parsed = parser->parser.doc;
    document->tape = parsed.tape.get();
    document->tape_count = size_t(parsed.tape[0] & payload_mask);
    document->strings = parsed.string_buf.get();
    document->strings_count = strings_capacity(parser->capacity);
    return CSIMDJSON_OK;
}
