/* SPDX-License-Identifier: MIT */
/* Which system call is which: numbers and arguments of the o32 interface. */
#include "guest/kernel/kernel.h"

void give(struct thread* t, u32 value)
{
    t->reg[2] = value;
    t->reg[7] = 0;
}

void refuse(struct thread* t, u32 error)
{
    t->reg[2] = error;
    t->reg[7] = 1;
}

void unsupported(u32 detail) { halt(BOWLINE_FAIL_SYSCALL, detail); }

/* Arguments behind the fourth lie on the caller's stack. */
u32 stack_argument(const struct thread* t, u32 index) { return WORD(t->reg[29] + 4 * index); }

static void put_text(u32 to, const char* text)
{
    u32 i = 0;
    do BYTE(to + i) = (u8)text[i];
    while (text[i++] != 0);
}

/* The release decides which calls the Go runtime uses: this one has none of those with 64-bit time. */
static void sys_uname(struct thread* t)
{
    u32 at = t->reg[4];
    zero(at, 6 * 65);
    put_text(at, "Linux");
    put_text(at + 65, "guest");
    put_text(at + 2 * 65, "4.19.0");
    put_text(at + 3 * 65, "#1");
    put_text(at + 4 * 65, "mips");
    give(t, 0);
}

static void tick(void)
{
    const struct moment microsecond = {0, 1000};
    now = later(now, microsecond);
}

/* The wall clock begins with Bitcoin's first block. */
enum { EPOCH = 1231006505 };

static void sys_clock_gettime(struct thread* t)
{
    u32 clock = t->reg[4];
    u32 wall = clock == 0 || clock == 5;
    if (clock > 7) {
        refuse(t, EINVAL);
        return;
    }
    tick();
    WORD(t->reg[5]) = now.seconds + (wall ? EPOCH : 0);
    WORD(t->reg[5] + 4) = now.nanoseconds;
    give(t, 0);
}

static void sys_gettimeofday(struct thread* t)
{
    tick();
    if (t->reg[4] != 0) {
        WORD(t->reg[4]) = now.seconds + EPOCH;
        WORD(t->reg[4] + 4) = now.nanoseconds / 1000;
    }
    give(t, 0);
}

static void sys_clock_getres(struct thread* t)
{
    if (t->reg[5] != 0) {
        WORD(t->reg[5]) = 0;
        WORD(t->reg[5] + 4) = 1000;
    }
    give(t, 0);
}

/* xorshift from a fixed seed: the same bytes in every execution, no secrets. */
static void sys_getrandom(struct thread* t)
{
    static u32 seed = 0x2545f491;
    u32 i;
    for (i = 0; i < t->reg[5]; ++i) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        BYTE(t->reg[4] + i) = (u8)(seed >> 11);
    }
    give(t, i);
}

/* One processor. */
static void sys_getaffinity(struct thread* t)
{
    if (t->reg[5] < 4) {
        refuse(t, EINVAL);
        return;
    }
    WORD(t->reg[6]) = 1;
    give(t, 4);
}

/* Every limit is that of open files, and all of them stand. */
static void sys_prlimit64(struct thread* t)
{
    enum { LIMIT = 1024 };
    u32 wanted = t->reg[6];
    u32 old = t->reg[7];
    if (wanted != 0 && (WORD(wanted) != LIMIT || WORD(wanted + 4) != 0)) {
        refuse(t, EPERM);
        return;
    }
    if (old != 0) {
        WORD(old) = WORD(old + 8) = LIMIT;
        WORD(old + 4) = WORD(old + 12) = 0;
    }
    give(t, 0);
}

static void sys_set_thread_area(struct thread* t)
{
    t->user_local = t->reg[4]; /* schedule() makes it visible */
    give(t, 0);
}

static void sys_set_tid_address(struct thread* t)
{
    t->clear_on_exit = t->reg[4];
    give(t, t->id);
}

