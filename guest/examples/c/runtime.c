/* SPDX-License-Identifier: MIT */
/*
 * Makes public what guest/c/runtime.c computes of pairs of 64-bit numbers in its input: quotients, remainders, shifts,
 * and blocks of memory that were copied, moved and filled. On other processors the compiler's own code does it.
 */
#include <bowline.h>
static void divisions(uint64_t a, uint64_t b)
{
    uint64_t out[4] = {0, 0, 0, 0};
    if (b == 0 || (a == 1ull << 63 && b == ~0ull)) return; /* what C does not define */
    out[0] = a / b;
    out[1] = a % b;
    out[2] = (uint64_t)((int64_t)a / (int64_t)b);
    out[3] = (uint64_t)((int64_t)a % (int64_t)b);
    bowline_commit(out, sizeof out);
}

/* Called by name, because the compiler itself does so only when it optimises for size. */
#ifdef __mips__
uint64_t __ashldi3(uint64_t value, int count);
uint64_t __lshrdi3(uint64_t value, int count);
int64_t __ashrdi3(int64_t value, int count);
#else
static uint64_t __ashldi3(uint64_t value, int count) { return value << count; }
static uint64_t __lshrdi3(uint64_t value, int count) { return value >> count; }
static int64_t __ashrdi3(int64_t value, int count) { return value >> count; }
#endif

static void shifts(uint64_t a, uint64_t b)
{
    const int by = (int)(b & 63);
    const uint64_t out[3] = {__ashldi3(a, by), __lshrdi3(a, by), (uint64_t)__ashrdi3((int64_t)a, by)};
    bowline_commit(out, sizeof out);
}

static void blocks(const void* pair, unsigned step)
{
    static unsigned char bytes[64];
    const size_t size = step % 17;
    const size_t from = step % 5;
    const size_t to = step % 7;
    __builtin_memcpy(bytes + to, pair, size);
    __builtin_memmove(bytes + from, bytes + to, 2 * size);
    __builtin_memset(bytes + 40 + from, (int)step, size);
    const int order = __builtin_memcmp(bytes, bytes + to, size);
    bytes[63] = order < 0 ? 1 : order > 0 ? 2 : 3;
    bowline_commit(bytes, sizeof bytes);
}

int main(void)
{
    uint64_t pair[2];
    for (unsigned step = 0; bowline_read(pair, sizeof pair) == sizeof pair; ++step) {
        divisions(pair[0], pair[1]);
        shifts(pair[0], pair[1]);
        blocks(pair, step);
    }
    return 0;
}
