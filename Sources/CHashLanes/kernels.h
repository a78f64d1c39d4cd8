#ifndef CHASHLANES_KERNELS_H
#define CHASHLANES_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_LANES = 16, BLOCK = 64, WORDS = 8 };

/// The working words of all lanes, word by word: column i is the state of lane i.
typedef struct {
    _Alignas(64) uint32_t word[WORDS][MAX_LANES];
} LaneStates;

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes
/// (FIPS 180-4, 4.2.2).
extern const uint32_t CHashLanes_round_constants[64];

/// Runs `run` consecutive blocks of every lane through the compression function; lane i's blocks
/// start at `blocks[i]`.
typedef void (*LaneKernel)(LaneStates *states, const uint8_t *const *blocks, size_t run);

#if defined(__x86_64__)
void CHashLanes_compress16(LaneStates *states, const uint8_t *const *blocks, size_t run);
void CHashLanes_compress8(LaneStates *states, const uint8_t *const *blocks, size_t run);
#endif

#endif
