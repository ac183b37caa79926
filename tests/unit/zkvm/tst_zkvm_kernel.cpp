// SPDX-License-Identifier: MIT
// guest/kernel, seen from small C guests: each returns the number of its first check that fails. What Linux answers
// in the same way is run under qemu-mipsel too.
#include "tests/unit/zkvm/fixture.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::zkvm;

namespace {

const std::string kHead = R"c(
#include <bowline.h>
#define CHECK(n, condition) do { if (!(condition)) return n; } while (0)
static long call(long number, long a, long b, long c)
{
    long failed;
    long result = bowline_syscall(number, a, b, c, &failed);
    return failed ? -result : result;
}
/* Six arguments: the last two on the stack. */
static long call6(long number, long a, long b, long c, long d, long e, long f)
{
    register long v0 __asm__("$2") = number;
    register long a0 __asm__("$4") = a;
    register long a1 __asm__("$5") = b;
    register long a2 __asm__("$6") = c;
    register long a3 __asm__("$7") = d;
    __asm__ volatile("addiu $29, $29, -32\n sw %5, 16($29)\n sw %6, 20($29)\n syscall\n addiu $29, $29, 32"
                     : "+r"(v0), "+r"(a3) : "r"(a0), "r"(a1), "r"(a2), "r"(e), "r"(f)
                     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "memory");
    return a3 ? -v0 : v0;
}
static long map(long address, long size, long protection, long flags)
{
    return call6(4090, address, size, protection, flags | 0x802, -1, 0);
}
static int is_zero(const volatile unsigned* words, int count)
{
    for (int i = 0; i < count; ++i) if (words[i] != 0) return 0;
    return 1;
}
struct when { long seconds; long nanoseconds; };
)c";

// Starts `function` on its own stack; it must not return.
const std::string kThreads = R"c(
enum { FLAGS = 0x50f00 };
static long start(void (*function)(void), char* stack_end)
{
    register long v0 __asm__("$2") = 4120;
    register long a0 __asm__("$4") = FLAGS;
    register char* a1 __asm__("$5") = stack_end - 32;
    register long a2 __asm__("$6") = 0;
    register long a3 __asm__("$7") = 0;
    register void (*target)(void) __asm__("$16") = function;
    __asm__ volatile("syscall\n bnez $2, 1f\n nop\n move $25, $16\n jalr $25\n nop\n1:"
                     : "+r"(v0), "+r"(a3) : "r"(a0), "r"(a1), "r"(a2), "r"(target)
                     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "$31", "memory");
    return a3 ? -v0 : v0;
}
static void leave(void) { for (;;) bowline_syscall(4001, 0, 0, 0, 0); }
static char stack[4][8192];
)c";

GuestRun runC(const std::string& body, base::ByteView input = {})
{
    return runGuest(compileC(kHead + body), input);
}

// Ends with 0 here and, if Linux is to agree, there.
void passes(const std::string& body, bool onLinuxToo)
{
    const base::Bytes elf = compileC(kHead + body);
    const GuestRun got = runGuest(elf, {});
    QCOMPARE(got.stop.exitCode, 0U);
    QCOMPARE(got.stop.reason, StopReason::Halted);
    if (onLinuxToo) QCOMPARE(runQemu(elf, {}).exitCode, 0);
}

} // namespace

class TestZkvmKernel : public QObject {
    Q_OBJECT
private slots:
    void inputAndJournal();
    void aJournalThatIsTooLongFails();
    void unknownSystemCallsFail();
    void whatIsNotThereSaysSo();
    void mappedMemoryIsZero();
    void dataSegmentGrowsAndShrinks();
    void threadsAndFutex();
    void waitingForeverFails();
    void timeIsVirtual();
    void pipesEventsAndEpoll();
    void signalsArePreparedForOnly();
    void reservationsDoNotSurviveASystemCall();
    void registersSurviveASystemCall();
    void userLocalIsOfEachThread();
    void nilPointersAreFaults();
    void exitCodesAreThoseOfTheGuest();
};

