// SPDX-License-Identifier: MIT
// The kill matrix of the machine's tables: take one assertion, one bus or one field of a bus away, and a false shard must
// be accepted that the whole system refuses; or at least another trace of the same statement, which shows that nothing
// else implies the assertion. The two are counted apart. False shards are one step long (false_step.h says how they are
// found), or lie about leaves, nodes and permutations. What nothing kills is printed: it is redundant, or no witness was
// made for it yet (docs/proofs.md, "The kill matrix").
#include "tests/unit/proving/false_fill.h"
#include "tests/unit/proving/false_tables.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;
using field::Element;
using zkvm::Code;

namespace {
constexpr std::size_t kScenesOfCode = 2;
constexpr std::size_t kTriedScenes = 16;
constexpr std::size_t kTriedStarts = 40;
constexpr std::size_t kPlays = 450; // tries of an assertion, per scene
// What the search and the lies below reach today, in per cent: no change of theirs or of the tables may lose any.
constexpr std::size_t kLeastFalse = 55;  // of the assertions, by false statements
constexpr std::size_t kLeastKilled = 87; // by those and by other traces of the same statement
constexpr std::size_t kLeastBuses = 85;

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
        scene.number = op.code == Code::Syscall ? op.immediate : 0;
        scene.tree = tree;
        scene.leaves = zkvm::leavesOf(machine.image());
        return scene;
    }
    void load(const std::vector<Word>& code, const std::vector<Word>& data, const zkvm::Registers& registers)
    {
        programs.push_back(std::make_unique<BareProgram>(code, data, registers));
        const proving::PreparedProgram& prepared = *programs.back()->prepared;
        oracles.push_back(std::make_unique<RowOracle>(prepared.key().system(), prepared.tables()));
    }
    // Its step, whose rows are put down.
    static void step(Scene& scene, zkvm::Machine& machine, zkvm::MemoryTree& tree)
    {
        const auto shard = expect(proving::executeShard(*scene.program, machine, tree, testOptions(1)));
        scene.statement = shard.statement;
        for (std::size_t chip = 0; chip < scene.program->tables().placeOfLeaf(); ++chip) {
            if (shard.witness.traces[chip])
                scene.rows.push_back({chip, RowOracle::cellsOf(*shard.witness.traces[chip], 0)});
        }
    }
    void add(const std::vector<Word>& code, const std::vector<Word>& data, const zkvm::Registers& registers)
    {
        load(code, data, registers);
        const proving::PreparedProgram& prepared = *programs.back()->prepared;
        const auto machine = expect(zkvm::Machine::create(prepared.image(), {}, {}));
        zkvm::MemoryTree tree = prepared.tree();
        std::map<Code, std::size_t> counts;
        while (machine->pc() != 0 && machine->pc() != zkvm::kKernelVector) {
            Scene scene = sceneAt(programs.size() - 1, *machine, tree);
            const bool isHint = scene.code == Code::Syscall && (scene.number == 2 || scene.number == 3);
            step(scene, *machine, tree);
            // A hint may be anything: another one is no false statement.
            if (!isHint && (scene.code == Code::Syscall || counts[scene.code]++ < kScenesOfCode))
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
        if (step->code == Code::Add) step->atRd.after = bad[18] + bad[19];
        if (step->code == Code::Sub) step->atRd.after = bad[18] - bad[19];
        if (step->code == Code::Addi) step->atRd.after = bad[18] + step->immediate;
        step->address += moved;
        if (step->code == Code::Jr) step->next = bad[18];
        Cells out = filled(scene, *step);
        Stage stage(scene, {});
        putState(scene, stage, out);
        return out;
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
        scenes.push_back(std::move(scene));
    }
    [[nodiscard]] Scene stateScene(std::size_t index, const zkvm::Registers& registers,
                                   bool steps = true) const
    {
        zkvm::Image image = programs.front()->prepared->image();
        image.pc = kTextBase + 4 * static_cast<Word>(index);
        image.npc = image.pc + 4;
        image.registers = registers;
        image.registers[0] = 0;
        const auto machine = expect(zkvm::Machine::create(image, {}, {}));
        zkvm::MemoryTree tree;
        tree.set(zkvm::leavesOf(image));
        Scene out = sceneAt(0, *machine, tree);
        if (steps) step(out, *machine, tree);
        return out;
    }
};

