// SPDX-License-Identifier: MIT
// core/zkvm against qemu-mipsel, instruction by instruction, on random and edge operands: one program executes them
// all and writes what they left behind. What the architecture leaves open has one meaning here and its own tests.
#include "tests/unit/zkvm/fixture.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;

namespace {

// Registers of the generated program.
constexpr Word kA = 8;        // first operand
constexpr Word kB = 9;        // second operand
constexpr Word kD = 10;       // destination, with something in it before
constexpr Word kOut = 16;     // where results go
constexpr Word kScratch = 17; // 16 bytes to load from and store to
constexpr Word kOutputAt = kDataBase + 0x1000;

class Program {
public:
    explicit Program(std::uint32_t seed) : m_random(seed)
    {
        loadWord(m_code, kOut, kOutputAt);
        loadWord(m_code, kScratch, kDataBase + 0x40);
    }

    [[nodiscard]] Word operand()
    {
        static constexpr Word kEdges[] = {0,          1,          2,          0xffffffff, 0x7fffffff,
                                          0x80000000, 0x80000001, 0x0000ffff, 0xffff0000, 0x00008000,
                                          0xffff8000, 0x000000ff, 0x00000080, 0x7fff8000, 31,
                                          32,         0x55555555, 0x00010000};
        return random() % 2 == 0 ? kEdges[random() % std::size(kEdges)] : random() >> random() % 32;
    }
    [[nodiscard]] Word random() { return static_cast<Word>(m_random()); }

    void put(Word word) { m_code.push_back(word); }
    void set(Word reg, Word value) { loadWord(m_code, reg, value); }
    void result(Word reg)
    {
        put(sw(reg, 0, kOut));
        put(addiu(kOut, kOut, 4));
        ++m_results;
    }
    // Destination, HI and LO after one instruction on two operands.
    void arithmetic(Word instruction, Word a, Word b)
    {
        set(kA, a);
        set(kB, b);
        set(kD, operand());
        set(11, operand());
        put(rType(0x11, 0, 11, 0)); // mthi
        put(rType(0x13, 0, kD, 0)); // mtlo
        put(instruction);
        result(kD);
        const bool leavesHiLo = instruction >> 26U == 0x1c && (instruction & 63U) == 2; // mul: left open
        if (leavesHiLo) return;
        put(rType(0x10, 12, 0, 0)); // mfhi
        put(rType(0x12, 13, 0, 0)); // mflo
        result(12);
        result(13);
    }
    // Destination and the four scratch words after an access.
    void memory(Word opcode, Word offset)
    {
        for (Word i = 0; i < 4; ++i) {
            set(kA, random());
            put(sw(kA, 4 * i, kScratch));
        }
        set(kD, random());
        put(iType(opcode, kD, kScratch, offset));
        result(kD);
        for (Word i = 0; i < 4; ++i) {
            put(lw(kB, 4 * i, kScratch));
            result(kB);
        }
    }
    // Whether it was taken, and what the slot did either way.
    void branch(Word instruction, Word a, Word b)
    {
        set(kA, a);
        set(kB, b);
        set(31, 0);
        put(addiu(kD, 0, 1));
        put(instruction);      // over two instructions behind the slot
        put(addiu(kD, kD, 2)); // the slot
        put(addiu(kD, kD, 4)); // not taken
        put(addu(0, 0, 0));    // taken: here, with offset 2
        result(kD);
        result(31);
    }

