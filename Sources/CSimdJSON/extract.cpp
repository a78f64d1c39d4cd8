#include "walk.h"

#include <algorithm>
#include <memory>
#include <new>

namespace {

// Buffers are sized in powers of two, so that growing documents seldom cost an allocation.
constexpr size_t smallest_capacity = 8 * 1024;
// One large document must not keep its buffers (about 7 bytes for each of its own) for ever.
constexpr size_t largest_kept_capacity = 1024 * 1024;
// No machine has smaller pages: where one byte of a page can be read, all of them can.
constexpr uintptr_t page_size = 4096;

/// An array that grows without keeping what it holds, and that does not stay large for ever.
template <typename element>
struct scratch {
    std::unique_ptr<element[]> elements;
    size_t capacity = 0;

    bool fit(size_t count, size_t kept = 0) {
        bool hoards = capacity > largest_kept_capacity && count <= largest_kept_capacity;
        if (count <= capacity && !hoards) { return true; }
        size_t wanted = smallest_capacity;
        while (wanted < count) { wanted *= 2; }
        std::unique_ptr<element[]> grown(new (std::nothrow) element[wanted]());
        if (!grown) { return false; }
        std::copy_n(elements.get(), kept, grown.get());
        elements = std::move(grown);
        capacity = wanted;
        return true;
    }
};

/// Whether as many bytes as simdjson wants can be read past the end, without effect.
bool is_padded(const uint8_t *bytes, size_t count) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    // It would complain, rightly in general: the bytes may belong to others.
    return false;
#endif
#endif
    uintptr_t last = uintptr_t(bytes) + count - 1;
    return last % page_size + simdjson::SIMDJSON_PADDING < page_size;
}

}  // namespace

struct csimdjson_extractor {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    token_index index{};
    scratch<uint8_t> input;
    scratch<csimdjson_found> found;
    scratch<uint8_t> strings;
    // Of their own, so that what is found in a document outlives a walk along an array in it.
    scratch<csimdjson_found> element_found;
    scratch<uint8_t> element_strings;
    /// For each edge the last reading of a value that followed it.
    scratch<uint32_t> marks;
    uint32_t mark = 0;

    /// A number that no edge is marked with.
    uint32_t next_mark() {
        mark += 1;
        if (mark == 0) {
            std::fill_n(marks.elements.get(), marks.capacity, 0);
            mark = 1;
        }
        return mark;
    }

    bool fit_parser(size_t count) {
        bool hoards = parser && parser->capacity() > largest_kept_capacity
            && count <= largest_kept_capacity;
        if (parser && count <= parser->capacity() && !hoards) { return true; }
        size_t capacity = smallest_capacity;
        while (capacity < count) { capacity *= 2; }
        // The depth is for trees, which are not made here.
        constexpr size_t depth = 1;
        parser.reset();
        return simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, depth, parser) == simdjson::SUCCESS;
    }

    /// The bytes, or a copy of them that is padded; null when memory is short.
    const uint8_t *padded(const uint8_t *bytes, size_t count) {
        if (is_padded(bytes, count)) { return bytes; }
        if (!input.fit(count + simdjson::SIMDJSON_PADDING)) { return nullptr; }
        std::memcpy(input.elements.get(), bytes, count);
        return input.elements.get();
    }
};

extern "C" csimdjson_extractor *csimdjson_extractor_create(void) {
    return new (std::nothrow) csimdjson_extractor();
}

extern "C" void csimdjson_extractor_destroy(csimdjson_extractor *extractor) { delete extractor; }

extern "C" csimdjson_extract_status csimdjson_extract(csimdjson_extractor *extractor,
                                                      const csimdjson_paths *paths,
                                                      const uint8_t *bytes, size_t count,
                                                      const csimdjson_found **found) {
    token_index &index = extractor->index;
    index.count = 0;
    if (count == 0) { return CSIMDJSON_EXTRACT_NOT_JSON; }
    if (!extractor->fit_parser(count) || !extractor->found.fit(paths->path_count)
        || !extractor->strings.fit(count + simdjson::SIMDJSON_PADDING)
        || !extractor->marks.fit(paths->edge_count)) {
        return CSIMDJSON_EXTRACT_NO_MEMORY;
    }
    bytes = extractor->padded(bytes, count);
    if (bytes == nullptr) { return CSIMDJSON_EXTRACT_NO_MEMORY; }
    auto error = extractor->parser->stage1(bytes, count, simdjson::stage1_mode::regular);
    if (error) { return CSIMDJSON_EXTRACT_NOT_JSON; }
    // Looking through all at once costs less than looking through each name.
    bool has_backslash = std::memchr(bytes, '\\', count) != nullptr;
    index = {extractor->parser.get(), bytes, count, has_backslash};
    if (!index.is_closed()) { return CSIMDJSON_EXTRACT_NOT_JSON; }

    csimdjson_found *entries = extractor->found.elements.get();
    std::fill_n(entries, paths->path_count, csimdjson_found());
    walk walk(*paths, index, index.begin(), extractor->marks.elements.get(),
              extractor->strings.elements.get());
    if (!walk.value(extractor->next_mark(), entries) || !walk.is_complete()) {
        return CSIMDJSON_EXTRACT_NOT_JSON;
    }
    *found = entries;
    return CSIMDJSON_EXTRACTED;
}

extern "C" csimdjson_extract_status csimdjson_each(csimdjson_extractor *extractor,
                                                   const csimdjson_paths *paths,
                                                   const uint8_t *array, size_t max_elements,
                                                   const csimdjson_found **found,
                                                   size_t *element_count) {
    const token_index &index = extractor->index;
    size_t width = paths->path_count;
    scratch<csimdjson_found> &entries = extractor->element_found;
    if (!entries.fit(width) || !extractor->marks.fit(paths->edge_count)
        || !extractor->element_strings.fit(index.count + simdjson::SIMDJSON_PADDING)) {
        return CSIMDJSON_EXTRACT_NO_MEMORY;
    }
    uintptr_t offset = uintptr_t(array) - uintptr_t(index.bytes);
    if (offset >= index.count) { return CSIMDJSON_EXTRACT_NOT_JSON; }
    const uint32_t *start = std::lower_bound(index.begin(), index.end(), uint32_t(offset));
    walk walk(*paths, index, start, extractor->marks.elements.get(),
              extractor->element_strings.elements.get());

    bool is_last = false;
    if (!walk.enter_array(is_last)) { return CSIMDJSON_EXTRACT_NOT_JSON; }
    size_t count = 0;
    while (!is_last) {
        if (count == max_elements) { return CSIMDJSON_EXTRACT_TOO_MANY; }
        size_t kept = count * width;
        if (!entries.fit(kept + width, kept)) { return CSIMDJSON_EXTRACT_NO_MEMORY; }
        csimdjson_found *own = entries.elements.get() + kept;
        std::fill_n(own, width, csimdjson_found());
        if (!walk.value(extractor->next_mark(), own) || !walk.next_element(is_last)) {
            return CSIMDJSON_EXTRACT_NOT_JSON;
        }
        count += 1;
    }
    *found = entries.elements.get();
    *element_count = count;
    return CSIMDJSON_EXTRACTED;
}
