// SPDX-License-Identifier: MIT
// Whether an instruction's row can say anything else than it does: all columns but what the row is given are forgotten, and
// worked out anew from the constraints alone.
//
// Given are the state that the row receives, the instruction at that pc, and the content and time of the words that it
// receives from memory, once their address is known. What follows is found as by hand: an equation with one unknown
// gives it; one whose other unknowns have few possible values is tried with all of them; range checks and byte tables
// say which values are possible. Where that stops, the unknown with the fewest values is tried value by value. The row
// has one outcome if all that it sends to others (state, memory, calls, exit code) is then known.
#pragma once

#include "tests/unit/proving/row_oracle.h"

namespace bowline::test {

class Outcomes {
public:
    enum class Verdict {
        One,
        Another,   // a row that keeps every constraint, takes the same and sends something else: `row`
        Undecided, // the search did not come to an end: `open` says what is not known
    };
    struct Answer {
        Verdict verdict = Verdict::Undecided;
        std::string open;
        Cells row;
        std::size_t tries = 0; // rows that were begun by trying a value
    };

    /// `skipped`: an assertion or interaction that is not looked at, counted through both; for tests of this search.
    Outcomes(const RowOracle& oracle, std::size_t chip, std::optional<std::size_t> skipped = std::nullopt);

    [[nodiscard]] Answer of(const Cells& honest) const;

private:
    const RowOracle* m_oracle;
    std::size_t m_chip;
    std::optional<std::size_t> m_skipped;
};

} // namespace bowline::test
