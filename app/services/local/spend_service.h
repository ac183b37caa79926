// SPDX-License-Identifier: MIT
// Payments: on Bitcoin through drafts that are reviewed first, on the layer 2 likewise.
#pragma once

#include "app/services/local/hub.h"

namespace bowline::services {

/// Not an address, not a payment link, or one without an amount where none was given.
inline constexpr base::ErrorCode kBadRecipient{"services.bad-recipient"};

class LocalSpendService final : public SpendService {
public:
    explicit LocalSpendService(Hub& hub) : m_hub(hub) {}

    Task review(std::vector<Recipient> recipients, std::int64_t feeSatPerKvb,
                Completion<SpendReview> done) override;
    Task confirm(std::string draftId, Completion<std::string> done) override;
    Task reviewBump(std::string txid, std::int64_t feeSatPerKvb, bool byChild,
                    Completion<SpendReview> done) override;
    Task reviewLayerTwo(std::string recipient, Amount amount, Completion<LayerTwoReview> done) override;
    Task confirmLayerTwo(std::string draftId, Completion<std::string> done) override;

private:
    Hub& m_hub;
};

/// The stable name of a wallet's warning, such as "high-fee".
[[nodiscard]] std::string warningCode(wallet::Warning warning);

} // namespace bowline::services
