// SPDX-License-Identifier: MIT
// The table of SHA-256 compressions (FIPS 180-4, 6.2).
#pragma once

#include "core/chips/chip.h"
#include "core/chips/word_run.h"

namespace bowline::chips {

/// Where things are in a row. Bits are the least significant first, words the earliest first.
///
/// Call a_n and e_n what round n leaves in the registers a and e: the others are those of the three rounds before,
/// and the state before round 1 is (a_0, a_-1, a_-2, a_-3, e_0, e_-1, e_-2, e_-3). Row i of a call holds
///   a, e:  a and e of rounds 8i-7 to 8i; in row 0 the last four are the state, the others nothing;
///   w:     words 8i to 8i+7 of the schedule, those that the next row's rounds add; in row 8 the new state.
/// Eight rounds a row: what a round looks back at is then in its row or the one before.
struct Sha256Columns {
    static constexpr std::size_t kRows = 9;

    explicit Sha256Columns(Layout& layout);

    [[nodiscard]] std::size_t bit(std::size_t first, std::size_t slot, std::size_t z) const
    {
        return first + 32 * slot + z;
    }
    /// Of the sum that makes the word of that slot in the next row: `first` is carryA, carryE or carryW.
    [[nodiscard]] std::size_t digit(std::size_t first, std::size_t slot, std::size_t limb,
                                    std::size_t which) const
    {
        return first + 4 * slot + 2 * limb + which;
    }

    std::size_t flag; // one for each row of a call
    std::size_t time;
    std::size_t a;
    std::size_t e;
    std::size_t w;
    std::size_t
        partial; // two limbs a slot: w_(t-16) + sigma0(w_(t-15)) of the next row's w_t, without carries
    std::size_t carryA;      // 2 x - y
    std::size_t carryE;      // x + 3 y, x below 3
    std::size_t carryW;      // x + 2 y; in row 8 the x are the carries of the new state's words
    WordRun words;           // of the block in rows 0 and 1, of the state in row 8
    std::vector<Port> ports; // rows 0, 1 and 8; in row 7 the first two hold $5 and $6
};

/// Nine rows a call, 1000 cells each with LogUp's.
///
/// Why a call's rows say what FIPS 180-4 says:
///  - Flags are bits of which at most one is set, each follows the one before it, and none but the first can follow
///    anything else. So a row that sends or receives anything is one of nine in order, and padding does nothing.
///    All of this is said of the row after the last too, which is the first: a call may lie across the end.
///  - Row 0 sends time, $5 and state to row 7 by kSha256Bus; rows 0 to 8 have one time, and one call has it.
///  - Rounds and schedule are sums of limbs that are made of bits, less 2^16 times a carry. A sum is far below p
///    and its result is made of bits too, so one carry alone fits, whatever range is allowed to it.
///  - These sums are of degree 3 and have no factor left for a flag: they hold between all rows. Where there is no
///    round, one digit of the carry is no bit but whatever the sum needs. fillRest() writes what stands at such seams.
///  - In row 8 state before = new state - (a or e) + 2^16 carry: of limbs and bits, hence exact.
class Sha256Chip final : public CallChip {
public:
    Sha256Chip() : m_columns(layout()) {}
    [[nodiscard]] std::string name() const override { return "sha256"; }
    [[nodiscard]] std::size_t rowsPerCall() const override { return Sha256Columns::kRows; }
    [[nodiscard]] const Sha256Columns& columns() const { return m_columns; }
    void eval(AirBuilder& builder) const override;
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const override;
    void fillRest(std::uint32_t* data, unsigned log, std::size_t first) const override;

    /// What the bits of a call's rows are made of; fill() runs the rounds, tests write others.
    struct Words {
        std::array<std::uint32_t, 72> a{}; // a_-7 to a_64
        std::array<std::uint32_t, 72> e{};
        std::array<std::uint32_t, 72> w{}; // the schedule, then the new state
    };
    [[nodiscard]] static Words wordsOf(const Call& call);
    /// Computes the schedule from `word` on and a and e from index `round` on, from what stands before them.
    static void run(Words& words, std::size_t word, std::size_t round);
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call,
              const Words& words) const;

private:
    Sha256Columns m_columns;
};

} // namespace bowline::chips
