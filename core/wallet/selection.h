// SPDX-License-Identifier: MIT
// Which coins to spend. Pure: no wallet, no keys, no clock; the same problem and seed give the same answer.
//
// Three ways are tried and the one with the least waste is taken: branch and bound (inputs that match the
// target so well that no change is needed), a single random draw with change, and largest first, which needs
// the fewest inputs. Coins count with their effective value: what is left of them after their own input fee.
//
// Waste compares spending now with spending later, as Bitcoin Core defines it: input weight times (rate now
// minus long-term rate), plus what change costs to make and to spend, or without change what is paid too
// much.
#pragma once

#include "core/wallet/types.h"

#include <span>

namespace bowline::wallet {

/// What a transaction has to pay, as a function of its weight.
struct FeeRule {
    FeeRate rate;
    /// On top: what a child pays for its parents.
    Amount extra;
    /// BIP125 rules 3 and 4: at least the fee of what is replaced plus `increment` for the own size.
    Amount replacedFee;
    FeeRate increment;

    /// For a whole transaction; rounded up from whole virtual bytes, as nodes do.
    [[nodiscard]] Amount feeFor(std::int64_t weight) const;
};

struct Candidate {
    Amount value;
    /// Of the signed input, witness included.
    std::int64_t inputWeight = 0;
};

struct SelectionProblem {
    /// Sum of all outputs but the change.
    Amount target;
    FeeRule fee;
    /// At which inputs and change will be spent some day.
    FeeRate longTermRate{10'000};
    /// Version, lock time, segwit marker, counts, outputs: everything but inputs and change.
    std::int64_t baseWeight = 0;
    std::int64_t changeWeight = 0;
    std::int64_t changeSpendWeight = 0;
    /// The least change worth making, at least its dust limit.
    Amount changeFloor;
    /// Nodes relay at most 400,000; a v3 child 4,000.
    std::int64_t maxWeight = 400'000;
    std::uint64_t seed = 0;
};

enum class SelectionMethod : std::uint8_t { ExactMatch, RandomDraw, LargestFirst };

struct Selection {
    /// Positions in the candidates, ascending.
    std::vector<std::size_t> chosen;
    /// sum(chosen) == target + fee + change, always.
    Amount fee;
    /// Zero: no change output. Otherwise at least changeFloor.
    Amount change;
    /// Of the signed transaction.
    std::int64_t weight = 0;
    SelectionMethod method = SelectionMethod::ExactMatch;
    Amount waste;
};

/// `required` are inputs that are there in any case (their weight is not in baseWeight); they need not
/// suffice. Candidates that cost more than they bring are never chosen. kInsufficientFunds, kTooManyInputs.
[[nodiscard]] Result<Selection> selectCoins(std::span<const Candidate> candidates,
                                            const SelectionProblem& problem,
                                            std::span<const Candidate> required = {});

/// Everything: all candidates that bring more than they cost, no change; the target is ignored and what is
/// left after the fee goes to the one who takes the rest: Selection::change holds it. kInsufficientFunds if
/// nothing is.
[[nodiscard]] Result<Selection> selectAll(std::span<const Candidate> candidates,
                                          const SelectionProblem& problem,
                                          std::span<const Candidate> required = {});

/// Weight that the number of inputs or outputs needs beyond one byte.
[[nodiscard]] std::int64_t countWeight(std::size_t count);

} // namespace bowline::wallet
