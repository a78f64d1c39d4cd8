// A C face for simdjson's index of tokens: the values at many paths of a document in one pass.

#ifndef CSIMDJSON_EXTRACT_H
#define CSIMDJSON_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Paths into documents, merged into a tree. Once filled it may be shared between threads.
typedef struct csimdjson_paths csimdjson_paths;

/// A parser for extractions with its reusable buffers, for one thread at a time.
typedef struct csimdjson_extractor csimdjson_extractor;

/// One step of a path: the bytes of its name, from `start` up to `end` of the path's names, and
/// the place in an array that it stands for, if any.
typedef struct {
    size_t start;
    size_t end;
    /// Negative if it stands for none.
    int64_t index;
} csimdjson_step;

typedef enum {
    CSIMDJSON_MISSING,
    CSIMDJSON_NULL,
    CSIMDJSON_FALSE,
    CSIMDJSON_TRUE,
    CSIMDJSON_NUMBER,
    CSIMDJSON_STRING,
    CSIMDJSON_ARRAY,
    CSIMDJSON_OBJECT,
} csimdjson_kind;

/// What a path leads to.
typedef struct {
    /// A number as it is written, or a string with its escapes resolved.
    ///
    /// For an array it tells `csimdjson_each` where that is, and `count` is zero.
    const uint8_t *text;
    uint32_t count;
    /// A `csimdjson_kind`.
    uint32_t kind;
} csimdjson_found;

typedef enum {
    CSIMDJSON_EXTRACTED,
    CSIMDJSON_EXTRACT_NOT_JSON,
    CSIMDJSON_EXTRACT_TOO_MANY,
    CSIMDJSON_EXTRACT_NO_MEMORY,
} csimdjson_extract_status;

/// Makes an empty set of paths, or returns NULL when memory is short.
csimdjson_paths *csimdjson_paths_create(void);
void csimdjson_paths_destroy(csimdjson_paths *paths);

/// Adds a path, whose number is how many were added before; false when memory is short.
bool csimdjson_paths_add(csimdjson_paths *paths, const uint8_t *names, const csimdjson_step *steps,
                         size_t step_count);

/// Makes an extractor, or returns NULL when memory is short.
csimdjson_extractor *csimdjson_extractor_create(void);
void csimdjson_extractor_destroy(csimdjson_extractor *extractor);

/// Reads the values at all paths from a document of fewer than 2^32 bytes.
///
/// `found` has one entry for each path. It and the texts are valid until the next call, as long as
/// `bytes` are. What no path leads to is checked only in part.
csimdjson_extract_status csimdjson_extract(csimdjson_extractor *extractor,
                                           const csimdjson_paths *paths, const uint8_t *bytes,
                                           size_t count, const csimdjson_found **found);

/// Reads the values at all paths from each element of the array that the last call of
/// `csimdjson_extract` found with `array` as its text.
///
/// `found` has one entry for each path of the first element, then of the second, and so on. It and
/// the texts are valid until the next call of either function; what `csimdjson_extract` found stays
/// valid.
csimdjson_extract_status csimdjson_each(csimdjson_extractor *extractor,
                                        const csimdjson_paths *paths, const uint8_t *array,
                                        size_t max_elements, const csimdjson_found **found,
                                        size_t *element_count);

#ifdef __cplusplus
}
#endif

#endif
