// SPDX-License-Identifier: MIT
// Rows as a table would fill them for an instruction that did something else: other operands, another result, another
// way on. They are false in one place and fit otherwise, so that a search from them is short.
#pragma once

#include "tests/unit/proving/false_step.h"

namespace bowline::test {

/// What the table of a scene's first row was filled from; nothing where that cannot be told from the row.
inline std::optional<chips::Step> stepOf(const Scene& scene)
{
    const RowAt& row = scene.rows.front();
    const chips::MachineTables& tables = scene.program->tables();
    if (row.chip >= chips::kKinds) return std::nullopt;
    const chips::MicroOp& op = tables.program().at(*tables.program().rowOf(scene.statement.pcBefore));
    chips::Step out =
        chips::stepOf(op, scene.statement.pcBefore, scene.statement.npcBefore, chips::kFirstTime);
    const auto& interactions = scene.oracle->constraints(row.chip).interactions;
    Cells nodes;
    scene.oracle->evaluate(row.chip, row.cells, 0, nodes);
    const auto word = [](const RowOracle::Message& m) { return m[3] | m[4] << 16U; };
    bool hasRd = false;
    for (std::size_t i = 0; i < interactions.size(); ++i) {
        if (interactions[i].bus == chips::kStateBus && interactions[i].send) {
            const auto message = scene.oracle->interaction(row.chip, i, nodes).message;
            out.next = op.fused ? message[1] : message[2];
            out.taken = out.next != out.pc + 8;
        }
        if (interactions[i].bus != chips::kMemoryBus || interactions[i].send) continue;
        const auto before = scene.oracle->interaction(row.chip, i, nodes);
        const auto after = scene.oracle->interaction(row.chip, i + 1, nodes);
        if (before.multiplicity.isZero()) continue;
        const chips::Access access{word(before.message), word(after.message), before.message[5]};
        switch (after.message[5] - out.time) {
        case chips::kAtRs: out.atRs = access; break;
        case chips::kAtRt: out.atRt = access; break;
        case chips::kAtMemory:
            out.atMemory = access;
            out.address = before.message[1] | before.message[2] << 16U;
            break;
        default: (std::exchange(hasRd, true) ? out.atExtra : out.atRd) = access;
        }
    }
    return out;
}

inline Cells filled(const Scene& scene, const chips::Step& step)
{
    const RowAt& row = scene.rows.front();
    std::vector<std::uint32_t> words(row.cells.size());
    scene.program->tables()
        .instruction(static_cast<chips::Kind>(row.chip))
        .fill(chips::Row(words.data(), 0, 0), step);
    Cells out;
    for (const std::uint32_t w : words) out.push_back(field::Element::from(w));
    return out;
}

inline std::vector<std::uint32_t> otherWords(std::uint32_t w)
{
    return {w ^ 1U,     w + 1,     w - 1,       w ^ 0x10000U, w + 0x10000U,    w - 0x10000U,
            0U,         1U,        0xffffffffU, 0x80000000U,  w ^ 0x80000000U, w ^ 0x8000U,
            0U - w,     w ^ 0x80U, w ^ 2U,      w ^ 4U,       w >> 1U,         w << 1U,
            w + 0x100U, w >> 8U,   w << 8U,     w << 16U};
}

/// Other quotients and remainders that some of the division's assertions hold for.
inline void otherDivisions(const chips::Step& step, std::vector<chips::Step>& out)
{
    const std::uint64_t a = step.atRs.before;
    const std::uint64_t divisor = step.atRt.before;
    const auto put = [&](std::uint64_t quotient, std::uint64_t remainder) {
        if (quotient >> 32U != 0) return;
        chips::Step other = step;
        other.atRd.after = static_cast<std::uint32_t>(quotient);
        other.atExtra.after = static_cast<std::uint32_t>(remainder);
        out.push_back(other);
    };
    const std::uint64_t q = step.atRd.after;
    const std::uint64_t r = step.atExtra.after;
    put(q - 1, r + divisor);
    put(q + 1, r - divisor);
    put(q - 0x10000, r + (divisor << 16U));
    for (const unsigned log : {32U, 48U}) {
        for (std::uint64_t m = 1; divisor != 0 && m < 4; ++m)
            put((a + (m << log)) / divisor, (a + (m << log)) % divisor);
    }
}

/// Other steps from a scene's: `codes` are those of its table.
inline std::vector<chips::Step> otherSteps(const chips::Step& step, const std::vector<zkvm::Code>& codes)
{
    std::vector<chips::Step> out{step};
    const auto change = [&](auto&& set, std::uint32_t value) {
        for (const std::uint32_t other : otherWords(value)) {
            chips::Step changed = step;
            set(changed, other);
            out.push_back(changed);
        }
    };
    change([](chips::Step& s, std::uint32_t x) { s.atRs.before = s.atRs.after = x; }, step.atRs.before);
    change([](chips::Step& s, std::uint32_t x) { s.atRt.before = s.atRt.after = x; }, step.atRt.before);
    change([](chips::Step& s, std::uint32_t x) { s.atRd.before = x; }, step.atRd.before);
    change([](chips::Step& s, std::uint32_t x) { s.atRd.after = x; }, step.atRd.after);
    change([](chips::Step& s, std::uint32_t x) { s.atExtra.after = x; }, step.atExtra.after);
    change([](chips::Step& s, std::uint32_t x) { s.atExtra.before = x; }, step.atExtra.before);
    change([](chips::Step& s, std::uint32_t x) { s.atMemory.before = x; }, step.atMemory.before);
    change([](chips::Step& s, std::uint32_t x) { s.atMemory.after = x; }, step.atMemory.after);
    // The size of a field of bits, which is in it, has no more cells than it can need.
    if (chips::kindOf(step.code) != chips::Kind::Bits)
        change([](chips::Step& s, std::uint32_t x) { s.immediate = x; }, step.immediate);
    change([](chips::Step& s, std::uint32_t x) { s.next = x; }, step.next);
    change([](chips::Step& s, std::uint32_t x) { s.address = x; }, step.address);
    for (const zkvm::Code code : codes) {
        out.push_back(step);
        out.back().code = code;
    }
    out.push_back(step);
    out.back().taken = !step.taken;
    out.push_back(out.back());
    out.back().next = step.taken ? step.pc + 8 : step.target;
    out.push_back(step);
    out.back().fused = !step.fused;
    if (step.code == zkvm::Code::Div || step.code == zkvm::Code::Divu) otherDivisions(step, out);
    return out;
}

/// What the scene's state holds goes where the row says something else and has a cell for it.
inline void putState(const Scene& scene, Stage& stage, Cells& cells)
{
    std::vector<RowAt> rows = scene.rows;
    for (int pass = 0; pass < 3; ++pass) {
        rows.front().cells = cells;
        bool changed = false;
        for (const Problem& problem : stage.play(rows).problems) {
            if (problem.isAssertion || problem.row != 0 || problem.targets.size() != 1) continue;
            const stark::Node& node = scene.oracle->constraints(rows.front().chip).nodes[problem.node];
            if (node.kind != stark::NodeKind::Main || cells[node.a] == problem.targets[0]) continue;
            cells[node.a] = problem.targets[0];
            changed = true;
        }
        if (!changed) return;
    }
}

} // namespace bowline::test
