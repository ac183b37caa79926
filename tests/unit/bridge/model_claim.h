// SPDX-License-Identifier: MIT
// Every path of the claims of one vault by two operators (docs/model.md).
#pragma once

#include "tests/unit/bridge/model_world.h"

namespace bowline::bridge::test {

enum ClaimTransaction : std::size_t { kKickoffTx, kElsewhereTx, kVetoTx, kTakeTx, kPerOperator };
inline constexpr std::size_t kMostClaims = 2;
inline constexpr std::size_t kVaultTx = 2 * kPerOperator;
constexpr std::size_t of(std::size_t op, ClaimTransaction what) { return op * kPerOperator + what; }

inline const DepositGraph& graph()
{
    static const DepositGraph shared = standardGraph(network());
    return shared;
}

inline const std::vector<Transaction>& claimTransactions()
{
    static const std::vector<Transaction> all = [] {
        std::vector<Transaction> out;
        for (const OperatorGraph& own : graph().operators()) {
            Transaction elsewhere;
            elsewhere.inputs = {TxIn{own.offer().funding, {}, bitcoin::kSequenceFinal, {}}};
            elsewhere.outputs = {TxOut{Amount::fromSat(1000), payoutOf("elsewhere")}};
            out.insert(out.end(), {own.kickoff(), elsewhere, own.veto(), own.take()});
        }
        out.push_back(graph().deposit().confirm());
        return out;
    }();
    return all;
}

/// A burn that is not there may always have been undone: the latest that a member waits for.
inline Burn burnOr(bool burned) { return burned ? Burn::There : Burn::Undone; }

/// An honest member: it vetoes when vetoIsDue() says so, and its veto is mined before Take1 can be.
struct Watchful {
    static bool isDue(Height kickoff, Height tip, bool burned)
    {
        return vetoIsDue(network().context->params(), kickoff, tip, burnOr(burned), tip);
    }
};
struct Asleep {
    static bool isDue(Height, Height, bool) { return false; }
};
/// One that sees Bitcoin two blocks late.
struct Late {
    static bool isDue(Height kickoff, Height tip, bool burned)
    {
        return vetoIsDue(network().context->params(), kickoff, Height{tip.value - 2}, burnOr(burned), tip);
    }
};

/// The vault as a batch leaves it.
struct VaultFact {
    std::optional<std::size_t> claimant;
    l2::ClaimStatus status = l2::ClaimStatus::Void;
};

template <typename States, typename Member>
struct ClaimWorld {
    static constexpr std::size_t kFirst = 1; // the vault itself stays
    Bounds bounds;
    ModelChain chain = begun(claimTransactions(), kVaultTx);
    std::vector<States> states{fresh(0), fresh(1)};
    std::vector<VaultFact> batches{};
    std::size_t undone = 0;

    static States empty(std::size_t op)
    {
        return States(network().context, graph().deposit().vault(), graph().operators()[op]);
    }
    static States fresh(std::size_t op)
    {
        States out = empty(op);
        begun(claimTransactions(), kVaultTx).replay(out);
        return out;
    }
    [[nodiscard]] bool has(std::size_t op, l2::ClaimStatus status) const
    {
        return !batches.empty() && batches.back().claimant == op && batches.back().status == status;
    }
    [[nodiscard]] bool burned(std::size_t op) const
    {
        return has(op, l2::ClaimStatus::Live) || has(op, l2::ClaimStatus::Taken);
    }
    [[nodiscard]] bool isBroken(std::size_t op, std::uint32_t depth) const
    {
        return chain.isDeepIn(of(op, kElsewhereTx), depth) || chain.isDeepIn(of(op, kVetoTx), depth);
    }
    /// An honest member's veto that the next block holds at the latest.
    [[nodiscard]] std::optional<std::size_t> forcedVeto() const
    {
        for (std::size_t op = 0; op < 2; ++op) {
            const auto kickoff = chain.heightOf(of(op, kKickoffTx));
            if (!kickoff || !chain.fits(of(op, kVetoTx)) || chain.tip() + 1 < *kickoff + (kTake - 1))
                continue;
            if (Member::isDue(*kickoff, chain.tip(), burned(op))) return of(op, kVetoTx);
        }
        return std::nullopt;
    }
    [[nodiscard]] bool mayMine(std::optional<std::size_t> held) const
    {
        const auto forced = forcedVeto();
        return !forced || held == forced;
    }
    [[nodiscard]] std::string key() const
    {
        std::string out = chain.key();
        for (const VaultFact& fact : batches) {
            out += std::to_string(fact.claimant.value_or(9)) + std::to_string(static_cast<int>(fact.status));
        }
        return out + "/" + std::to_string(undone);
    }
    void mine(std::optional<std::size_t> held)
    {
        chain.mine(held);
        for (States& each : states) chain.connectTip(each);
    }
    void disconnect()
    {
        ++undone;
        for (States& each : states) each.blockDisconnected(chain.tip());
        chain.disconnect();
    }
    static void tell(States& to, std::size_t op, std::size_t number, const VaultFact& fact)
    {
        const OperatorGraph& own = graph().operators()[op];
        l2::Claim claim;
        claim.funding = own.offer().funding;
        claim.kickoff = own.kickoffTxid();
        claim.take = own.takeTxid();
        claim.status = fact.status;
        to.batch({number}, fact.claimant == op ? std::optional(claim) : std::nullopt);
    }
    void batch(std::size_t op, l2::ClaimStatus status)
    {
        batches.push_back({op, status});
        for (std::size_t i = 0; i < 2; ++i) tell(states[i], i, batches.size(), batches.back());
    }
    [[nodiscard]] std::size_t countClaims() const
    {
        return static_cast<std::size_t>(
            std::count_if(batches.begin(), batches.end(),
                          [](const VaultFact& fact) { return fact.status == l2::ClaimStatus::Live; }));
    }

