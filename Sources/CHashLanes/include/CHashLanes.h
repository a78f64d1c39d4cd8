/// SHA-256 of many messages at once: each message runs in a lane of the vector unit.
///
/// A core without SHA instructions spends about eight cycles a byte on one message, most of them
/// waiting for the previous round. Sixteen independent messages fill those waits.
#ifndef CHASHLANES_H
#define CHASHLANES_H

#include <stddef.h>
#include <stdint.h>

/// One message, lent for the duration of a call. `bytes` may be null if `count` is 0.
typedef struct {
    const uint8_t *_Nullable bytes;
    size_t count;
} CHashLanes_Message;

/// Runs whole 64-byte blocks of one message through the compression function, for what the lanes
/// are a bad fit for. `state` is the eight working words in native order.
typedef void (*CHashLanes_Scalar)(
    uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, size_t block_count);

/// How many messages this processor hashes side by side: 16 (AVX-512), 8 (AVX2) or 1.
int CHashLanes_width(void);

/// No byte before the message.
#define CHASHLANES_NO_PREFIX (-1)

/// Writes the SHA-256 of `prefix || message` for every message, in order, 32 bytes each.
///
/// @param prefix 0 to 255, or CHASHLANES_NO_PREFIX.
/// @param width at most this many lanes; CHashLanes_width() unless a test asks for less.
/// @param scalar hashes blocks where fewer messages are left than lanes pay for.
void CHashLanes_sha256(
    const CHashLanes_Message *_Nullable messages, size_t count, int prefix, int width,
    CHashLanes_Scalar _Nonnull scalar, uint8_t *_Nullable digests);

#endif
