/* SPDX-License-Identifier: MIT */
/*
 * The guest kernel: the part of Linux's interface for MIPS (o32) that programs of the supported compilers use, for
 * one process of several threads on one processor. It runs inside the machine and is proven like the guest.
 *
 * Everything is deterministic: threads are switched only when one waits or yields; time stands still but for one
 * microsecond at each look at the clock, and jumps to the next deadline when every thread waits. A system call that
 * is not here, or flags it does not have, end the execution with a failure code. It protects nothing from the guest.
 */
#pragma once

#include "core/zkvm/abi.h"

typedef unsigned char u8;
typedef unsigned int u32;

/* Linux for MIPS. */
enum {
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EBADF = 9,
    EAGAIN = 11,
    ENOMEM = 12,
    EEXIST = 17,
    ENODEV = 19,
    EINVAL = 22,
    EMFILE = 24,
    ENOTTY = 25,
    ESPIPE = 29,
    ENOSYS = 89,
    ETIMEDOUT = 145
};

struct moment {
    u32 seconds;
    u32 nanoseconds;
};

struct thread {
    /* vector.S knows these by their offset. */
    u32 reg[32];
    u32 hi;
    u32 lo;
    u32 pc;

    u32 id;              /* 0: this entry is free */
    struct thread* next; /* in the run queue */
    u32 waits;           /* blocked: not in the run queue and not current */
    u32 again;           /* its system call is to be tried again once it runs */
    u32 retrying;        /* that is happening now */
    u32 futex;           /* the address it waits for, or 0 */
    u32 order;           /* of waiting: who came first is woken first */
    u32 has_deadline;
    u32 timed_out;
    struct moment deadline;
    u32 user_local;
    u32 clear_on_exit; /* address to zero and wake, or 0 */
    u32 signal_mask[4];
    u32 signal_stack[3];
};

extern struct thread* current;

/* vector.S */
void kernel_vector(void);

/* start.c */
void kernel_boot(void);

/* trap.c */
void kernel_trap(void);
void dispatch(struct thread* t);
void give(struct thread* t, u32 value);
void refuse(struct thread* t, u32 error);
void unsupported(u32 detail) __attribute__((noreturn));
u32 stack_argument(const struct thread* t, u32 index);

/* threads.c */
extern struct moment now;
struct thread* thread_new(void);
void schedule(void);
void block(struct thread* t);
void wake(struct thread* t);
void wake_all_retries(void);
void set_deadline(struct thread* t, const struct moment* relative);
void set_absolute_deadline(struct thread* t, const struct moment* absolute);
struct moment later(struct moment from, struct moment by);
int is_before(const struct moment* a, const struct moment* b);
void sys_clone(struct thread* t);
void sys_exit(struct thread* t);
void sys_futex(struct thread* t);
void sys_nanosleep(struct thread* t);
void sys_yield(struct thread* t);

/* memory.c */
void zero(u32 address, u32 bytes);
void copy(u32 to, u32 from, u32 bytes);
void memory_boot(u32 brk);
void sys_brk(struct thread* t);
void sys_mmap(struct thread* t, u32 pages_offset);
void sys_munmap(struct thread* t);
void sys_mprotect(struct thread* t);
void sys_madvise(struct thread* t);

/* files.c */
void sys_read(struct thread* t);
void sys_write(struct thread* t);
void sys_writev(struct thread* t);
void sys_close(struct thread* t);
void sys_fcntl(struct thread* t);
void sys_fstat64(struct thread* t);
void sys_pipe(struct thread* t, u32 flags, int in_registers);
void sys_eventfd(struct thread* t, u32 flags);
void sys_epoll_create(struct thread* t);
void sys_epoll_ctl(struct thread* t);
void sys_epoll_wait(struct thread* t);
int is_open(u32 descriptor);

/* signals.c */
void sys_sigaction(struct thread* t);
void sys_sigprocmask(struct thread* t);
void sys_sigaltstack(struct thread* t);
void sys_kill(struct thread* t, u32 signal);

/* journal.c */
void journal_append(u32 from, u32 bytes);
void halt(u32 code, u32 detail) __attribute__((noreturn));

/* The primitives of abi.h. */
static inline u32 hint_length(void)
{
    register u32 out __asm__("$2");
    __asm__ volatile("syscall %1" : "=r"(out) : "i"(BOWLINE_HINT_LEN));
    return out;
}
static inline u32 hint_word(void)
{
    register u32 out __asm__("$2");
    __asm__ volatile("syscall %1" : "=r"(out) : "i"(BOWLINE_HINT_WORD));
    return out;
}
static inline void set_user_local(u32 value)
{
    register u32 a0 __asm__("$4") = value;
    __asm__ volatile("syscall %1" : : "r"(a0), "i"(BOWLINE_SET_USER_LOCAL));
}
static inline void debug_show(u32 descriptor, u32 from, u32 bytes)
{
    register u32 a0 __asm__("$4") = descriptor;
    register u32 a1 __asm__("$5") = from;
    register u32 a2 __asm__("$6") = bytes;
    __asm__ volatile("syscall %3" : : "r"(a0), "r"(a1), "r"(a2), "i"(BOWLINE_DEBUG) : "memory");
}
static inline void poseidon2(u32* state)
{
    register u32* a0 __asm__("$4") = state;
    __asm__ volatile("syscall %1" : : "r"(a0), "i"(BOWLINE_POSEIDON2) : "memory");
}

#define WORD(address) (*(volatile u32*)(address))
#define BYTE(address) (*(volatile u8*)(address))
