/* SPDX-License-Identifier: MIT */
/*
 * For guests written in C: private input, public values, and the machine's precompiled functions. docs/zkvm.md says how
 * to compile and link. A guest defines `int main(void)`; what it returns is the exit code.
 *
 * The same source compiles in three ways: freestanding for the machine; freestanding with BOWLINE_PLAIN defined, for the
 * machine and for any Linux on MIPS, with plain code in place of the precompiles; and as an ordinary program for another
 * processor, with plain code as well and descriptor 3 open for the public values, as in `program 3>journal`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __mips__

/* --- Linux's system calls, as the guest kernel answers them --- */

static inline long bowline_syscall(long number, long a, long b, long c, long* failed)
{
    register long v0 __asm__("$2") = number;
    register long a0 __asm__("$4") = a;
    register long a1 __asm__("$5") = b;
    register long a2 __asm__("$6") = c;
    register long a3 __asm__("$7") = 0;
    __asm__ volatile("syscall"
                     : "+r"(v0), "+r"(a3)
                     : "r"(a0), "r"(a1), "r"(a2)
                     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
                       "lo", "memory");
    if (failed != NULL) *failed = a3;
    return v0;
}

/* Up to `size` bytes of the private input; 0 at its end. A proof says nothing about them. */
static inline size_t bowline_read(void* to, size_t size)
{
    return (size_t)bowline_syscall(4003, 0, (long)to, (long)size, NULL);
}
/* Appends to the public values. */
static inline void bowline_commit(const void* from, size_t size)
{
    bowline_syscall(4004, 3, (long)from, (long)size, NULL);
}
/* For people only, never proven. */
static inline void bowline_print(const char* text)
{
    size_t length = 0;
    while (text[length] != 0) ++length;
    bowline_syscall(4004, 1, (long)text, (long)length, NULL);
}
static inline void __attribute__((noreturn)) bowline_exit(int code)
{
    bowline_syscall(4246, code, 0, 0, NULL);
    __builtin_unreachable();
}

#else

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline size_t bowline_read(void* to, size_t size)
{
    const ssize_t count = read(0, to, size);
    if (count < 0) perror("cannot read the input"), exit(2);
    return (size_t)count;
}
static inline void bowline_commit(const void* from, size_t size)
{
    while (size > 0) {
        const ssize_t count = write(3, from, size);
        if (count <= 0) perror("cannot write the public values"), exit(2);
        from = (const char*)from + count;
        size -= (size_t)count;
    }
}
static inline void bowline_print(const char* text)
{
    fputs(text, stdout);
    fflush(stdout);
}
static inline void __attribute__((noreturn)) bowline_exit(int code) { exit(code); }

#endif

/* --- precompiles: all operands are words in memory, read before anything is written --- */

#if !defined(__mips__) || defined(BOWLINE_PLAIN)
#include "bowline_plain.h"
#else

/* Permutes 16 words, each below 0x7f000001: another one cannot be proven. */
static inline void bowline_poseidon2(uint32_t state[16])
{
    register uint32_t* a0 __asm__("$4") = state;
    __asm__ volatile("syscall 16" : : "r"(a0) : "memory");
}
/* One compression; the words are numbers: swap the bytes of the block first. */
static inline void bowline_sha256_compress(uint32_t state[8], const uint32_t block[16])
{
    register uint32_t* a0 __asm__("$4") = state;
    register const uint32_t* a1 __asm__("$5") = block;
    __asm__ volatile("syscall 17" : : "r"(a0), "r"(a1) : "memory");
}
/* x := x * y mod m, little-endian words; m = 0 cannot be proven. */
static inline void bowline_mulmod256(uint32_t x[8], const uint32_t y[8], const uint32_t m[8])
{
    register uint32_t* a0 __asm__("$4") = x;
    register const uint32_t* a1 __asm__("$5") = y;
    register const uint32_t* a2 __asm__("$6") = m;
    __asm__ volatile("syscall 18" : : "r"(a0), "r"(a1), "r"(a2) : "memory");
}
/* p := p + q on secp256k1, affine (x, y) of 8 little-endian words each. Equal x cannot be proven. */
static inline void bowline_secp256k1_add(uint32_t p[16], const uint32_t q[16])
{
    register uint32_t* a0 __asm__("$4") = p;
    register const uint32_t* a1 __asm__("$5") = q;
    __asm__ volatile("syscall 19" : : "r"(a0), "r"(a1) : "memory");
}
/* p := 2 p; y = 0 cannot be proven. */
static inline void bowline_secp256k1_double(uint32_t p[16])
{
    register uint32_t* a0 __asm__("$4") = p;
    __asm__ volatile("syscall 20" : : "r"(a0) : "memory");
}
/* 25 lanes of 64 bits. */
static inline void bowline_keccak_f(uint64_t state[25])
{
    register uint64_t* a0 __asm__("$4") = state;
    __asm__ volatile("syscall 21" : : "r"(a0) : "memory");
}

#endif

/* --- start --- */

#if defined(__mips__) && !defined(BOWLINE_NO_START)
int main(void);
/* The kernel enters here with a stack of 16-byte alignment; main gets its own frame. */
__asm__(".text\n"
        ".globl _start\n"
        ".ent _start\n"
        "_start:\n"
        "    .set push\n"
        "    .set noreorder\n"
        "    jal bowline_start_c\n"
        "    addiu $29, $29, -32\n"
        "    .set pop\n"
        ".end _start\n");
void bowline_start_c(void);
void __attribute__((used, noreturn)) bowline_start_c(void) { bowline_exit(main()); }
#endif
