// The limits that a rebuild of order-status is measured beside, in plain C++.

#ifndef CBENCHSCAN_H
#define CBENCHSCAN_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    /// Events in the log.
    uint64_t events;
    /// Bytes of their lines and body records, each of which was read.
    uint64_t bytes;
    /// Bodies of which fields were read.
    uint64_t parsed;
    /// What was read, so that the compiler must read it.
    uint64_t checksum;
} CBenchScan_Counts;

/// Reads the log in `folder` through; with `parses`, also the fields that order-status uses.
///
/// Returns NULL, or what went wrong.
const char *CBenchScan_run(const char *folder, unsigned threads, bool parses,
                           CBenchScan_Counts *counts);

#ifdef __cplusplus
}
#endif

#endif
