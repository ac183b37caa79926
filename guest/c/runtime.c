/* SPDX-License-Identifier: MIT */
/*
 * What compilers call in freestanding programs for the machine: blocks of memory, 64-bit shifts and divisions. Debian's
 * cross compiler has these for processors with floating point only. Link it with every guest in C or Rust.
 */
#include <stddef.h>
#include <stdint.h>

/* The barriers keep the compiler from making a call of the loop, to the function that it is in. */
#define NOT_A_CALL() __asm__ volatile("" ::: "memory")

void* memcpy(void* to, const void* from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);
int memcmp(const void* a, const void* b, size_t bytes);
int bcmp(const void* a, const void* b, size_t bytes);

/* Words are read and written as such whatever their type is. */
typedef uint32_t __attribute__((may_alias)) any_word;

static int are_words(const void* a, const void* b) { return (((uintptr_t)a | (uintptr_t)b) & 3) == 0; }

void* memcpy(void* to, const void* from, size_t bytes)
{
    unsigned char* out = to;
    const unsigned char* in = from;
    if (are_words(to, from))
        for (; bytes >= 4; bytes -= 4, out += 4, in += 4) {
            *(any_word*)out = *(const any_word*)in;
            NOT_A_CALL();
        }
    for (; bytes > 0; --bytes) {
        *out++ = *in++;
        NOT_A_CALL();
    }
    return to;
}

void* memmove(void* to, const void* from, size_t bytes)
{
    unsigned char* out = to;
    const unsigned char* in = from;
    if ((uintptr_t)to - (uintptr_t)from >= bytes) return memcpy(to, from, bytes);
    while (bytes > 0) {
        --bytes;
        out[bytes] = in[bytes];
        NOT_A_CALL();
    }
    return to;
}

void* memset(void* to, int value, size_t bytes)
{
    unsigned char* out = to;
    if (are_words(to, to))
        for (; bytes >= 4; bytes -= 4, out += 4) {
            *(any_word*)out = (unsigned char)value * 0x01010101u;
            NOT_A_CALL();
        }
    for (; bytes > 0; --bytes) {
        *out++ = (unsigned char)value;
        NOT_A_CALL();
    }
    return to;
}

int memcmp(const void* a, const void* b, size_t bytes)
{
    const unsigned char* left = a;
    const unsigned char* right = b;
    for (; bytes > 0; --bytes, ++left, ++right)
        if (*left != *right) return *left < *right ? -1 : 1;
    return 0;
}

int bcmp(const void* a, const void* b, size_t bytes) { return memcmp(a, b, bytes); }

/* --- 64 bits; counts of shifts are 0 to 63 --- */

typedef union {
    uint64_t all;
    struct {
        uint32_t low;
        uint32_t high;
    } half;
} wide;

uint64_t __ashldi3(uint64_t value, int count);
uint64_t __lshrdi3(uint64_t value, int count);
int64_t __ashrdi3(int64_t value, int count);
uint64_t __udivdi3(uint64_t a, uint64_t b);
uint64_t __umoddi3(uint64_t a, uint64_t b);
int64_t __divdi3(int64_t a, int64_t b);
int64_t __moddi3(int64_t a, int64_t b);

uint64_t __ashldi3(uint64_t value, int count)
{
    const wide in = {value};
    wide out = in;
    if (count >= 32) {
        out.half.high = in.half.low << (count - 32);
        out.half.low = 0;
    } else if (count > 0) {
        out.half.high = in.half.high << count | in.half.low >> (32 - count);
        out.half.low = in.half.low << count;
    }
    return out.all;
}

uint64_t __lshrdi3(uint64_t value, int count)
{
    const wide in = {value};
    wide out = in;
    if (count >= 32) {
        out.half.low = in.half.high >> (count - 32);
        out.half.high = 0;
    } else if (count > 0) {
        out.half.low = in.half.low >> count | in.half.high << (32 - count);
        out.half.high = in.half.high >> count;
    }
    return out.all;
}

int64_t __ashrdi3(int64_t value, int count)
{
    const uint64_t shifted = __lshrdi3((uint64_t)value, count);
    if (value >= 0 || count == 0) return (int64_t)shifted;
    return (int64_t)(shifted | __ashldi3(UINT64_MAX, 64 - count));
}

/* Bit by bit. Of a division by 0 C says nothing; the machine's own leaves the dividend, and so does this. */
static uint64_t divide(uint64_t a, uint64_t b, uint64_t* rest)
{
    uint64_t quotient = 0;
    int shift = 0;
    *rest = a;
    if (b == 0 || b > a) return b == 0 ? UINT64_MAX : 0;
    if (a >> 32 == 0) {
        *rest = (uint32_t)a % (uint32_t)b;
        return (uint32_t)a / (uint32_t)b;
    }
    while ((b & 1ull << 63) == 0 && b + b <= a) {
        b += b;
        ++shift;
    }
    for (; shift >= 0; --shift, b >>= 1) {
        quotient += quotient;
        if (*rest < b) continue;
        *rest -= b;
        quotient += 1;
    }
    return quotient;
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    return divide(a, b, &rest);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    divide(a, b, &rest);
    return rest;
}

static uint64_t magnitude(int64_t value) { return value < 0 ? 0 - (uint64_t)value : (uint64_t)value; }

int64_t __divdi3(int64_t a, int64_t b)
{
    const uint64_t quotient = __udivdi3(magnitude(a), magnitude(b));
    return (int64_t)((a < 0) != (b < 0) ? 0 - quotient : quotient);
}

int64_t __moddi3(int64_t a, int64_t b)
{
    const uint64_t rest = __umoddi3(magnitude(a), magnitude(b));
    return (int64_t)(a < 0 ? 0 - rest : rest);
}
