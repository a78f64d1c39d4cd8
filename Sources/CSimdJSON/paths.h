// The tree that paths are merged into; shared by the files that build it and that walk along it.

#ifndef CSIMDJSON_PATHS_H
#define CSIMDJSON_PATHS_H

#include "CSimdJSONExtract.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

// The walk recurses along the steps of a path. Documents nest less deep than this.
constexpr size_t max_steps = 1024;
constexpr size_t no_element = SIZE_MAX;

/// A name's first bytes as a number: most names are told apart by one comparison of it.
///
/// Reads eight bytes, whatever the count. For little-endian machines, as all that Swift runs on.
inline uint64_t prefix_of(const uint8_t *name, size_t count) {
    uint64_t word;
    std::memcpy(&word, name, 8);
    if (count >= 8) { return word; }
    return word & ((uint64_t(1) << (8 * count)) - 1);
}

/// One of 64 bits, chosen by a name.
inline uint64_t filter_bit(uint64_t prefix, size_t count) {
    return uint64_t(1) << (((prefix + count) * 0x9E3779B97F4A7C15) >> 58);
}

/// A step from one node to the next.
struct edge {
    std::string name;
    uint64_t prefix = 0;
    /// The element of an array that the name stands for too, `no_element` if none.
    size_t element = no_element;
    size_t node = 0;
    /// Its place among all edges.
    size_t number = 0;

    bool is_named(const uint8_t *other, size_t count, uint64_t other_prefix) const {
        return prefix == other_prefix && name.size() == count
            && (count <= 8 || std::memcmp(name.data() + 8, other + 8, count - 8) == 0);
    }
};

/// A place in documents that paths end at or lead through.
struct node {
    std::vector<edge> edges;
    /// The bits of all edges' names: a name whose bit is not among them is none of theirs.
    uint64_t filter = 0;
    /// How many of the edges stand for an element too.
    size_t element_edges = 0;
    /// The paths that end here.
    std::vector<size_t> paths;
};

struct csimdjson_paths {
    /// The first is the whole document.
    std::vector<node> nodes{1};
    size_t path_count = 0;
    size_t edge_count = 0;
};

#endif
