// SPDX-License-Identifier: MIT
// Coin selection. Fees for parts of a transaction are kept in 1/4000 satoshi ("parts"), in which a rate per
// 1,000 virtual bytes times a weight is a whole number: nothing is rounded until finish() computes fee and
// change of a choice exactly. All coins together stay below 2^63 parts, see checkAmounts().
#include "core/wallet/selection.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace bowline::wallet {
namespace {

/// As many branches as are looked at: bounds the time, about a millisecond.
constexpr int kExactMatchTries = 100'000;
/// A random draw aims at change of this size, so that it is of use later and tells little by its size.
constexpr std::int64_t kWantedChange = 50'000;

/// Parts of a satoshi, see above.
constexpr std::int64_t kParts = 4000;

/// In parts.
std::int64_t costOf(FeeRate rate, std::int64_t weight) { return rate.satPerKvb * weight; }

/// SplitMix64: small, well mixed and the same on every platform, unlike the standard library's shuffles.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// The bias for our sizes (below 2^32) is below 2^-32.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

private:
    std::uint64_t m_state;
};

struct Entry {
    std::size_t index = 0;      // in the caller's list
    std::int64_t effective = 0; // value minus input cost, above zero, in parts
    std::int64_t waste = 0;     // cost now minus cost in the long run, in parts
};

class Selector {
public:
    Selector(std::span<const Candidate> candidates, const SelectionProblem& problem,
             std::span<const Candidate> required);
    Result<Selection> select();
    Result<Selection> everything();

private:
    [[nodiscard]] std::optional<std::vector<std::size_t>> exactMatch() const;
    [[nodiscard]] std::vector<std::size_t> randomDraw() const;
    [[nodiscard]] std::vector<std::size_t> largestFirst(std::int64_t goal) const;
    void consider(const std::vector<std::size_t>& entries, SelectionMethod method, bool mayChange);
    [[nodiscard]] std::int64_t excessOf(std::int64_t value, std::int64_t weight, std::size_t count) const;
    [[nodiscard]] std::optional<Selection> finish(const std::vector<std::size_t>& entries,
                                                  SelectionMethod method, bool mayChange);
    [[nodiscard]] base::Error failure() const;

    std::span<const Candidate> m_candidates;
    const SelectionProblem& m_problem;
    FeeRate m_rate;
    std::vector<Entry> m_pool; // by effective value, largest first
    std::int64_t m_requiredValue = 0;
    std::int64_t m_requiredWeight = 0;
    std::size_t m_requiredCount = 0;
    std::int64_t m_need = 0;       // parts to be chosen for a transaction without change, roundings aside
    std::int64_t m_roundings = 0;  // parts that make up for them
    std::int64_t m_changeCost = 0; // parts, to make it
    std::int64_t m_changeLife = 0; // parts, to make it and to spend it later
    bool m_tooHeavy = false;
    std::optional<Selection> m_best;
};

Selector::Selector(std::span<const Candidate> candidates, const SelectionProblem& problem,
                   std::span<const Candidate> required)
    : m_candidates(candidates), m_problem(problem), m_rate(std::max(problem.fee.rate, problem.fee.increment)),
      m_requiredCount(required.size())
{
    for (const Candidate& input : required) {
        m_requiredValue += input.value.sat();
        m_requiredWeight += input.inputWeight;
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::int64_t cost = costOf(m_rate, candidates[i].inputWeight);
        const std::int64_t effective = candidates[i].value.sat() * kParts - cost;
        if (effective <= 0) continue;
        m_pool.push_back({i, effective, cost - costOf(problem.longTermRate, candidates[i].inputWeight)});
    }
    std::sort(m_pool.begin(), m_pool.end(), [](const Entry& a, const Entry& b) {
        return a.effective != b.effective ? a.effective > b.effective : a.index < b.index;
    });
    const std::int64_t fixedWeight = problem.baseWeight + m_requiredWeight;
    const FeeRate beyondIncrement{m_rate.satPerKvb - problem.fee.increment.satPerKvb};
    const std::int64_t replacement =
        problem.fee.replacedFee.sat() * kParts - costOf(beyondIncrement, fixedWeight);
    m_need = (problem.target.sat() - m_requiredValue) * kParts + costOf(m_rate, fixedWeight) +
             std::max(problem.fee.extra.sat() * kParts, std::max<std::int64_t>(replacement, 0));
    // Up to three weight units to the next virtual byte, a longer count of inputs, up to a satoshi.
    m_roundings = costOf(m_rate, 3 + countWeight(candidates.size() + required.size())) + kParts;
    m_changeCost = costOf(m_rate, problem.changeWeight);
    m_changeLife = m_changeCost + costOf(problem.longTermRate, problem.changeSpendWeight);
}

