// SPDX-License-Identifier: MIT
// What an operator chooses to do. The default does everything that pays; tests derive from it to play
// operators that do not keep their word.
#pragma once

#include "core/bridge/graph.h"
#include "core/l2/objects.h"

namespace bowline::daemon {

class OperatorPolicy {
public:
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

    /// Of payments and fundings; a transaction that is stuck gets a child at twice that, and so on.
    [[nodiscard]] virtual base::FeeRate feeRate() const { return {2'000}; }
    /// Fundings kept ready, so that an offer need not wait for blocks.
    [[nodiscard]] virtual std::size_t preparedFundings() const { return 2; }
    /// Blocks that a transaction may wait before it is bumped.
    [[nodiscard]] virtual std::uint32_t patience() const { return 2; }
    /// Layer-2 money that stays for fees and bonds when a vault is claimed.
    [[nodiscard]] virtual base::Amount reserve() const { return base::Amount::fromSat(20'000); }

    /// Virtual bytes that a payment takes, about.
    static constexpr std::int64_t kPaymentSize = 250;
};

} // namespace bowline::daemon
