// SPDX-License-Identifier: MIT
// Deposits and withdrawals: quotes that are reviewed, then started; refunds and reclaims.
#pragma once

#include "app/services/local/hub.h"

namespace bowline::services {

/// The amount is below the smallest vault.
inline constexpr base::ErrorCode kDepositTooSmall{"services.deposit-too-small"};
inline constexpr base::ErrorCode kTooManyVaults{"services.too-many-vaults"};
inline constexpr base::ErrorCode kWithdrawalTooSmall{"services.withdrawal-too-small"};

/// Largest vaults first; what no denomination fits is the remainder.
[[nodiscard]] std::pair<std::vector<Amount>, Amount> splitInVaults(Amount amount,
                                                                   const std::vector<Amount>& denominations);
/// What an operator is offered for paying a withdrawal: its Bitcoin fee and its capital for a while.
[[nodiscard]] Amount operatorFeeFor(Amount amount);

/// What a deposit costs, and a draft of it that startDepositIn() takes.
[[nodiscard]] base::Result<DepositQuote> quoteDepositIn(Session& session, Amount amount,
                                                        std::int64_t feeSatPerKvb);
/// kFeeAboveReview when the coins are other ones by now and would cost more.
[[nodiscard]] base::Result<std::vector<std::string>> startDepositIn(Session& session, DepositDraft& draft);

class LocalBridgeService final : public BridgeService {
public:
    explicit LocalBridgeService(Hub& hub) : m_hub(hub) {}

    Task quoteDeposit(Amount amount, std::int64_t feeSatPerKvb, Completion<DepositQuote> done) override;
    Task startDeposit(std::string draftId, Completion<std::vector<std::string>> done) override;
    Task quoteWithdrawal(Amount amount, std::string address, Completion<WithdrawQuote> done) override;
    Task startWithdrawal(std::string draftId, Completion<std::string> done) override;
    Task refund(std::string bridgeId, std::int64_t feeSatPerKvb, Completion<std::string> done) override;
    Task reclaim(std::string bridgeId, Completion<std::string> done) override;
    Task list(Completion<std::vector<BridgeItem>> done) override;
    Task show(std::string bridgeId, Completion<BridgeItem> done) override;

private:
    Hub& m_hub;
};

} // namespace bowline::services