std::string stemOf(const std::string& name)
{
    const std::size_t end = name.find_last_not_of("0123456789");
    return name.substr(0, end == std::string::npos ? 0 : end + 1);
}

/// What is accepted without a piece, and refused with it.
enum class Verdict { Nothing, OtherTrace, FalseStatement };

struct Line {
    std::size_t all = 0;
    std::size_t other = 0;  // another trace of the same statement
    std::size_t killed = 0; // a false statement
};

zkvm::Registers pair(Word a, Word b)
{
    zkvm::Registers out{};
    out[18] = a;
    out[19] = b;
    return out;
}
} // namespace

class TestProvingKill : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        RandomCode random(3);
        const zkvm::Registers registers = random.registers();
        std::vector<Word> code = random.code(700);
        std::vector<Word> call;
        loadWord(call, 4, kDataBase + 4 * kElements);
        call.push_back(trap(BOWLINE_POSEIDON2));
        code.insert(code.end() - 2, call.begin(), call.end()); // before HALT
        const std::size_t ownStates = code.size();
        for (const auto& list : {faults(), states()}) {
            for (const State& state : list) code.insert(code.end(), {state.word, kNop, kNop, kNop});
        }
        m_all.add(code, randomData(3), registers);
        zkvm::Registers reserved{};
        reserved[kBase] = kDataBase;
        m_all.add({ll(1, 0, kBase), trap(0)}, {1, 2}, reserved);
        addStates(ownStates);
        const auto& first = m_all.scenes.front();
        for (std::size_t chip = 0; chip < first.program->tables().placeOfLeaf(); ++chip) {
            if (!first.oracle->covers(chip)) continue;
            m_idle.push_back(first);
            m_idle.back().rows.push_back({chip, Cells(first.oracle->constraints(chip).width)});
        }
        m_whole = m_all.programs[0]->prepared->key().system();
        m_mutant = m_whole;
        // The stage agrees with the tables on what is honest.
        for (const Scene& scene : m_all.scenes) {
            if (!scene.isHonest) continue;
            Stage stage(scene, {});
            QVERIFY2(stage.play(scene.rows).problems.empty(), zkvm::mnemonic(scene.code).data());
        }
        const Scene& scene = sceneOf(Code::Addu);
        const FalseWitness honest =
            FalseShard(scene, scene.rows, Stage(scene, {}).play(scene.rows)).witness("honest");
        QCOMPARE(refusals(m_whole, honest), std::string{});
        qInfo("%zu scenes", m_all.scenes.size());
    }
    // Rows filled from other steps: what breaks one assertion alone kills it.
    void filledRows()
    {
        for (Scene& scene : m_all.scenes) {
            if (scene.rows.empty() || scene.rows.front().chip >= chips::kKinds) continue;
            const std::size_t chip = scene.rows.front().chip;
            Stage stage(scene, {});
            const Play honest = stage.play(scene.rows);
            std::vector<Cells> all;
            if (scene.filled) all.push_back(*scene.filled);
            const auto step = stepOf(scene);
            if (!step || !scene.isHonest || filled(scene, *step) != scene.rows.front().cells) {
                if (scene.isHonest) ++m_notRefilled[zkvm::mnemonic(scene.code)];
            } else {
                for (const chips::Step& other : otherSteps(*step, codesOf(chip))) {
                    all.insert(all.end(), 2, filled(scene, other));
                    putState(scene, stage, all.back());
                }
            }
            for (const Cells& cells : all) {
                std::vector<RowAt> rows = scene.rows;
                rows.front().cells = cells;
                const Play play = stage.play(rows);
                if (play.problems.empty()) continue;
                if (play.problems.size() <= 3 || !scene.isHonest) {
                    scene.starts.push_back({cells, {}});
                    for (const Problem& problem : play.problems) {
                        if (problem.isAssertion) scene.starts.back().broken.push_back(problem.node);
                    }
                }
                if (play.problems.size() != 1 || !play.problems[0].isAssertion || play.problems[0].row != 0)
                    continue;
                const bool isFalse = !scene.isHonest || stage.differs(play, honest);
                if (!isFalse) continue;
                const auto& assertions = m_whole.chips[chip].constraints.assertions;
                for (std::size_t k = 0; k < assertions.size(); ++k) {
                    if (assertions[k].node != play.problems[0].node || m_byFilling.count({chip, k}) != 0)
                        continue;
                    const bool counts = m_found++ % 8 != 0 || confirm(scene, rows, ofAssertion(chip, k));
                    if (counts) m_byFilling.insert({chip, k});
                }
            }
        }
        for (const auto& [name, count] : m_notRefilled)
            qInfo("%s: %zu scenes are not filled anew", std::string(name).c_str(), count);
        qInfo("%zu assertions fall to rows filled from other steps", m_byFilling.size());
    }
    void assertionsOfRows()
    {
        const std::size_t chips = m_all.programs[0]->prepared->tables().placeOfLeaf();
        for (std::size_t chip = 0; chip < chips; ++chip) {
            if (!m_all.oracles[0]->covers(chip)) continue;
            const auto& assertions = m_whole.chips[chip].constraints.assertions;
            for (std::size_t k = 0; k < assertions.size(); ++k) {
                Removed removed;
                removed.chip = chip;
                removed.assertion = k;
                const auto columns =
                    FalseStepSearch::columnsOf(m_whole.chips[chip].constraints, assertions[k].node);
                if (m_byFilling.count({chip, k}) != 0) {
                    count(chip, k, true);
                    continue;
                }
                if (assertions[k].name == "real" && chip < chips::kKinds) {
                    countVerdict(chip, k, ghostsIn(chip, columns.at(0), removed));
                    continue;
                }
                Verdict verdict = searchFilled(removed, chip, k);
                if (verdict != Verdict::FalseStatement)
                    verdict = searchScenes(
                        removed, chip, [&](std::size_t) { return columns; }, verdict);
                countVerdict(chip, k, verdict);
            }
        }
    }
    void assertionsOfNodes()
    {
        const std::size_t chip = m_all.programs[0]->prepared->tables().placeOfNode();
        const auto& assertions = m_whole.chips[chip].constraints.assertions;
        for (std::size_t k = 0; k < assertions.size(); ++k) {
            const std::string& name = assertions[k].name;
            const bool child = name.find("unchanged") != std::string::npos;
            count(chip, k,
                  child && tell(lies::child(sceneOf(Code::Addu), name.rfind("left", 0) == 0,
                                            static_cast<std::size_t>(name.back() - '0')),
                                ofAssertion(chip, k)));
        }
    }
    // One of 16 is played through with all tables; that the digest becomes another one is looked at in all.
    void assertionsOfPermutations()
    {
        const std::size_t chip = m_all.programs[0]->prepared->tables().placeOfPermutation();
        const Scene& scene = sceneThatChangesTheFirstLeaf();
        for (std::size_t k = 0; k < m_whole.chips[chip].constraints.assertions.size(); ++k) {
            const Lie lie = lies::round(scene, k);
            FalseLeaves leaves;
            FalseLeaf& leaf = lies::leafAt(leaves, scene, zkvm::kFirstRegisterLeaf);
            lie.options.leaves(leaves);
            const bool other = *leaf.digestAfter != digestOfLimbs(leaf.after);
            count(chip, k, other && (k % 16 != 0 || tell(lies::round(scene, k), ofAssertion(chip, k))));
        }
    }
    void assertionsOfLeavesAndTables()
    {
        const auto& tables = m_all.programs[0]->prepared->tables();
        for (const std::size_t chip : {tables.placeOfLeaf(), tables.placeOfRange(), tables.placeOfBytes()}) {
            for (std::size_t k = 0; k < m_whole.chips[chip].constraints.assertions.size(); ++k)
                count(chip, k, false); // no witness made yet
        }
    }
    void reportAssertions() { print("assertions", m_assertions, kLeastFalse, kLeastKilled); }
    void buses()
    {
        std::map<std::uint32_t, std::size_t> fields;
        for (const stark::Constraints* constraints : allConstraints(m_mutant)) {
            for (const stark::Interaction& i : constraints->interactions) fields[i.bus] = i.fields.size();
        }
        fields.erase(chips::kSha256Bus); // of tst_chips_sha256
        for (const auto& [bus, count] : fields) {
            Removed removed;
            removed.bus = bus;
            countBus("bus " + std::to_string(bus), isBusKilled(removed));
            for (std::size_t f = 0; f < count; ++f) {
                removed.field = f;
                countBus("bus " + std::to_string(bus) + ", field " + std::to_string(f), isBusKilled(removed));
            }
        }
    }
    void reportBuses()
    {
        print("buses and their fields", m_buses, kLeastBuses, kLeastBuses);
        qInfo("%zu false shards checked in full", m_confirmed);
    }

