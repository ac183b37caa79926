// SPDX-License-Identifier: MIT
// The services' views as JSON objects. Names are part of the interface: never renamed. Amounts are integers of
// satoshi with the suffix _sat.
#pragma once

#include "app/services/interfaces/views.h"

#include <boost/json.hpp>

namespace bowline::cli {

namespace json = boost::json;

[[nodiscard]] json::object toJson(const services::WalletInfo& info);
[[nodiscard]] json::object toJson(const services::BitcoinBalance& balance);
[[nodiscard]] json::object toJson(const services::ProvenBalance& balance);
[[nodiscard]] json::object toJson(const services::ProvenView& proven);
[[nodiscard]] json::object toJson(const services::LayerTwoBalance& balance);
[[nodiscard]] json::object toJson(const services::Verdict& verdict);
[[nodiscard]] json::object toJson(const services::SyncView& sync);
[[nodiscard]] json::object toJson(const services::PeerView& peer);
[[nodiscard]] json::object toJson(const services::TransactionView& transaction);
[[nodiscard]] json::object toJson(const services::SpendReview& review);
[[nodiscard]] json::object toJson(const services::BridgeItem& item);
[[nodiscard]] json::object toJson(const services::DepositQuote& quote);
[[nodiscard]] json::object toJson(const services::WithdrawQuote& quote);
[[nodiscard]] json::object toJson(const services::SealView& seal);
[[nodiscard]] json::object toJson(const services::BatchView& batch);
[[nodiscard]] json::object toJson(const services::ProvenValue& value);

template <typename View>
[[nodiscard]] json::array toJsonList(const std::vector<View>& views)
{
    json::array out;
    for (const View& view : views) out.push_back(toJson(view));
    return out;
}

} // namespace bowline::cli
