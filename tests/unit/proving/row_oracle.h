// SPDX-License-Identifier: MIT
// What one changed row of a shard does, without looking at the others.
//
// The tables' constraints read one row each (the constructor checks that), so a changed row breaks a constraint of its own
// or none. Of the messages there are two sorts. Some buses are answered by tables of which every row is a true
// statement and whose multiplicities the prover chooses: there a message can be balanced exactly if it is true. On all
// other buses nothing but this row changed, so the sums balance exactly if the row's messages are the same as before.
#pragma once

#include "core/chips/buses.h"
#include "core/chips/machine.h"
#include "core/field/poseidon2.h"

#include <QtGlobal>

#include <algorithm>

namespace bowline::test {

using Cells = std::vector<field::Element>;

class RowOracle {
public:
    using Message = std::vector<std::uint32_t>; // bus, fields
    struct Interaction {
        Message message;
        field::Element multiplicity; // negative for a receive
    };

    RowOracle(const stark::System& system, const chips::MachineTables& tables)
        : m_system(&system), m_tables(&tables), m_program(&system.chips[tables.placeOfProgram()].preprocessed)
    {
        for (std::size_t chip = 0; chip < system.chips.size(); ++chip) {
            if (!covers(chip)) continue;
            for (const stark::Node& node : system.chips[chip].constraints.nodes) {
                const bool cell =
                    node.kind == stark::NodeKind::Main || node.kind == stark::NodeKind::Preprocessed;
                if ((cell && node.b != 0) ||
                    (node.kind >= stark::NodeKind::FirstRow && node.kind <= stark::NodeKind::Transition))
                    qFatal("%s: constraints between rows", system.chips[chip].name.c_str());
            }
        }
    }

    /// All tables but those of the precompiles behind Poseidon2, which have suites of their own (tests/unit/chips).
    [[nodiscard]] bool covers(std::size_t chip) const
    {
        return chip < m_tables->placeOfCall(1) || chip >= m_tables->placeOfLeaf();
    }
    [[nodiscard]] const stark::Constraints& constraints(std::size_t chip) const
    {
        return m_system->chips[chip].constraints;
    }
    [[nodiscard]] static Cells cellsOf(const stark::Matrix& table, std::size_t row)
    {
        Cells out(table.width);
        for (std::size_t c = 0; c < out.size(); ++c) out[c] = table.at(row, c);
        return out;
    }
    /// The values of all nodes. `row` is that of the preprocessed columns.
    void evaluate(std::size_t chip, const Cells& cells, std::size_t row, Cells& out) const;
    [[nodiscard]] Interaction interaction(std::size_t chip, std::size_t index, const Cells& nodes) const;
    /// Whether the row does anything at all.
    [[nodiscard]] bool isUsed(std::size_t chip, const Cells& nodes) const
    {
        const auto& all = constraints(chip).interactions;
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& i) { return !nodes[i.multiplicity].isZero(); });
    }
    [[nodiscard]] static bool isAnswered(std::uint32_t bus)
    {
        return bus != chips::kStateBus && bus != chips::kMemoryBus && bus != chips::kNodeBus &&
               bus != chips::kCallBus && bus != chips::kHaltBus;
    }
    /// Of a message on a bus that a table of true statements answers. Apart from how the tables are made: from what they say.
    [[nodiscard]] bool isTrue(const Message& m) const
    {
        const auto byte = [](std::uint32_t x) { return x < 256; };
        switch (m[0]) {
        case chips::kLimbBus: return m[1] < 0x10000U;
        case chips::kBitsBus: return m[2] >= 1 && m[2] <= 15 && m[1] < 1U << m[2];
        case chips::kPairBus: return byte(m[1]) && byte(m[2]);
        case chips::kByteBus:
            return byte(m[2]) && byte(m[3]) && m[1] <= 3 && m[4] == ofBytes(m[1], m[2], m[3]);
        case chips::kAddressBus: return m[1] >= 1 && m[1] < 0x7f00U;
        case chips::kFieldBus: return m[1] <= 0x7f00U;
        case chips::kPermuteBus: return isPermutation(m, 8);
        case chips::kPermuteAllBus: return isPermutation(m, 16);
        case chips::kProgramBus: return isInProgram(m);
        default: return false;
        }
    }
    [[nodiscard]] static std::uint32_t ofBytes(std::uint32_t operation, std::uint32_t a, std::uint32_t b)
    {
        switch (operation) {
        case chips::kAndBytes: return a & b;
        case chips::kOrBytes: return a | b;
        case chips::kXorBytes: return a ^ b;
        default: return ~(a | b) & 0xffU;
        }
    }
    /// Why the system refuses the shard with this row instead of that one, of which the nodes are given; nothing: it accepts
    /// it.
    [[nodiscard]] std::optional<std::string> refusal(std::size_t chip, std::size_t row, const Cells& oldNodes,
                                                     const Cells& after) const;

    /// Whether the program has a row that says this, one field aside.
    [[nodiscard]] bool isInProgramBut(const Message& m, std::size_t field) const
    {
        for (std::size_t row = 0; row < m_program->rows(); ++row) {
            bool same = true;
            for (std::size_t f = 0; same && f < chips::ProgramTable::kFields; ++f)
                same = f == field || m_program->at(row, f).value() == m[1 + f];
            if (same) return true;
        }
        return false;
    }

private:
    [[nodiscard]] static bool isPermutation(const Message& m, std::size_t count)
    {
        field::State state;
        for (std::size_t i = 0; i < 16; ++i) state[i] = field::Element::from(m[1 + i]);
        field::permute(state);
        for (std::size_t i = 0; i < count; ++i) {
            if (state[i].value() != m[17 + i]) return false;
        }
        return true;
    }
    [[nodiscard]] bool isInProgram(const Message& m) const
    {
        const auto row = m_tables->program().rowOf(m[1]);
        if (!row || m[1] % 4 != 0) return false;
        for (std::size_t f = 0; f < chips::ProgramTable::kFields; ++f) {
            if (m_program->at(*row, f).value() != m[1 + f]) return false;
        }
        return true;
    }

    const stark::System* m_system;
    const chips::MachineTables* m_tables;
    const stark::Matrix* m_program;
};

} // namespace bowline::test
