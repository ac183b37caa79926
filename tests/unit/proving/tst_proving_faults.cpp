// SPDX-License-Identifier: MIT
// A prover whose processor errs once: one result, one stored word, one branch is another one, and everything behind
// it goes on honestly from there. No such execution may have a proof.
//
// BOWLINE_FAULTS says how many faults to play (300).
#include "core/stark/verifier.h"
#include "tests/unit/proving/fixture.h"
#include "tests/unit/proving/random_code.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::proving;
using namespace bowline::test;
using namespace bowline::test::mips;

namespace {
enum class Fault { Register, Store, Branch, Skip, Repeat, ForgottenRegister };
constexpr Fault kFaults[] = {Fault::Register, Fault::Store,  Fault::Branch,
                             Fault::Skip,     Fault::Repeat, Fault::ForgottenRegister};
constexpr const char* kNames[] = {"register", "store", "branch", "skip", "repeat", "forgotten register"};

/// Tells a recorder what happens, and at one instruction something else.
struct Liar {
    static constexpr bool kActive = true;
    Recorder* recorder;
    bool lies = false;
    Fault fault{};
    std::uint32_t change = 0;
    // What the lie was about.
    std::uint8_t changedRegister = 0;
    std::uint32_t changedAddress = 0;
    std::uint32_t changedWord = 0;
    zkvm::Op op;
    bool done = false;

