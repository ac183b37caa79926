/* SPDX-License-Identifier: MIT */
/* Threads of one processor: a run queue, waiting for an address or for a moment, and time that jumps. */
#include "guest/kernel/kernel.h"

enum { MAX_THREADS = 128 };

struct thread* current;
struct moment now;

static struct thread threads[MAX_THREADS];
static struct thread* queue_head;
static struct thread* queue_tail;
static u32 last_id;
static u32 last_order;
static u32 loaded_user_local;

struct moment later(struct moment from, struct moment by)
{
    struct moment out = {from.seconds + by.seconds, from.nanoseconds + by.nanoseconds};
    if (out.nanoseconds >= 1000000000u) {
        out.nanoseconds -= 1000000000u;
        ++out.seconds;
    }
    if (out.seconds < from.seconds) out.seconds = 0xffffffffu; /* never */
    return out;
}

int is_before(const struct moment* a, const struct moment* b)
{
    return a->seconds != b->seconds ? a->seconds < b->seconds : a->nanoseconds < b->nanoseconds;
}

struct thread* thread_new(void)
{
    u32 i;
    for (i = 0; i < MAX_THREADS; ++i) {
        struct thread* t = &threads[i];
        if (t->id != 0) continue;
        zero((u32)t, sizeof *t);
        t->id = ++last_id;
        return t;
    }
    return 0;
}

static void enqueue(struct thread* t)
{
    t->next = 0;
    if (queue_tail != 0)
        queue_tail->next = t;
    else
        queue_head = t;
    queue_tail = t;
}

void block(struct thread* t)
{
    t->waits = 1;
    t->order = ++last_order;
}

void wake(struct thread* t)
{
    t->waits = 0;
    t->has_deadline = t->has_deadline && t->again;
    t->futex = 0;
    enqueue(t);
}

void wake_all_retries(void)
{
    u32 i;
    for (i = 0; i < MAX_THREADS; ++i)
        if (threads[i].id != 0 && threads[i].waits && threads[i].again) wake(&threads[i]);
}

void set_absolute_deadline(struct thread* t, const struct moment* absolute)
{
    t->has_deadline = 1;
    t->timed_out = 0;
    t->deadline = *absolute;
}

void set_deadline(struct thread* t, const struct moment* relative)
{
    struct moment absolute = later(now, *relative);
    set_absolute_deadline(t, &absolute);
}

/* The waiting thread whose deadline is the earliest, or nothing. */
static struct thread* earliest(void)
{
    struct thread* out = 0;
    u32 i;
    for (i = 0; i < MAX_THREADS; ++i) {
        struct thread* t = &threads[i];
        if (t->id == 0 || !t->waits || !t->has_deadline) continue;
        if (out == 0 || is_before(&t->deadline, &out->deadline)) out = t;
    }
    return out;
}

static void time_out(struct thread* t)
{
    t->timed_out = 1;
    if (t->futex != 0) refuse(t, ETIMEDOUT);
    wake(t);
}

/* Wakes those whose time has come. When nobody else can run, time goes on to the next deadline. */
static void run_clock(void)
{
    struct thread* t;
    while ((t = earliest()) != 0) {
        if (is_before(&now, &t->deadline)) {
            if (queue_head != 0) return;
            now = t->deadline;
        }
        time_out(t);
    }
}

/* Leaves in `current` a thread that can continue: the same one unless it waits, yielded or ended. */
void schedule(void)
{
    while (current == 0 || current->waits || current->id == 0) {
        run_clock();
        if (queue_head == 0) halt(BOWLINE_FAIL_DEADLOCK, 0);
        current = queue_head;
        queue_head = queue_head->next;
        if (queue_head == 0) queue_tail = 0;
        if (current->again) {
            current->again = 0;
            current->retrying = 1;
            dispatch(current);
            current->retrying = 0;
            if (!current->waits) current->has_deadline = 0;
        }
    }
    if (current->user_local != loaded_user_local) {
        loaded_user_local = current->user_local;
        set_user_local(loaded_user_local);
    }
}

void sys_yield(struct thread* t)
{
    give(t, 0);
    enqueue(t);
    current = 0;
}