    [[nodiscard]] base::Bytes elf()
    {
        // write(1, output, length); exit_group(0)
        set(4, 1);
        set(5, kOutputAt);
        set(6, 4 * m_results);
        set(2, 4004);
        put(trap());
        set(4, 0);
        set(2, 4246);
        put(trap());
        return elfOf(m_code, {}, 0x2000 + 4 * m_results);
    }
    [[nodiscard]] Word results() const { return m_results; }

private:
    std::mt19937 m_random;
    std::vector<Word> m_code;
    Word m_results = 0;
};

void compareWithQemu(Program& program)
{
    const base::Bytes elf = program.elf();
    const NativeRun expected = runQemu(elf, {});
    const GuestRun got = runGuest(elf, {});
    QCOMPARE(expected.exitCode, 0);
    QCOMPARE(got.stop, (zkvm::Stop{zkvm::StopReason::Halted, zkvm::Fault::None, 0}));
    QCOMPARE(expected.output.size(), std::size_t{4} * program.results());
    QCOMPARE(got.shown[0].size(), expected.output.size());
    for (std::size_t i = 0; i < expected.output.size(); ++i) {
        if (static_cast<std::uint8_t>(got.shown[0][i]) != expected.output[i])
            QFAIL(qPrintable(QString("result %1 differs").arg(i / 4)));
    }
}

constexpr int kCases = 120;

} // namespace

class TestZkvmIsa : public QObject {
    Q_OBJECT
private slots:
    void registerInstructionsAgreeWithQemu();
    void immediateInstructionsAgreeWithQemu();
    void fieldInstructionsAgreeWithQemu();
    void loadsAndStoresAgreeWithQemu();
    void branchesAgreeWithQemu();
    void destinationsMayBeSources();
    void jumpsAgreeWithQemu();

    void whatIsLeftOpenIsPinned();
    void overflowIsAFault();
    void takenTrapsAreFaults();
    void untakenTrapsAreNothing();
    void addressesOutOfReachAreFaults();
    void wordsThatAreNoInstructionAreFaults();
    void registerZeroStaysZero();
};

void TestZkvmIsa::registerInstructionsAgreeWithQemu()
{
    Program program(1);
    for (int i = 0; i < kCases; ++i) {
        for (const Word function : {0x04U, 0x06U, 0x07U, 0x0aU, 0x0bU, 0x18U, 0x19U, 0x21U, 0x23U, 0x24U,
                                    0x25U, 0x26U, 0x27U, 0x2aU, 0x2bU})
            program.arithmetic(rType(function, function < 0x10 || function > 0x1f ? kD : 0, kA, kB),
                               program.operand(), program.operand());
        program.arithmetic(rType(0x06, kD, kA, kB, 1), program.operand(), program.operand()); // rotrv
        for (const Word function : {0x1aU, 0x1bU}) { // div, divu: by zero is pinned
            const Word a = program.operand();
            const Word b = program.operand();
            const bool open = b == 0 || (function == 0x1a && a == 0x80000000 && b == 0xffffffff);
            program.arithmetic(rType(function, 0, kA, kB), a, open ? 3 : b);
        }
        for (const Word function : {0x00U, 0x01U, 0x02U, 0x04U, 0x05U})
            program.arithmetic(special2(function, function == 2 ? kD : 0, kA, kB), program.operand(),
                               program.operand());
        for (const Word function : {0x20U, 0x21U})
            program.arithmetic(special2(function, kD, kA, kD), program.operand(), program.operand());
        // Signed additions that do not overflow.
        program.arithmetic(rType(0x20, kD, kA, kB), program.operand() / 4, program.operand() / 4);
        program.arithmetic(rType(0x22, kD, kA, kB), program.operand() / 4, program.operand() / 4);
    }
    compareWithQemu(program);
}

void TestZkvmIsa::immediateInstructionsAgreeWithQemu()
{
    Program program(2);
    for (int i = 0; i < kCases; ++i) {
        for (const Word opcode : {0x09U, 0x0aU, 0x0bU, 0x0cU, 0x0dU, 0x0eU})
            program.arithmetic(iType(opcode, kD, kA, program.operand()), program.operand(), 0);
        program.arithmetic(lui(kD, program.operand()), 0, 0);
        program.arithmetic(iType(0x08, kD, kA, program.operand()), program.operand() / 4, 0);
        for (const Word function : {0x00U, 0x02U, 0x03U})
            program.arithmetic(rType(function, kD, 0, kB, program.random() % 32), 0, program.operand());
        program.arithmetic(rType(0x02, kD, 1, kB, program.random() % 32), 0, program.operand()); // rotr
    }
    compareWithQemu(program);
}