void TestZkvmKernel::inputAndJournal()
{
    // Reads in odd pieces to odd addresses and writes back what it read.
    const std::string body = R"c(
static unsigned char buffer[4096];
int main(void)
{
    unsigned at = 1, step = 1;
    size_t count;
    while ((count = bowline_read(buffer + at, step)) > 0) {
        CHECK(1, count <= step);
        at += count;
        step = step * 3 % 17 + 1;
    }
    CHECK(2, bowline_read(buffer, 10) == 0);
    bowline_commit(buffer + 1, at - 1);
    bowline_print("done\n");
    return 0;
})c";
    for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 5U, 17U, 1001U}) {
        base::Bytes input(size);
        for (std::size_t i = 0; i < size; ++i) input[i] = static_cast<std::uint8_t>(i * 7 + 1);
        const GuestRun run = runC(body, input);
        QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
        QCOMPARE(run.journal, input); // and its digest is right, or the fixture would have ended
        QCOMPARE(run.shown[0], std::string("done\n"));
    }
}

void TestZkvmKernel::aJournalThatIsTooLongFails()
{
    const GuestRun run = runC(R"c(
static char buffer[65536];
int main(void) { for (int i = 0; i < 17; ++i) bowline_commit(buffer, sizeof buffer); return 0; })c");
    QCOMPARE(run.stop.exitCode, std::uint32_t{BOWLINE_FAIL_JOURNAL});
    QCOMPARE(run.journal.size(), std::size_t{1} << 20U);
}

void TestZkvmKernel::unknownSystemCallsFail()
{
    const auto failsWith = [](const std::string& statement, std::uint32_t number) {
        const GuestRun run = runC("int main(void) { " + statement + "; return 0; }");
        return run.stop == Stop{StopReason::Halted, Fault::None, BOWLINE_FAIL_SYSCALL} &&
               run.detail == number;
    };
    QVERIFY(failsWith("call(4002, 0, 0, 0)", 4002)); // fork
    QVERIFY(failsWith("call(4077, 0, 0, 0)", 4077)); // getrusage
    QVERIFY(failsWith("call(0, 0, 0, 0)", 0));
    QVERIFY(failsWith("call(5000, 0, 0, 0)", 5000)); // another interface
    QVERIFY(failsWith("call(0xffffffff, 0, 0, 0)", 0xffffffff));
    QVERIFY(failsWith("call(4120, 0x11, 0, 0)", 4120));                         // clone of a process
    QVERIFY(failsWith("call(4220, 0, 14, 0)", 4220));                           // fcntl with another command
    QVERIFY(failsWith("static int word; call(4238, (long)&word, 3, 1)", 4238)); // futex requeue
    QVERIFY(failsWith("map(0, 4096, 3, 0x2000)", 4090));                        // mmap with another flag
    QVERIFY(failsWith("call(4193, 0, 0, 0)", 4193)); // return from a signal that never came
}

void TestZkvmKernel::whatIsNotThereSaysSo()
{
    passes(R"c(
int main(void)
{
    CHECK(1, call(4005, (long)"/there/is/no/such/file", 0, 0) == -2);
    CHECK(2, call(4004, 99, 0, 0) == -9);
    CHECK(3, call(4003, 99, 0, 0) == -9);
    CHECK(4, call(4006, 99, 0, 0) == -9);
    CHECK(5, call(4055, 99, 1, 0) == -9);
    return 0;
})c",
           true);
    passes(R"c(
int main(void)
{
    char name[6 * 65], stat[104];
    CHECK(1, call(4366, 0, 0, 0) == -89);                  /* statx */
    CHECK(2, call(4403, 0, 0, 0) == -89);                  /* clock_gettime64 */
    CHECK(3, call(4122, (long)name, 0, 0) == 0 && name[130] == '4' && name[132] == '1' && name[133] == '9');
    CHECK(4, call(4215, 0, (long)stat, 0) == 0);
    CHECK(5, call(4004, 0, (long)name, 1) == -9);          /* the input cannot be written */
    CHECK(6, call(4003, 3, (long)name, 1) == -9);          /* nor the journal read */
    CHECK(7, call(4020, 0, 0, 0) == 1 && call(4222, 0, 0, 0) == 1);
    return 0;
})c",
           false);
}

