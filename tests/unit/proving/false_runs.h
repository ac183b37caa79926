// SPDX-License-Identifier: MIT
// False shards that need more than one step, or rows that take back what others say: words read where they are not any
// more, leaves that are in no tree, instructions executed backwards, calls that another row answers.
#pragma once

#include "core/zkvm/u256.h"
#include "tests/unit/proving/false_scenes.h"
#include "tests/unit/proving/false_tables.h"

namespace bowline::test {

/// Steps put down by hand, from a state of the first program.
class Run {
public:
    Run(const Programs& all, std::size_t index, const zkvm::Registers& registers,
        const std::map<std::uint32_t, std::uint32_t>& words = {})
        : m_scene(std::make_shared<Scene>(all.stateScene(index, registers, false, words)))
    {
        m_scene->statement.pcBefore = m_pc = mips::kTextBase + 4 * static_cast<std::uint32_t>(index);
        m_scene->statement.npcBefore = m_pc + 4;
        m_scene->registers = registers;
    }
    [[nodiscard]] const Scene& scene() const { return *m_scene; }
    [[nodiscard]] const chips::MachineTables& tables() const { return m_scene->program->tables(); }
    /// The next instruction, in order; its accesses are not set.
    [[nodiscard]] chips::Step next()
    {
        const auto& program = tables().program();
        const chips::Step out = chips::stepOf(program.at(*program.rowOf(m_pc)), m_pc, m_pc + 4, m_time);
        m_pc += 4;
        m_time += chips::kTimeStep;
        return out;
    }
    void put(const chips::Step& step) { m_rows.push_back(rowOf(step)); }
    void put(const RowAt& row) { m_rows.push_back(row); }
    [[nodiscard]] RowAt rowOf(const chips::Step& step) const
    {
        const auto kind = static_cast<std::size_t>(chips::kindOf(step.code));
        std::vector<std::uint32_t> words(m_scene->oracle->constraints(kind).width);
        tables().instruction(static_cast<chips::Kind>(kind)).fill(chips::Row(words.data(), 0, 0), step);
        RowAt out{kind, {}};
        for (const std::uint32_t word : words) out.cells.push_back(field::Element::from(word));
        return out;
    }
    [[nodiscard]] RowAt rowOf(std::size_t call, const chips::Call& what) const
    {
        const std::size_t chip = tables().placeOfCall(call);
        std::vector<std::uint32_t> words(m_scene->oracle->constraints(chip).width);
        tables().calls()[call].chip->fill(words.data(), 0, 0, what);
        RowAt out{chip, {}};
        for (const std::uint32_t word : words) out.cells.push_back(field::Element::from(word));
        return out;
    }
    /// What a word holds at the end, and since when.
    void end(std::uint32_t address, std::uint32_t value, std::uint32_t time)
    {
        m_play.words[{address & 0xffffU, address >> 16U}] = {{value & 0xffffU, value >> 16U}, time};
    }
    void endRegister(std::uint32_t number, std::uint32_t value, std::uint32_t time)
    {
        end(zkvm::kMemoryEnd + 4 * number, value, time);
    }
    [[nodiscard]] std::uint32_t wordAt(std::uint32_t address) const
    {
        const Limbs limbs = Stage(*m_scene, {}).initial({address & 0xffffU, address >> 16U});
        return limbs[0] | limbs[1] << 16U;
    }
    /// `recounts`: rows take back what others say.
    [[nodiscard]] Lie lie(bool recounts = false) const
    {
        m_scene->rows = m_rows;
        Lie out;
        out.owned = m_scene;
        out.scene = m_scene.get();
        out.rows = m_rows;
        out.play = m_play;
        out.play->state = {m_pc, m_pc + 4, m_time};
        out.options.recounts = recounts;
        return out;
    }

private:
    std::shared_ptr<Scene> m_scene;
    std::uint32_t m_pc = 0;
    std::uint32_t m_time = chips::kFirstTime;
    std::vector<RowAt> m_rows;
    Play m_play;
};

/// The code of the lies below, and where each begins behind `first`: four words apart, or as many as they have.
struct RunCode {
    std::vector<mips::Word> words;
    std::size_t stale = 0;     // addiu 18, 18, 1; addu 9, 18, 0; addiu 18, 18, -1
    std::size_t staleOdd = 0;  // the same with 9 and 18
    std::size_t itself = 0;    // and 18, 18, 19
    std::size_t storeLoad = 0; // sw 19, 0(18); lw 9, 0(18)
    std::size_t callStore = 0; // POSEIDON2; sw 19, 0(4)
    std::size_t call = 0;      // POSEIDON2
    std::size_t otherCall = 0; // SECP256K1_DOUBLE
    std::size_t mulmod = 0;
    std::size_t halt = 0;
    std::size_t nop = 0;

