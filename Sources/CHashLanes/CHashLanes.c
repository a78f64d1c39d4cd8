// Deals messages out to lanes. A lane that finishes its message takes the next one at once, so
// messages of any mix of lengths keep all lanes busy until the last few.
#include "CHashLanes.h"

#include <string.h>

#include "kernels.h"

// FIPS 180-4, 5.3.3.
static const uint32_t initial_state[WORDS] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

// A message on its way through a lane, as `block_count` padded blocks. They lie in up to three
// runs: the block that begins with the prefix, the blocks in the message's own memory, and the
// end with the padding.
typedef struct {
    const uint8_t *bytes;
    size_t prefix_count;    // 0 or 1 byte before the message
    size_t whole;           // blocks of nothing but prefix and message
    size_t block_count;
    size_t sought;          // blocks hashed when the present run is over
    uint8_t *digest;        // null: the lane is idle
    // The blocks that are not in the message's memory. First and last ones adjoin, so that a short
    // message is one run.
    uint8_t staged[3 * BLOCK];
} Lane;

// The messages of one call, those not yet begun from `begun` on, and the lanes they run in.
typedef struct {
    const CHashLanes_Message *messages;
    size_t count;
    size_t begun;
    int prefix;
    uint8_t *digests;
    int active;                         // lanes that are not idle
    const uint8_t *next[MAX_LANES];     // where each lane's next block lies
    size_t run[MAX_LANES];              // how many blocks lie there in a row
    LaneStates states;
    Lane lane[MAX_LANES];
} Work;

// Points lane `i` at its next run.
static void seek(Work *work, int i) {
    Lane *lane = &work->lane[i];
    if (lane->sought == 0 && lane->prefix_count == 1 && lane->whole > 0) {
        work->next[i] = lane->staged;
        work->run[i] = lane->whole == 1 ? lane->block_count : 1;
    } else if (lane->sought < lane->whole) {
        work->next[i] = lane->bytes + lane->sought * BLOCK - lane->prefix_count;
        work->run[i] = lane->whole - lane->sought;
    } else {
        work->next[i] = lane->staged + BLOCK;
        work->run[i] = lane->block_count - lane->whole;
    }
    lane->sought += work->run[i];
}

// Copies what the message's own memory does not hold as whole blocks: FIPS 180-4, 5.1.1.
static void stage(Lane *lane, const CHashLanes_Message *message, int prefix) {
    size_t total = message->count + lane->prefix_count;
    size_t rest = total % BLOCK;
    uint8_t *first = lane->staged, *last = lane->staged + BLOCK;

    memset(last, 0, 2 * BLOCK);
    if (lane->prefix_count == 1 && lane->whole == 0) {
        last[0] = (uint8_t)prefix;
        if (message->count > 0) memcpy(last + 1, message->bytes, message->count);
    } else if (rest > 0) {
        memcpy(last, message->bytes + message->count - rest, rest);
    }
    if (lane->prefix_count == 1 && lane->whole > 0) {
        first[0] = (uint8_t)prefix;
        memcpy(first + 1, message->bytes, BLOCK - 1);
    }
    last[rest] = 0x80;
    uint64_t bits = __builtin_bswap64((uint64_t)total * 8);
    memcpy(last + (lane->block_count - lane->whole) * BLOCK - sizeof bits, &bits, sizeof bits);
}

// Gives lane `i` the next message; says whether there was one.
static int refill(Work *work, int i) {
    if (work->begun == work->count) return 0;
    Lane *lane = &work->lane[i];
    const CHashLanes_Message *message = &work->messages[work->begun];
    lane->bytes = message->bytes;
    lane->prefix_count = work->prefix == CHASHLANES_NO_PREFIX ? 0 : 1;
    size_t total = message->count + lane->prefix_count;
    lane->whole = total / BLOCK;
    // A mark of one byte and the length of eight end the message.
    lane->block_count = lane->whole + (total % BLOCK + 1 + 8 <= BLOCK ? 1 : 2);
    lane->sought = 0;
    lane->digest = work->digests + 32 * work->begun;
    stage(lane, message, work->prefix);
    seek(work, i);
    for (int word = 0; word < WORDS; word++) work->states.word[word][i] = initial_state[word];
    work->begun++;
    return 1;
}