private:
    // Words behind the program's end, each with the states that it is executed from, and those that it stops in.
    struct State {
        Word word;
        std::vector<zkvm::Registers> good;
        std::vector<zkvm::Registers> bad;
    };
    static std::vector<State> faults()
    {
        const auto three = [](Word function) { return rType(function, 0, 18, 19); };
        static constexpr Word kMinus = 0xffffffff;
        return {
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
    }
    static std::vector<State> states()
    {
        static constexpr Word kMinus = 0xffffffff;
        static constexpr Word kLeast = 0x80000000;
        const std::vector<zkvm::Registers> divisions{
            pair(7, 2),       pair(7, 0),      pair(kLeast, 0),        pair(0U - 7, 2),
            pair(7, 0U - 2),  pair(0U - 7, 0), pair(0U - 7, 0U - 2),   pair(kLeast, 0x30000),
            pair(5, 0x30000), pair(0, 5),      pair(0x20001, 0x10000), pair(7, 1)};
        const std::vector<zkvm::Registers> compared{
            pair(1, 2), pair(1, 1), pair(0, 0), pair(0x10001, 1), pair(kMinus, 0), pair(0x10000, 0x20000)};
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
        for (const Word size : {7U, 32U}) {
            out.push_back({special3(0x00, size - 1, 1, 18, 0), words, {}});
            out.push_back({special3(0x04, size - 1, 19, 18, 0), words, {}});
        }
        for (const Word amount : {9U}) {
            out.push_back({rType(0x00, 1, 0, 18, amount), words, {}});
            out.push_back({rType(0x02, 1, 0, 18, amount), words, {}});
            out.push_back({rType(0x03, 1, 0, 18, amount), words, {}});
        }
        zkvm::Registers held = pair(kDataBase, 5);
        std::vector<zkvm::Registers> reservations;
        for (const Word reserved : {kDataBase + 1, kDataBase, kDataBase + 0x10000, kDataBase + 4, 0U}) {
            held[zkvm::kReservation] = reserved;
            reservations.push_back(held);
        }
        out.push_back({sc(19, 0, 18), reservations, {}});
        out.push_back({ll(19, 0, 18), reservations, {}});
        return out;
    }
    // Where the words are put, behind the code.
    void addStates(std::size_t first)
    {
        for (const auto& list : {faults(), states()}) {
            for (const State& state : list) {
                for (const zkvm::Registers& good : state.good) m_all.addState(first, good);
                for (const zkvm::Registers& bad : state.bad) m_all.addState(first, bad, state.good.front());
                first += 4;
            }
        }
    }
    static std::vector<zkvm::Registers> faultyAddresses(Word odd)
    {
        std::vector<zkvm::Registers> out{pair(zkvm::kMemoryEnd + 32, 5), pair(0x1000, 5)};
        if (odd != 0) out.push_back(pair(kDataBase + odd, 5));
        return out;
    }
    [[nodiscard]] const Scene& sceneOf(Code code) const
    {
        return *std::find_if(m_all.scenes.begin(), m_all.scenes.end(),
                             [code](const Scene& scene) { return scene.code == code; });
    }
    [[nodiscard]] static std::string refusals(const stark::System& system, const FalseWitness& witness)
    {
        std::string out;
        for (const auto& violation : stark::findViolations(system, witness.traces, witness.publicValues, 3))
            out += violation.chip + ": " + violation.what + "; ";
        return out;
    }
    void count(std::size_t chip, std::size_t assertion, bool killed)
    {
        countVerdict(chip, assertion, killed ? Verdict::FalseStatement : Verdict::Nothing);
    }
    void countVerdict(std::size_t chip, std::size_t assertion, Verdict verdict)
    {
        Line& line = m_assertions[m_whole.chips[chip].name + ": " +
                                  stemOf(m_whole.chips[chip].constraints.assertions[assertion].name)];
        ++line.all;
        if (verdict == Verdict::FalseStatement) ++line.killed;
        if (verdict == Verdict::OtherTrace) ++line.other;
    }
    void countBus(const std::string& name, bool killed)
    {
        Line& line = m_buses[name];
        ++line.all;
        if (killed) ++line.killed;
    }
    [[nodiscard]] static Removed ofAssertion(std::size_t chip, std::size_t assertion)
    {
        Removed out;
        out.chip = chip;
        out.assertion = assertion;
        return out;
    }
    [[nodiscard]] const Scene& sceneThatChangesTheFirstLeaf() const
    {
        return *std::find_if(m_all.scenes.begin(), m_all.scenes.end(), [](const Scene& scene) {
            const Stage stage(scene, {});
            const Play play = Stage(scene, {}).play(scene.rows);
            return scene.rows.size() == 1 &&
                   std::any_of(play.words.begin(), play.words.end(), [&](const auto& word) {
                       return word.first[1] == 0x7f00U && word.first[0] < 32 &&
                              word.second.value != stage.initial(word.first);
                   });
        });
    }
    bool tell(const Lie& lie, const Removed& removed)
    {
        // What the rows do, for whatever bus is taken away, is what the lie's own row says.
        Play play = Stage(*lie.scene, removed).play(lie.rows);
        if (removed.isBus(chips::kStateBus) || removed.isBus(chips::kHaltBus))
            play = Stage(*lie.scene, {}).play(lie.rows);
        if (removed.isBus(chips::kMemoryBus)) play.words = Stage(*lie.scene, {}).play(lie.rows).words;
        if (play.state.size() != 3) return false;
        FalseWitness witness = FalseShard(*lie.scene, lie.rows, play, lie.options).witness("lie");
        return isKilled(removed, witness);
    }
    bool isBusKilled(const Removed& removed)
    {
        const Scene& scene = sceneOf(Code::Addu);
        const auto number = [](std::size_t f) { return static_cast<std::uint32_t>(f); };
        const std::size_t f = removed.field.value_or(0);
        switch (removed.bus) {
        case chips::kStateBus:
            return tell(lies::statement(scene,
                                        [f](chips::Statement& s) {
                                            (f == 0 ? s.pcAfter : f == 1 ? s.npcAfter : s.timeAfter) += 4;
                                        }),
                        removed);
        case chips::kHaltBus: {
            const auto halts = std::find_if(m_all.scenes.begin(), m_all.scenes.end(),
                                            [](const Scene& s) { return s.number == BOWLINE_HALT; });
            return tell(
                lies::statement(*halts, [&](chips::Statement& s) { s.exitCode ^= 1U << 16 * number(f); }),
                removed);
        }
        case chips::kNodeBus:
            if (removed.field && f < 2) return false; // no witness made yet
            return tell(lies::statement(scene,
                                        [&](chips::Statement& s) {
                                            const std::size_t i = removed.field.value_or(10) - 2;
                                            (i < 8 ? s.rootBefore : s.rootAfter)[i % 8] += Element::from(1);
                                        }),
                        removed);
        case chips::kMemoryBus:
            for (const Scene& each : m_all.scenes) {
                if (each.code != Code::Addu && each.code != Code::Subu) continue;
                const auto lie = lies::memory(each, removed.field);
                if (lie && tell(*lie, removed)) return true;
            }
            return false;
        case chips::kPermuteBus: return tell(lies::permute(scene, removed.field), removed);
        case chips::kPermuteAllBus: {
            const Scene& call = sceneOfPoseidon();
            if (!removed.field || f >= 16) break;
            return tell(lies::poseidon(call, 0, f), removed);
        }
        case chips::kCallBus: {
            const Scene& call = sceneOfPoseidon();
            if (!removed.field) {
                Lie lie{&call, {call.rows[0]}, {}};
                return tell(lie, removed);
            }
            if (f == 2 || f == 3)
                return tell(lies::poseidon(call, f == 2 ? 64 : 0x10000U, std::nullopt), removed);
            return false;
        }
        default: break;
        }
        return searchScenes(removed, std::nullopt, [&](std::size_t chip) {
                   std::set<std::size_t> out;
                   const auto& constraints = m_whole.chips[chip].constraints;
                   for (const stark::Interaction& i : constraints.interactions) {
                       if (i.bus != removed.bus) continue;
                       for (std::size_t field = 0; field < i.fields.size(); ++field) {
                           if (removed.field && field != *removed.field) continue;
                           for (const std::size_t c :
                                FalseStepSearch::columnsOf(constraints, i.fields[field]))
                               out.insert(c);
                       }
                   }
                   return std::vector<std::size_t>(out.begin(), out.end());
               }) == Verdict::FalseStatement;
    }
    [[nodiscard]] const Scene& sceneOfPoseidon() const
    {
        return *std::find_if(m_all.scenes.begin(), m_all.scenes.end(), [](const Scene& s) {
            return s.rows.size() == 2 && s.rows[1].cells[2].value() == 4 * kElements;
        });
    }
    Verdict ghostsIn(std::size_t chip, std::size_t real, const Removed& removed)
    {
        for (const bool changeWord : {true, false}) {
            for (const Scene& scene : m_all.scenes) {
                if (!scene.isHonest || scene.program != m_all.programs[0]->prepared.get()) continue;
                if (scene.rows.back().chip != chip) continue;
                const Lie lie = lies::ghosts(scene, scene.rows.size() - 1, real, changeWord);
                if (changeWord && !lie.options.leaves) continue;
                if (tell(lie, removed)) return changeWord ? Verdict::FalseStatement : Verdict::OtherTrace;
                break;
            }
        }
        return Verdict::Nothing;
    }
    // The most valuable find: a false step that breaks nothing at all.
    void check(const FalseStep& found, const Removed& removed)
    {
        if (removed.chip && found.isFalse && !found.breaksRemoved)
            m_accepted.push_back(m_whole.chips[*removed.chip].name);
    }
    // From rows filled from other steps that break the assertion and little else.
    Verdict searchFilled(const Removed& removed, std::size_t chip, std::size_t assertion)
    {
        Verdict best = Verdict::Nothing;
        const std::uint32_t node = m_whole.chips[chip].constraints.assertions[assertion].node;
        std::size_t tried = 0;
        for (const Scene& scene : m_all.scenes) {
            if (scene.starts.empty() || scene.rows.front().chip != chip) continue;
            FalseStepSearch search(scene, 0, removed, 1);
            for (const auto& [cells, broken] : scene.starts) {
                const bool breaks = std::find(broken.begin(), broken.end(), node) != broken.end();
                if (scene.isHonest && (!breaks || ++tried > kTriedStarts)) continue;
                const auto found =
                    search.findFrom(cells, scene.isHonest ? 4 : 10, scene.isHonest ? kPlays / 20 : kPlays);
                if (found) check(*found, removed);
                if (!found || (!found->isFalse && best == Verdict::OtherTrace)) continue;
                if (m_found++ % 8 == 0 && !confirm(scene, found->rows, removed)) continue;
                if (found->isFalse) return Verdict::FalseStatement;
                best = Verdict::OtherTrace;
            }
        }
        return best;
    }
    static std::vector<Code> codesOf(std::size_t chip)
    {
        std::vector<Code> out;
        for (std::size_t code = 0; code < zkvm::kCodeCount; ++code) {
            if (static_cast<std::size_t>(chips::kindOf(static_cast<Code>(code))) == chip)
                out.push_back(static_cast<Code>(code));
        }
        return out;
    }
    // A false step that the mutant accepts.
    template <typename Columns>
    Verdict searchScenes(const Removed& removed, std::optional<std::size_t> chip, const Columns& columnsOf,
                         Verdict best = Verdict::Nothing)
    {
        struct Place {
            const Scene* scene;
            std::size_t row;
        };
        std::vector<Place> honest;
        std::vector<Place> places; // all faults and rows that fill up, and some of the honest ones
        for (const Scene& scene : m_all.scenes) {
            for (std::size_t row = 0; row < scene.rows.size(); ++row) {
                const bool concerned =
                    chip ? scene.rows[row].chip == *chip : !columnsOf(scene.rows[row].chip).empty();
                if (concerned) (scene.isHonest ? honest : places).push_back({&scene, row});
            }
        }
        for (const Scene& scene : m_idle) {
            if (!chip || scene.rows.back().chip == *chip) places.push_back({&scene, scene.rows.size() - 1});
        }
        const std::size_t most = chip ? kTriedScenes : 4 * kTriedScenes;
        for (std::size_t i = 0; i < std::min(most, honest.size()); ++i)
            places.push_back(honest[i * honest.size() / std::min(most, honest.size())]);
        for (const auto& [scene, row] : places) {
            const std::vector<std::size_t> columns = columnsOf(scene->rows[row].chip);
            if (columns.empty()) continue;
            FalseStepSearch search(*scene, row, removed, best == Verdict::Nothing ? kPlays : kPlays / 4);
            const auto found = search.find(columns);
            if (found) check(*found, removed);
            if (!found || (!found->isFalse && best == Verdict::OtherTrace)) continue;
            // Every eighth is played through with all tables: the others rest on the stage, which these check.
            if ((m_found++ % 8 == 0 || !removed.chip) && !confirm(*scene, found->rows, removed)) continue;
            if (found->isFalse) return Verdict::FalseStatement;
            best = Verdict::OtherTrace;
        }
        return best;
    }
    bool confirm(const Scene& scene, const std::vector<RowAt>& rows, const Removed& removed)
    {
        const FalseShard shard(scene, rows, Stage(scene, removed).play(rows));
        FalseWitness witness = shard.witness("step");
        if (scene.program == m_all.programs[0]->prepared.get()) return isKilled(removed, witness);
        // Another program's tables.
        std::swap(m_whole, m_other);
        m_whole = scene.program->key().system();
        std::swap(m_mutant, m_otherMutant);
        m_mutant = m_whole;
        const bool killed = isKilled(removed, witness);
        std::swap(m_whole, m_other);
        std::swap(m_mutant, m_otherMutant);
        return killed;
    }
    // Whether the mutant accepts what the whole system refuses.
    bool isKilled(const Removed& removed, FalseWitness& witness)
    {
        const std::string whole = refusals(m_whole, witness);
        if (whole.empty()) {
            m_accepted.push_back(witness.name);
            return false;
        }
        std::string left;
        if (removed.chip) {
            auto& assertions = m_mutant.chips[*removed.chip].constraints.assertions;
            const auto at = assertions.begin() + static_cast<std::ptrdiff_t>(removed.assertion);
            const stark::Assertion kept = *at;
            assertions.erase(at);
            left = refusals(m_mutant, witness);
            assertions.insert(assertions.begin() + static_cast<std::ptrdiff_t>(removed.assertion), kept);
        } else {
            const Mutant mutant = removed.field ? withoutField(m_whole, removed.bus, *removed.field)
                                                : withoutBus(m_whole, removed.bus);
            if (removed.field && RowOracle::isAnswered(removed.bus))
                FalseShard::countAgain(mutant.system, m_all.programs[0]->prepared->tables(), removed.bus,
                                       witness.traces);
            left = refusals(mutant.system, witness);
        }
        ++m_confirmed;
        if (!left.empty()) m_unconfirmed.push_back(witness.name + ": " + left);
        return left.empty();
    }
    void print(const char* what, const std::map<std::string, Line>& lines, std::size_t leastFalse,
               std::size_t leastKilled) const
    {
        Line sum;
        for (const auto& [name, line] : lines) {
            qInfo("%-60s %3zu and %3zu of %3zu%s", name.c_str(), line.killed, line.other, line.all,
                  line.killed + line.other < line.all ? "  SURVIVES" : "");
            sum.all += line.all;
            sum.killed += line.killed;
            sum.other += line.other;
        }
        for (const std::string& name : m_unconfirmed) qInfo("not confirmed: %s", name.c_str());
        const std::size_t percent = sum.all == 0 ? 0 : 100 * sum.killed / sum.all;
        qInfo("%s: of %zu, %zu by a false statement (%zu%%), %zu by another trace (with those %zu%%)", what,
              sum.all, sum.killed, percent, sum.other, 100 * (sum.killed + sum.other) / sum.all);
        QVERIFY2(m_accepted.empty(), "the whole system accepts a false shard");
        QVERIFY2(m_unconfirmed.empty(), "the stage and the tables disagree");
        QVERIFY(percent >= leastFalse);
        QVERIFY(100 * (sum.killed + sum.other) >= leastKilled * sum.all);
    }

    Programs m_all;
    std::set<std::pair<std::size_t, std::size_t>> m_byFilling; // chip, assertion
    std::map<std::string_view, std::size_t> m_notRefilled;
    std::vector<Scene> m_idle; // of each table, with one row that fills it up
    stark::System m_whole;
    stark::System m_mutant;
    stark::System m_other; // of a program that is looked at for a moment
    stark::System m_otherMutant;
    std::map<std::string, Line> m_assertions;
    std::map<std::string, Line> m_buses;
    std::vector<std::string> m_accepted;
    std::vector<std::string> m_unconfirmed;
    std::size_t m_found = 0;
    std::size_t m_confirmed = 0;
};

QTEST_GUILESS_MAIN(TestProvingKill)
#include "tst_proving_kill.moc"
