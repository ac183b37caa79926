/* SPDX-License-Identifier: MIT */
/*
 * The guest's address space: its data segment by brk, everything else from the arena. Untouched memory of the
 * machine is zero, so mapping costs nothing; a bitmap remembers which pages were writable once and are to be zeroed
 * before they are handed out again.
 */
#include "guest/kernel/kernel.h"

enum { PAGE = 4096, ARENA_PAGES = (BOWLINE_ARENA_END - BOWLINE_ARENA_BASE) / PAGE, MAX_HOLES = 256 };
enum { PROT_WRITE = 2 };
/* Linux for MIPS. */
enum {
    MAP_SHARED = 1,
    MAP_PRIVATE = 2,
    MAP_FIXED = 0x10,
    MAP_NORESERVE = 0x400,
    MAP_ANONYMOUS = 0x800,
    MAP_STACK = 0x40000,
    MAP_FIXED_NOREPLACE = 0x100000
};
enum { MADV_DONTNEED = 4, MADV_FREE = 8 };

static u32 brk_start;
static u32 brk_now;
static u32 brk_highest; /* what lies above was never handed out */

static u32 arena_next = BOWLINE_ARENA_BASE;
static u32 used[ARENA_PAGES / 32];

/* Unmapped ranges below arena_next, in no order. When the table is full, address space is lost. */
static struct hole {
    u32 begin;
    u32 end;
} holes[MAX_HOLES];

void zero(u32 address, u32 bytes)
{
    u32 end = address + bytes;
    while (address < end && address % 4 != 0) BYTE(address++) = 0;
    for (; end - address >= 32 && address < end; address += 32) {
        WORD(address) = 0;
        WORD(address + 4) = 0;
        WORD(address + 8) = 0;
        WORD(address + 12) = 0;
        WORD(address + 16) = 0;
        WORD(address + 20) = 0;
        WORD(address + 24) = 0;
        WORD(address + 28) = 0;
    }
    while (address < end) BYTE(address++) = 0;
}

void copy(u32 to, u32 from, u32 bytes)
{
    u32 i = 0;
    if ((to | from) % 4 == 0)
        for (; i + 4 <= bytes; i += 4) WORD(to + i) = WORD(from + i);
    for (; i < bytes; ++i) BYTE(to + i) = BYTE(from + i);
}

/* The compiler calls these for structures. */
void* memcpy(void* to, const void* from, u32 bytes);
void* memset(void* to, int value, u32 bytes);
void* memcpy(void* to, const void* from, u32 bytes)
{
    copy((u32)to, (u32)from, bytes);
    return to;
}
void* memset(void* to, int value, u32 bytes)
{
    u32 i;
    for (i = 0; i < bytes; ++i) BYTE((u32)to + i) = (u8)value;
    return to;
}

void memory_boot(u32 brk) { brk_start = brk_now = brk_highest = brk; }

void sys_brk(struct thread* t)
{
    u32 wanted = t->reg[4];
    if (wanted >= brk_start && wanted <= BOWLINE_ARENA_BASE) {
        u32 dirty_end = wanted < brk_highest ? wanted : brk_highest;
        if (dirty_end > brk_now) zero(brk_now, dirty_end - brk_now);
        if (wanted > brk_highest) brk_highest = wanted;
        brk_now = wanted;
    }
    give(t, brk_now);
}

static int in_arena(u32 begin, u32 bytes)
{
    return begin >= BOWLINE_ARENA_BASE && begin <= BOWLINE_ARENA_END && bytes <= BOWLINE_ARENA_END - begin;
}

static void clean(u32 begin, u32 bytes)
{
    u32 page = (begin - BOWLINE_ARENA_BASE) / PAGE;
    u32 end = page + bytes / PAGE;
    for (; page < end; ++page) {
        if (used[page / 32] == 0 && page % 32 == 0 && end - page >= 32) {
            page += 31;
            continue;
        }
        if ((used[page / 32] >> page % 32 & 1) != 0) zero(BOWLINE_ARENA_BASE + page * PAGE, PAGE);
    }
}

static void mark_used(u32 begin, u32 bytes)
{
    u32 page = (begin - BOWLINE_ARENA_BASE) / PAGE;
    u32 end = page + bytes / PAGE;
    while (page < end) {
        if (page % 32 == 0 && end - page >= 32) {
            used[page / 32] = 0xffffffffu;
            page += 32;
        } else {
            used[page / 32] |= 1u << page % 32;
            ++page;
        }
    }
}

