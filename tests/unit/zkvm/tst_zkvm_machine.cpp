// SPDX-License-Identifier: MIT
// core/zkvm: limits, traps and reservations, primitives, tracing. Small programs without the kernel.
#include "tests/unit/zkvm/fixture.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;
using namespace bowline::zkvm;

namespace {

// Counts down from $4 and sums what it loads and stores on the way; $2 at the end.
std::vector<Word> loopProgram()
{
    std::vector<Word> code;
    loadWord(code, 17, kDataBase);
    loadWord(code, 4, 50);
    // loop:
    code.push_back(lw(8, 0, 17));
    code.push_back(addu(2, 2, 8));
    code.push_back(addiu(8, 8, 3));
    code.push_back(iType(0x28, 4, 17, 64)); // sb
    code.push_back(addiu(4, 4, 0xffff));
    code.push_back(iType(0x05, 0, 4, 0xfffa)); // bne $4, $0, loop
    code.push_back(sw(8, 0, 17));              // the slot does work
    code.push_back(trap(BOWLINE_HALT));
    return code;
}

struct Recorder {
    static constexpr bool kActive = true;
    std::vector<std::uint32_t> pcs;
    std::uint64_t accesses = 0;
    std::uint32_t next = kTextBase;
    bool connected = true;

    void before(std::uint32_t pc, const Op& /*op*/, const Registers& /*registers*/)
    {
        connected = connected && pc == next;
        pcs.push_back(pc);
    }
    void memory(std::uint32_t /*address*/, std::uint32_t /*before*/, std::uint32_t /*after*/) { ++accesses; }
    void after(std::uint32_t pc, const Registers& /*registers*/) { next = pc; }
};

} // namespace

class TestZkvmMachine : public QObject {
    Q_OBJECT
private slots:
    void anyCutIntoPiecesIsTheSameExecution();
    void tracingChangesNothingAndMissesNothing();
    void aTrapKeepsWhereItGoesBackTo();
    void reservationsEndWithATrapAndWithNothingElse();
    void jumpsOutOfTheCodeAreFaults();
    void aBranchAtTheEndOfTheCodeIsAFault();
    void hintsComeOnceAndInOrder();
    void aSnapshotStopsBeforeTheFirstHint();
    void primitivesRefuseWhatCannotBeProven();
    void memoryIsLimited();
};

void TestZkvmMachine::anyCutIntoPiecesIsTheSameExecution()
{
    const auto whole = bareMachine(loopProgram());
    QCOMPARE(whole->run(kNoLimit), (Stop{StopReason::Halted, Fault::None, 0}));
    QCOMPARE(whole->cycles(), std::uint64_t{4 + 50 * 7 + 1});
    const Image end = whole->image();
    for (const std::uint64_t piece : {1U, 2U, 3U, 5U, 7U, 11U, 100U}) {
        const auto machine = bareMachine(loopProgram());
        Stop stop;
        while ((stop = machine->run(piece)).reason == StopReason::Limit) {
            QCOMPARE(machine->cycles() % piece, std::uint64_t{0});
            // The state is all there is: an execution continues from its image.
            if (machine->cycles() != 7 * piece) continue;
            const auto other = expect(Machine::create(machine->image(), {}, {}));
            QCOMPARE(other->run(kNoLimit).reason, StopReason::Halted);
            QCOMPARE(other->image(), end);
        }
        QCOMPARE(stop.reason, StopReason::Halted);
        QCOMPARE(machine->cycles(), whole->cycles());
        QCOMPARE(machine->image(), end);
    }
    QCOMPARE(bareMachine(loopProgram())->run(0).reason, StopReason::Limit);
}

void TestZkvmMachine::tracingChangesNothingAndMissesNothing()
{
    const auto plain = bareMachine(loopProgram());
    QCOMPARE(plain->run(kNoLimit).reason, StopReason::Halted);
    const auto traced = bareMachine(loopProgram());
    Recorder recorder;
    QCOMPARE(traced->run(kNoLimit, recorder).reason, StopReason::Halted);
    QCOMPARE(traced->image(), plain->image());
    QCOMPARE(recorder.pcs.size(), plain->cycles());
    QVERIFY(recorder.connected);
    QCOMPARE(recorder.next, 0U); // halted
    QCOMPARE(recorder.accesses, std::uint64_t{50 * 3});

    const auto counted = bareMachine(loopProgram());
    OpcodeCounter counter;
    QCOMPARE(counted->run(kNoLimit, counter).reason, StopReason::Halted);
    QCOMPARE(counter.counts[static_cast<std::size_t>(Code::Lw)], std::uint64_t{50});
    QCOMPARE(counter.counts[static_cast<std::size_t>(Code::Bne)], std::uint64_t{50});
    QCOMPARE(counter.counts[static_cast<std::size_t>(Code::Syscall)], std::uint64_t{1});
}

