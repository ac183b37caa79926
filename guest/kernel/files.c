/* SPDX-License-Identifier: MIT */
/*
 * Descriptors: 0 the private input, 1 and 2 for people, 3 the journal; and what the Go runtime waits with: pipes,
 * event counters and epoll.
 */
#include "guest/kernel/kernel.h"

enum { MAX_FILES = 64, MAX_PIPES = 16, MAX_WATCHES = 64, PIPE_BYTES = 4096 };
enum { O_WRONLY = 1, O_NONBLOCK = 0x80 }; /* MIPS */
enum { EPOLLIN = 1, EPOLLOUT = 4, EPOLLHUP = 0x10 };

enum kind { CLOSED, INPUT, SHOWN, JOURNAL, PIPE_READ, PIPE_WRITE, EVENT, POLL };

struct file {
    enum kind kind;
    u32 flags;
    u32 index; /* of the pipe; of an event: its counter */
};

struct pipe {
    u32 ends; /* open ones; 0: this entry is free */
    u32 begin;
    u32 length;
    u8 bytes[PIPE_BYTES];
};

struct watch {
    u32 poll; /* descriptor of the epoll plus 1; 0: this entry is free */
    u32 descriptor;
    u32 events;
    u32 data[2];
};

static struct file files[MAX_FILES] = {
    {INPUT, 0, 0}, {SHOWN, O_WRONLY, 0}, {SHOWN, O_WRONLY, 0}, {JOURNAL, O_WRONLY, 0}};
static struct pipe pipes[MAX_PIPES];
static struct watch watches[MAX_WATCHES];

int is_open(u32 descriptor) { return descriptor < MAX_FILES && files[descriptor].kind != CLOSED; }

static struct file* file_of(u32 descriptor) { return is_open(descriptor) ? &files[descriptor] : 0; }

static u32 new_file(enum kind kind, u32 flags, u32 index)
{
    u32 i;
    for (i = 0; i < MAX_FILES; ++i) {
        if (files[i].kind != CLOSED) continue;
        files[i].kind = kind;
        files[i].flags = flags;
        files[i].index = index;
        return i;
    }
    return MAX_FILES;
}

/* Waits until something changes, unless the descriptor is not to be waited for. */
static void try_again(struct thread* t, const struct file* file)
{
    if ((file->flags & O_NONBLOCK) != 0) {
        refuse(t, EAGAIN);
        return;
    }
    t->again = 1;
    block(t);
}

/* --- private input --- */

static u32 input_known;
static u32 input_left; /* in the machine; the rest of a word is in input_rest */
static u32 input_rest;
static u32 input_rest_bytes;

static u32 read_input(u32 to, u32 bytes)
{
    u32 done = 0;
    if (!input_known) {
        input_left = hint_length();
        input_known = 1;
    }
    while (done < bytes && (input_rest_bytes > 0 || input_left > 0)) {
        if (input_rest_bytes == 0 && (to + done) % 4 == 0 && bytes - done >= 4 && input_left >= 4) {
            WORD(to + done) = hint_word();
            input_left -= 4;
            done += 4;
            continue;
        }
        if (input_rest_bytes == 0) {
            input_rest = hint_word();
            input_rest_bytes = input_left < 4 ? input_left : 4;
            input_left -= input_rest_bytes;
        }
        BYTE(to + done) = (u8)input_rest;
        input_rest >>= 8;
        --input_rest_bytes;
        ++done;
    }
    return done;
}

/* --- reading and writing --- */

static void read_pipe(struct thread* t, struct file* file)
{
    struct pipe* pipe = &pipes[file->index];
    u32 done = 0;
    while (done < t->reg[6] && pipe->length > 0) {
        BYTE(t->reg[5] + done++) = pipe->bytes[pipe->begin];
        pipe->begin = (pipe->begin + 1) % PIPE_BYTES;
        --pipe->length;
    }
    if (done == 0 && t->reg[6] > 0 && pipe->ends > 1) {
        try_again(t, file);
        return;
    }
    if (done > 0) wake_all_retries();
    give(t, done);
}

static void read_event(struct thread* t, struct file* file)
{
    if (t->reg[6] < 8) {
        refuse(t, EINVAL);
    } else if (file->index == 0) {
        try_again(t, file);
    } else {
        WORD(t->reg[5]) = file->index;
        WORD(t->reg[5] + 4) = 0;
        file->index = 0;
        wake_all_retries();
        give(t, 8);
    }
}

void sys_read(struct thread* t)
{
    struct file* file = file_of(t->reg[4]);
    switch (file != 0 ? file->kind : CLOSED) {
    case INPUT: give(t, read_input(t->reg[5], t->reg[6])); break;
    case PIPE_READ: read_pipe(t, file); break;
    case EVENT: read_event(t, file); break;
    default: refuse(t, EBADF); break;
    }
}

