// The compression function of FIPS 180-4, 6.2.2, over LANES messages at once. Included once for
// each width, after LANES, TARGET, COMPRESS, ZIP_LOW, ZIP_HIGH and MAJORITY are defined.
//
// `Words` holds one 32-bit word of every lane, so the rounds read like the standard's own.

typedef uint32_t Words __attribute__((vector_size(4 * LANES)));

// Without it the words would live in memory, behind a computed index.
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE Words rotate(Words x, int bits) { return x >> bits | x << (32 - bits); }
INLINE Words choose(Words x, Words y, Words z) { return (x & y) ^ (~x & z); }
INLINE Words majority(Words x, Words y, Words z) { return MAJORITY(x, y, z); }
INLINE Words large_sigma0(Words x) { return rotate(x, 2) ^ rotate(x, 13) ^ rotate(x, 22); }
INLINE Words large_sigma1(Words x) { return rotate(x, 6) ^ rotate(x, 11) ^ rotate(x, 25); }
INLINE Words small_sigma0(Words x) { return rotate(x, 7) ^ rotate(x, 18) ^ x >> 3; }
INLINE Words small_sigma1(Words x) { return rotate(x, 17) ^ rotate(x, 19) ^ x >> 10; }

// Reverses the bytes of each word: SHA-256 reads big-endian, this processor is little-endian.
INLINE Words swap_bytes(Words x) {
    return (x >> 24) | (x >> 8 & 0xff00) | (x << 8 & 0xff0000) | (x << 24);
}

// Four words at `offset` of every fourth lane from `lane` on, one lane a quarter of the vector.
INLINE Words load_row(const uint8_t *const *blocks, int lane, size_t offset) {
    Words row;
    for (int i = 0; i < LANES / 4; i++) {
        __builtin_memcpy((uint8_t *)&row + 16 * i, blocks[lane + 4 * i] + offset, 16);
    }
    return row;
}

// Turns each lane's next block into sixteen vectors, one for each word of the block.
INLINE void load_words(Words w[16], const uint8_t *const *blocks, size_t offset) {
    UNROLL for (int i = 0; i < 16; i += 4) {
        Words r0 = load_row(blocks, 0, offset + 4 * i), r1 = load_row(blocks, 1, offset + 4 * i);
        Words r2 = load_row(blocks, 2, offset + 4 * i), r3 = load_row(blocks, 3, offset + 4 * i);
        Words low02 = ZIP_LOW(r0, r2), high02 = ZIP_HIGH(r0, r2);
        Words low13 = ZIP_LOW(r1, r3), high13 = ZIP_HIGH(r1, r3);
        w[i] = swap_bytes(ZIP_LOW(low02, low13));
        w[i + 1] = swap_bytes(ZIP_HIGH(low02, low13));
        w[i + 2] = swap_bytes(ZIP_LOW(high02, high13));
        w[i + 3] = swap_bytes(ZIP_HIGH(high02, high13));
    }
}

// The names turn instead of the values: what a round calls h, the next calls a.
#define ROUND(a, b, c, d, e, f, g, h, i)                                                  \
    do {                                                                                  \
        Words t = h + large_sigma1(e) + choose(e, f, g)                                   \
            + (CHashLanes_round_constants[start + i] + w[i]);                             \
        d += t;                                                                           \
        h = t + large_sigma0(a) + majority(a, b, c);                                      \
    } while (0)

#define EXPAND(i)                                                                         \
    w[i] += small_sigma0(w[(i + 1) & 15]) + w[(i + 9) & 15] + small_sigma1(w[(i + 14) & 15])

#define EIGHT_ROUNDS(i)                                                                   \
    ROUND(a, b, c, d, e, f, g, h, i + 0);                                                 \
    ROUND(h, a, b, c, d, e, f, g, i + 1);                                                 \
    ROUND(g, h, a, b, c, d, e, f, i + 2);                                                 \
    ROUND(f, g, h, a, b, c, d, e, i + 3);                                                 \
    ROUND(e, f, g, h, a, b, c, d, i + 4);                                                 \
    ROUND(d, e, f, g, h, a, b, c, i + 5);                                                 \
    ROUND(c, d, e, f, g, h, a, b, i + 6);                                                 \
    ROUND(b, c, d, e, f, g, h, a, i + 7)

TARGET void COMPRESS(LaneStates *states, const uint8_t *const *blocks, size_t run) {
    Words s[WORDS];
    for (int i = 0; i < WORDS; i++) s[i] = *(const Words *)states->word[i];
    for (size_t block = 0; block < run; block++) {
        Words w[16];
        load_words(w, blocks, block * BLOCK);
        Words a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
        for (int start = 0; start < 64; start += 16) {
            if (start > 0) {
                UNROLL for (int i = 0; i < 16; i++) EXPAND(i);
            }
            EIGHT_ROUNDS(0);
            EIGHT_ROUNDS(8);
        }
        s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
    }
    for (int i = 0; i < WORDS; i++) *(Words *)states->word[i] = s[i];
}