void TestZkvmMachine::aTrapKeepsWhereItGoesBackTo()
{
    const auto straight = bareMachine({kNop, trap(), kNop});
    QCOMPARE(straight->run(2).reason, StopReason::Limit);
    QCOMPARE(straight->pc(), kKernelVector);
    QCOMPARE(straight->npc(), kKernelVector + 4);
    QCOMPARE(straight->registers()[27], kTextBase + 8);
    // There is no kernel here.
    QCOMPARE(straight->run(1), (Stop{StopReason::Fault, Fault::BadJump, 0}));

    // In a slot the way back is where the branch goes, taken or not.
    for (const bool taken : {true, false}) {
        const auto slot = bareMachine({beq(0, taken ? 0 : 1, 5), trap(), kNop}, {}, Registers{0, 1});
        QCOMPARE(slot->run(2).reason, StopReason::Limit);
        QCOMPARE(slot->pc(), kKernelVector);
        QCOMPARE(slot->registers()[27], taken ? kTextBase + 24 : kTextBase + 8);
    }
}

void TestZkvmMachine::reservationsEndWithATrapAndWithNothingElse()
{
    Registers r{};
    r[17] = kDataBase;
    r[9] = 5;
    // Stores by others, even to the same word, do not end it: there are no others.
    const auto kept =
        bareMachine({ll(8, 0, 17), sw(9, 0, 17), addiu(9, 9, 1), sc(9, 0, 17), lw(10, 0, 17)}, {1}, r);
    QCOMPARE(kept->run(5).reason, StopReason::Limit);
    QCOMPARE(kept->registers()[8], 1U);
    QCOMPARE(kept->registers()[9], 1U); // SC succeeded
    QCOMPARE(kept->registers()[10], 6U);
    QCOMPARE(kept->registers()[kReservation], 0U);

    const auto elsewhere = bareMachine({ll(8, 0, 17), sc(9, 4, 17), lw(10, 4, 17), sc(9, 0, 17)}, {1, 2}, r);
    QCOMPARE(elsewhere->run(3).reason, StopReason::Limit);
    QCOMPARE(elsewhere->registers()[9], 0U);
    QCOMPARE(elsewhere->registers()[10], 2U);
    QCOMPARE(elsewhere->run(1).reason, StopReason::Limit); // a failed SC ends it as well
    QCOMPARE(elsewhere->registers()[9], 0U);

    const auto trapped = bareMachine({ll(8, 0, 17), trap()}, {1}, r);
    QCOMPARE(trapped->run(1).reason, StopReason::Limit);
    QCOMPARE(trapped->registers()[kReservation], kDataBase | 1U);
    QCOMPARE(trapped->run(1).reason, StopReason::Limit);
    QCOMPARE(trapped->registers()[kReservation], 0U);

    // A primitive is no trap.
    const auto primitive = bareMachine({ll(8, 0, 17), trap(BOWLINE_HINT_LEN)}, {1}, r);
    QCOMPARE(primitive->run(2).reason, StopReason::Limit);
    QCOMPARE(primitive->registers()[kReservation], kDataBase | 1U);
}

void TestZkvmMachine::jumpsOutOfTheCodeAreFaults()
{
    for (const Word target :
         {0U, kTextBase + 2, kTextBase + 1, kTextBase + 400, kDataBase, 0x7f000000U, 0xfffffffcU}) {
        Registers r{};
        r[8] = target;
        const auto machine = bareMachine({jr(8), kNop, kNop}, {0, 0}, r);
        QCOMPARE(machine->run(2).reason, StopReason::Limit);
        QCOMPARE(machine->run(1), (Stop{StopReason::Fault, Fault::BadJump, 0}));
        QCOMPARE(machine->pc(), target);
        QCOMPARE(machine->cycles(), std::uint64_t{2});
    }
    const auto offTheEnd = bareMachine({kNop, kNop});
    QCOMPARE(offTheEnd->run(kNoLimit), (Stop{StopReason::Fault, Fault::BadJump, 0}));
    QCOMPARE(offTheEnd->pc(), kTextBase + 8);
}

void TestZkvmMachine::aBranchAtTheEndOfTheCodeIsAFault()
{
    const auto machine = bareMachine({kNop, beq(0, 0, 0xfffe)});
    QCOMPARE(machine->run(kNoLimit), (Stop{StopReason::Fault, Fault::BadInstruction, 0}));
    QCOMPARE(machine->pc(), kTextBase + 4);
    QCOMPARE(machine->cycles(), std::uint64_t{1});
}

namespace {
Image hintImage()
{
    const Word moveTo8 = addu(8, 2, 0);
    const Word moveTo9 = addu(9, 2, 0);
    const Word moveTo10 = addu(10, 2, 0);
    return expect(
        bareImageFromElf(elfOf({addiu(5, 0, 1), trap(BOWLINE_HINT_LEN), moveTo8, trap(BOWLINE_HINT_WORD),
                                moveTo9, trap(BOWLINE_HINT_WORD), moveTo10, trap(BOWLINE_HINT_WORD),
                                trap(BOWLINE_HINT_LEN), trap(BOWLINE_HALT)},
                               {}, 16)));
}
} // namespace