void TestZkvmIsa::fieldInstructionsAgreeWithQemu()
{
    Program program(3);
    for (Word low = 0; low < 32; ++low) {
        for (Word size = 1; low + size <= 32; size += 1 + low % 3) {
            program.arithmetic(special3(0x00, size - 1, kA, kD, low), program.operand(), 0);
            program.arithmetic(special3(0x04, low + size - 1, kA, kD, low), program.operand(), 0);
        }
    }
    for (int i = 0; i < kCases; ++i) {
        for (const Word kind : {0x02U, 0x10U, 0x18U}) // wsbh, seb, seh
            program.arithmetic(special3(0x20, kD, 0, kB, kind), 0, program.operand());
    }
    compareWithQemu(program);
}

void TestZkvmIsa::loadsAndStoresAgreeWithQemu()
{
    Program program(4);
    for (int i = 0; i < kCases; ++i) {
        for (const Word opcode :
             {0x20U, 0x24U, 0x28U, 0x22U, 0x26U, 0x2aU, 0x2eU}) // lb lbu sb lwl lwr swl swr
            program.memory(opcode, program.random() % 16);
        for (const Word opcode : {0x21U, 0x25U, 0x29U}) // lh lhu sh
            program.memory(opcode, program.random() % 8 * 2);
        for (const Word opcode : {0x23U, 0x2bU, 0x30U}) // lw sw ll
            program.memory(opcode, program.random() % 4 * 4);
        // A pair that holds, and one whose address is another: the second one's word is at the same offset.
        program.memory(0x30, 8);
        program.put(sc(kD, 8, kScratch));
        program.result(kD);
        program.put(lw(kB, 8, kScratch));
        program.result(kB);
    }
    compareWithQemu(program);
}

void TestZkvmIsa::branchesAgreeWithQemu()
{
    Program program(5);
    for (int i = 0; i < kCases; ++i) {
        const Word a = program.operand();
        const Word b = program.random() % 3 == 0 ? a : program.operand();
        program.branch(iType(0x04, kB, kA, 2), a, b);
        program.branch(iType(0x05, kB, kA, 2), a, b);
        program.branch(iType(0x06, 0, kA, 2), a, b);
        program.branch(iType(0x07, 0, kA, 2), a, b);
        for (const Word kind : {0x00U, 0x01U, 0x10U, 0x11U}) program.branch(regimm(kind, kA, 2), a, b);
    }
    compareWithQemu(program);
}

void TestZkvmIsa::destinationsMayBeSources()
{
    Program program(6);
    for (int i = 0; i < kCases; ++i) {
        for (const Word function :
             {0x04U, 0x06U, 0x07U, 0x0aU, 0x0bU, 0x21U, 0x23U, 0x24U, 0x25U, 0x26U, 0x27U, 0x2aU, 0x2bU}) {
            program.arithmetic(rType(function, kD, kD, kB), 0, program.operand());
            program.arithmetic(rType(function, kD, kA, kD), program.operand(), 0);
            program.arithmetic(rType(function, kD, kD, kD), 0, 0);
        }
        program.arithmetic(special2(0x02, kD, kD, kD), 0, 0);
        program.set(kD, kDataBase + 0x40);
        program.put(lw(kD, 4, kD));
        program.result(kD);
    }
    compareWithQemu(program);
}