static void write_pipe(struct thread* t, struct file* file)
{
    struct pipe* pipe = &pipes[file->index];
    u32 done = 0;
    if (pipe->ends < 2) {
        halt(128 + 13, 0); /* SIGPIPE */
    }
    while (done < t->reg[6] && pipe->length < PIPE_BYTES) {
        pipe->bytes[(pipe->begin + pipe->length) % PIPE_BYTES] = BYTE(t->reg[5] + done++);
        ++pipe->length;
    }
    if (done == 0 && t->reg[6] > 0) {
        try_again(t, file);
        return;
    }
    wake_all_retries();
    give(t, done);
}

static void write_event(struct thread* t, struct file* file)
{
    u32 sum;
    if (t->reg[6] < 8 || WORD(t->reg[5] + 4) != 0) {
        refuse(t, EINVAL);
        return;
    }
    sum = file->index + WORD(t->reg[5]);
    if (sum < file->index) {
        try_again(t, file);
        return;
    }
    file->index = sum;
    wake_all_retries();
    give(t, 8);
}

void sys_write(struct thread* t)
{
    struct file* file = file_of(t->reg[4]);
    switch (file != 0 ? file->kind : CLOSED) {
    case SHOWN:
        debug_show(t->reg[4], t->reg[5], t->reg[6]);
        give(t, t->reg[6]);
        break;
    case JOURNAL:
        journal_append(t->reg[5], t->reg[6]);
        give(t, t->reg[6]);
        break;
    case PIPE_WRITE: write_pipe(t, file); break;
    case EVENT: write_event(t, file); break;
    default: refuse(t, EBADF); break;
    }
}

void sys_writev(struct thread* t)
{
    struct file* file = file_of(t->reg[4]);
    u32 total = 0;
    u32 i;
    if (file == 0 || (file->kind != SHOWN && file->kind != JOURNAL)) {
        refuse(t, EBADF);
        return;
    }
    for (i = 0; i < t->reg[6]; ++i) {
        u32 from = WORD(t->reg[5] + 8 * i);
        u32 bytes = WORD(t->reg[5] + 8 * i + 4);
        if (file->kind == JOURNAL)
            journal_append(from, bytes);
        else
            debug_show(t->reg[4], from, bytes);
        total += bytes;
    }
    give(t, total);
}

void sys_close(struct thread* t)
{
    struct file* file = file_of(t->reg[4]);
    u32 i;
    if (file == 0) {
        refuse(t, EBADF);
        return;
    }
    if (file->kind == PIPE_READ || file->kind == PIPE_WRITE) --pipes[file->index].ends;
    file->kind = CLOSED;
    for (i = 0; i < MAX_WATCHES; ++i)
        if (watches[i].descriptor == t->reg[4] || watches[i].poll == t->reg[4] + 1) watches[i].poll = 0;
    wake_all_retries();
    give(t, 0);
}

void sys_fcntl(struct thread* t)
{
    enum { F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4 };
    struct file* file = file_of(t->reg[4]);
    if (file == 0) {
        refuse(t, EBADF);
        return;
    }
    switch (t->reg[5]) {
    case F_GETFD:
    case F_SETFD: give(t, 0); break; /* close-on-exec: nothing is ever executed */
    case F_GETFL: give(t, file->flags); break;
    case F_SETFL:
        file->flags = (file->flags & ~(u32)O_NONBLOCK) | (t->reg[6] & O_NONBLOCK);
        give(t, 0);
        break;
    default: unsupported(t->reg[2]);
    }
}

/* struct stat64 of o32: 104 bytes, the mode at 24. All descriptors look like pipes. */
void sys_fstat64(struct thread* t)
{
    if (!is_open(t->reg[4])) {
        refuse(t, EBADF);
        return;
    }
    zero(t->reg[5], 104);
    WORD(t->reg[5] + 24) = 0x1180;
    WORD(t->reg[5] + 28) = 1;
    give(t, 0);
}

void sys_pipe(struct thread* t, u32 flags, int in_registers)
{
    u32 index = 0;
    u32 reader;
    u32 writer;
    while (index < MAX_PIPES && pipes[index].ends != 0) ++index;
    if (index == MAX_PIPES) {
        refuse(t, EMFILE);
        return;
    }
    reader = new_file(PIPE_READ, flags & O_NONBLOCK, index);
    writer = reader == MAX_FILES ? reader : new_file(PIPE_WRITE, O_WRONLY | (flags & O_NONBLOCK), index);
    if (writer == MAX_FILES) {
        if (reader != MAX_FILES) files[reader].kind = CLOSED;
        refuse(t, EMFILE);
        return;
    }
    pipes[index].ends = 2;
    pipes[index].begin = pipes[index].length = 0;
    if (in_registers) {
        give(t, reader);
        t->reg[3] = writer;
        return;
    }
    WORD(t->reg[4]) = reader;
    WORD(t->reg[4] + 4) = writer;
    give(t, 0);
}

