// SPDX-License-Identifier: MIT
// The table of Keccak-f[1600] permutations (FIPS 202, 3).
#pragma once

#include "core/chips/chip.h"
#include "core/chips/word_run.h"

namespace bowline::chips {

/// Where things are in a row, which is one round. Bits and limbs are the least significant first; lane (x, y) of FIPS
/// 202 has number x + 5y. A is what the round starts from, theta(A) = A xor D.
struct KeccakColumns {
    static constexpr std::size_t kRows = 24;
    /// Accesses are made in rows 6 to 22, three a row: 50 words and one that is none.
    static constexpr std::size_t kFirstAccess = 6;
    static constexpr std::size_t kPorts = 3;
    static constexpr std::size_t kWords = 51;
    /// The bits of lane 0 that round constants reach.
    static constexpr std::array<unsigned, 7> kIotaBits{0, 1, 3, 7, 15, 31, 63};

    explicit KeccakColumns(Layout& layout);

    std::size_t flag; // one for each row of a call
    std::size_t time;
    std::size_t theta;      // bits of theta(A), 64 a lane
    std::size_t change;     // bits of D, 64 for each x
    std::size_t parity;     // of theta(A), 64 for each x
    std::size_t beforeIota; // the bits that iota changes, before it does
    std::size_t out;        // limbs of the round's result
    std::size_t
        words; // limbs of the words in memory: row 0 holds those before the call, row 23 those after it
    WordRun run;
    std::vector<Port> ports; // in row 0 the first two hold $5 and $6
};

/// 24 rows a call, 2517 cells each with LogUp's.
///
/// Why a call's rows say what FIPS 202 says:
///  - Flags: as in Sha256Chip.
///  - Theta. D(x, z) = C(x-1, z) xor C(x+1, z-1), C the parity of a column of A. As the same D is added to all five
///    bits of a column, C = P xor D for P the parity of the column of theta(A). P is the sum of five bits less 0, 2 or
///    4, and D, bits, is bound to P and D. So theta(A) and D are what A makes them: A fixes C, hence D. That P is a
///    bit need not be said: 1 - 2 P is an odd number from -9 to 9, and the product of two of them is that of three
///    1 - 2 D, so 1 or -1.
///  - Rho, pi, chi and iota: each limb of the result is the sum of 16 bits that are polynomials of theta(A).
///  - The next round's A, which is its theta(A) xor D, has these limbs. The first round's A has the limbs of `words`.
///  - Memory. `words` stays as it is up to row 6; then each row takes three words from its front, which memory gives
///    back as they were before the call, and puts three at its end, which it sends. After 17 rows all 51 have been
///    changed: row 23 says that 50 of them are the last round's result, and so that they are limbs.
class KeccakChip final : public CallChip {
public:
    KeccakChip() : m_columns(layout()) {}
    [[nodiscard]] std::string name() const override { return "keccak"; }
    [[nodiscard]] std::size_t rowsPerCall() const override { return KeccakColumns::kRows; }
    [[nodiscard]] const KeccakColumns& columns() const { return m_columns; }
    void eval(AirBuilder& builder) const override;
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const override;

    using Lanes = std::array<std::uint64_t, 25>;
    /// What each round starts from, and the result; fill() runs the rounds, tests write others.
    using Rounds = std::array<Lanes, KeccakColumns::kRows + 1>;
    [[nodiscard]] static Rounds roundsOf(const Call& call);
    /// Computes what stands at `from` and behind it from what stands before.
    static void run(Rounds& rounds, std::size_t from);
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call,
              const Rounds& rounds) const;

private:
    KeccakColumns m_columns;
};

} // namespace bowline::chips