void TestZkvmKernel::mappedMemoryIsZero()
{
    passes(R"c(
int main(void)
{
    unsigned* a = (unsigned*)map(0, 8192, 3, 0);
    CHECK(1, (long)a > 0 && ((long)a & 4095) == 0 && is_zero(a, 2048));
    a[0] = a[1024] = a[2047] = 7;
    CHECK(2, call(4091, (long)a, 8192, 0) == 0);
    unsigned* b = (unsigned*)map(0, 8192, 3, 0);
    CHECK(3, is_zero(b, 2048));
    b[0] = b[1024] = 7;
    CHECK(4, map((long)b + 4096, 4096, 3, 0x10) == (long)b + 4096);
    CHECK(5, b[0] == 7 && is_zero(b + 1024, 1024));
    /* A reservation, of which a part becomes usable. */
    char* c = (char*)map(0, 1 << 20, 0, 0x400);
    CHECK(6, (long)c > 0);
    unsigned* d = (unsigned*)map((long)c + 65536, 4096, 3, 0x10);
    CHECK(7, (char*)d == c + 65536 && is_zero(d, 1024));
    d[5] = 9;
    unsigned* e = (unsigned*)map(0, 4096, 3, 0);
    CHECK(8, ((char*)e < c || (char*)e >= c + (1 << 20)) && e != d);
    CHECK(9, call(4218, (long)d, 4096, 4) == 0 && is_zero(d, 1024));
    CHECK(10, call(4125, (long)c, 4096, 3) == 0);
    CHECK(11, is_zero((unsigned*)c, 1024));
    CHECK(12, call(4091, (long)c + 1, 4096, 0) == -22);
    CHECK(13, map(0, 0, 3, 0) == -22);
    CHECK(14, call(4125, (long)c + 1, 4096, 3) == -22);
    return 0;
})c",
           true);
    // Address space is finite; what was given back is used again.
    passes(R"c(
int main(void)
{
    for (int i = 0; i < 100; ++i) {
        long reserved = map(0, 0x10000000, 0, 0);
        CHECK(1, reserved > 0);
        char* a = (char*)map(0, 65536, 3, 0);
        CHECK(2, (long)a > 0 && a[0x1000] == 0);
        a[0x1000] = 1;
        CHECK(3, call(4091, reserved, 0x10000000, 0) == 0 && call(4091, (long)a, 65536, 0) == 0);
    }
    CHECK(4, map(0, 0x60000000, 0, 0) == -12);
    unsigned* low = (unsigned*)map(0, 4096, 3, 0);
    unsigned* high = (unsigned*)map(0, 4096, 3, 0);
    CHECK(5, call(4091, (long)low, 4096, 0) == 0);
    CHECK(6, map((long)low, 4096, 3, 0x10) == (long)low);   /* into the hole */
    unsigned* other = (unsigned*)map(0, 4096, 3, 0);
    CHECK(7, other != low && other != high);
    return 0;
})c",
           false);
}

void TestZkvmKernel::dataSegmentGrowsAndShrinks()
{
    passes(R"c(
int main(void)
{
    long base = call(4045, 0, 0, 0);
    CHECK(1, base > 0x400000);
    CHECK(2, call(4045, base + 10000, 0, 0) == base + 10000);
    CHECK(3, is_zero((unsigned*)base, 2500));
    ((unsigned*)base)[2] = ((unsigned*)base)[2000] = 7;
    CHECK(4, call(4045, base + 4096, 0, 0) == base + 4096);
    CHECK(5, call(4045, base + 10000, 0, 0) == base + 10000);
    CHECK(6, ((unsigned*)base)[2] == 7);
    CHECK(7, is_zero((unsigned*)(base + 8192), 400));
    CHECK(8, call(4045, 1, 0, 0) == base + 10000);
    return 0;
})c",
           true);
}