    void before(std::uint32_t pc, const zkvm::Op& next, const zkvm::Registers& registers)
    {
        op = next;
        recorder->before(pc, next, registers);
    }
    void memory(std::uint32_t address, std::uint32_t before, std::uint32_t after)
    {
        if (lies && fault == Fault::Store && before != after) {
            changedAddress = address;
            changedWord = after ^ change;
            done = true;
            return recorder->memory(address, before, changedWord);
        }
        recorder->memory(address, before, after);
    }
    void after(std::uint32_t pc, const zkvm::Registers& registers)
    {
        if (lies && fault == Fault::Register && op.rd != 0 && op.rd < 32 && chips::accessesOf(op.code).rd &&
            op.code != zkvm::Code::Syscall) {
            zkvm::Registers changed = registers;
            changed[op.rd] ^= change;
            changedRegister = op.rd;
            changedWord = changed[op.rd];
            done = true;
            return recorder->after(pc, changed);
        }
        recorder->after(pc, registers);
    }
};

struct Played {
    bool played = false; // the fault could be made at that instruction, and the program still came to its end
    stark::Traces traces;
    std::vector<field::Element> publicValues;
};

std::unique_ptr<zkvm::Machine> machineAt(const zkvm::Image& image)
{
    return expect(zkvm::Machine::create(image, {}, {}));
}

// The branch's own row says where it went; each pc is executed once.
void goElsewhere(ShardRecord& record, std::uint32_t pc, std::uint32_t next)
{
    for (std::vector<chips::Step>& steps : record.steps) {
        for (chips::Step& step : steps) {
            if (step.pc != pc) continue;
            step.next = next;
            step.taken = !step.taken;
        }
    }
}

Played play(const BareProgram& program, std::uint64_t at, Fault fault, std::uint32_t change)
{
    auto machine = machineAt(program.image);
    Recorder recorder(program.prepared->tables().program(), *machine);
    Liar liar{&recorder, false, fault, change, 0, 0, 0, {}, false};
    if (machine->run(at, liar).reason != zkvm::StopReason::Limit || recorder.inFused()) return {};
    liar.lies = true;
    const std::uint32_t pc = machine->pc();
    const std::uint32_t npc = machine->npc();
    if (fault != Fault::Skip && machine->run(1, liar).reason != zkvm::StopReason::Limit) return {};
    zkvm::Image image = machine->image();
    switch (fault) {
    case Fault::Register: image.registers[liar.changedRegister] = liar.changedWord; break;
    case Fault::ForgottenRegister:
        liar.done = true;
        image.registers[1 + change % 15] ^= change | 1U;
        break;
    case Fault::Store:
        if (liar.done)
            image.pages[liar.changedAddress / zkvm::kPageBytes][liar.changedAddress % zkvm::kPageBytes / 4] =
                liar.changedWord;
        break;
    case Fault::Branch:
        // Where a branch that was taken would not have gone, or the other way round.
        if (!zkvm::isBranch(liar.op.code) || recorder.inFused()) return {};
        liar.done = true;
        image.npc = image.npc == pc + 8 ? liar.op.imm : pc + 8;
        if (image.npc == machine->npc()) return {};
        break;
    case Fault::Skip:
        liar.done = npc == pc + 4;
        image.pc = npc;
        image.npc = npc + 4;
        break;
    case Fault::Repeat:
        liar.done = npc == pc + 4 && !zkvm::isBranch(liar.op.code);
        image.pc = pc;
        image.npc = npc;
        break;
    }
    if (!liar.done || recorder.inFused()) return {};
    liar.lies = false;
    const auto rest = machineAt(image);
    recorder.follow(*rest);
    const zkvm::Stop stop = rest->run(100'000, liar);
    if (stop.reason != zkvm::StopReason::Halted) return {};
    ShardRecord record = recorder.finish(rest->registers());
    if (fault == Fault::Branch) goElsewhere(record, pc, image.npc);
    Played out;
    chips::Statement statement;
    statement.pcBefore = program.image.pc;
    statement.npcBefore = program.image.npc;
    statement.timeAfter = record.timeAfter;
    statement.halted = true;
    statement.exitCode = stop.exitCode;
    zkvm::MemoryTree tree = program.prepared->tree();
    ShardWitness witness =
        witnessOf(program.prepared->tables(), program.prepared->key().system(), std::move(record), tree, {});
    statement.rootBefore = witness.rootBefore;
    statement.rootAfter = witness.rootAfter;
    out.played = true;
    out.traces = std::move(witness.traces);
    out.publicValues = statement.publicValues();
    return out;
}

bool proofIsRefused(const BareProgram& program, const Played& played)
{
    const stark::ProvingKey& key = program.prepared->key();
    const auto proof = stark::prove(key, played.traces, played.publicValues);
    return !proof.ok() || !stark::verifyProof(key.verifying(), played.publicValues, *proof).ok();
}
} // namespace

class TestProvingFaults : public QObject {
    Q_OBJECT
private slots:
    void noFaultHasAProof();
    void withoutAFaultThereIsOne();
};

void TestProvingFaults::noFaultHasAProof()
{
    bool given = false;
    int wanted = qEnvironmentVariableIntValue("BOWLINE_FAULTS", &given);
    if (!given) wanted = 300;
    std::map<Fault, int> played;
    std::mt19937 random(7);
    int total = 0;
    int proofs = 0;
    for (std::uint32_t seed = 1; total < wanted && seed < 10'000; ++seed) {
        RandomCode code(seed);
        const zkvm::Registers registers = code.registers();
        const std::vector<Word> words = code.code(120);
        const BareProgram program(words, randomData(seed), registers);
        for (int i = 0; i < 60 && total < wanted; ++i) {
            const Fault fault = kFaults[static_cast<std::size_t>(total) % std::size(kFaults)];
            const Played result = play(program, 1 + random() % 110, fault, 1U << random() % 32);
            if (!result.played) continue;
            const bool refused = !stark::findViolations(program.prepared->key().system(), result.traces,
                                                        result.publicValues, 1)
                                      .empty();
            QVERIFY2(refused, qPrintable(QString("seed %1, %2, number %3")
                                             .arg(seed)
                                             .arg(kNames[static_cast<std::size_t>(fault)])
                                             .arg(total)));
            // The row checker is not the verifier: some by a real proof.
            if (total % 50 == 0) {
                QVERIFY(proofIsRefused(program, result));
                ++proofs;
            }
            ++played[fault];
            ++total;
        }
    }
    QCOMPARE(total, wanted);
    for (const auto& [fault, count] : played)
        qInfo("%s: %d faults, all refused", kNames[static_cast<std::size_t>(fault)], count);
    qInfo("%d faults, %d of them by a real proof", total, proofs);
    QCOMPARE(played.size(), std::size(kFaults));
}

// That what is refused above is refused for its fault.
void TestProvingFaults::withoutAFaultThereIsOne()
{
    RandomCode code(1);
    const zkvm::Registers registers = code.registers();
    const std::vector<Word> words = code.code(120);
    const BareProgram program(words, randomData(1), registers);
    const auto machine = machineAt(program.image);
    zkvm::MemoryTree tree = program.prepared->tree();
    ProvingOptions options;
    options.parameters = kTestParameters;
    const ExecutedShard shard = expect(executeShard(*program.prepared, *machine, tree, options));
    QCOMPARE(violationsOf(program.prepared->key().system(), shard), std::string{});
    QVERIFY(!proofIsRefused(program, {true, shard.witness.traces, shard.statement.publicValues()}));
}

QTEST_GUILESS_MAIN(TestProvingFaults)
#include "tst_proving_faults.moc"