/// Satoshi beyond target and fee of a transaction without change that adds these inputs to the required ones.
std::int64_t Selector::excessOf(std::int64_t value, std::int64_t weight, std::size_t count) const
{
    const std::int64_t whole =
        m_problem.baseWeight + m_requiredWeight + weight + countWeight(count + m_requiredCount);
    return m_requiredValue + value - m_problem.target.sat() - m_problem.fee.feeFor(whole).sat();
}

/// Depth-first over "with the next coin" and "without", largest first. Branches end where what is left cannot
/// reach the need, where the sum is beyond what change would cost, and, while spending is dearer than later,
/// where the waste already exceeds the best.
std::optional<std::vector<std::size_t>> Selector::exactMatch() const
{
    std::vector<std::int64_t> rest(m_pool.size() + 1, 0);
    for (std::size_t i = m_pool.size(); i-- > 0;) rest[i] = rest[i + 1] + m_pool[i].effective;
    const bool dearNow = m_rate > m_problem.longTermRate;
    std::vector<std::size_t> taken;
    std::optional<std::vector<std::size_t>> best;
    std::int64_t bestWaste = std::numeric_limits<std::int64_t>::max();
    std::int64_t sum = 0;
    std::int64_t waste = 0;
    std::int64_t value = 0;
    std::int64_t weight = 0;
    std::size_t at = 0;
    for (int tries = 0; tries < kExactMatchTries; ++tries) {
        const bool hopeless =
            sum + rest[at] < m_need || sum > m_need + m_changeLife || (dearNow && waste > bestWaste);
        const std::int64_t excess =
            !hopeless && sum >= m_need ? excessOf(value, weight, taken.size()) : std::int64_t{-1};
        if (excess >= 0 && waste + excess * kParts < bestWaste && taken.size() + m_requiredCount > 0) {
            best = taken;
            bestWaste = waste + excess * kParts;
        }
        if (hopeless || excess >= 0 || at == m_pool.size()) {
            if (taken.empty()) break;
            at = taken.back();
            taken.pop_back();
            sum -= m_pool[at].effective;
            waste -= m_pool[at].waste;
            value -= m_candidates[m_pool[at].index].value.sat();
            weight -= m_candidates[m_pool[at].index].inputWeight;
            ++at; // the branch without it
            continue;
        }
        // Without its equal before, this one was tried in its place already.
        const bool repeats = at > 0 && m_pool[at].effective == m_pool[at - 1].effective &&
                             m_pool[at].waste == m_pool[at - 1].waste &&
                             (taken.empty() || taken.back() != at - 1);
        if (!repeats) {
            taken.push_back(at);
            sum += m_pool[at].effective;
            waste += m_pool[at].waste;
            value += m_candidates[m_pool[at].index].value.sat();
            weight += m_candidates[m_pool[at].index].inputWeight;
        }
        ++at;
    }
    return best;
}

std::vector<std::size_t> Selector::randomDraw() const
{
    std::vector<std::size_t> order(m_pool.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random random(m_problem.seed);
    const std::int64_t wanted =
        std::max(m_problem.changeFloor.sat(), std::min(kWantedChange, m_problem.target.sat()));
    const std::int64_t goal = m_need + m_roundings + m_changeCost + wanted * kParts;
    std::int64_t sum = 0;
    std::size_t count = 0;
    while (count < order.size() && sum < goal) {
        std::swap(order[count], order[count + random.below(order.size() - count)]);
        sum += m_pool[order[count]].effective;
        ++count;
    }
    order.resize(count);
    return order;
}

std::vector<std::size_t> Selector::largestFirst(std::int64_t goal) const
{
    std::vector<std::size_t> entries;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < m_pool.size() && sum < goal; ++i) {
        sum += m_pool[i].effective;
        entries.push_back(i);
    }
    return entries;
}

std::optional<Selection> Selector::finish(const std::vector<std::size_t>& entries, SelectionMethod method,
                                          bool mayChange)
{
    if (entries.empty() && m_requiredCount == 0) return std::nullopt;
    Selection out;
    out.method = method;
    std::int64_t total = m_requiredValue;
    std::int64_t waste = 0; // in parts
    out.weight = m_problem.baseWeight + m_requiredWeight + countWeight(entries.size() + m_requiredCount);
    for (const std::size_t entry : entries) {
        const Candidate& candidate = m_candidates[m_pool[entry].index];
        out.chosen.push_back(m_pool[entry].index);
        total += candidate.value.sat();
        out.weight += candidate.inputWeight;
        waste += m_pool[entry].waste;
    }
    std::sort(out.chosen.begin(), out.chosen.end());
    const std::int64_t spare = total - m_problem.target.sat();
    const std::int64_t excess = spare - m_problem.fee.feeFor(out.weight).sat();
    if (excess < 0) return std::nullopt;
    const Amount feeWithChange = m_problem.fee.feeFor(out.weight + m_problem.changeWeight);
    const std::int64_t change = spare - feeWithChange.sat();
    if (mayChange && change > 0 && change >= m_problem.changeFloor.sat()) {
        out.fee = feeWithChange;
        out.change = Amount::fromSat(change);
        out.weight += m_problem.changeWeight;
        waste += m_changeLife;
    } else {
        out.fee = Amount::fromSat(spare);
        waste += excess * kParts;
    }
    out.waste = Amount::fromSat(waste / kParts);
    if (out.weight > m_problem.maxWeight) {
        m_tooHeavy = true;
        return std::nullopt;
    }
    return out;
}

