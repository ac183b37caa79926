// SPDX-License-Identifier: MIT
// Lies that are not in one instruction's row: about public values, leaves, nodes, permutations and precompiles.
#pragma once

#include "tests/unit/proving/false_shard.h"

namespace bowline::test {

/// A scene with rows that may differ from its own, and what else is changed on the way to the tables.
struct Lie {
    const Scene* scene = nullptr;
    std::vector<RowAt> rows;
    ShardOptions options;
    std::optional<Play> play;           // what the rows do, if that is not told from them
    std::shared_ptr<const Scene> owned; // the scene, if it was made for this
};

namespace lies {
inline field::Element one() { return field::Element::from(1); }

/// A leaf that the scene does not touch, with the same content before and after it.
inline FalseLeaf& leafAt(FalseLeaves& leaves, const Scene& scene, std::uint32_t index)
{
    const auto [at, isNew] = leaves.try_emplace(index);
    const auto found = scene.leaves.find(index);
    if (isNew && found != scene.leaves.end()) {
        for (std::size_t i = 0; i < 16; ++i)
            at->second.before[i] = field::Element::from(found->second[i / 2] >> 16 * (i % 2) & 0xffffU);
        at->second.after = at->second.before;
    }
    return at->second;
}

inline void swapAfter(FalseLeaf& a, std::size_t i, FalseLeaf& b, std::size_t j)
{
    std::swap(a.after[2 * i], b.after[2 * j]);
    std::swap(a.after[2 * i + 1], b.after[2 * j + 1]);
    std::swap(a.times[i], b.times[j]);
}

inline Lie statement(const Scene& scene, const std::function<void(chips::Statement&)>& change)
{
    Lie out{&scene, scene.rows, {}, {}, {}};
    out.options.statement = change;
    return out;
}
inline Lie leaves(const Scene& scene, const std::function<void(FalseLeaves&)>& change)
{
    Lie out{&scene, scene.rows, {}, {}, {}};
    out.options.leaves = change;
    return out;
}

/// A field of the memory's bus, or all of it (4 and 5: none).
inline std::optional<Lie> memory(const Scene& scene, std::optional<std::size_t> field)
{
    static constexpr std::uint32_t kFirst = zkvm::kFirstRegisterLeaf;
    switch (field.value_or(2)) {
    case 0: // two registers change places
        return leaves(scene, [](FalseLeaves& all) { swapAfter(all[kFirst], 1, all[kFirst], 2); });
    case 1: // a register and a word of data whose addresses have the same lower limb
        return leaves(scene, [&scene](FalseLeaves& all) {
            swapAfter(all[kFirst], 1, leafAt(all, scene, mips::kDataBase / zkvm::kLeafBytes), 1);
        });
    case 2: return leaves(scene, [](FalseLeaves& all) { all[kFirst + 3].after[12] += one(); });
    case 3: return leaves(scene, [](FalseLeaves& all) { all[kFirst + 3].after[13] += one(); });
    default: break;
    }
    // Time: the write to rd finds what it leaves, and the register keeps what it had.
    Lie out{&scene, scene.rows, {}, {}, {}};
    RowAt& row = out.rows.front();
    const auto& constraints = scene.oracle->constraints(row.chip);
    Cells nodes;
    scene.oracle->evaluate(row.chip, row.cells, 0, nodes);
    for (std::size_t i = 0; i + 1 < constraints.interactions.size(); ++i) {
        const auto& receive = constraints.interactions[i];
        const auto& send = constraints.interactions[i + 1];
        if (receive.name != "rd before") continue;
        const std::uint32_t number = nodes[receive.fields[0]].value() / 4;
        for (const std::size_t f : {2U, 3U})
            row.cells[constraints.nodes[receive.fields[f]].a] = nodes[send.fields[f]];
        out.options.leaves = [number](FalseLeaves& all) {
            FalseLeaf& leaf = all[kFirst + number / 8];
            for (std::size_t limb = 0; limb < 2; ++limb)
                leaf.after[2 * (number % 8) + limb] = leaf.before[2 * (number % 8) + limb];
        };
        return out;
    }
    return std::nullopt;
}

/// A field of the bus of first halves, or all of it.
inline Lie permute(const Scene& scene, std::optional<std::size_t> field)
{
    static constexpr std::uint32_t kQuiet = zkvm::kFirstRegisterLeaf + 3; // registers 24 to 31
    const std::size_t f = field.value_or(16);
    if (f >= 16) {
        return leaves(scene, [f](FalseLeaves& all) {
            zkvm::NodeDigest digest = digestOfLimbs(all[kQuiet].after);
            digest[f - 16] += one();
            all[kQuiet].digestAfter = digest;
        });
    }
    // One limb is another one before and after; the digest before is the true one's.
    Lie out = leaves(scene, [f](FalseLeaves& all) {
        FalseLeaf& leaf = all[kQuiet];
        leaf.digestBefore = digestOfLimbs(leaf.before);
        leaf.before[f] += one();
        leaf.after[f] += one();
    });
    std::array<std::uint32_t, 16> honest{};
    const auto found = scene.leaves.find(kQuiet);
    for (std::size_t i = 0; found != scene.leaves.end() && i < 16; ++i)
        honest[i] = found->second[i / 2] >> 16 * (i % 2) & 0xffffU;
    out.options.permutation = honest;
    return out;
}

/// The precompile's row as it would be for this call.
inline void fillCall(Lie& lie, std::uint32_t pointer, const std::array<std::uint32_t, 16>& before,
                     const std::array<std::uint32_t, 16>& after)
{
    const chips::MachineTables& tables = lie.scene->program->tables();
    std::vector<chips::Access> accesses;
    for (std::size_t i = 0; i < 16; ++i) accesses.push_back({before[i], after[i], 0});
    // The other pointers are those of the honest row.
    const Cells& honest = lie.scene->rows[1].cells;
    const auto word = [&honest](std::size_t at) {
        return honest[at].value() | honest[at + 1].value() << 16U;
    };
    const chips::Call call{
        BOWLINE_POSEIDON2, chips::kFirstTime, {pointer, word(4), word(6)}, accesses, {}, {}};
    std::vector<std::uint32_t> words(honest.size());
    tables.calls()[0].chip->fill(words.data(), 0, 0, call);
    for (std::size_t c = 0; c < words.size(); ++c) lie.rows[1].cells[c] = field::Element::from(words[c]);
}
inline std::array<std::uint32_t, 16> permuted(const std::array<std::uint32_t, 16>& x)
{
    field::State state;
    for (std::size_t i = 0; i < 16; ++i) state[i] = field::Element::from(x[i]);
    field::permute(state);
    std::array<std::uint32_t, 16> out{};
    for (std::size_t i = 0; i < 16; ++i) out[i] = state[i].value();
    return out;
}
inline std::array<std::uint32_t, 16> wordsAt(const Scene& scene, std::uint32_t address)
{
    const Stage stage(scene, {});
    std::array<std::uint32_t, 16> out{};
    for (std::uint32_t i = 0; i < 16; ++i) {
        const Limbs limbs = stage.initial({(address + 4 * i) & 0xffffU, (address + 4 * i) >> 16U});
        out[i] = limbs[0] | limbs[1] << 16U;
    }
    return out;
}
/// A scene of POSEIDON2: what it permutes is another state than what it reads, or lies elsewhere.
inline Lie poseidon(const Scene& scene, std::uint32_t moved, std::optional<std::size_t> changed)
{
    Lie out{&scene, scene.rows, {}, {}, {}};
    const std::uint32_t pointer =
        (scene.rows[1].cells[2].value() | scene.rows[1].cells[3].value() << 16U) + moved;
    const auto before = wordsAt(scene, pointer);
    auto other = before;
    if (changed) {
        other[*changed] ^= 1U;
        out.options.permutation = other;
    }
    fillCall(out, pointer, before, permuted(other));
    return out;
}

/// Two rows of a table whose `real` is 1 and -1. If they are the same, they say nothing. If they differ in what a word
/// held before, they put the one in the place of the other.
inline Lie ghosts(const Scene& scene, std::size_t row, std::size_t real, bool changeWord)
{
    Lie out{&scene, scene.rows, {}, {}, {}};
    RowAt ghost = scene.rows[row];
    const auto& constraints = scene.oracle->constraints(ghost.chip);
    Cells nodes;
    scene.oracle->evaluate(ghost.chip, ghost.cells, 0, nodes);
    const auto column = [&](std::uint32_t node) { return constraints.nodes[node].a; };
    std::optional<std::size_t> low;
    for (std::size_t i = 0; changeWord && i < constraints.interactions.size(); ++i) {
        const stark::Interaction& before = constraints.interactions[i];
        if (before.bus == chips::kStateBus && !before.send)
            ghost.cells[column(before.fields[2])] += field::Element::from(8);
        if (before.bus != chips::kMemoryBus || before.send) continue;
        const stark::Interaction& after = constraints.interactions[i + 1];
        if (before.fields[2] == after.fields[2]) continue; // read alone
        low = column(before.fields[2]);
        const std::size_t previous = column(before.fields[4]);
        for (const std::size_t f : {2U, 3U, 4U})
            ghost.cells[column(before.fields[f])] = nodes[after.fields[f]];
        ghost.cells[previous + 1] = field::Element::from(7); // the gap's lower limb
        const std::uint32_t address = nodes[before.fields[0]].value() | nodes[before.fields[1]].value()
                                                                            << 16U;
        out.options.leaves = [address](FalseLeaves& all) {
            all[address / zkvm::kLeafBytes].after[2 * (address / 4 % zkvm::kLeafWords)] += one();
        };
    }
    out.options.more = {ghost, ghost};
    out.options.more[1].cells[real] = -one();
    if (low) out.options.more[1].cells[*low] += one();
    return out;
}

/// A node's child that is not touched changes in one element.
inline Lie child(const Scene& scene, bool left, std::size_t element)
{
    Lie out{&scene, scene.rows, {}, {}, {}};
    const auto done = std::make_shared<bool>(false);
    out.options.nodes = [left, element, done](std::vector<chips::TouchedNode>& nodes) {
        for (chips::TouchedNode& node : nodes) {
            if (*done || (left ? node.leftTouched : node.rightTouched)) continue;
            (left ? node.left : node.right)[1][element] += one();
            *done = true;
        }
    };
    return out;
}

/// A leaf's digest from a permutation of which one round's value is wrong, and all behind it as it follows.
inline Lie round(const Scene& scene, std::size_t value)
{
    static constexpr std::uint32_t kQuiet = zkvm::kFirstRegisterLeaf; // changes where rd is below 8
    const auto cells = std::make_shared<Cells>();
    const std::size_t chip = scene.program->tables().placeOfPermutation();
    Lie out = leaves(scene, [&scene, cells, chip, value](FalseLeaves& all) {
        FalseLeaf& leaf = all[kQuiet];
        std::array<std::uint32_t, 16> input{};
        for (std::size_t i = 0; i < 16; ++i) input[i] = leaf.after[i].value();
        const auto& constraints = scene.oracle->constraints(chip);
        std::vector<std::uint32_t> words(constraints.width);
        chips::PermutationTable::fill(chips::Row(words.data(), 0, 0), input, 0, 0);
        for (const std::uint32_t word : words) cells->push_back(field::Element::from(word));
        (*cells)[16 + value] += one();
        Cells nodes;
        for (std::size_t k = value + 1; k < constraints.assertions.size(); ++k) {
            scene.oracle->evaluate(chip, *cells, 0, nodes);
            (*cells)[16 + k] -= nodes[constraints.assertions[k].node];
        }
        scene.oracle->evaluate(chip, *cells, 0, nodes);
        zkvm::NodeDigest digest;
        for (std::size_t i = 0; i < 8; ++i) digest[i] = nodes[constraints.interactions[0].fields[16 + i]];
        leaf.digestAfter = digest;
    });
    out.options.last = [cells, chip](stark::Traces& traces) {
        stark::Matrix& table = *traces[chip];
        for (std::size_t row = 0; row < table.rows(); ++row) {
            bool same = !table.at(row, chips::PermutationTable::kHalves).isZero();
            for (std::size_t c = 0; same && c < 16; ++c) same = table.at(row, c) == (*cells)[c];
            for (std::size_t c = 16; same && c < chips::PermutationTable::kHalves; ++c)
                table.at(row, c) = (*cells)[c];
        }
    };
    return out;
}
} // namespace lies
} // namespace bowline::test
