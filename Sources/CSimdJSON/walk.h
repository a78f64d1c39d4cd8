// The walk along the tokens of a document that simdjson has indexed; used by extract.cpp alone.

#ifndef CSIMDJSON_WALK_H
#define CSIMDJSON_WALK_H

#include "paths.h"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// A parser's result, where each token of a document begins, and what it needs for strings.
///
/// The document is well-formed UTF-8, its strings are closed and hold no control characters; all
/// else is for the walk to check.
struct token_index {
    simdjson::internal::dom_parser_implementation *parser;
    const uint8_t *bytes;
    size_t count;
    /// Whether any name or string can have escapes.
    bool has_backslash;

    const uint32_t *begin() const { return parser->structural_indexes.get(); }
    const uint32_t *end() const { return begin() + parser->n_structural_indexes; }

    /// Whether the last token can belong to the first one: it cannot if the document is cut short.
    bool is_closed() const {
        if (begin() == end()) { return false; }
        uint8_t first = bytes[*begin()];
        uint8_t last = bytes[end()[-1]];
        return (first != '{' || last == '}') && (first != '[' || last == ']');
    }
};

/// One walk through a document or along an array in it.
///
/// The walk reads no further than it must to find everything; its functions say whether what they
/// read is JSON.
class walk {
  public:
    /// `marks` has a place for each edge of the paths; `strings` has room for as many bytes as the
    /// document and simdjson's padding have.
    walk(const csimdjson_paths &paths, const token_index &index, const uint32_t *start,
         uint32_t *marks, uint8_t *strings)
        : paths(paths), index(index), bytes(index.bytes), token(start), end(index.end()),
          marks(marks), strings(strings) {}

    /// Reads one value; no edge may be marked with `mark` yet.
    bool value(uint32_t mark, csimdjson_found *found);

    /// Enters the array that the walk stands at; false if it stands at none.
    bool enter_array(bool &is_empty);

    /// Moves on from an element to the next one, or out of the array.
    bool next_element(bool &is_last);

    /// Whether there is nothing behind the value, if it was read to its end at all.
    bool is_complete() const { return unclosed > 0 || token == end; }

  private:
    const csimdjson_paths &paths;
    const token_index &index;
    const uint8_t *const bytes;
    const uint32_t *token;
    const uint32_t *const end;
    uint32_t *const marks;
    /// Where the next string with escapes goes.
    uint8_t *strings;
    /// How many containers the walk has left without going to their ends.
    size_t unclosed = 0;
    uint32_t mark = 0;
    csimdjson_found *found = nullptr;

    bool value(const node &place);
    bool object(const node &place);
    bool array(const node &place);
    bool elements(const node &place);
    bool scalar(const node &place);
    bool string(std::string_view text, const node &place);
    bool find(const uint8_t *name, const uint8_t *colon, const node &place, const edge *&step);
    bool leave();
    bool skip();
    const uint32_t *behind_value(const uint32_t *start) const;
    const uint32_t *behind_end(const uint32_t *next, size_t containers) const;
    bool is_at(uint8_t byte) const { return token < end && bytes[*token] == byte; }
    void put(const node &place, csimdjson_kind kind, std::string_view text = {});
};

#endif
