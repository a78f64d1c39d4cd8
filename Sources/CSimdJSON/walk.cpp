#include "walk.h"

#include <array>

namespace {

/// How each byte that begins a token changes the depth.
constexpr std::array<int8_t, 256> depth_changes() {
    std::array<int8_t, 256> changes{};
    changes['{'] = changes['['] = 1;
    changes['}'] = changes[']'] = -1;
    return changes;
}

constexpr std::array<int8_t, 256> depth_change = depth_changes();

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Whether the grammar of RFC 8259 makes a number of all of the text.
bool is_number(std::string_view text) {
    const char *next = text.data();
    const char *end = next + text.size();
    auto skip_digits = [&] {
        const char *start = next;
        while (next < end && is_digit(*next)) { next += 1; }
        return next > start;
    };
    if (next < end && *next == '-') { next += 1; }
    const char *integer = next;
    if (!skip_digits() || (*integer == '0' && next > integer + 1)) { return false; }
    if (next < end && *next == '.') {
        next += 1;
        if (!skip_digits()) { return false; }
    }
    if (next < end && (*next == 'e' || *next == 'E')) {
        next += 1;
        if (next < end && (*next == '+' || *next == '-')) { next += 1; }
        if (!skip_digits()) { return false; }
    }
    return next == end;
}

bool is_white_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/// The text from a token up to the next one, without the white space between.
std::string_view trimmed(const uint8_t *start, const uint8_t *end) {
    std::string_view text(reinterpret_cast<const char *>(start), size_t(end - start));
    while (!text.empty() && is_white_space(text.back())) { text.remove_suffix(1); }
    return text;
}

bool is_quoted(std::string_view text) {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

/// A bit in each byte of the word that is a backslash, and maybe in bytes behind such a one.
uint64_t backslashes(const uint8_t *bytes) {
    constexpr uint64_t ones = 0x0101010101010101;
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    word ^= ones * '\\';
    return (word - ones) & ~word & (ones * 0x80);
}

/// Whether any byte is a backslash; reads up to sixteen bytes past the end.
bool has_backslash(const uint8_t *bytes, size_t count) {
    // Most names have up to sixteen bytes: no branch tells shorter ones from longer ones.
    uint64_t found = backslashes(bytes) | backslashes(bytes + 8);
    for (size_t offset = 16; offset < count; offset += 8) { found |= backslashes(bytes + offset); }
    // It may have been one past the end.
    return found != 0 && std::memchr(bytes, '\\', count) != nullptr;
}

const edge *match(const uint8_t *name, size_t count, const node &place) {
    uint64_t prefix = prefix_of(name, count);
    if ((place.filter & filter_bit(prefix, count)) == 0) { return nullptr; }
    for (const edge &step : place.edges) {
        if (step.is_named(name, count, prefix)) { return &step; }
    }
    return nullptr;
}

}  // namespace

bool walk::value(uint32_t mark, csimdjson_found *found) {
    this->mark = mark;
    this->found = found;
    return value(paths.nodes[0]);
}

bool walk::value(const node &place) {
    if (token == end) { return false; }
    switch (bytes[*token]) {
        case '{': return object(place);
        case '[': return array(place);
        default: return scalar(place);
    }
}

bool walk::object(const node &place) {
    put(place, CSIMDJSON_OBJECT);
    size_t left = place.edges.size();
    if (left == 0) { return leave(); }
    // Kept apart from the member, which the compiler would load and store for each token.
    const uint32_t *next = token + 1;
    if (next < end && bytes[*next] == '}') {
        token = next + 1;
        return true;
    }
    while (true) {
        // A name, a colon, a value, and what follows it.
        if (end - next < 4 || bytes[next[1]] != ':') { return false; }
        const edge *step = nullptr;
        if (!find(bytes + next[0], bytes + next[1], place, step)) { return false; }
        next += 2;
        // Of members with the same name the first counts.
        if (step == nullptr || marks[step->number] == mark) {
            next = behind_value(next);
        } else {
            marks[step->number] = mark;
            token = next;
            if (!value(paths.nodes[step->node])) { return false; }
            left -= 1;
            if (left == 0) {
                unclosed += 1;
                return true;
            }
            next = unclosed > 0 ? behind_end(token, unclosed) : token;
            unclosed = 0;
        }
        if (next == nullptr || next == end) { return false; }
        uint8_t separator = bytes[*next];
        next += 1;
        if (separator == '}') {
            token = next;
            return true;
        }
        if (separator != ',') { return false; }
    }
}

/// Finds the edge that a member's name stands for, if any.
__attribute__((always_inline)) inline bool walk::find(const uint8_t *name, const uint8_t *colon,
                                                      const node &place, const edge *&step) {
    while (is_white_space(char(colon[-1]))) { colon -= 1; }
    if (colon - name < 2 || name[0] != '"' || colon[-1] != '"') { return false; }
    name += 1;
    size_t count = size_t(colon - name) - 1;
    if (index.has_backslash && has_backslash(name, count)) {
        // Written behind the strings so far, over which it is not kept.
        const uint8_t *last = index.parser->parse_string(name, strings);
        if (last == nullptr) { return false; }
        name = strings;
        count = size_t(last - name);
    }
    step = match(name, count, place);
    return true;
}

bool walk::array(const node &place) {
    const char *start = reinterpret_cast<const char *>(bytes + *token);
    put(place, CSIMDJSON_ARRAY, std::string_view(start, 0));
    return place.element_edges == 0 ? leave() : elements(place);
}

/// Leaves the container that begins here, to be gone to the end of if there is more to find.
bool walk::leave() {
    token += 1;
    unclosed += 1;
    return true;
}

bool walk::elements(const node &place) {
    size_t left = place.element_edges;
    bool is_last = false;
    if (!enter_array(is_last)) { return false; }
    for (size_t number = 0; !is_last; number += 1) {
        const edge *wanted = nullptr;
        for (const edge &step : place.edges) {
            if (step.element == number) { wanted = &step; }
        }
        if (wanted == nullptr) {
            if (!skip()) { return false; }
        } else {
            if (!value(paths.nodes[wanted->node])) { return false; }
            left -= 1;
            if (left == 0) {
                unclosed += 1;
                return true;
            }
        }
        if (!next_element(is_last)) { return false; }
    }
    return true;
}

bool walk::enter_array(bool &is_empty) {
    if (!is_at('[')) { return false; }
    token += 1;
    is_empty = is_at(']');
    if (is_empty) { token += 1; }
    return true;
}

bool walk::next_element(bool &is_last) {
    if (unclosed > 0) {
        token = behind_end(token, unclosed);
        unclosed = 0;
        if (token == nullptr) { return false; }
    }
    is_last = is_at(']');
    if (!is_last && !is_at(',')) { return false; }
    token += 1;
    return true;
}

bool walk::scalar(const node &place) {
    const uint8_t *start = bytes + *token;
    token += 1;
    std::string_view text = trimmed(start, token < end ? bytes + *token : bytes + index.count);
    if (is_quoted(text)) { return string(text, place); }
    if (text == "null") {
        put(place, CSIMDJSON_NULL);
    } else if (text == "false") {
        put(place, CSIMDJSON_FALSE);
    } else if (text == "true") {
        put(place, CSIMDJSON_TRUE);
    } else if (is_number(text)) {
        put(place, CSIMDJSON_NUMBER, text);
    } else {
        return false;
    }
    return true;
}

bool walk::string(std::string_view text, const node &place) {
    text = text.substr(1, text.size() - 2);
    if (index.has_backslash && std::memchr(text.data(), '\\', text.size()) != nullptr) {
        uint8_t *last = index.parser->parse_string(
            reinterpret_cast<const uint8_t *>(text.data()), strings);
        if (last == nullptr) { return false; }
        text = std::string_view(reinterpret_cast<char *>(strings), size_t(last - strings));
        strings = last;
    }
    put(place, CSIMDJSON_STRING, text);
    return true;
}

bool walk::skip() {
    token = behind_value(token);
    return token != nullptr;
}

/// The place behind a value, found without looking at what is within; null if it has no end.
inline const uint32_t *walk::behind_value(const uint32_t *start) const {
    if (start == end) { return nullptr; }
    uint8_t byte = bytes[*start];
    if (depth_change[byte] > 0) { return behind_end(start + 1, 1); }
    bool is_scalar = depth_change[byte] == 0 && byte != ',' && byte != ':';
    return is_scalar ? start + 1 : nullptr;
}

/// The place behind the end of this many containers, null if they do not all end.
inline const uint32_t *walk::behind_end(const uint32_t *next, size_t containers) const {
    ptrdiff_t depth = ptrdiff_t(containers);
    while (end - next >= 4) {
        for (size_t offset = 0; offset < 4; offset += 1) {
            depth += depth_change[bytes[next[offset]]];
            if (depth == 0) { return next + offset + 1; }
        }
        next += 4;
    }
    while (next < end) {
        depth += depth_change[bytes[*next]];
        next += 1;
        if (depth == 0) { return next; }
    }
    return nullptr;
}

inline void walk::put(const node &place, csimdjson_kind kind, std::string_view text) {
    for (size_t path : place.paths) {
        found[path].text = reinterpret_cast<const uint8_t *>(text.data());
        found[path].count = uint32_t(text.size());
        found[path].kind = uint32_t(kind);
    }
}