static void write_digest(const Work *work, int i) {
    for (int word = 0; word < WORDS; word++) {
        uint32_t bytes = __builtin_bswap32(work->states.word[word][i]);
        memcpy(work->lane[i].digest + 4 * word, &bytes, 4);
    }
}

// Goes on to the lane's next run, or to its next message.
static void end_run(Work *work, int i) {
    if (work->lane[i].sought < work->lane[i].block_count) {
        seek(work, i);
        return;
    }
    write_digest(work, i);
    if (refill(work, i)) return;
    work->lane[i].digest = NULL;
    work->run[i] = SIZE_MAX;
    work->active--;
}

// Hashes as many blocks of every lane as the shortest run has.
static void step(Work *work, LaneKernel kernel, int width) {
    int shortest = 0;
    for (int i = 1; i < width; i++) {
        if (work->run[i] < work->run[shortest]) shortest = i;
    }
    size_t run = work->run[shortest];
    if (work->active < width) {
        // Idle lanes repeat some other lane's blocks; nobody reads their states.
        for (int i = 0; i < width; i++) {
            if (work->lane[i].digest == NULL) work->next[i] = work->next[shortest];
        }
    }
    kernel(&work->states, work->next, run);
    unsigned ended = 0;
    for (int i = 0; i < width; i++) {
        work->next[i] += run * BLOCK;
        work->run[i] -= run;
        ended |= (unsigned)(work->run[i] == 0) << i;
    }
    for (; ended != 0; ended &= ended - 1) end_run(work, __builtin_ctz(ended));
}

static void finish_alone(Work *work, int i, CHashLanes_Scalar scalar) {
    uint32_t state[WORDS];
    for (int word = 0; word < WORDS; word++) state[word] = work->states.word[word][i];
    for (;;) {
        scalar(state, work->next[i], work->run[i]);
        if (work->lane[i].sought == work->lane[i].block_count) break;
        seek(work, i);
    }
    for (int word = 0; word < WORDS; word++) work->states.word[word][i] = state[word];
    write_digest(work, i);
}

int CHashLanes_width(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) return 16;
    if (__builtin_cpu_supports("avx2")) return 8;
#endif
    return 1;
}

static LaneKernel kernel_of_width(int width) {
#if defined(__x86_64__)
    if (width == 16) return CHashLanes_compress16;
    if (width == 8) return CHashLanes_compress8;
#endif
    (void)width;
    return NULL;
}

// Fewer messages than this are faster one after the other.
enum { MIN_ACTIVE = 3 };

void CHashLanes_sha256(
    const CHashLanes_Message *messages, size_t count, int prefix, int width,
    CHashLanes_Scalar scalar, uint8_t *digests) {
    Work work; // not zeroed: each lane is filled before it is read
    work.messages = messages;
    work.count = count;
    work.begun = 0;
    work.prefix = prefix;
    work.digests = digests;
    work.active = 0;

    LaneKernel kernel = kernel_of_width(width);
    if (kernel != NULL && count >= MIN_ACTIVE) {
        for (int i = 0; i < width; i++) {
            work.lane[i].digest = NULL;
            work.run[i] = SIZE_MAX;
            if (refill(&work, i)) work.active++;
        }
        while (work.active >= MIN_ACTIVE) step(&work, kernel, width);
        for (int i = 0; i < width; i++) {
            if (work.lane[i].digest != NULL) finish_alone(&work, i, scalar);
        }
    }
    while (refill(&work, 0)) finish_alone(&work, 0, scalar);
}
