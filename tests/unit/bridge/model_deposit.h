// SPDX-License-Identifier: MIT
// Every path of one deposit: its states, its rules, its steps (docs/model.md).
#pragma once

#include "tests/unit/bridge/model_world.h"

namespace bowline::bridge::test {

struct DepositParts {
    Deposit deposit;
    std::vector<Transaction> known;
    Txid refund;
};
enum DepositTransaction : std::size_t { kRequestTx, kConfirmTx, kRefundTx, kDepositTransactions };

inline const DepositParts& depositParts()
{
    static const DepositParts parts = [] {
        DepositTerms terms = standardTerms();
        Transaction request;
        request.inputs = {TxIn{outpointOf("wallet"), {}, bitcoin::kSequenceReplaceable, {}}};
        request.outputs = {
            must(requestOutputFor(*network().context, terms.refundKey, terms.recipient, terms.value))};
        terms.request = {request.txid(), 0};
        const Deposit deposit = must(Deposit::create(network().context, terms));
        const Transaction refund =
            must(refundTransaction(deposit, payoutOf("home"), base::FeeRate{1000}, keyOf("refund")));
        return DepositParts{deposit, {request, deposit.confirm(), refund}, refund.txid()};
    }();
    return parts;
}

template <typename States>
struct DepositWorld {
    static constexpr std::size_t kFirst = 1;
    Bounds bounds;
    ModelChain chain = begun(depositParts().known);
    States states = fresh();
    bool authorised = false;
    bool mintSent = false;
    bool refundSent = false;
    std::vector<bool> batches{}; // whether the vault is there
    std::size_t undone = 0;

    static States empty()
    {
        States out(depositParts().deposit);
        out.requestSent();
        return out;
    }
    static States fresh()
    {
        States out = empty();
        begun(depositParts().known).replay(out);
        return out;
    }
    [[nodiscard]] bool isCredited() const { return !batches.empty() && batches.back(); }
    [[nodiscard]] bool mayMine(std::optional<std::size_t>) const { return true; }
    [[nodiscard]] std::string key() const
    {
        std::string out =
            chain.key() + (authorised ? "A" : "-") + (mintSent ? "M" : "-") + (refundSent ? "R" : "-");
        for (const bool there : batches) out += there ? '1' : '0';
        return out + std::to_string(undone);
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
    static void tell(States& to, std::size_t number, bool there)
    {
        l2::Vault vault;
        vault.value = depositParts().deposit.terms().value;
        to.batch({number}, there ? std::optional(vault) : std::nullopt);
    }
    void batch(bool there)
    {
        batches.push_back(there);
        tell(states, batches.size(), there);
    }
    void keepAuthorisation()
    {
        authorised = true;
        states.authorisationKept();
    }
    void sendMint()
    {
        mintSent = true;
        states.mintSubmitted(l2::TxHash{{7}});
    }
    void sendRefund(bool isThere)
    {
        refundSent = isThere;
        states.refundSent(isThere ? std::optional(depositParts().refund) : std::nullopt);
    }

    [[nodiscard]] Steps<DepositWorld> successors() const
    {
        Steps<DepositWorld> steps;
        addBlocks(*this, kDepositTransactions, steps);
        const auto step = [&](bool possible, std::string name, auto&& act) {
            if (!possible) return;
            DepositWorld next = *this;
            act(next);
            steps.emplace_back(std::move(name), std::move(next));
        };
        const std::string action = states.timeline().nextAction;
        step(!authorised, "authorisation", [](DepositWorld& w) { w.keepAuthorisation(); });
        step(action == "mint", "mint sent", [](DepositWorld& w) { w.sendMint(); });
        step(action == "refund", "refund sent", [](DepositWorld& w) { w.sendRefund(true); });
        step(refundSent, "refund lost", [](DepositWorld& w) { w.sendRefund(false); });
        step(batches.empty(), "batch", [](DepositWorld& w) { w.batch(false); });
        step(chain.isDeepIn(kConfirmTx, kDepth) && !isCredited(), "minted",
             [](DepositWorld& w) { w.batch(true); });
        step(!batches.empty() && undone < bounds.undone, "batch replaced", [](DepositWorld& w) {
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
        if (authorised) out.authorisationKept();
        if (mintSent) out.mintSubmitted(l2::TxHash{{7}});
        if (refundSent) out.refundSent(depositParts().refund);
        for (std::size_t i = 0; i < batches.size(); ++i) tell(out, i + 1, batches[i]);
        return out.timeline();
    }

    void check(Findings& findings) const
    {
        const Timeline now = states.timeline();
        const bool refunded = chain.heightOf(kRefundTx).has_value();
        findings.holds(now == again(), "same-by-every-path");
        findings.holds(now.finished == (isCredited() || refunded), "finished-when-it-is");
        const bool refundable = chain.fits(kRefundTx) && !refundSent && !isCredited();
        findings.holds((now.nextAction == "refund") == refundable, "refund-when-possible");
        const bool mintable =
            chain.isDeepIn(kConfirmTx, kDepth) && authorised && !mintSent && !isCredited() && !refunded;
        findings.holds((now.nextAction == "mint") == mintable, "mint-when-possible");
        findings.holds(leadsBack(), "way-back");
    }

    /// The depositor does what it is told, the committee nothing but mint what it signed.
    [[nodiscard]] bool leadsBack() const
    {
        DepositWorld at = *this;
        for (std::size_t i = 0; i < kPatience; ++i) {
            const Timeline now = at.states.timeline();
            if (now.finished) return true;
            const bool refunds = at.refundSent && at.chain.fits(kRefundTx);
            if (at.chain.isDeepIn(kConfirmTx, kDepth)) {
                at.batch(true);
            } else if (at.chain.fits(kRequestTx)) {
                at.mine(kRequestTx);
            } else if (now.nextAction == "refund" || refunds) {
                at.mine(kRefundTx);
            } else {
                at.mine(std::nullopt);
            }
        }
        return false;
    }
};

} // namespace bowline::bridge::test