enum {
    CLONE_NEEDED = 0x50f00, /* VM, FS, FILES, SIGHAND, THREAD, SYSVSEM */
    CLONE_SETTLS = 0x80000,
    CLONE_PARENT_SETTID = 0x100000,
    CLONE_CHILD_CLEARTID = 0x200000,
    CLONE_DETACHED = 0x400000, /* has no meaning any more */
    CLONE_OPTIONAL = CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED
};

void sys_clone(struct thread* t)
{
    u32 flags = t->reg[4];
    struct thread* child;
    if ((flags & ~(u32)CLONE_OPTIONAL) != CLONE_NEEDED) unsupported(t->reg[2]);
    child = thread_new();
    if (child == 0) {
        refuse(t, EAGAIN);
        return;
    }
    copy((u32)child->reg, (u32)t->reg, sizeof t->reg);
    child->hi = t->hi;
    child->lo = t->lo;
    child->pc = t->pc;
    child->user_local = (flags & CLONE_SETTLS) != 0 ? t->reg[7] : t->user_local;
    if (t->reg[5] != 0) child->reg[29] = t->reg[5];
    if ((flags & CLONE_PARENT_SETTID) != 0) WORD(t->reg[6]) = child->id;
    if ((flags & CLONE_CHILD_CLEARTID) != 0) child->clear_on_exit = stack_argument(t, 4);
    copy((u32)child->signal_mask, (u32)t->signal_mask, sizeof t->signal_mask);
    give(child, 0);
    give(t, child->id);
    enqueue(child);
}

static u32 wake_futex(u32 address, u32 count)
{
    u32 woken = 0;
    while (woken < count) {
        struct thread* first = 0;
        u32 i;
        for (i = 0; i < MAX_THREADS; ++i) {
            struct thread* t = &threads[i];
            if (t->id == 0 || !t->waits || t->futex != address) continue;
            if (first == 0 || t->order < first->order) first = t;
        }
        if (first == 0) break;
        give(first, 0);
        wake(first);
        ++woken;
    }
    return woken;
}

void sys_exit(struct thread* t)
{
    u32 code = t->reg[4] & 0xff;
    u32 i;
    if (t->clear_on_exit != 0) {
        WORD(t->clear_on_exit) = 0;
        wake_futex(t->clear_on_exit, 1);
    }
    t->id = 0;
    current = 0;
    for (i = 0; i < MAX_THREADS; ++i)
        if (threads[i].id != 0) return;
    halt(code, 0);
}

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_WAIT_BITSET = 9, FUTEX_WAKE_BITSET = 10, FUTEX_PRIVATE = 128 };

void sys_futex(struct thread* t)
{
    u32 address = t->reg[4];
    u32 operation = t->reg[5] & ~(u32)FUTEX_PRIVATE;
    u32 timeout = t->reg[7];
    u32 bitset = operation == FUTEX_WAIT_BITSET || operation == FUTEX_WAKE_BITSET;
    if (address % 4 != 0 || address == 0) {
        refuse(t, EINVAL);
        return;
    }
    if (bitset && stack_argument(t, 5) != 0xffffffffu) unsupported(t->reg[2]);
    if (operation == FUTEX_WAKE || operation == FUTEX_WAKE_BITSET) {
        give(t, wake_futex(address, t->reg[6]));
        return;
    }
    if (operation != FUTEX_WAIT && operation != FUTEX_WAIT_BITSET) unsupported(t->reg[2]);
    if (WORD(address) != t->reg[6]) {
        refuse(t, EAGAIN);
        return;
    }
    t->futex = address;
    t->has_deadline = 0;
    if (timeout != 0) {
        struct moment given = {WORD(timeout), WORD(timeout + 4)};
        if (bitset)
            set_absolute_deadline(t, &given);
        else
            set_deadline(t, &given);
    }
    block(t);
}

void sys_nanosleep(struct thread* t)
{
    struct moment given = {WORD(t->reg[4]), WORD(t->reg[4] + 4)};
    if (given.nanoseconds >= 1000000000u || given.seconds > 0x7fffffffu) {
        refuse(t, EINVAL);
        return;
    }
    give(t, 0);
    set_deadline(t, &given);
    block(t);
}