void Selector::consider(const std::vector<std::size_t>& entries, SelectionMethod method, bool mayChange)
{
    const std::optional<Selection> selection = finish(entries, method, mayChange);
    if (selection && (!m_best || selection->waste < m_best->waste)) m_best = selection;
}

base::Error Selector::failure() const
{
    if (m_tooHeavy) return base::makeError(kTooManyInputs);
    std::int64_t effective = 0;
    for (const Entry& entry : m_pool) effective += entry.effective;
    const std::int64_t missing = std::max<std::int64_t>((m_need - effective) / kParts, 0) + 1;
    return base::makeError(kInsufficientFunds,
                           "about " + std::to_string(missing) + " sat short, fee included");
}

Result<Selection> Selector::select()
{
    if (const auto exact = exactMatch()) consider(*exact, SelectionMethod::ExactMatch, false);
    consider(randomDraw(), SelectionMethod::RandomDraw, true);
    const std::int64_t enough = m_need + m_roundings;
    consider(largestFirst(enough + m_changeCost + m_problem.changeFloor.sat() * kParts),
             SelectionMethod::LargestFirst, true);
    if (!m_best) consider(largestFirst(enough), SelectionMethod::LargestFirst, true);
    if (!m_best) return failure();
    return *m_best;
}

Result<Selection> Selector::everything()
{
    std::vector<std::size_t> all(m_pool.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::optional<Selection> selection = finish(all, SelectionMethod::LargestFirst, false);
    if (!selection) return failure();
    const Amount fee = m_problem.fee.feeFor(selection->weight);
    selection->change = selection->fee - fee; // finish() gave all that is left to the fee
    selection->fee = fee;
    return *selection;
}

constexpr std::int64_t kMaxRate = 100'000'000; // sat/kvB: a hundred times what was ever paid

/// Sums inside stay below 2^63 when all of it is no more than there is bitcoin.
Status checkAmounts(std::span<const Candidate> candidates, std::span<const Candidate> required,
                    const SelectionProblem& problem)
{
    Amount sum;
    for (const auto list : {candidates, required}) {
        for (const Candidate& candidate : list) {
            if (!candidate.value.isValidMoney()) return base::makeError(kWalletDamaged, "value of a coin");
            sum += candidate.value;
            if (!sum.isValidMoney()) return base::makeError(kWalletDamaged, "sum of coins");
        }
    }
    Amount asked;
    for (const Amount part :
         {problem.target, problem.fee.extra, problem.fee.replacedFee, problem.changeFloor}) {
        if (!part.isValidMoney()) return base::makeError(kBadRecipientAmount);
        asked += part;
        if (!asked.isValidMoney()) return base::makeError(kInsufficientFunds, "more than there is");
    }
    for (const FeeRate rate : {problem.fee.rate, problem.fee.increment, problem.longTermRate}) {
        if (rate.satPerKvb < 0 || rate.satPerKvb > kMaxRate) return base::makeError(kBadFeeRate);
    }
    return base::success();
}

} // namespace

Amount FeeRule::feeFor(std::int64_t weight) const
{
    const std::int64_t size = (weight + 3) / 4;
    return std::max(rate.feeFor(size) + extra, replacedFee + increment.feeFor(size));
}

std::int64_t countWeight(std::size_t count)
{
    if (count < 0xfd) return 0;
    return count <= 0xffff ? 2 * 4 : 4 * 4;
}

Result<Selection> selectCoins(std::span<const Candidate> candidates, const SelectionProblem& problem,
                              std::span<const Candidate> required)
{
    BOWLINE_CHECK(checkAmounts(candidates, required, problem));
    return Selector(candidates, problem, required).select();
}

Result<Selection> selectAll(std::span<const Candidate> candidates, const SelectionProblem& problem,
                            std::span<const Candidate> required)
{
    BOWLINE_CHECK(checkAmounts(candidates, required, problem));
    return Selector(candidates, problem, required).everything();
}

} // namespace bowline::wallet