void TestZkvmIsa::jumpsAgreeWithQemu()
{
    // jal and jalr: the slot sees the link; jr goes where the register pointed before the slot changed it.
    Program program(7);
    program.put(regimm(0x11, 0, 1)); // bal to the next but one
    program.put(addu(kA, 31, 0));    // slot: reads the link
    program.result(kA);
    program.put(addiu(kB, 31, 32)); // 8 instructions behind the link
    program.put(rType(0x09, 12, kB, 0));
    program.put(addu(kB, 0, 0)); // slot: destroys the target
    for (int i = 0; i < 6; ++i) program.put(addiu(kA, kA, 1));
    program.result(kA);
    program.result(kB);
    program.result(12);
    compareWithQemu(program);
}

// --- what differs from qemu on purpose -------------------------------------------------------------------

namespace {

zkvm::Registers operands(Word a, Word b)
{
    zkvm::Registers out{};
    out[kA] = a;
    out[kB] = b;
    return out;
}

// The registers after one instruction; it must not fault.
zkvm::Registers after(Word instruction, const zkvm::Registers& before)
{
    const auto machine = bareMachine({instruction, kNop}, {}, before);
    const zkvm::Stop stop = machine->run(1);
    if (stop.reason != zkvm::StopReason::Limit) qFatal("fault %s", zkvm::faultName(stop.fault).data());
    return machine->registers();
}

zkvm::Fault faultOf(Word instruction, const zkvm::Registers& before)
{
    const auto machine = bareMachine({instruction, kNop}, {}, before);
    const zkvm::Stop stop = machine->run(1);
    // Nothing has happened: neither a cycle nor a change.
    if (stop.reason == zkvm::StopReason::Fault && (machine->cycles() != 0 || machine->registers() != before))
        qFatal("a fault with an effect");
    return stop.fault;
}

} // namespace

void TestZkvmIsa::whatIsLeftOpenIsPinned()
{
    for (const Word a : {0U, 1U, 0x80000000U, 0xffffffffU, 12345U}) {
        for (const Word function : {0x1aU, 0x1bU}) {
            const auto r = after(rType(function, 0, kA, kB), operands(a, 0));
            QCOMPARE(r[zkvm::kLo], 0xffffffffU);
            QCOMPARE(r[zkvm::kHi], a);
        }
    }
    const auto divided = after(rType(0x1a, 0, kA, kB), operands(0x80000000U, 0xffffffffU));
    QCOMPARE(divided[zkvm::kLo], 0x80000000U);
    QCOMPARE(divided[zkvm::kHi], 0U);

    zkvm::Registers before = operands(7, 6);
    before[zkvm::kHi] = 1111;
    before[zkvm::kLo] = 2222;
    const auto multiplied = after(special2(0x02, kD, kA, kB), before);
    QCOMPARE(multiplied[kD], 42U);
    QCOMPARE(multiplied[zkvm::kHi], 1111U);
    QCOMPARE(multiplied[zkvm::kLo], 2222U);

    // jalr with one register for both: the target is what was in it before.
    zkvm::Registers target{};
    target[kA] = kTextBase + 16;
    const auto machine = bareMachine({rType(0x09, kA, kA, 0), kNop, kNop, kNop, kNop}, {}, target);
    QCOMPARE(machine->run(2).reason, zkvm::StopReason::Limit);
    QCOMPARE(machine->pc(), kTextBase + 16);
    QCOMPARE(machine->registers()[kA], kTextBase + 8);

    // Field positions that make no field are no instructions.
    QCOMPARE(faultOf(special3(0x00, 31, kA, kD, 1), operands(1, 1)), zkvm::Fault::BadInstruction);
    QCOMPARE(faultOf(special3(0x04, 3, kA, kD, 4), operands(1, 1)), zkvm::Fault::BadInstruction);
}

