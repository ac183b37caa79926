// SPDX-License-Identifier: MIT
// What an operator chooses to do. The default does everything that pays; tests derive from it to play
// operators that do not keep their word.
#pragma once

#include "core/bridge/graph.h"
#include "core/l2/objects.h"

#include <algorithm>
#include <optional>

namespace bowline::daemon {

class OperatorPolicy {
public:
    /// `least`: of payments and fundings as they are made. `most`: nothing is bumped beyond it.
    OperatorPolicy(base::FeeRate least, base::FeeRate most) : m_least(least), m_most(most) {}
    virtual ~OperatorPolicy() = default;
    [[nodiscard]] virtual bool mayOffer(const bridge::DepositTerms&) const { return true; }
    [[nodiscard]] virtual bool mayAccept(std::uint64_t, const l2::Withdrawal& withdrawal) const
    {
        return withdrawal.operatorFee >= feeRate().feeFor(kPaymentSize);
    }
    [[nodiscard]] virtual bool mayPay(std::uint64_t, const l2::Withdrawal&) const { return true; }
    [[nodiscard]] virtual bool mayClaim(const bitcoin::OutPoint&) const { return true; }
    /// `claimed`: the layer 2 holds the operator's live claim. Without one every signer vetoes.
    [[nodiscard]] virtual bool mayKickoff(const bridge::OperatorGraph&, bool claimed) const
    {
        return claimed;
    }

    [[nodiscard]] base::FeeRate feeRate() const { return m_least; }
    /// Of a transaction that is stuck at `rate`: twice that, and so on up to the highest. None when it is there.
    [[nodiscard]] std::optional<base::FeeRate> higherRate(base::FeeRate rate) const
    {
        const base::FeeRate next{std::min(rate.satPerKvb * 2, m_most.satPerKvb)};
        return next > rate ? std::optional(next) : std::nullopt;
    }
    /// The same for the payment of a withdrawal, which must not cost more than is lost without it.
    [[nodiscard]] std::optional<base::FeeRate>
    higherRate(base::FeeRate rate, const l2::Withdrawal& withdrawal, std::int64_t size) const
    {
        const base::Amount worth = withdrawal.operatorFee + withdrawal.bond;
        const std::optional<base::FeeRate> next = higherRate(rate);
        if (!next) return std::nullopt;
        const base::FeeRate capped{std::min(next->satPerKvb, worth.sat() * 1000 / size)};
        return capped > rate ? std::optional(capped) : std::nullopt;
    }
    /// Fundings kept ready, so that an offer need not wait for blocks.
    [[nodiscard]] virtual std::size_t preparedFundings() const { return 2; }
    /// Blocks that a transaction may wait before it is bumped.
    [[nodiscard]] virtual std::uint32_t patience() const { return 2; }
    /// Layer-2 money that stays for fees and bonds when a vault is claimed.
    [[nodiscard]] virtual base::Amount reserve() const { return base::Amount::fromSat(20'000); }

    /// Virtual bytes that a payment takes, about.
    static constexpr std::int64_t kPaymentSize = 250;

private:
    base::FeeRate m_least;
    base::FeeRate m_most;
};

} // namespace bowline::daemon
