// SPDX-License-Identifier: MIT
// Constraints as a straight-line program over blocks of rows, for the vector kernels.
#pragma once

#include "core/field/extension.h"
#include "core/stark/kernels.h"
#include "core/stark/key.h"

namespace bowline::stark {

using field::Extension;

/// Slots hold a block of rows each: inputs first, then registers, reused once their value is no longer read.
struct Program {
    struct Input {
        NodeKind kind{};
        std::uint32_t a = 0;
        std::uint32_t b = 0;
    };
    struct Message {
        std::vector<std::uint32_t> fields;
        std::uint32_t multiplicity = 0;
        std::uint32_t bus = 0;
        bool send = false;
    };

    std::vector<Instruction> code; // Assert number k is assertion number k
    std::vector<Input> inputs;     // of cell i
    std::size_t cells = 0;
    std::vector<Message> messages;
    std::vector<std::uint8_t> batchSizes;
    bool rowSelectors = false; // reads FirstRow, LastRow or Transition

    /// withAssertions: false leaves the assertions and what only they need out.
    [[nodiscard]] static Program compile(const Constraints& constraints, bool withAssertions);
};

/// Runs a program on one block after the other of a table's columns; one a thread.
class BlockRunner {
public:
    struct Table {
        std::vector<const Element*> main; // each n words, the row after the last being the first
        std::vector<const Element*> preprocessed;
        std::size_t rows = 0;
    };
    /// The selectors of a block.
    struct Selectors {
        const Element* first = nullptr;
        const Element* last = nullptr;
        const Element* transition = nullptr;
    };

    BlockRunner(const Program& program, std::span<const Element> publicValues);
    /// Points the cells at rows [at, at + rows) of the table.
    void load(const Table& table, std::size_t at, std::size_t rows, const Selectors& selectors);
    [[nodiscard]] std::uint32_t* const* cells() const { return m_cells.data(); }

private:
    void loadNext(const Element* column, const Table& table, std::size_t at, std::size_t rows,
                  std::size_t cell);

    const Program& m_program;
    std::vector<Element> m_storage; // kBlockRows a cell
    std::vector<std::uint32_t*> m_cells;
};

/// The challenges of LogUp as the kernels and the verifier use them.
struct LogUpChallenges {
    Extension alpha;
    std::vector<Extension> betaPowers; // beta, beta^2, ...

    [[nodiscard]] static LogUpChallenges make(const Extension& alpha, const Extension& beta,
                                              std::size_t count);
};

/// The largest number of fields of a message.
[[nodiscard]] std::size_t longestMessage(const VerifyingKey& key);

} // namespace bowline::stark