    [[nodiscard]] Steps<ClaimWorld> successors() const
    {
        Steps<ClaimWorld> steps;
        addBlocks(*this, 2 * kPerOperator, steps);
        const auto step = [&](bool possible, std::string name, auto&& act) {
            if (!possible) return;
            ClaimWorld next = *this;
            act(next);
            steps.emplace_back(std::move(name), std::move(next));
        };
        const bool live = batches.empty() || batches.back().status == l2::ClaimStatus::Void;
        for (std::size_t op = 0; op < 2; ++op) {
            const std::string who = " by " + std::to_string(op);
            const bool claimed = has(op, l2::ClaimStatus::Live);
            step(live && countClaims() < kMostClaims, "claim" + who,
                 [op](ClaimWorld& w) { w.batch(op, l2::ClaimStatus::Live); });
            step(claimed && isBroken(op, kDepth), "void" + who,
                 [op](ClaimWorld& w) { w.batch(op, l2::ClaimStatus::Void); });
            step(claimed && chain.isDeepIn(of(op, kTakeTx), kDepth), "settle" + who,
                 [op](ClaimWorld& w) { w.batch(op, l2::ClaimStatus::Taken); });
        }
        // A rollback that takes a burn away after its Take1 was mined needs a reorg as deep as the window: the
        // transition's own model has rollbacks.
        const bool taken = chain.heightOf(of(0, kTakeTx)) || chain.heightOf(of(1, kTakeTx));
        step(!batches.empty() && !taken && undone < bounds.undone, "batch replaced", [](ClaimWorld& w) {
            for (States& each : w.states) each.batchesReplaced({w.batches.size()});
            w.batches.pop_back();
            ++w.undone;
        });
        return steps;
    }

    [[nodiscard]] Timeline again(std::size_t op) const
    {
        States out = empty(op);
        chain.replay(out);
        for (std::size_t i = 0; i < batches.size(); ++i) tell(out, op, i + 1, batches[i]);
        return out.timeline();
    }

    void check(Findings& findings) const
    {
        for (std::size_t op = 0; op < 2; ++op) {
            const Timeline now = states[op].timeline();
            const bool claimed = has(op, l2::ClaimStatus::Live);
            findings.holds(now == again(op), "same-by-every-path");
            const auto told = [&](std::string_view action, bool possible, std::string_view rule) {
                findings.holds((now.nextAction == action) == (claimed && possible), rule);
            };
            told("kickoff", chain.fits(of(op, kKickoffTx)), "kickoff-when-possible");
            told("take", chain.fits(of(op, kTakeTx)), "take-when-possible");
            told("settle", chain.isDeepIn(of(op, kTakeTx), kDepth), "settle-when-possible");
            told("void", isBroken(op, kDepth), "void-when-possible");
            findings.holds(!chain.heightOf(of(op, kTakeTx)) || burned(op), "no-take-without-burn");
            findings.holds(!claimed || leadsBack(op), "way-back");
        }
    }

    /// The operator does what it is told; nobody else does anything more but the veto that is due.
    [[nodiscard]] bool leadsBack(std::size_t op) const
    {
        ClaimWorld at = *this;
        for (std::size_t i = 0; i < kPatience; ++i) {
            if (!at.has(op, l2::ClaimStatus::Live)) return at.states[op].timeline().finished;
            const std::string action = at.states[op].timeline().nextAction;
            if (action == "settle") {
                at.batch(op, l2::ClaimStatus::Taken);
            } else if (action == "void") {
                at.batch(op, l2::ClaimStatus::Void);
            } else if (const auto forced = at.forcedVeto()) {
                at.mine(forced);
            } else if (action == "kickoff" || action == "take") {
                at.mine(of(op, action == "kickoff" ? kKickoffTx : kTakeTx));
            } else {
                at.mine(std::nullopt);
            }
        }
        return false;
    }
};

} // namespace bowline::bridge::test
