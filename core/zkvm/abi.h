/* SPDX-License-Identifier: MIT */
/*
 * What the machine, the kernel and guests agree on: the address map, the numbers of the primitives and the
 * failure codes. Read by C, by C++ and by the assembler, hence macros of plain numbers only.
 */
#pragma once

/* Counts changes of what the kernel does; part of every program id. */
#define BOWLINE_KERNEL_VERSION 1

/*
 * Loads, stores and jumps reach addresses from MEMORY_BEGIN, so that a nil pointer is a fault, up to MEMORY_END,
 * where the registers' leaves begin.
 */
#define BOWLINE_MEMORY_BEGIN 0x00010000
#define BOWLINE_MEMORY_END 0x7f000000
#define BOWLINE_KERNEL_BASE 0x7e000000
/* The one trap vector: first word of the kernel. */
#define BOWLINE_KERNEL_VECTOR 0x7e000000
/* Two leaves of 32 bytes that the kernel fills before HALT: see struct bowline_result. */
#define BOWLINE_RESULT 0x7e0fffc0
/* The journal's bytes lie from here on. */
#define BOWLINE_JOURNAL 0x7e100000
#define BOWLINE_JOURNAL_MAX 0x00100000
/* Written by the loader, read by the kernel at its start: entry of the guest, end of its data. */
#define BOWLINE_BOOT 0x7e0fff80
#define BOWLINE_STACK_TOP 0x7efff000
#define BOWLINE_STACK_BASE 0x7e400000
/* A guest's own segments lie in [MEMORY_BEGIN, ARENA_BASE); what it maps comes from the arena. */
#define BOWLINE_ARENA_BASE 0x20000000
#define BOWLINE_ARENA_END 0x70000000

/*
 * Primitives: the code field of SYSCALL. Arguments in $4..$7, results in $2; nothing else changes.
 * Pointers are multiples of 4; all operands are read before anything is written.
 */
#define BOWLINE_HALT 1              /* $4: exit code. Ends the execution. */
#define BOWLINE_HINT_LEN 2          /* $2 := bytes of private input that are left */
#define BOWLINE_HINT_WORD 3         /* $2 := the next four of them, little-endian, zero-filled at the end */
#define BOWLINE_SET_USER_LOCAL 4    /* what RDHWR $29 yields := $4 */
#define BOWLINE_DEBUG 5             /* shows $6 bytes at $5 as descriptor $4; proves nothing */
#define BOWLINE_POSEIDON2 16        /* 16 words at $4, each below 0x7f000001: permuted in place */
#define BOWLINE_SHA256 17           /* 8 words of state at $4, 16 words of block at $5: one compression */
#define BOWLINE_MULMOD 18           /* 256-bit: at $4 := at $4 * at $5 mod at $6; modulus 0 is a fault */
#define BOWLINE_SECP256K1_ADD 19    /* affine points (x, y): at $4 := at $4 + at $5; x must differ */
#define BOWLINE_SECP256K1_DOUBLE 20 /* at $4 := 2 * at $4; y must not be 0 */
#define BOWLINE_KECCAK_F 21         /* 25 lanes of 64 bits at $4: permuted in place */

/* Exit codes 0 to 255 are the guest's own. These are the kernel's. */
#define BOWLINE_FAIL_SYSCALL 0x101  /* unknown system call, or one with flags it does not have */
#define BOWLINE_FAIL_DEADLOCK 0x102 /* every thread waits, and for no moment in time */
#define BOWLINE_FAIL_SIGNAL 0x103   /* a signal would have to be delivered to a handler */
#define BOWLINE_FAIL_MEMORY 0x104   /* a table of the kernel is full */
#define BOWLINE_FAIL_JOURNAL 0x105  /* more than BOWLINE_JOURNAL_MAX bytes of public values */

#define BOWLINE_FIELD_MODULUS 0x7f000001
/* The capacity tag of the journal's hash in the Poseidon2 sponge (docs/protocol.md, section 2). */
#define BOWLINE_JOURNAL_TAG 32

#ifndef __ASSEMBLER__
/* At BOWLINE_BOOT. */
struct bowline_boot {
    unsigned int entry; /* first instruction of the guest */
    unsigned int brk;   /* first page behind its data */
};
/* At BOWLINE_RESULT. */
struct bowline_result {
    unsigned int digest[8]; /* of the journal, 8 field elements */
    unsigned int length;    /* of the journal in bytes */
    unsigned int detail;    /* of a kernel failure: the system call's number */
    unsigned int unused[6];
};
#endif
