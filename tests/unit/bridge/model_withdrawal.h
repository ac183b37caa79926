// SPDX-License-Identifier: MIT
// Every path of one withdrawal: its states, its rules, its steps (docs/model.md).
#pragma once

#include "tests/unit/bridge/model_world.h"

namespace bowline::bridge::test {

inline const l2::TxHash kWithdrawalRequest{{1}};
inline constexpr std::size_t kAcceptances = 2;

inline l2::Withdrawal withdrawalOf(std::uint32_t acceptance)
{
    l2::Withdrawal out;
    out.amount = Amount::fromSat(50'000);
    out.script = payoutOf("user");
    out.acceptance = acceptance;
    if (acceptance > 0) {
        out.status = l2::WithdrawalStatus::Accepted;
        out.operatorKey = network().operatorKeys[acceptance - 1].xOnlyPublicKey();
    }
    return out;
}

/// Transaction n - 1 is the payment of acceptance n.
inline const std::vector<Transaction>& payments()
{
    static const std::vector<Transaction> all = [] {
        std::vector<Transaction> out;
        for (std::uint32_t n = 1; n <= kAcceptances; ++n) {
            Transaction payment;
            payment.inputs = {TxIn{outpointOf("purse", n), {}, bitcoin::kSequenceReplaceable, {}}};
            payment.outputs = paymentOutputs(network().context->chainId,
                                             l2::withdrawalNumber(kWithdrawalRequest), withdrawalOf(n));
            out.push_back(payment);
        }
        return out;
    }();
    return all;
}

template <typename States>
struct WithdrawalWorld {
    static constexpr std::size_t kFirst = 1;
    Bounds bounds;
    ModelChain chain = begun(payments());
    States states = fresh();
    std::vector<l2::Withdrawal> batches{};
    std::size_t accepted = 0; // the most acceptances that there ever were: their payments may be mined
    bool reclaimSent = false;
    std::size_t undone = 0;

    static States empty()
    {
        return States(network().context, kWithdrawalRequest, Amount::fromSat(50'000), payoutOf("user"));
    }
    static States fresh()
    {
        States out = empty();
        begun(payments()).replay(out);
        return out;
    }
    [[nodiscard]] bool is(l2::WithdrawalStatus status) const
    {
        return !batches.empty() && batches.back().status == status;
    }
    [[nodiscard]] bool isOverdue() const
    {
        return is(l2::WithdrawalStatus::Accepted) &&
               chain.tip() >= batches.back().payHeight + (kDepth + kMargin);
    }
    /// Of the acceptance that stands.
    [[nodiscard]] bool isPaid(std::uint32_t depth) const
    {
        return !batches.empty() && batches.back().acceptance > 0 &&
               chain.isDeepIn(batches.back().acceptance - 1, depth);
    }
    [[nodiscard]] bool mayMine(std::optional<std::size_t> held) const { return !held || *held < accepted; }
    [[nodiscard]] std::string key() const
    {
        std::string out = chain.key() + (reclaimSent ? "R" : "-") + std::to_string(accepted);
        for (const l2::Withdrawal& value : batches) {
            out += " " + std::to_string(static_cast<int>(value.status)) + ":" +
                   std::to_string(value.acceptance) + ":" + std::to_string(value.payHeight.value);
        }
        return out + "/" + std::to_string(undone);
    }
    void mine(std::optional<std::size_t> held)
    {
        chain.mine(held);
        chain.connectTip(states);
    }
    void disconnect()
    {
        ++undone;
        states.blockDisconnected(chain.tip());
        chain.disconnect();
    }
    void batch(const l2::Withdrawal& value)
    {
        batches.push_back(value);
        states.batch({batches.size()}, value);
        if (value.acceptance > accepted) accepted = value.acceptance;
    }
    void become(l2::WithdrawalStatus status)
    {
        l2::Withdrawal value = batches.back();
        value.status = status;
        batch(value);
    }
    void accept()
    {
        l2::Withdrawal value = withdrawalOf(batches.back().acceptance + 1);
        value.payHeight = chain.tip() + kPayWindow;
        batch(value);
    }
    void sendReclaim(bool isThere)
    {
        reclaimSent = isThere;
        if (isThere) {
            states.reclaimSubmitted(l2::TxHash{{2}});
        } else {
            states.reclaimLost();
        }
    }
    [[nodiscard]] bool mayReclaim() const { return is(l2::WithdrawalStatus::Requested) || isOverdue(); }

    [[nodiscard]] Steps<WithdrawalWorld> successors() const
    {
        Steps<WithdrawalWorld> steps;
        addBlocks(*this, kAcceptances, steps);
        const auto step = [&](bool possible, std::string name, auto&& act) {
            if (!possible) return;
            WithdrawalWorld next = *this;
            act(next);
            steps.emplace_back(std::move(name), std::move(next));
        };
        const std::string action = states.timeline().nextAction;
        const bool acceptable = mayReclaim() && batches.back().acceptance < kAcceptances;
        const bool provable = is(l2::WithdrawalStatus::Accepted) && isPaid(kDepth) &&
                              *chain.heightOf(batches.back().acceptance - 1) <= batches.back().payHeight;
        step(batches.empty(), "requested", [](WithdrawalWorld& w) { w.batch(withdrawalOf(0)); });
        step(acceptable, "accepted", [](WithdrawalWorld& w) { w.accept(); });
        step(provable, "proven", [](WithdrawalWorld& w) { w.become(l2::WithdrawalStatus::Paid); });
        step(action == "cancel" || action == "reclaim", "reclaim sent",
             [](WithdrawalWorld& w) { w.sendReclaim(true); });
        step(reclaimSent, "reclaim lost", [](WithdrawalWorld& w) { w.sendReclaim(false); });
        step(reclaimSent && mayReclaim(), "cancelled",
             [](WithdrawalWorld& w) { w.become(l2::WithdrawalStatus::Cancelled); });
        step(!batches.empty() && undone < bounds.undone, "batch replaced", [](WithdrawalWorld& w) {
            w.states.batchesReplaced({w.batches.size()});
            w.batches.pop_back();
            ++w.undone;
        });
        return steps;
    }

    [[nodiscard]] Timeline again() const
    {
        States out = empty();
        chain.replay(out);
        if (reclaimSent) out.reclaimSubmitted(l2::TxHash{{2}});
        for (std::size_t i = 0; i < batches.size(); ++i) out.batch({i + 1}, batches[i]);
        return out.timeline();
    }

    void check(Findings& findings) const
    {
        const Timeline now = states.timeline();
        findings.holds(now == again(), "same-by-every-path");
        const bool over =
            is(l2::WithdrawalStatus::Paid) || is(l2::WithdrawalStatus::Cancelled) || isPaid(kDepth);
        findings.holds(now.finished == over, "finished-when-it-is");
        findings.holds((now.nextAction == "cancel") == (is(l2::WithdrawalStatus::Requested) && !reclaimSent),
                       "cancel-when-possible");
        findings.holds((now.nextAction == "reclaim") == (isOverdue() && !isPaid(0) && !reclaimSent),
                       "reclaim-when-possible");
        findings.holds(leadsBack(), "way-back");
    }

    /// The user does what it is told, operators nothing.
    [[nodiscard]] bool leadsBack() const
    {
        WithdrawalWorld at = *this;
        for (std::size_t i = 0; i < kPatience; ++i) {
            const Timeline now = at.states.timeline();
            if (at.batches.empty() || now.finished)
                return true; // nothing has left the account, or it is back
            if (now.nextAction == "cancel" || now.nextAction == "reclaim") at.sendReclaim(true);
            if (at.reclaimSent && at.mayReclaim()) {
                at.become(l2::WithdrawalStatus::Cancelled);
            } else {
                if (at.reclaimSent) at.sendReclaim(false);
                at.mine(std::nullopt);
            }
        }
        return false;
    }
};

} // namespace bowline::bridge::test