/* An unmapped range of that size, or 0. */
static u32 take_hole(u32 bytes)
{
    u32 i;
    for (i = 0; i < MAX_HOLES; ++i) {
        u32 begin = holes[i].begin;
        if (holes[i].end - begin < bytes || begin == 0) continue;
        holes[i].begin += bytes;
        if (holes[i].begin == holes[i].end) holes[i].begin = holes[i].end = 0;
        return begin;
    }
    return 0;
}

static void add_hole(u32 begin, u32 end)
{
    u32 i;
    u32 free = MAX_HOLES;
    if (end == arena_next) {
        arena_next = begin;
        return;
    }
    for (i = 0; i < MAX_HOLES; ++i) {
        if (holes[i].begin == 0) {
            free = i;
        } else if (holes[i].end == begin) {
            holes[i].end = end;
            return;
        } else if (holes[i].begin == end) {
            holes[i].begin = begin;
            return;
        }
    }
    if (free == MAX_HOLES) return;
    holes[free].begin = begin;
    holes[free].end = end;
}

/* A fixed mapping may lie in a hole or above everything so far; it must not be handed out a second time. */
static void reserve_fixed(u32 begin, u32 end)
{
    u32 i;
    if (end > arena_next) {
        u32 gap = arena_next;
        arena_next = end;
        if (begin > gap) add_hole(gap, begin);
    }
    for (i = 0; i < MAX_HOLES; ++i) {
        u32 hole_begin = holes[i].begin;
        u32 hole_end = holes[i].end;
        if (hole_begin == 0 || hole_end <= begin || end <= hole_begin) continue;
        holes[i].begin = holes[i].end = 0;
        if (hole_begin < begin) add_hole(hole_begin, begin);
        if (end < hole_end) add_hole(end, hole_end);
    }
}

void sys_mmap(struct thread* t, u32 pages_offset)
{
    u32 address = t->reg[4];
    u32 bytes = (t->reg[5] + PAGE - 1) & ~(u32)(PAGE - 1);
    u32 flags = t->reg[7];
    u32 known = MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | MAP_ANONYMOUS | MAP_STACK;
    (void)pages_offset; /* of files, which there are none of */
    if ((flags & MAP_ANONYMOUS) == 0) {
        refuse(t, is_open(stack_argument(t, 4)) ? ENODEV : EBADF);
        return;
    }
    if ((flags & ~known) != 0) unsupported(t->reg[2]);
    if (bytes == 0) {
        refuse(t, EINVAL);
        return;
    }
    if ((flags & MAP_FIXED) != 0) {
        if (address % PAGE != 0 || !in_arena(address, bytes)) {
            refuse(t, EINVAL);
            return;
        }
        reserve_fixed(address, address + bytes);
    } else {
        address = take_hole(bytes);
        if (address == 0) {
            address = arena_next;
            if (!in_arena(address, bytes)) {
                refuse(t, ENOMEM);
                return;
            }
            arena_next += bytes;
        }
    }
    if ((t->reg[6] & PROT_WRITE) != 0) {
        clean(address, bytes);
        mark_used(address, bytes);
    }
    give(t, address);
}

/* Protection is not enforced; what becomes writable counts as used. */
void sys_mprotect(struct thread* t)
{
    u32 bytes = (t->reg[5] + PAGE - 1) & ~(u32)(PAGE - 1);
    if (t->reg[4] % PAGE != 0) {
        refuse(t, EINVAL);
        return;
    }
    if ((t->reg[6] & PROT_WRITE) != 0 && in_arena(t->reg[4], bytes)) mark_used(t->reg[4], bytes);
    give(t, 0);
}

void sys_munmap(struct thread* t)
{
    u32 bytes = (t->reg[5] + PAGE - 1) & ~(u32)(PAGE - 1);
    if (t->reg[4] % PAGE != 0 || bytes == 0 || !in_arena(t->reg[4], bytes) ||
        t->reg[4] + bytes > arena_next) {
        refuse(t, EINVAL);
        return;
    }
    add_hole(t->reg[4], t->reg[4] + bytes);
    give(t, 0);
}

void sys_madvise(struct thread* t)
{
    u32 bytes = (t->reg[5] + PAGE - 1) & ~(u32)(PAGE - 1);
    if (t->reg[4] % PAGE != 0) {
        refuse(t, EINVAL);
    } else if (t->reg[6] == MADV_DONTNEED && in_arena(t->reg[4], bytes)) {
        clean(t->reg[4], bytes);
        give(t, 0);
    } else if (t->reg[6] == MADV_FREE && in_arena(t->reg[4], bytes)) {
        give(t, 0); /* the contents may stay */
    } else {
        refuse(t, EINVAL); /* as of a Linux without huge pages */
    }
}
