// SPDX-License-Identifier: MIT
// The steps that false ones are searched from: those of a random program, and of single instructions from registers made
// for them, some of which the machine stops at.
#pragma once

#include "tests/unit/proving/false_fill.h"
#include "tests/unit/proving/random_code.h"

namespace bowline::test {

inline constexpr std::size_t kScenesOfCode = 2; // of the random program

/// Registers 18 and 19; all others are zero.
inline zkvm::Registers pair(mips::Word a, mips::Word b)
{
    zkvm::Registers out{};
    out[18] = a;
    out[19] = b;
    return out;
}

/// A word of code, the registers that it is executed from, and those that the machine stops at it with.
struct State {
    mips::Word word;
    std::vector<zkvm::Registers> good;
    std::vector<zkvm::Registers> bad;
};

struct Programs {
    std::vector<std::unique_ptr<BareProgram>> programs;
    std::vector<std::unique_ptr<RowOracle>> oracles;
    std::vector<Scene> scenes;

    [[nodiscard]] Scene sceneAt(std::size_t program, const zkvm::Machine& machine,
                                const zkvm::MemoryTree& tree) const
    {
        Scene scene;
        const proving::PreparedProgram& prepared = *programs[program]->prepared;
        scene.program = &prepared;
        scene.oracle = oracles[program].get();
        const auto& op = prepared.tables().program().at(*prepared.tables().program().rowOf(machine.pc()));
        scene.code = op.code;
        scene.number = op.code == zkvm::Code::Syscall ? op.immediate : 0;
        scene.tree = tree;
        scene.leaves = zkvm::leavesOf(machine.image());
        return scene;
    }
    void load(const std::vector<mips::Word>& code, const std::vector<mips::Word>& data,
              const zkvm::Registers& registers)
    {
        programs.push_back(std::make_unique<BareProgram>(code, data, registers));
        const proving::PreparedProgram& prepared = *programs.back()->prepared;
        oracles.push_back(std::make_unique<RowOracle>(prepared.key().system(), prepared.tables()));
    }
    // Its step, whose rows are put down.
    static void step(Scene& scene, zkvm::Machine& machine, zkvm::MemoryTree& tree)
    {
        const auto shard = expect(proving::executeShard(*scene.program, machine, tree, mips::testOptions(1)));
        scene.statement = shard.statement;
        for (std::size_t chip = 0; chip < scene.program->tables().placeOfLeaf(); ++chip) {
            if (shard.witness.traces[chip])
                scene.rows.push_back({chip, RowOracle::cellsOf(*shard.witness.traces[chip], 0)});
        }
    }
    void add(const std::vector<mips::Word>& code, const std::vector<mips::Word>& data,
             const zkvm::Registers& registers)
    {
        load(code, data, registers);
        const proving::PreparedProgram& prepared = *programs.back()->prepared;
        const auto machine = expect(zkvm::Machine::create(prepared.image(), {}, {}));
        zkvm::MemoryTree tree = prepared.tree();
        std::map<zkvm::Code, std::size_t> counts;
        while (machine->pc() != 0 && machine->pc() != zkvm::kKernelVector) {
            Scene scene = sceneAt(programs.size() - 1, *machine, tree);
            const bool isHint = scene.code == zkvm::Code::Syscall && (scene.number == 2 || scene.number == 3);
            step(scene, *machine, tree);
            // A hint may be anything: another one is no false statement.
            if (!isHint && (scene.code == zkvm::Code::Syscall || counts[scene.code]++ < kScenesOfCode))
                scenes.push_back(std::move(scene));
        }
    }
    // As the table would be filled if the instruction did what it usually does.
    static std::optional<Cells> faultyRow(const Scene& scene, const Scene& honest,
                                          const zkvm::Registers& good, const zkvm::Registers& bad)
    {
        auto step = stepOf(honest);
        if (!step) return std::nullopt;
        const std::uint32_t moved = bad[18] - good[18];
        step->atRs.before = step->atRs.after = bad[18];
        if (step->rt == 19) step->atRt.before = step->atRt.after = bad[19];
        if (step->code == zkvm::Code::Add) step->atRd.after = bad[18] + bad[19];
        if (step->code == zkvm::Code::Sub) step->atRd.after = bad[18] - bad[19];
        if (step->code == zkvm::Code::Addi) step->atRd.after = bad[18] + step->immediate;
        step->address += moved;
        if (step->code == zkvm::Code::Jr) step->next = bad[18];
        Cells out = filled(scene, *step);
        Stage stage(scene, {});
        putState(scene, stage, out);
        return out;
    }
    // The words of the lists, which stand four words apart.
    void addStates(std::size_t first, const std::vector<State>& list)
    {
        for (const State& state : list) {
            for (const zkvm::Registers& good : state.good) addState(first, good);
            for (const zkvm::Registers& bad : state.bad) addState(first, bad, state.good.front());
            first += 4;
        }
    }
    // The first program's word at `index`, executed from a state of its own. Where the machine stops at it, the rows are
    // those of an execution from other registers.
    void addState(std::size_t index, const zkvm::Registers& registers,
                  const std::optional<zkvm::Registers>& good = {})
    {
        Scene scene = stateScene(index, good.value_or(registers));
        if (good) {
            const Scene honest = std::exchange(scene, stateScene(index, registers, false));
            scene.isHonest = false;
            scene.rows = honest.rows;
            scene.statement = honest.statement;
            scene.filled = faultyRow(scene, honest, *good, registers);
        }
        scene.registers = registers;
        scenes.push_back(std::move(scene));
    }
    [[nodiscard]] Scene stateScene(std::size_t index, const zkvm::Registers& registers, bool steps = true,
                                   const std::map<std::uint32_t, std::uint32_t>& words = {}) const
    {
        zkvm::Image image = programs.front()->prepared->image();
        image.pc = mips::kTextBase + 4 * static_cast<mips::Word>(index);
        image.npc = image.pc + 4;
        image.registers = registers;
        for (const auto& [address, word] : words)
            image.pages[address / zkvm::kPageBytes][address % zkvm::kPageBytes / 4] = word;
        image.registers[0] = 0;
        const auto machine = expect(zkvm::Machine::create(image, {}, {}));
        zkvm::MemoryTree tree;
        tree.set(zkvm::leavesOf(image));
        Scene out = sceneAt(0, *machine, tree);
        if (steps) step(out, *machine, tree);
        return out;
    }
};

namespace scenes {
using namespace mips;

inline std::vector<zkvm::Registers> faultyAddresses(Word odd)
{
    std::vector<zkvm::Registers> out{pair(zkvm::kMemoryEnd + 32, 5), pair(0x1000, 5)};
    if (odd != 0) out.push_back(pair(kDataBase + odd, 5));
    return out;
}
inline Word wordOfDifferentBytes()
{
    const std::vector<Word> data = randomData(3);
    for (std::size_t i = 0; i < data.size(); ++i) {
        std::set<Word> bytes;
        for (unsigned at = 0; at < 4; ++at) bytes.insert(data[i] >> 8 * at & 0xffU);
        if (bytes.size() == 4) return kDataBase + 4 * static_cast<Word>(i);
    }
    qFatal("no such word");
}
inline std::vector<State> faults()
{
    const auto three = [](Word function) { return rType(function, 0, 18, 19); };
    static constexpr Word kMinus = 0xffffffff;
    std::vector<State> out{
        {three(0x34), {pair(1, 2)}, {pair(1, 1)}},                              // teq
        {three(0x36), {pair(1, 1)}, {pair(1, 2)}},                              // tne
        {three(0x30), {pair(1, 2)}, {pair(2, 1), pair(2, 2), pair(1, kMinus)}}, // tge
        {three(0x31), {pair(1, 2)}, {pair(2, 1), pair(kMinus, 1)}},             // tgeu
        {three(0x32), {pair(2, 1)}, {pair(1, 2), pair(kMinus, 1)}},             // tlt
        {three(0x33), {pair(2, 1)}, {pair(1, 2), pair(1, kMinus)}},             // tltu
        {regimm(0x0c, 18, 5), {pair(1, 0)}, {pair(5, 0)}},                      // teqi
        {regimm(0x0e, 18, 5), {pair(5, 0)}, {pair(1, 0)}},                      // tnei
        {regimm(0x08, 18, 5), {pair(1, 0)}, {pair(7, 0)}},                      // tgei
        {regimm(0x09, 18, 5), {pair(1, 0)}, {pair(7, 0), pair(kMinus, 0)}},     // tgeiu
        {regimm(0x0a, 18, 5), {pair(7, 0)}, {pair(1, 0), pair(kMinus, 0)}},     // tlti
        {regimm(0x0b, 18, 5), {pair(7, 0)}, {pair(1, 0)}},                      // tltiu
        {rType(0x20, 1, 18, 19), {pair(1, 2)}, {pair(0x7fffffff, 1), pair(0x80000000, kMinus)}},
        {rType(0x22, 1, 18, 19), {pair(2, 1)}, {pair(0x80000000, 1), pair(0x7fffffff, kMinus)}},
        {iType(0x08, 1, 18, 1), {pair(2, 1)}, {pair(0x7fffffff, 0)}},
        {iType(0x23, 1, 18, 0), {pair(kDataBase, 0)}, faultyAddresses(1)}, // lw
        {iType(0x2b, 19, 18, 0), {pair(kDataBase, 5)}, faultyAddresses(1)},
        {iType(0x21, 1, 18, 0), {pair(kDataBase, 0)}, faultyAddresses(1)},
        {iType(0x21, 1, 18, 0), {pair(kDataBase + 2, 0)}, faultyAddresses(3)},
        {iType(0x29, 19, 18, 0), {pair(kDataBase, 5)}, faultyAddresses(1)},
        {iType(0x29, 19, 18, 0), {pair(kDataBase + 2, 5)}, faultyAddresses(3)},
        {iType(0x24, 1, 18, 0), {pair(kDataBase, 0)}, faultyAddresses(0)},
        {iType(0x22, 1, 18, 0), {pair(kDataBase, 0)}, faultyAddresses(0)},
        {jr(18), {pair(kTextBase + 8, 0)}, {pair(kTextBase + 9, 0), pair(kTextBase + 10, 0)}},
    };
    // The upper limbs' sum is so great that a carry of 4 / 2^16 makes an address of it.
    for (const Word opcode : {0x20U, 0x22U, 0x23U, 0x28U, 0x2bU, 0x30U, 0x38U})
        out.push_back({iType(opcode, opcode >= 0x28 && opcode != 0x30 ? 19 : 1, 18, 0xfff0),
                       {pair(kDataBase + 0x10, 5)},
                       {pair(0xffff0010, 5)}});
    return out;
}
inline std::vector<State> states()
{
    static constexpr Word kMinus = 0xffffffff;
    static constexpr Word kLeast = 0x80000000;
    const std::vector<zkvm::Registers> divisions{
        pair(7, 2),         pair(7, 0),         pair(kLeast, 0),        pair(0U - 7, 2),
        pair(7, 0U - 2),    pair(0U - 7, 0),    pair(0U - 7, 0U - 2),   pair(kLeast, 0x30000),
        pair(5, 0x30000),   pair(0, 5),         pair(0x20001, 0x10000), pair(7, 1),
        pair(5, 0x1000000), pair(0xc0000001, 1)};
    const std::vector<zkvm::Registers> compared{pair(1, 2),       pair(1, 1),      pair(0, 0),
                                                pair(0x10001, 1), pair(kMinus, 0), pair(0x10000, 0x20000)};
    const std::vector<zkvm::Registers> words{pair(0, 0), pair(kMinus, 0), pair(1, 0),
                                             pair(0x12345678, kMinus)};
    std::vector<State> out;
    for (const Word function : {0x1aU, 0x1bU}) out.push_back({rType(function, 0, 18, 19), divisions, {}});
    for (const Word function : {0x20U, 0x21U}) out.push_back({special2(function, 1, 18, 0), words, {}});
    for (const Word opcode : {4U, 5U}) out.push_back({iType(opcode, 19, 18, 2), compared, {}});
    for (const Word opcode : {6U, 7U}) out.push_back({iType(opcode, 0, 18, 2), compared, {}});
    for (const Word kind : {0U, 1U}) out.push_back({regimm(kind, 18, 2), compared, {}});
    for (const Word function : {0x0aU, 0x0bU}) out.push_back({rType(function, 1, 18, 19), compared, {}});
    for (const Word function : {0x18U, 0x19U, 0x2aU, 0x2bU})
        out.push_back({rType(function, function < 0x20 ? 0 : 1, 18, 19), compared, {}});
    for (const Word size : {7U, 24U, 32U}) {
        out.push_back({special3(0x00, size - 1, 18, 1, 0), words, {}});
        out.push_back({special3(0x04, size - 1, 18, 19, 0), words, {}});
    }
    for (const Word amount : {9U}) {
        out.push_back({rType(0x00, 1, 0, 18, amount), words, {}});
        out.push_back({rType(0x02, 1, 0, 18, amount), words, {}});
        out.push_back({rType(0x03, 1, 0, 18, amount), words, {}});
    }
    out.push_back({rType(0x24, 18, 18, 19), {pair(0xff, 0x0f)}, {}}); // and, onto itself
    out.push_back({special2(0x02, 1, 18, 19), {pair(0x1000000, 3), pair(3, 5)}, {}});
    // Loads and stores at each place within a word whose bytes differ, and in words whose addresses differ in one limb.
    const Word word = wordOfDifferentBytes();
    for (const Word opcode :
         {0x20U, 0x21U, 0x22U, 0x23U, 0x24U, 0x25U, 0x26U, 0x28U, 0x29U, 0x2aU, 0x2bU, 0x2eU}) {
        const bool stores = opcode >= 0x28;
        const Word step = opcode == 0x23 || opcode == 0x2b ? 4 : opcode % 4 == 1 ? 2 : 1;
        std::vector<zkvm::Registers> places;
        for (Word at = 0; at < 4; at += step) places.push_back(pair(word + at, 0x89abcdef));
        places.push_back(pair(word + 4, 0x89abcdef));
        places.push_back(pair(word + 0x10000, 0x89abcdef));
        out.push_back({iType(opcode, stores ? 19 : 1, 18, 0), places, {}});
    }
    zkvm::Registers held = pair(kDataBase, 5);
    std::vector<zkvm::Registers> reservations;
    for (const Word reserved : {kDataBase + 1, kDataBase, kDataBase + 0x10001, kDataBase + 4, 0U}) {
        held[zkvm::kReservation] = reserved;
        reservations.push_back(held);
    }
    out.push_back({sc(19, 0, 18), reservations, {}});
    out.push_back({ll(19, 0, 18), reservations, {}});
    return out;
}
} // namespace scenes

} // namespace bowline::test
