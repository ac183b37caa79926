/* SPDX-License-Identifier: MIT */
/* Public values: the bytes written to descriptor 3, and their digest when the execution ends. */
#include "guest/kernel/kernel.h"

static u32 journal_length;

void journal_append(u32 from, u32 bytes)
{
    if (bytes > BOWLINE_JOURNAL_MAX - journal_length) halt(BOWLINE_FAIL_JOURNAL, journal_length);
    copy(BOWLINE_JOURNAL + journal_length, from, bytes);
    journal_length += bytes;
}

struct sponge {
    u32 state[16];
    u32 filled; /* of the rate of 8 */
};

static void absorb(struct sponge* sponge, u32 limb)
{
    u32 sum = sponge->state[sponge->filled] + limb; /* both below 2^31 */
    sponge->state[sponge->filled] = sum >= BOWLINE_FIELD_MODULUS ? sum - BOWLINE_FIELD_MODULUS : sum;
    if (++sponge->filled == 8) {
        poseidon2(sponge->state);
        sponge->filled = 0;
    }
}

/* docs/protocol.md, section 2: the tag and the number of elements in the capacity, then the length, then limbs. */
static void hash_journal(u32* digest)
{
    struct sponge sponge = {{0}, 0};
    u32 limbs = (journal_length + 1) / 2;
    u32 i;
    sponge.state[8] = BOWLINE_JOURNAL_TAG;
    sponge.state[9] = limbs + 2;
    absorb(&sponge, journal_length & 0xffff);
    absorb(&sponge, journal_length >> 16);
    /* What lies behind an odd end was never written: it is zero, as the padding must be. */
    for (i = 0; i < limbs; ++i) absorb(&sponge, ((const unsigned short*)BOWLINE_JOURNAL)[i]);
    if (sponge.filled != 0) poseidon2(sponge.state);
    for (i = 0; i < 8; ++i) digest[i] = sponge.state[i];
}

void halt(u32 code, u32 detail)
{
    struct bowline_result* result = (struct bowline_result*)BOWLINE_RESULT;
    hash_journal(result->digest);
    result->length = journal_length;
    result->detail = detail;
    {
        register u32 a0 __asm__("$4") = code;
        __asm__ volatile("syscall %1" : : "r"(a0), "i"(BOWLINE_HALT) : "memory");
    }
    __builtin_unreachable();
}