static void give_descriptor(struct thread* t, u32 descriptor)
{
    if (descriptor == MAX_FILES)
        refuse(t, EMFILE);
    else
        give(t, descriptor);
}

void sys_eventfd(struct thread* t, u32 flags)
{
    enum { EFD_SEMAPHORE = 1 };
    if ((flags & EFD_SEMAPHORE) != 0) unsupported(t->reg[2]);
    give_descriptor(t, new_file(EVENT, 2 | (flags & O_NONBLOCK), t->reg[4]));
}

/* --- epoll: level-triggered; an edge is reported for as long as it lasts --- */

void sys_epoll_create(struct thread* t) { give_descriptor(t, new_file(POLL, 2, 0)); }

static struct watch* find_watch(u32 poll, u32 descriptor)
{
    u32 i;
    for (i = 0; i < MAX_WATCHES; ++i)
        if (watches[i].poll == poll + 1 && watches[i].descriptor == descriptor) return &watches[i];
    return 0;
}

static struct watch* free_watch(void)
{
    u32 i;
    for (i = 0; i < MAX_WATCHES; ++i)
        if (watches[i].poll == 0) return &watches[i];
    return 0;
}

/* struct epoll_event of o32: events, four bytes of nothing, eight bytes of data. */
void sys_epoll_ctl(struct thread* t)
{
    enum { ADD = 1, REMOVE = 2, MODIFY = 3 };
    struct file* poll = file_of(t->reg[4]);
    struct file* file = file_of(t->reg[6]);
    struct watch* watch = find_watch(t->reg[4], t->reg[6]);
    u32 operation = t->reg[5];
    if (poll == 0 || file == 0) {
        refuse(t, EBADF);
        return;
    }
    if (poll->kind != POLL) {
        refuse(t, EINVAL);
        return;
    }
    if (file->kind < PIPE_READ || file->kind == POLL) {
        refuse(t, EPERM); /* as for files that are always ready */
        return;
    }
    if (operation == ADD ? watch != 0 : watch == 0) {
        refuse(t, operation == ADD ? EEXIST : ENOENT);
        return;
    }
    if (operation == REMOVE) {
        watch->poll = 0;
        give(t, 0);
        return;
    }
    if (watch == 0) watch = free_watch();
    if (watch == 0) halt(BOWLINE_FAIL_MEMORY, t->reg[2]);
    watch->poll = t->reg[4] + 1;
    watch->descriptor = t->reg[6];
    watch->events = WORD(t->reg[7]);
    watch->data[0] = WORD(t->reg[7] + 8);
    watch->data[1] = WORD(t->reg[7] + 12);
    wake_all_retries();
    give(t, 0);
}

static u32 ready_events(const struct file* file)
{
    const struct pipe* pipe = &pipes[file->kind == EVENT ? 0 : file->index];
    switch (file->kind) {
    case PIPE_READ: return (pipe->length > 0 ? EPOLLIN : 0) | (pipe->ends < 2 ? EPOLLHUP : 0);
    case PIPE_WRITE: return pipe->length < PIPE_BYTES ? EPOLLOUT : 0;
    case EVENT: return (file->index > 0 ? EPOLLIN : 0) | EPOLLOUT;
    default: return 0;
    }
}

void sys_epoll_wait(struct thread* t)
{
    struct file* poll = file_of(t->reg[4]);
    u32 limit = t->reg[6];
    u32 count = 0;
    u32 i;
    if (poll == 0 || poll->kind != POLL || limit == 0) {
        refuse(t, poll == 0 ? EBADF : EINVAL);
        return;
    }
    for (i = 0; i < MAX_WATCHES && count < limit; ++i) {
        const struct watch* watch = &watches[i];
        u32 events;
        if (watch->poll != t->reg[4] + 1) continue;
        events = ready_events(&files[watch->descriptor]) & (watch->events | EPOLLHUP);
        if (events == 0) continue;
        WORD(t->reg[5] + 16 * count) = events;
        WORD(t->reg[5] + 16 * count + 8) = watch->data[0];
        WORD(t->reg[5] + 16 * count + 12) = watch->data[1];
        ++count;
    }
    if (count > 0 || t->reg[7] == 0 || (t->retrying && t->timed_out)) {
        give(t, count);
        return;
    }
    if (!t->retrying) {
        t->timed_out = 0;
        t->has_deadline = 0;
        if ((int)t->reg[7] > 0) {
            struct moment wait = {t->reg[7] / 1000, t->reg[7] % 1000 * 1000000};
            set_deadline(t, &wait);
        }
    }
    t->again = 1;
    block(t);
}
