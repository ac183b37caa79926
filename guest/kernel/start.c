/* SPDX-License-Identifier: MIT */
/* The first thread and the stack that a Linux program finds: arguments, environment, auxiliary vector. */
#include "guest/kernel/kernel.h"

enum {
    AT_NULL = 0,
    AT_PAGESZ = 6,
    AT_UID = 11,
    AT_EUID = 12,
    AT_GID = 13,
    AT_EGID = 14,
    AT_HWCAP = 16,
    AT_CLKTCK = 17,
    AT_SECURE = 23,
    AT_RANDOM = 25
};

static const char argument[] = "guest";
/* No thread is ever interrupted, so the Go runtime need not try. */
static const char environment[] = "GODEBUG=asyncpreemptoff=1";
/* The seed that programs expect. It is the same in every execution, and no secret. */
static const u32 random_bytes[4] = {0x6c776f42, 0x20656e69, 0x73746f6e, 0x65726365};

static u32 push_text(u32 top, const char* text, u32 size)
{
    top -= (size + 3) & ~3u;
    copy(top, (u32)text, size);
    return top;
}

void kernel_boot(void)
{
    const struct bowline_boot* boot = (const struct bowline_boot*)BOWLINE_BOOT;
    u32 top = BOWLINE_STACK_TOP;
    u32 argument_at = top = push_text(top, argument, sizeof argument);
    u32 environment_at = top = push_text(top, environment, sizeof environment);
    u32 random_at = top = push_text(top, (const char*)random_bytes, sizeof random_bytes);
    const u32 words[] = {1, argument_at, 0,   environment_at, 0, AT_PAGESZ, 4096,      AT_UID,
                         0, AT_EUID,     0,   AT_GID,         0, AT_EGID,   0,         AT_HWCAP,
                         0, AT_CLKTCK,   100, AT_SECURE,      0, AT_RANDOM, random_at, AT_NULL,
                         0};
    top = (top - sizeof words) & ~15u;
    copy(top, (u32)words, sizeof words);

    memory_boot(boot->brk);
    current = thread_new();
    current->pc = boot->entry;
    current->reg[25] = boot->entry;
    current->reg[29] = top;
}