/* Calls about the process itself, with one answer each. True if `number` is one. */
static int dispatch_identity(struct thread* t, u32 number)
{
    switch (number) {
    case 20: give(t, 1); break;      /* getpid */
    case 64: give(t, 0); break;      /* getppid */
    case 24:                         /* getuid */
    case 47:                         /* getgid */
    case 49:                         /* geteuid */
    case 50: give(t, 0); break;      /* getegid */
    case 222: give(t, t->id); break; /* gettid */
    case 122: sys_uname(t); break;
    case 239: refuse(t, EPERM); break; /* sched_setaffinity */
    case 240: sys_getaffinity(t); break;
    case 338: sys_prlimit64(t); break;
    case 283: sys_set_thread_area(t); break;
    case 252: sys_set_tid_address(t); break;
    case 309: give(t, 0); break; /* set_robust_list: threads end by themselves or not at all */
    case 353: sys_getrandom(t); break;
    case 192: refuse(t, EINVAL); break; /* prctl: none of its options */
    default: return 0;
    }
    return 1;
}

static int dispatch_memory(struct thread* t, u32 number)
{
    switch (number) {
    case 45: sys_brk(t); break;
    case 90:
    case 210: sys_mmap(t, number == 210); break;
    case 91: sys_munmap(t); break;
    case 125: sys_mprotect(t); break;
    case 218: sys_madvise(t); break;
    default: return 0;
    }
    return 1;
}

static int dispatch_threads(struct thread* t, u32 number)
{
    switch (number) {
    case 1: sys_exit(t); break;
    case 246: halt(t->reg[4] & 0xff, 0);
    case 120: sys_clone(t); break;
    case 162: sys_yield(t); break;
    case 166: sys_nanosleep(t); break;
    case 238: sys_futex(t); break;
    case 263: sys_clock_gettime(t); break;
    case 264: sys_clock_getres(t); break;
    case 78: sys_gettimeofday(t); break;
    case 194: sys_sigaction(t); break;
    case 195: sys_sigprocmask(t); break;
    case 206: sys_sigaltstack(t); break;
    case 37: sys_kill(t, t->reg[5]); break;
    case 236: sys_kill(t, t->reg[5]); break; /* tkill */
    case 266: sys_kill(t, t->reg[6]); break; /* tgkill */
    default: return 0;
    }
    return 1;
}

static int dispatch_files(struct thread* t, u32 number)
{
    switch (number) {
    case 3: sys_read(t); break;
    case 4: sys_write(t); break;
    case 146: sys_writev(t); break;
    case 6: sys_close(t); break;
    case 55:
    case 220: sys_fcntl(t); break;
    case 215: sys_fstat64(t); break;
    case 42: sys_pipe(t, 0, 1); break;
    case 328: sys_pipe(t, t->reg[5], 0); break;
    case 319: sys_eventfd(t, 0); break;
    case 325: sys_eventfd(t, t->reg[5]); break;
    case 248:
    case 326: sys_epoll_create(t); break;
    case 249: sys_epoll_ctl(t); break;
    case 250:
    case 313: sys_epoll_wait(t); break;
    /* There are no files: open, readlink, access, stat64, lstat64, openat, fstatat64, readlinkat, faccessat. */
    case 5:
    case 85:
    case 33:
    case 213:
    case 214:
    case 288:
    case 293:
    case 298:
    case 300: refuse(t, ENOENT); break;
    case 19:                                                         /* lseek */
    case 140:                                                        /* llseek */
    case 200: refuse(t, is_open(t->reg[4]) ? ESPIPE : EBADF); break; /* pread64 */
    case 54: refuse(t, is_open(t->reg[4]) ? ENOTTY : EBADF); break;  /* ioctl */
    default: return 0;
    }
    return 1;
}

/* Newer than the release that uname names: statx, rseq, calls with 64-bit time, clone3, futex_waitv and so on. */
static int is_newer(u32 number) { return number == 366 || number == 367 || (number >= 403 && number < 480); }

void dispatch(struct thread* t)
{
    u32 number = t->reg[2] - 4000;
    if (dispatch_threads(t, number) || dispatch_memory(t, number) || dispatch_files(t, number) ||
        dispatch_identity(t, number))
        return;
    if (!is_newer(number)) unsupported(t->reg[2]);
    refuse(t, ENOSYS);
}

void kernel_trap(void)
{
    dispatch(current);
    schedule();
}
