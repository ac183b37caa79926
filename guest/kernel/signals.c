/* SPDX-License-Identifier: MIT */
/* Signals can be prepared for and never come: nothing interrupts a thread here. */
#include "guest/kernel/kernel.h"

enum { SIGNALS = 128, ACTION_WORDS = 6 }; /* flags, handler, four words of mask */
enum { SIG_DFL = 0, SIG_IGN = 1 };
enum { SIGCHLD = 18, SIGWINCH = 20, SIGURG = 21, SIGCONT = 25 };
enum { SIG_BLOCK = 1, SIG_UNBLOCK = 2, SIG_SETMASK = 3 };

static u32 actions[SIGNALS + 1][ACTION_WORDS];

void sys_sigaction(struct thread* t)
{
    u32 signal = t->reg[4];
    u32 wanted = t->reg[5];
    u32 old = t->reg[6];
    u32 i;
    if (signal == 0 || signal > SIGNALS) {
        refuse(t, EINVAL);
        return;
    }
    for (i = 0; i < ACTION_WORDS; ++i) {
        u32 before = actions[signal][i];
        if (wanted != 0) actions[signal][i] = WORD(wanted + 4 * i);
        if (old != 0) WORD(old + 4 * i) = before;
    }
    give(t, 0);
}

void sys_sigprocmask(struct thread* t)
{
    u32 i;
    for (i = 0; i < 4 && 4 * i < t->reg[7]; ++i) {
        u32 before = t->signal_mask[i];
        if (t->reg[5] != 0) {
            u32 set = WORD(t->reg[5] + 4 * i);
            switch (t->reg[4]) {
            case SIG_BLOCK: t->signal_mask[i] |= set; break;
            case SIG_UNBLOCK: t->signal_mask[i] &= ~set; break;
            case SIG_SETMASK: t->signal_mask[i] = set; break;
            default: refuse(t, EINVAL); return;
            }
        }
        if (t->reg[6] != 0) WORD(t->reg[6] + 4 * i) = before;
    }
    give(t, 0);
}

void sys_sigaltstack(struct thread* t)
{
    enum { SS_DISABLE = 2 };
    u32 i;
    for (i = 0; i < 3; ++i) {
        u32 before = t->signal_stack[i];
        /* A thread that never named a stack has none. */
        if (i == 2 && t->signal_stack[0] == 0) before |= SS_DISABLE;
        if (t->reg[4] != 0) t->signal_stack[i] = WORD(t->reg[4] + 4 * i);
        if (t->reg[5] != 0) WORD(t->reg[5] + 4 * i) = before;
    }
    give(t, 0);
}

/* A signal that ends the process does so with the code that a shell would show. */
void sys_kill(struct thread* t, u32 signal)
{
    u32 handler;
    if (signal > SIGNALS) {
        refuse(t, EINVAL);
        return;
    }
    handler = actions[signal][1];
    if (signal == 0 || handler == SIG_IGN ||
        (handler == SIG_DFL &&
         (signal == SIGCHLD || signal == SIGWINCH || signal == SIGURG || signal == SIGCONT))) {
        give(t, 0);
        return;
    }
    if (handler != SIG_DFL) halt(BOWLINE_FAIL_SIGNAL, signal);
    halt(128 + signal, 0);
}
