#include "paths.h"

#include <new>
#include <utility>

namespace {

/// Follows a step that may be a new one.
size_t follow(csimdjson_paths &paths, size_t from, std::string name, int64_t element) {
    for (const edge &known : paths.nodes[from].edges) {
        if (known.name == name) { return known.node; }
    }
    edge added;
    uint8_t padded[8] = {};
    std::memcpy(padded, name.data(), name.size() < 8 ? name.size() : 8);
    added.prefix = prefix_of(padded, name.size());
    if (element >= 0) { added.element = size_t(element); }
    added.node = paths.nodes.size();
    added.number = paths.edge_count;
    uint64_t bit = filter_bit(added.prefix, name.size());
    added.name = std::move(name);

    paths.nodes.emplace_back();
    paths.edge_count += 1;
    node &origin = paths.nodes[from];
    origin.filter |= bit;
    origin.element_edges += element >= 0 ? 1 : 0;
    size_t target = added.node;
    origin.edges.push_back(std::move(added));
    return target;
}

}  // namespace

extern "C" csimdjson_paths *csimdjson_paths_create(void) {
    try {
        return new csimdjson_paths();
    } catch (const std::bad_alloc &) { return nullptr; }
}

extern "C" void csimdjson_paths_destroy(csimdjson_paths *paths) { delete paths; }

extern "C" bool csimdjson_paths_add(csimdjson_paths *paths, const uint8_t *names,
                                    const csimdjson_step *steps, size_t step_count) {
    try {
        size_t number = paths->path_count;
        // A path that is too long keeps its number and leads nowhere.
        if (step_count <= max_steps) {
            size_t place = 0;
            for (size_t index = 0; index < step_count; index += 1) {
                const csimdjson_step &step = steps[index];
                std::string name;
                if (step.end > step.start) {
                    name.assign(reinterpret_cast<const char *>(names) + step.start,
                                step.end - step.start);
                }
                place = follow(*paths, place, std::move(name), step.index);
            }
            paths->nodes[place].paths.push_back(number);
        }
        paths->path_count = number + 1;
        return true;
    } catch (const std::bad_alloc &) { return false; }
}
