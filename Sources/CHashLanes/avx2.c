// Eight lanes in 256-bit vectors.
#if defined(__x86_64__)
#include "kernels.h"

#define LANES 8
#define TARGET __attribute__((target("avx2")))
#define COMPRESS CHashLanes_compress8
// Words 0 and 1 (2 and 3) of x and y in turn, within each half of the vector.
#define ZIP_LOW(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define ZIP_HIGH(x, y) __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15)
#define MAJORITY(x, y, z) (((x) & (y)) ^ ((x) & (z)) ^ ((y) & (z)))
#include "compress.h"
#endif