void TestZkvmIsa::overflowIsAFault()
{
    const Word add = rType(0x20, kD, kA, kB);
    const Word sub = rType(0x22, kD, kA, kB);
    QCOMPARE(faultOf(add, operands(0x7fffffff, 1)), zkvm::Fault::Overflow);
    QCOMPARE(faultOf(add, operands(0x80000000, 0xffffffff)), zkvm::Fault::Overflow);
    QCOMPARE(faultOf(add, operands(0x7fffffff, 0x80000000)), zkvm::Fault::None);
    QCOMPARE(faultOf(add, operands(0xffffffff, 1)), zkvm::Fault::None);
    QCOMPARE(faultOf(sub, operands(0x80000000, 1)), zkvm::Fault::Overflow);
    QCOMPARE(faultOf(sub, operands(0, 0x80000000)), zkvm::Fault::Overflow);
    QCOMPARE(faultOf(sub, operands(0xffffffff, 0x80000000)), zkvm::Fault::None);
    QCOMPARE(faultOf(iType(0x08, kD, kA, 1), operands(0x7fffffff, 0)), zkvm::Fault::Overflow);
    QCOMPARE(faultOf(iType(0x08, kD, kA, 0xffff), operands(0x80000000, 0)), zkvm::Fault::Overflow);
    QCOMPARE(faultOf(iType(0x08, kD, kA, 0xffff), operands(0, 0)), zkvm::Fault::None);
}

namespace {
struct TrapCase {
    Word word;
    Word a;
    Word b;
    bool taken;
};
const TrapCase kTraps[] = {
    {rType(0x30, 0, kA, kB), 5, 5, true},
    {rType(0x31, 0, kA, kB), 5, 5, true},
    {rType(0x32, 0, kA, kB), 5, 5, false},
    {rType(0x33, 0, kA, kB), 5, 5, false},
    {regimm(0x08, kA, 5), 5, 0, true},
    {regimm(0x09, kA, 5), 5, 0, true},
    {regimm(0x0a, kA, 5), 5, 0, false},
    {regimm(0x0b, kA, 5), 5, 0, false},
    {rType(0x34, 0, kA, kB), 5, 5, true},
    {rType(0x34, 0, kA, kB), 5, 6, false},
    {rType(0x36, 0, kA, kB), 5, 6, true},
    {rType(0x36, 0, kA, kB), 5, 5, false},
    {rType(0x30, 0, kA, kB), 0, 0xffffffff, true},
    {rType(0x30, 0, kA, kB), 0xffffffff, 0, false},
    {rType(0x31, 0, kA, kB), 0xffffffff, 0, true},
    {rType(0x31, 0, kA, kB), 0, 0xffffffff, false},
    {rType(0x32, 0, kA, kB), 0xffffffff, 0, true},
    {rType(0x32, 0, kA, kB), 0, 0xffffffff, false},
    {rType(0x33, 0, kA, kB), 0, 0xffffffff, true},
    {rType(0x33, 0, kA, kB), 0xffffffff, 0, false},
    {regimm(0x0c, kA, 0xffff), 0xffffffff, 0, true},
    {regimm(0x0c, kA, 0xffff), 0xffff, 0, false},
    {regimm(0x0e, kA, 7), 8, 0, true},
    {regimm(0x0e, kA, 7), 7, 0, false},
    {regimm(0x08, kA, 0xffff), 0, 0, true},
    {regimm(0x08, kA, 1), 0, 0, false},
    {regimm(0x09, kA, 0xffff), 0xffffffff, 0, true},
    {regimm(0x09, kA, 0xffff), 0, 0, false},
    {regimm(0x0a, kA, 0), 0xffffffff, 0, true},
    {regimm(0x0a, kA, 0xffff), 0, 0, false},
    {regimm(0x0b, kA, 0xffff), 0, 0, true},
    {regimm(0x0b, kA, 0), 0xffffffff, 0, false},
};
} // namespace

void TestZkvmIsa::takenTrapsAreFaults()
{
    for (const TrapCase& trap : kTraps) {
        if (trap.taken) QCOMPARE(faultOf(trap.word, operands(trap.a, trap.b)), zkvm::Fault::Trap);
    }
    QCOMPARE(faultOf(0x0000000dU, {}), zkvm::Fault::BadInstruction); // break
}

