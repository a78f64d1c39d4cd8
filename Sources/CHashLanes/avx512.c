// Sixteen lanes in 512-bit vectors.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#define LANES 16
#define TARGET __attribute__((target("avx512f,avx512bw")))
#define COMPRESS CHashLanes_compress16
// Words 0 and 1 (2 and 3) of x and y in turn, within each quarter of the vector.
#define ZIP_LOW(x, y)                                                                     \
    __builtin_shufflevector(x, y, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define ZIP_HIGH(x, y)                                                                    \
    __builtin_shufflevector(x, y, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
// One instruction for what the compiler makes two of: 0xe8 is the truth table of the majority.
#define MAJORITY(x, y, z) \
    ((Words)_mm512_ternarylogic_epi32((__m512i)(x), (__m512i)(y), (__m512i)(z), 0xe8))
#include "compress.h"
#endif