void TestZkvmKernel::threadsAndFutex()
{
    passes(kThreads + R"c(
static volatile int turn, sum, ready;
static void child(void)
{
    while (ready == 0) call(4238, (long)&ready, 128, 0);
    for (int i = 0; i < 10; ++i) {
        while (turn == 0) call(4238, (long)&turn, 128, 0);
        sum += turn;
        turn = 0;
        call(4238, (long)&turn, 129, 1);
    }
    leave();
}
int main(void)
{
    long id = start(child, stack[1]);
    CHECK(1, id > 1);
    CHECK(2, call(4238, (long)&turn, 128, 5) == -11);       /* another value: no wait */
    ready = 1;
    call(4238, (long)&ready, 129, 1);
    for (int i = 1; i <= 10; ++i) {
        turn = i;
        call(4238, (long)&turn, 129, 1);
        while (turn != 0) call(4238, (long)&turn, 128, i);
    }
    CHECK(3, sum == 55);
    CHECK(4, call(4238, (long)&turn, 129, 100) == 0);       /* nobody waits any more */
    call(4162, 0, 0, 0);
    return 0;
})c",
           true);
    // Who waited first is woken first, one by one; a timeout says so.
    passes(kThreads + R"c(
static volatile int gate, order, position[4];
static void worker(int number)
{
    call(4238, (long)&gate, 0, 0);
    position[number] = ++order;
    leave();
}
static void one(void) { worker(1); }
static void two(void) { worker(2); }
static void three(void) { worker(3); }
int main(void)
{
    start(one, stack[1]);
    start(two, stack[2]);
    start(three, stack[3]);
    call(4162, 0, 0, 0);
    CHECK(1, order == 0);
    CHECK(2, call(4238, (long)&gate, 1, 1) == 1);
    call(4162, 0, 0, 0);
    CHECK(3, order == 1 && position[1] == 1);
    CHECK(4, call(4238, (long)&gate, 1, 9) == 2);
    call(4162, 0, 0, 0);
    CHECK(5, position[2] == 2 && position[3] == 3);
    struct when limit = {0, 1000000};
    CHECK(6, call6(4238, (long)&gate, 0, 0, (long)&limit, 0, 0) == -145);
    return 0;
})c",
           false);
}

void TestZkvmKernel::waitingForeverFails()
{
    const GuestRun run = runC("static int word; int main(void) { call(4238, (long)&word, 0, 0); return 0; }");
    QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, BOWLINE_FAIL_DEADLOCK}));
}

void TestZkvmKernel::timeIsVirtual()
{
    passes(R"c(
int main(void)
{
    struct when a, b, c;
    CHECK(1, call(4263, 1, (long)&a, 0) == 0 && call(4263, 1, (long)&b, 0) == 0);
    CHECK(2, a.seconds == b.seconds && b.nanoseconds - a.nanoseconds == 1000);
    struct when wait = {3, 999999999};
    CHECK(3, call(4166, (long)&wait, 0, 0) == 0);
    CHECK(4, call(4263, 1, (long)&c, 0) == 0);
    CHECK(5, c.seconds == b.seconds + 4 && c.nanoseconds == b.nanoseconds - 1 + 1000);
    CHECK(6, call(4263, 0, (long)&c, 0) == 0 && c.seconds == 1231006505 + 4);
    wait.nanoseconds = 1000000000;
    CHECK(7, call(4166, (long)&wait, 0, 0) == -22);
    CHECK(8, call(4263, 99, (long)&c, 0) == -22);
    return 0;
})c",
           false);
}