void TestZkvmMachine::hintsComeOnceAndInOrder()
{
    const auto machine = expect(Machine::create(hintImage(), {1, 2, 3, 4, 5, 0xff}, {}));
    QCOMPARE(machine->run(kNoLimit).reason, StopReason::Halted);
    QCOMPARE(machine->registers()[8], 6U);
    QCOMPARE(machine->registers()[9], 0x04030201U);
    QCOMPARE(machine->registers()[10], 0x0000ff05U);
    QCOMPARE(machine->registers()[2], 0U);
    QCOMPARE(machine->inputLeft(), std::size_t{0});
}

void TestZkvmMachine::aSnapshotStopsBeforeTheFirstHint()
{
    const Snapshot snapshot = expect(takeSnapshot(hintImage(), 1000, {}));
    QCOMPARE(snapshot.cycles, std::uint64_t{1});
    QCOMPARE(snapshot.image.pc, kTextBase + 4);
    QCOMPARE(snapshot.image.registers[5], 1U);
    const Image again = expect(Image::parse(snapshot.image.serialize()));
    QVERIFY(again == snapshot.image);
    QVERIFY(!(again == hintImage()));
    const auto machine = expect(Machine::create(again, {9, 0, 0, 0}, {}));
    QCOMPARE(machine->run(kNoLimit).reason, StopReason::Halted);
    QCOMPARE(machine->registers()[9], 9U);
    QVERIFY(!takeSnapshot(hintImage(), 0, {}).ok());
    QVERIFY(!takeSnapshot(expect(bareImageFromElf(elfOf({trap(BOWLINE_HALT)}, {}, 16))), 1000, {}).ok());
    QVERIFY(!takeSnapshot(expect(bareImageFromElf(elfOf({0x0000000d}, {}, 16))), 1000, {}).ok());
}

void TestZkvmMachine::primitivesRefuseWhatCannotBeProven()
{
    const auto faultOf = [](Word code, const std::vector<Word>& data, const Registers& r) {
        return bareMachine({trap(code)}, data, r)->run(1).fault;
    };
    Registers r{};
    r[4] = r[5] = r[6] = kDataBase;
    const std::vector<Word> small(64, 1);
    for (const Word code : {16U, 17U, 18U, 20U, 21U}) QCOMPARE(faultOf(code, small, r), Fault::None);
    for (const Word code : {6U, 15U, 22U, 0xfffffU}) QCOMPARE(faultOf(code, small, r), Fault::BadPrimitive);

    Registers unaligned = r;
    unaligned[4] += 2;
    Registers outside = r;
    outside[4] = kMemoryEnd - 8;
    for (const Word code : {16U, 17U, 18U, 19U, 20U, 21U}) {
        QCOMPARE(faultOf(code, small, unaligned), Fault::BadPrimitive);
        QCOMPARE(faultOf(code, small, outside), Fault::BadPrimitive);
    }
    // w and w + p would hash alike.
    std::vector<Word> large = small;
    large[15] = field::Element::kModulus;
    QCOMPARE(faultOf(16, large, r), Fault::BadPrimitive);
    large[15] -= 1;
    QCOMPARE(faultOf(16, large, r), Fault::None);
    // Modulus 0; equal x; y = 0; a coordinate that is not reduced.
    Registers modulus = r;
    modulus[6] = kDataBase + 0x100;
    QCOMPARE(faultOf(18, small, modulus), Fault::BadPrimitive);
    QCOMPARE(faultOf(19, small, r), Fault::BadPrimitive);
    std::vector<Word> noY = small;
    for (std::size_t i = 8; i < 16; ++i) noY[i] = 0;
    QCOMPARE(faultOf(20, noY, r), Fault::BadPrimitive);
    std::vector<Word> notReduced = small;
    for (std::size_t i = 0; i < 8; ++i) notReduced[i] = 0xffffffff;
    QCOMPARE(faultOf(20, notReduced, r), Fault::BadPrimitive);
    // Nothing is written to code.
    Registers text = r;
    text[4] = kTextBase;
    std::vector<Word> code(20, kNop);
    code[0] = trap(17);
    QCOMPARE(bareMachine(code, small, text)->run(1).fault, Fault::WriteToText);
}

void TestZkvmMachine::memoryIsLimited()
{
    // Stores to one page after another.
    std::vector<Word> code;
    loadWord(code, 17, kDataBase + 0x100000);
    code.push_back(sw(17, 0, 17));
    code.push_back(beq(0, 0, 0xfffe));
    code.push_back(addiu(17, 17, 0x1000));
    const Image image = expect(bareImageFromElf(elfOf(code, {1}, 16)));
    MachineOptions options;
    options.maxPages = 10;
    const auto machine = expect(Machine::create(image, {}, options));
    QCOMPARE(machine->run(kNoLimit).reason, StopReason::OutOfMemory);
    QCOMPARE(machine->memory().pageCount(), std::size_t{10});
    options.maxPages = 1;
    QCOMPARE(Machine::create(image, {}, options).error().code, kTooLarge);
}

QTEST_GUILESS_MAIN(TestZkvmMachine)
#include "tst_zkvm_machine.moc"