    explicit RunCode(std::size_t first)
    {
        using namespace mips;
        const auto put = [&](std::initializer_list<Word> code) {
            const std::size_t out = first + words.size();
            words.insert(words.end(), code);
            words.insert(words.end(), 2, kNop);
            return out;
        };
        stale = put({addiu(18, 18, 1), rType(0x21, 9, 18, 0), addiu(18, 18, 0xffff)});
        staleOdd = put({addiu(9, 9, 1), rType(0x21, 18, 9, 0), addiu(9, 9, 0xffff)});
        itself = put({rType(0x24, 18, 18, 19)});
        storeLoad = put({iType(0x2b, 19, 18, 0), iType(0x23, 9, 18, 0)});
        callStore = put({trap(BOWLINE_POSEIDON2), iType(0x2b, 19, 4, 0)});
        call = put({trap(BOWLINE_POSEIDON2)});
        otherCall = put({trap(BOWLINE_SECP256K1_DOUBLE)});
        mulmod = put({trap(BOWLINE_MULMOD)});
        halt = put({trap(BOWLINE_HALT)});
        nop = first + words.size() - 1;
    }
};

namespace runs {
using field::Element;

inline zkvm::Registers registers(std::initializer_list<std::pair<std::size_t, std::uint32_t>> values)
{
    zkvm::Registers out{};
    for (const auto& [index, value] : values) out[index] = value;
    return out;
}
inline FalseLeaf leafOf(const Scene& scene, std::uint32_t index)
{
    FalseLeaves none;
    return lies::leafAt(none, scene, index);
}
inline constexpr std::uint32_t kLeaf18 = zkvm::kFirstRegisterLeaf + 2; // registers 16 to 23
inline constexpr std::uint32_t kLeaf9 = zkvm::kFirstRegisterLeaf + 1;

/// A node's child that is touched twice, so that its leaf is there twice: one copy changes and changes back, the
/// other one is read meanwhile.
inline Lie twice(const Programs& all, const RunCode& code, bool left)
{
    const std::uint32_t from = left ? 18 : 9;
    const std::uint32_t to = left ? 9 : 18;
    const std::uint32_t leaf = left ? kLeaf18 : kLeaf9;
    static constexpr std::uint32_t kWord = 100;
    Run run(all, left ? code.stale : code.staleOdd, registers({{from, kWord}, {to, 7}}));
    chips::Step up = run.next();
    up.atRs = {kWord, kWord, 0};
    up.atRd = {kWord, kWord + 1, 4};
    run.put(up);
    chips::Step read = run.next();
    read.atRs = {kWord, kWord, 0};
    read.atRd = {7, kWord, 0};
    run.put(read);
    chips::Step down = run.next();
    down.atRs = {kWord + 1, kWord + 1, 7};
    down.atRd = {kWord + 1, kWord, 12};
    run.put(down);
    run.endRegister(from, kWord, 15);
    run.endRegister(to, kWord, 11);
    Lie out = run.lie();
    FalseLeaf copy = leafOf(run.scene(), leaf);
    copy.times[from % 8] = 8;
    out.options.memory = [&tables = run.tables(), copy, leaf, left](stark::Traces& traces,
                                                                    chips::Statement&) {
        appendRow(*traces[tables.placeOfLeaf()], leafRow(leaf, copy));
        stark::Matrix& nodes = *traces[tables.placeOfNode()];
        for (std::size_t row = 0; row < nodes.rows(); ++row) {
            if (nodes.at(row, 1).value() == 1 && nodes.at(row, 2).value() == leaf / 2)
                nodes.at(row, left ? 3 : 4) = Element::from(2);
        }
    };
    return out;
}

/// AND onto itself that reads what it writes: a leaf and its opposite, which differ in a time, move the word back in time.
inline Lie leafAndOpposite(const Programs& all, const RunCode& code)
{
    Run run(all, code.itself, registers({{18, 0xff}, {19, 0x0f}}));
    chips::Step step = run.next();
    step.atRs = {0, 0, 0};
    step.atRt = {0x0f, 0x0f, 0};
    step.atRd = {0xff, 0, 0};
    run.put(step);
    run.endRegister(18, 0, 4);
    run.endRegister(19, 0x0f, 5);
    Lie out = run.lie(true);
    FalseLeaf leaf;
    leaf.times[18 % 8] = 7;
    out.options.memory = [&tables = run.tables(), leaf](stark::Traces& traces, chips::Statement&) mutable {
        stark::Matrix& table = *traces[tables.placeOfLeaf()];
        appendRow(table, leafRow(kLeaf18, leaf));
        leaf.times[18 % 8] = 0;
        NodeRow opposite = leafRow(kLeaf18, leaf);
        opposite[0] = -Element::from(1);
        appendRow(table, opposite);
    };
    return out;
}

/// A leaf that is in no tree, with other registers: something sends its node.
enum class Sender { Opposite, Left, Right };
inline Lie leafOfNoTree(const Programs& all, const RunCode& code, Sender sender)
{
    Run run(all, code.itself, registers({{18, 0xff}, {19, 0x0f}}));
    chips::Step step = run.next();
    step.rd = 18;
    step.atRs = {0xff, 0xff, 0};
    step.atRt = {0xf0, 0xf0, 0}; // not what $19 holds
    step.atRd = {0xff, 0xf0, 4};
    run.put(step);
    run.endRegister(18, 0xf0, 7);
    Lie out = run.lie(true);
    const std::uint32_t word = 2 * (19 % 8);
    FalseLeaf other = leafOf(run.scene(), kLeaf18);
    other.before[word] = other.after[word] = Element::from(0xf0);
    other.times[19 % 8] = 5;
    out.options.memory = [&tables = run.tables(), other, sender](stark::Traces& traces, chips::Statement&) {
        appendRow(*traces[tables.placeOfLeaf()], leafRow(kLeaf18, other));
        const zkvm::NodeDigest digest = digestOfLimbs(other.before);
        chips::TouchedNode node;
        NodeRow row;
        if (sender == Sender::Opposite) {
            node.index = kLeaf18;
            for (std::size_t when = 0; when < 2; ++when) {
                std::copy_n(other.before.begin(), 8, node.left[when].begin());
                std::copy_n(other.before.begin() + 8, 8, node.right[when].begin());
                node.parent[when] = digest;
            }
            row = nodeRow(node);
            row[0] = -Element::from(1);
        } else {
            const bool left = sender == Sender::Left;
            (left ? node.left : node.right).fill(digest);
            node.level = 1;
            row = nodeRow(node);
            row[0] = {};
            row[left ? 3 : 4] = Element::from(1);
            // The child's index is twice this one and the side.
            row[2] = (Element::from(kLeaf18) - Element::from(left ? 0 : 1)) * Element::from(2).inverse();
        }
        appendRow(*traces[tables.placeOfNode()], row);
    };
    return out;
}

inline std::vector<chips::Access> accessesOf(const Run& run, std::uint32_t pointer, std::size_t words)
{
    std::vector<chips::Access> out;
    for (std::uint32_t i = 0; i < words; ++i) {
        const std::uint32_t word = run.wordAt(pointer + 4 * i);
        out.push_back({word, word, 0});
    }
    return out;
}
inline void permuteWords(std::vector<chips::Access>& words)
{
    std::array<std::uint32_t, 16> state{};
    for (std::size_t i = 0; i < 16; ++i) state[i] = words[i].before % Element::kModulus;
    state = lies::permuted(state);
    for (std::size_t i = 0; i < 16; ++i) words[i].after = state[i];
}
inline constexpr std::uint32_t kElementsAt = mips::kDataBase + 4 * mips::kElements;

/// A load that finds what was there before the store: a permutation and its opposite move the word back in time.
inline Lie callAndOpposite(const Programs& all, const RunCode& code)
{
    Run run(all, code.storeLoad, registers({{18, kElementsAt}, {19, 5}}));
    const std::uint32_t old = run.wordAt(kElementsAt);
    chips::Step store = run.next();
    store.address = kElementsAt;
    store.atRs = {kElementsAt, kElementsAt, 0};
    store.atRt = {5, 5, 0};
    store.atMemory = {old, 5, 0};
    run.put(store);
    chips::Step load = run.next();
    load.address = kElementsAt;
    load.atRs = {kElementsAt, kElementsAt, 4};
    load.atMemory = {old, old, 0};
    load.atRd = {0, old, 0};
    run.put(load);
    run.endRegister(18, kElementsAt, 8);
    run.endRegister(19, 5, 5);
    run.endRegister(9, old, 11);
    run.end(kElementsAt, 5, 6);
    std::vector<chips::Access> words = accessesOf(run, kElementsAt, 16);
    permuteWords(words);
    const auto ghost = [&](std::uint32_t previous) {
        words[0].previousTime = previous;
        return run.rowOf(0, {BOWLINE_POSEIDON2, 100, {kElementsAt, 0, 0}, words, {}, {}});
    };
    run.put(ghost(10));
    RowAt opposite = ghost(0);
    opposite.cells[0] = -Element::from(1);
    run.put(opposite);
    return run.lie(true);
}

/// A call that comes behind the store that follows it.
inline Lie lateCall(const Programs& all, const RunCode& code)
{
    Run run(all, code.callStore, registers({{4, kElementsAt}, {19, 5}}));
    chips::Step call = run.next();
    call.atRs = {kElementsAt, kElementsAt, 0};
    call.atRt = call.atMemory = {0, 0, 0};
    run.put(call);
    std::vector<chips::Access> words = accessesOf(run, kElementsAt, 16);
    chips::Step store = run.next();
    store.address = kElementsAt;
    store.atRs = {kElementsAt, kElementsAt, 4};
    store.atRt = {5, 5, 0};
    store.atMemory = {words[0].before, 5, 0};
    run.put(store);
    words[0] = {5, 5, 10};
    permuteWords(words);
    run.put(run.rowOf(0, {BOWLINE_POSEIDON2, 100, {kElementsAt, 0, 0}, words, {}, {}}));
    run.endRegister(4, kElementsAt, 8);
    run.endRegister(5, 0, 5);
    run.endRegister(6, 0, 6);
    run.endRegister(19, 5, 9);
    for (std::uint32_t i = 0; i < 16; ++i) run.end(kElementsAt + 4 * i, words[i].after, 102);
    return run.lie();
}

/// A call of POSEIDON2 that writes other words than it should, where the memory holds `words`.
using Words = std::array<std::uint32_t, 16>;
inline Lie permutation(const Programs& all, std::size_t at, const Words& input,
                       const std::function<void(std::vector<chips::Access>&)>& change)
{
    std::map<std::uint32_t, std::uint32_t> memory;
    for (std::uint32_t i = 0; i < 16; ++i) memory[kElementsAt + 4 * i] = input[i];
    Run run(all, at, registers({{4, kElementsAt}}), memory);
    chips::Step call = run.next();
    call.atRs = {kElementsAt, kElementsAt, 0};
    call.atRt = call.atMemory = {0, 0, 0};
    run.put(call);
    std::vector<chips::Access> words = accessesOf(run, kElementsAt, 16);
    permuteWords(words);
    change(words);
    run.put(run.rowOf(0, {BOWLINE_POSEIDON2, 4, {kElementsAt, 0, 0}, words, {}, {}}));
    run.endRegister(4, kElementsAt, 4);
    run.endRegister(5, 0, 5);
    run.endRegister(6, 0, 6);
    for (std::uint32_t i = 0; i < 16; ++i) run.end(kElementsAt + 4 * i, words[i].after, 6);
    return run.lie();
}
inline constexpr Words kSomeWords{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
/// A word that stands for the same element as its result, and is p more: it has the upper limb of p, or a greater one.
inline Lie notBelowP(const Programs& all, const RunCode& code, std::size_t word, bool isNear)
{
    Words input = kSomeWords;
    while (isNear && lies::permuted(input)[word] >= 0xffffU) ++input[0];
    return permutation(all, code.call, input,
                       [word](auto& words) { words[word].after += Element::kModulus; });
}
/// A word that is p and 4 before the call, at which the machine stops.
inline Lie wordOfP(const Programs& all, const RunCode& code, std::size_t word)
{
    Words input = kSomeWords;
    input[word] = Element::kModulus + 4;
    return permutation(all, code.call, input, [](auto&) {});
}
/// One of the last elements of a permutation's result, which only calls ask for, is one more.
inline Lie lastRound(const Programs& all, const RunCode& code, std::size_t value)
{
    const std::size_t word = value + 16 - chips::PermutationTable::kRounds;
    Lie out = permutation(all, code.call, kSomeWords, [word](auto& words) { ++words[word].after; });
    const std::size_t place = out.scene->program->tables().placeOfPermutation();
    out.options.last = [place, value](stark::Traces& traces) {
        stark::Matrix& table = *traces[place];
        for (std::size_t row = 0; row < table.rows(); ++row) {
            bool isIt = true;
            for (std::size_t c = 0; c < 16; ++c) isIt = isIt && table.at(row, c).value() == kSomeWords[c];
            if (isIt) table.at(row, 16 + value) += Element::from(1);
        }
    };
    return out;
}

/// A product of other numbers than those that $5 and $6 point to.
inline Lie otherPointer(const Programs& all, const RunCode& code, std::size_t which, std::uint32_t moved)
{
    const std::array<std::uint32_t, 3> pointers{mips::kDataBase, mips::kDataBase + 0x80,
                                                mips::kDataBase + 0x100};
    std::map<std::uint32_t, std::uint32_t> memory;
    for (const std::uint32_t at : {0U, 32U, 0x10000U}) {
        for (const std::uint32_t pointer : pointers) {
            for (std::uint32_t w = 0; w < 8; ++w)
                memory[pointer + at + 4 * w] = pointer / 8 + at + 77 * w + 1;
        }
    }
    Run run(all, code.mulmod, registers({{4, pointers[0]}, {5, pointers[1]}, {6, pointers[2]}}), memory);
    chips::Step call = run.next();
    call.atRs = {pointers[0], pointers[0], 0};
    call.atRt = {pointers[1], pointers[1], 0};
    call.atMemory = {pointers[2], pointers[2], 0};
    run.put(call);
    std::array<std::uint32_t, 3> used = pointers;
    used[which] += moved;
    std::array<std::vector<chips::Access>, 3> words;
    std::array<zkvm::U256, 3> numbers{};
    for (std::size_t i = 0; i < 3; ++i) {
        words[i] = accessesOf(run, used[i], 8);
        for (std::size_t w = 0; w < 8; ++w) numbers[i][w] = words[i][w].before;
    }
    const auto product = zkvm::divideProduct(numbers[0], numbers[1], numbers[2]).rest;
    for (std::size_t w = 0; w < 8; ++w) words[0][w].after = product[w];
    run.put(run.rowOf(2, {BOWLINE_MULMOD, 4, used, words[0], words[1], words[2]}));
    for (std::uint32_t i = 0; i < 3; ++i) {
        run.endRegister(4 + i, pointers[i], 4 + i);
        for (std::uint32_t w = 0; w < 8; ++w)
            run.end(used[i] + 4 * w, words[i][w].after,
                    4U + (i == 0   ? chips::kAtFirst
                          : i == 1 ? chips::kAtSecond
                                   : chips::kAtThird));
    }
    return run.lie();
}

/// HALT that goes on: it is a call, which a row answers that is a call's opposite and a HALT's own kind at once.
inline Lie haltThatGoesOn(const Programs& all, const RunCode& code, const stark::Constraints& constraints)
{
    const auto kind = [&](const char* name) {
        for (const stark::Assertion& assertion : constraints.assertions) {
            if (assertion.name == name) return FalseStepSearch::columnsOf(constraints, assertion.node).at(0);
        }
        qFatal("no kind");
    };
    const std::size_t halts = kind("kind 1");
    const std::size_t calls = kind("kind 5");
    Run run(all, code.halt, registers({{4, 3}}));
    chips::Step step = run.next();
    step.atRs = {3, 3, 0};
    step.atRt = step.atMemory = {0, 0, 0};
    step.immediate = BOWLINE_POSEIDON2; // filled as a call
    RowAt called = run.rowOf(step);
    Cells nodes;
    const auto numberColumn = [&] {
        for (const stark::Interaction& i : constraints.interactions) {
            if (i.name == "call") return constraints.nodes[i.fields[0]].a;
        }
        qFatal("no call");
    }();
    called.cells[numberColumn] = Element::from(BOWLINE_HALT);
    run.put(called);
    RowAt answer = called;
    answer.cells[calls] = -Element::from(1);
    answer.cells[halts] = Element::from(1);
    // Behind the row's place in the program; its state is nobody's. It goes back to where it came from.
    const std::size_t nextPc = columnOf(constraints, "next pc");
    const std::size_t nextNpc = columnOf(constraints, "next npc");
    answer.cells[nextPc] = -called.cells[nextPc];
    answer.cells[nextNpc] = -called.cells[nextNpc];
    // It takes back the two reads that the call makes of $5 and $6: they have another time.
    run.put(answer);
    run.endRegister(4, 3, 4);
    Lie out = run.lie();
    out.play->exitCode = Limbs{3, 0};
    return out;
}

/// An addition that is executed as the NOP that stands elsewhere.
inline Lie nopInstead(const Programs& all, const RunCode& code)
{
    Run run(all, code.stale, registers({{18, 100}}));
    chips::Step step = run.next();
    chips::Step nop = chips::stepOf(chips::MicroOp{zkvm::Code::Nop}, step.pc, step.npc, step.time);
    run.put(nop);
    return run.lie();
}

/// An addition, and behind it a NOP backwards: from what follows it to where it stands.
inline Lie nopBackwards(const Programs& all, const RunCode& code)
{
    Run run(all, code.itself, registers({{18, 0xff}, {19, 0x0f}}));
    chips::Step step = run.next();
    step.atRs = {0xff, 0xff, 0};
    step.atRt = {0x0f, 0x0f, 0};
    step.atRd = {0xff, 0x0f, 4};
    run.put(step);
    run.endRegister(18, 0x0f, 7);
    run.endRegister(19, 0x0f, 5);
    const std::uint32_t nop = mips::kTextBase + 4 * static_cast<std::uint32_t>(code.nop);
    RowAt back = run.rowOf(chips::stepOf(chips::MicroOp{zkvm::Code::Nop}, nop, step.npc, step.time));
    back.cells[0] = -Element::from(1);
    run.put(back);
    Lie out = run.lie(true);
    out.play->state = {nop, step.npc, step.time};
    return out;
}

/// A tree of 28 levels.
inline Lie deeperTree(const Programs& all, const RunCode& code)
{
    Lie out = nopBackwards(all, code);
    out.options.recounts = false;
    out.rows.resize(1);
    out.play->state = {out.scene->statement.pcBefore + 4, out.scene->statement.pcBefore + 8, 8};
    const std::size_t place = out.scene->program->tables().placeOfNode();
    out.options.memory = [place](stark::Traces& traces, chips::Statement& statement) {
        chips::TouchedNode node;
        node.level = zkvm::MemoryTree::kDepth + 1;
        node.leftTouched = true;
        node.left = {statement.rootBefore, statement.rootAfter};
        for (std::size_t when = 0; when < 2; ++when)
            node.parent[when] = zkvm::hashNode(node.left[when], node.right[when]);
        statement.rootBefore = node.parent[0];
        statement.rootAfter = node.parent[1];
        appendRow(*traces[place], nodeRow(node));
    };
    return out;
}

/// Registers 8 to 15 and 16 to 23 change places before the step: their leaves hang in each other's place.
inline Lie leavesSwapped(const Programs& all, const RunCode& code)
{
    Lie out = deeperTree(all, code);
    out.options.memory = nullptr;
    out.options.place = [](std::uint32_t index) {
        return index == kLeaf18 ? kLeaf9 : index == kLeaf9 ? kLeaf18 : index;
    };
    return out;
}

/// A row whose flags add up to nothing writes a register: +1 for what writes and -1 for another one, or the reverse.
struct GhostFlags {
    const char* chip;
    zkvm::Code plus;
    zkvm::Code minus;
    bool reversed;                      // the one that is -1 writes
    std::optional<std::uint32_t> value; // that it must write
};
inline std::optional<GhostFlags> ghostOf(const std::string& chip, const std::string& flag)
{
    using zkvm::Code;
    static const std::map<std::string, GhostFlags> kGhosts{
        {"jump: j", {"jump", Code::Jal, Code::J, false, {}}},
        {"jump: jal", {"jump", Code::J, Code::Jal, true, {}}},
        {"jump: jr", {"jump", Code::Jalr, Code::Jr, false, {}}},
        {"jump: jalr", {"jump", Code::Jr, Code::Jalr, true, {}}},
        {"unaligned: lwl", {"unaligned", Code::Swl, Code::Lwl, true, 0}},
        {"unaligned: lwr", {"unaligned", Code::Swl, Code::Lwr, true, 0}},
        {"unaligned: swl", {"unaligned", Code::Lwl, Code::Swl, false, 0}},
        {"unaligned: swr", {"unaligned", Code::Lwl, Code::Swr, false, 0}},
    };
    const auto found = kGhosts.find(chip + ": " + flag);
    return found == kGhosts.end() ? std::nullopt : std::optional(found->second);
}
inline Lie ghostWrite(const Programs& all, const RunCode& code, std::size_t chip,
                      const stark::Constraints& constraints, const GhostFlags& flags)
{
    // Where the opposite of a write happens, the word that it takes must be there: $8, which is 0.
    static constexpr std::uint32_t kOther = 0x55;
    const std::uint32_t held = flags.reversed ? 0 : 0x77;
    const std::uint32_t written = flags.value.value_or(flags.reversed ? 0 : kOther);
    Run run(all, code.itself, registers({{18, 0xff}, {19, 0x0f}, {8, held}}));
    chips::Step step = run.next();
    step.atRs = {0xff, 0xff, 0};
    step.atRt = {0x0f, 0x0f, 0};
    step.atRd = {0xff, 0x0f, 4};
    run.put(step);
    run.endRegister(18, 0x0f, 7);
    run.endRegister(19, 0x0f, 5);
    RowAt ghost{chip, Cells(constraints.width)};
    const auto flag = [&](zkvm::Code c) {
        return columnOf(constraints, "flag " + std::string(zkvm::mnemonic(c)));
    };
    ghost.cells[flag(flags.plus)] = Element::from(1);
    ghost.cells[flag(flags.minus)] = -Element::from(1);
    const auto& all2 = constraints.interactions;
    const auto before =
        std::find_if(all2.begin(), all2.end(), [](const auto& i) { return i.name == "rd before"; });
    const auto column = [&](const stark::Interaction& i, std::size_t f) {
        return constraints.nodes[i.fields[f]].a;
    };
    const auto& after = *(before + 1);
    ghost.cells[column(*before, 0)] = Element::from(4 * 8);
    // now = time + 3. Reversed: takes what is there at time 0, and puts another word with a time of its own.
    const auto state =
        std::find_if(all2.begin(), all2.end(), [](const auto& i) { return i.name == "state before"; });
    const std::uint32_t time = flags.reversed ? 0 : 100;
    ghost.cells[column(*state, 2)] = Element::from(time) - (flags.reversed ? Element::from(3) : Element{});
    ghost.cells[column(*before, 2)] = Element::from(flags.reversed ? kOther : held);
    ghost.cells[column(*before, 4)] = Element::from(flags.reversed ? 100 : 0);
    ghost.cells[column(after, 2)] = Element::from(written);
    run.put(ghost);
    run.endRegister(8, flags.reversed ? kOther : written, flags.reversed ? 100 : 103);
    return run.lie();
}
} // namespace runs
} // namespace bowline::test