void TestZkvmKernel::pipesEventsAndEpoll()
{
    passes(R"c(
struct event { unsigned events; unsigned unused; unsigned long long data; };
int main(void)
{
    int ends[2];
    char bytes[8];
    struct event event = {1, 0, 0x123456789abcdefull}, got[4];
    CHECK(1, call(4328, (long)ends, 0x80, 0) == 0);
    long poll = call(4326, 0, 0, 0);
    CHECK(2, poll > 0);
    CHECK(3, call6(4249, poll, 1, ends[0], (long)&event, 0, 0) == 0);
    CHECK(4, call6(4249, poll, 1, ends[0], (long)&event, 0, 0) == -17);
    CHECK(5, call6(4250, poll, (long)got, 4, 0, 0, 0) == 0);
    CHECK(6, call6(4250, poll, (long)got, 4, 5, 0, 0) == 0);          /* after 5 ms */
    CHECK(7, call(4003, ends[0], (long)bytes, 8) == -11);
    CHECK(8, call(4004, ends[1], (long)"abc", 3) == 3);
    CHECK(9, call6(4250, poll, (long)got, 4, -1, 0, 0) == 1);
    CHECK(10, got[0].events == 1 && got[0].data == 0x123456789abcdefull);
    CHECK(11, call(4003, ends[0], (long)bytes, 8) == 3 && bytes[0] == 'a' && bytes[2] == 'c');
    CHECK(12, call6(4250, poll, (long)got, 4, 0, 0, 0) == 0);
    unsigned long long number = 3, read = 0;
    long counter = call(4325, 2, 0x80, 0);
    CHECK(13, counter > 0 && call(4004, counter, (long)&number, 8) == 8);
    CHECK(14, call(4003, counter, (long)&read, 8) == 8 && read == 5);
    CHECK(15, call(4003, counter, (long)&read, 8) == -11);
    CHECK(16, call6(4249, poll, 2, ends[0], 0, 0, 0) == 0 && call6(4249, poll, 2, ends[0], 0, 0, 0) == -2);
    CHECK(17, call(4006, ends[1], 0, 0) == 0);
    CHECK(18, call(4003, ends[0], (long)bytes, 8) == 0);              /* the other end is closed */
    return 0;
})c",
           true);
    // A thread that waits for a pipe runs again once there is something in it.
    passes(kThreads + R"c(
static int ends[2];
static void writer(void)
{
    call(4004, ends[1], (long)"x", 1);
    leave();
}
int main(void)
{
    char byte = 0;
    CHECK(1, call(4328, (long)ends, 0, 0) == 0);
    start(writer, stack[1]);
    CHECK(2, call(4003, ends[0], (long)&byte, 1) == 1 && byte == 'x');
    return 0;
})c",
           true);
}

void TestZkvmKernel::signalsArePreparedForOnly()
{
    passes(R"c(
int main(void)
{
    unsigned action[6] = {0x10000000, 0x400000, 1, 2, 3, 4}, old[6];
    CHECK(1, call6(4194, 10, (long)action, 0, 16, 0, 0) == 0);
    CHECK(2, call6(4194, 10, 0, (long)old, 16, 0, 0) == 0);
    CHECK(3, old[1] == 0x400000 && old[2] == 1);
    unsigned mask[4] = {5, 0, 0, 0}, before[4];
    CHECK(4, call6(4195, 3, (long)mask, (long)before, 16, 0, 0) == 0 && before[0] == 0);
    CHECK(5, call6(4195, 2, (long)mask, (long)before, 16, 0, 0) == 0 && before[0] == 5);
    CHECK(6, call6(4195, 1, 0, (long)before, 16, 0, 0) == 0 && before[0] == 0);
    CHECK(7, call(4037, 1, 21, 0) == 0);                              /* ignored by default */
    return 0;
})c",
           false);
    const GuestRun handled = runC(R"c(
int main(void)
{
    unsigned action[6] = {0, 0x400000, 0, 0, 0, 0};
    call6(4194, 10, (long)action, 0, 16, 0, 0);
    call(4266, 1, 1, 10);
    return 0;
})c");
    QCOMPARE(handled.stop.exitCode, std::uint32_t{BOWLINE_FAIL_SIGNAL});
    QCOMPARE(handled.detail, 10U);
    const GuestRun ended = runC("int main(void) { call(4266, 1, 1, 6); return 0; }");
    QCOMPARE(ended.stop.exitCode, 128U + 6U);
}

void TestZkvmKernel::reservationsDoNotSurviveASystemCall()
{
    passes(R"c(
static unsigned word = 1;
int main(void)
{
    unsigned ok;
    __asm__ volatile(".set push\n .set noreorder\n ll $8, 0(%1)\n li %0, 9\n sc %0, 0(%1)\n .set pop"
                     : "=&r"(ok) : "r"(&word) : "$8", "memory");
    CHECK(1, ok == 1 && word == 9);
    __asm__ volatile(".set push\n .set noreorder\n ll $8, 0(%1)\n li $2, 4020\n syscall\n li %0, 5\n sc %0, 0(%1)\n"
                     " .set pop" : "=&r"(ok) : "r"(&word) : "$2", "$3", "$7", "$8", "$9", "$10", "$11", "$12", "$13",
                     "$14", "$15", "$24", "$25", "memory");
    CHECK(2, ok == 0 && word == 9);
    return 0;
})c",
           false);
}

