// A C face for simdjson's DOM parser: bytes in, tape and string buffer out.
// The tape's layout is described in simdjson's doc/tape.md.

#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#include "CSimdJSONExtract.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A parser with its reusable buffers.
typedef struct csimdjson_parser csimdjson_parser;

/// A parsed document, owned by its parser and valid until the parser's next use.
typedef struct {
    const uint64_t *tape;
    size_t tape_count;
    /// Each string: its length as a uint32 in host order, its UTF-8 bytes, a zero byte.
    const uint8_t *strings;
    size_t strings_count;
} csimdjson_document;

typedef enum {
    CSIMDJSON_OK,
    CSIMDJSON_NOT_JSON,
    CSIMDJSON_TOO_DEEP,
    CSIMDJSON_NO_MEMORY,
} csimdjson_status;

/// Makes a parser, or returns NULL when memory is short.
csimdjson_parser *csimdjson_parser_create(void);
void csimdjson_parser_destroy(csimdjson_parser *parser);

/// Validates and parses `count` bytes; `max_depth` is simdjson's own limit, which does not count
/// an innermost container that is empty.
csimdjson_status csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count,
                                 size_t max_depth, csimdjson_document *document);

#ifdef __cplusplus
}
#endif

#endif