void TestZkvmIsa::untakenTrapsAreNothing()
{
    for (const TrapCase& trap : kTraps) {
        if (!trap.taken) QCOMPARE(after(trap.word, operands(trap.a, trap.b)), operands(trap.a, trap.b));
    }
    QCOMPARE(after(0x0000000fU, operands(1, 2)), operands(1, 2));           // sync
    QCOMPARE(after(iType(0x33, 0, kA, 4), operands(1, 2)), operands(1, 2)); // pref, whatever the address
}

void TestZkvmIsa::addressesOutOfReachAreFaults()
{
    using zkvm::Fault;
    for (const Word opcode :
         {0x20U, 0x24U, 0x28U, 0x21U, 0x25U, 0x29U, 0x23U, 0x2bU, 0x22U, 0x26U, 0x2aU, 0x2eU, 0x30U, 0x38U}) {
        for (const Word address : {0U, 4U, 0xfffcU, 0x7f000000U, 0x7f000090U, 0x80000000U, 0xfffffffcU})
            QCOMPARE(faultOf(iType(opcode, kB, kA, 0), operands(address, 1)), Fault::BadAddress);
        QCOMPARE(faultOf(iType(opcode, kB, kA, 0), operands(0x7efffffc, 1)), Fault::None);
        QCOMPARE(faultOf(iType(opcode, kB, kA, 0), operands(0x00010000, 1)), Fault::None);
    }
    for (const Word opcode : {0x21U, 0x25U, 0x29U, 0x23U, 0x2bU, 0x30U, 0x38U})
        QCOMPARE(faultOf(iType(opcode, kB, kA, 1), operands(kDataBase, 1)), Fault::BadAddress);
    for (const Word opcode : {0x23U, 0x2bU})
        QCOMPARE(faultOf(iType(opcode, kB, kA, 2), operands(kDataBase, 1)), Fault::BadAddress);
    // Code is read like any memory and never written.
    QCOMPARE(faultOf(lw(kB, 0, kA), operands(kTextBase, 1)), Fault::None);
    for (const Word opcode : {0x28U, 0x29U, 0x2bU, 0x2aU, 0x2eU})
        QCOMPARE(faultOf(iType(opcode, kB, kA, 0), operands(kTextBase + 4, 1)), Fault::WriteToText);
    // The word behind the code shares its page and is data.
    QCOMPARE(faultOf(sw(kB, 0, kA), operands(kTextBase + 8, 1)), Fault::None);
}

void TestZkvmIsa::wordsThatAreNoInstructionAreFaults()
{
    for (const Word word : {0xffffffffU, 0x40000000U /* mfc0 */, 0x42000018U /* eret */, 0x70000003U,
                            0x7c000001U, 0xbc000000U /* cache */, special3(0x3b, 5, 0, 2, 0) /* rdhwr $5 */,
                            0x00000005U, iType(0x06, 3, kA, 1) /* blez with a second operand */, 0x04ff0000U})
        QCOMPARE(faultOf(word, {}), zkvm::Fault::BadInstruction);
}

void TestZkvmIsa::registerZeroStaysZero()
{
    const zkvm::Registers before = operands(5, 6);
    for (const Word word : {addu(0, kA, kB), addiu(0, kA, 1), lui(0, 1), special2(0x02, 0, kA, kB),
                            rType(0x0b, 0, kA, kB), rType(0x10, 0, 0, 0), special3(0x20, 0, 0, kB, 0x10)}) {
        const auto r = after(word, before);
        QCOMPARE(r[0], 0U);
        QCOMPARE(r[kA], 5U);
    }
    zkvm::Registers pointer{};
    pointer[kA] = kTextBase;
    QCOMPARE(after(lw(0, 0, kA), pointer)[0], 0U);
    QCOMPARE(after(lw(0, 0, kA), pointer)[zkvm::kSink], lw(0, 0, kA));
}

QTEST_GUILESS_MAIN(TestZkvmIsa)
#include "tst_zkvm_isa.moc"