void TestZkvmKernel::registersSurviveASystemCall()
{
    // Everything but the result, $7, and what the kernel owns; across a switch to another thread and back.
    passes(kThreads + R"c(
static void other(void)
{
    __asm__ volatile("mthi $0\n mtlo $0\n li $16, 1\n li $23, 1\n li $30, 1\n li $8, 1\n li $25, 1" ::: "hi", "lo");
    leave();
}
int main(void)
{
    unsigned wrong;
    start(other, stack[1]);
    __asm__ volatile(".set push\n .set noreorder\n .set noat\n"
        "li $8, 1234\n mthi $8\n li $8, 5678\n mtlo $8\n"
        "li $1, 101\n li $3, 103\n li $8, 108\n li $9, 109\n li $15, 115\n li $16, 116\n li $23, 123\n li $24, 124\n"
        "li $25, 125\n li $2, 4162\n syscall\n"
        "xori $1, $1, 101\n xori $3, $3, 103\n or $1, $1, $3\n xori $8, $8, 108\n or $1, $1, $8\n"
        "xori $9, $9, 109\n or $1, $1, $9\n xori $15, $15, 115\n or $1, $1, $15\n xori $16, $16, 116\n"
        "or $1, $1, $16\n xori $23, $23, 123\n or $1, $1, $23\n xori $24, $24, 124\n or $1, $1, $24\n"
        "xori $25, $25, 125\n or $1, $1, $25\n mfhi $8\n xori $8, $8, 1234\n or $1, $1, $8\n"
        "mflo $8\n xori $8, $8, 5678\n or $1, $1, $8\n move %0, $1\n .set pop"
        : "=r"(wrong) : : "$1", "$2", "$3", "$7", "$8", "$9", "$15", "$16", "$23", "$24", "$25", "hi", "lo", "memory");
    CHECK(1, wrong == 0);
    return 0;
})c",
           false);
}

void TestZkvmKernel::userLocalIsOfEachThread()
{
    passes(kThreads + R"c(
static volatile unsigned seen;
static unsigned local(void)
{
    register unsigned out __asm__("$3");
    __asm__ volatile("rdhwr $3, $29" : "=r"(out));
    return out;
}
static void child(void)
{
    call(4283, 0x1111, 0, 0);
    call(4162, 0, 0, 0);
    seen = local();
    leave();
}
int main(void)
{
    CHECK(1, call(4283, 0x2222, 0, 0) == 0 && local() == 0x2222);
    start(child, stack[1]);
    call(4162, 0, 0, 0);
    CHECK(2, local() == 0x2222);
    call(4162, 0, 0, 0);
    CHECK(3, seen == 0x1111 && local() == 0x2222);
    return 0;
})c",
           false);
}

void TestZkvmKernel::nilPointersAreFaults()
{
    QCOMPARE(runC("int main(void) { return *(volatile int*)8; }").stop.fault, Fault::BadAddress);
    QCOMPARE(runC("int main(void) { *(volatile char*)0xffff = 1; return 0; }").stop.fault, Fault::BadAddress);
}

void TestZkvmKernel::exitCodesAreThoseOfTheGuest()
{
    QCOMPARE(runC("int main(void) { return 7; }").stop, (Stop{StopReason::Halted, Fault::None, 7}));
    QCOMPARE(runC("int main(void) { return 0x107; }").stop.exitCode, 7U);
    // The last thread ends the process.
    QCOMPARE(runC("int main(void) { call(4001, 3, 0, 0); return 0; }").stop.exitCode, 3U);
}

QTEST_GUILESS_MAIN(TestZkvmKernel)
#include "tst_zkvm_kernel.moc"
