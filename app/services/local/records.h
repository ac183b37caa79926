// SPDX-License-Identifier: MIT
// What the wallet's file keeps of deposits and withdrawals: enough to take everything up again after a restart.
// Where they stand is not kept, it is read from the chains.
#pragma once

#include "core/bridge/depositor.h"
#include "core/wallet/wallet_store.h"

namespace bowline::services {

/// A kept record does not decode.
inline constexpr base::ErrorCode kBadRecord{"services.bad-record"};

struct DepositRecord {
    static constexpr std::string_view kKind = "deposit";
    bridge::DepositTerms terms;
    std::uint32_t refundIndex = 0;
    base::UnixTime created = 0;
    base::Height createdAt; // tip when it was made: nothing of it is in earlier blocks
    std::optional<bridge::MintAuthorisation> authorisation;
    std::optional<base::Txid> refund; // a refund that was sent
};

struct WithdrawalRecord {
    static constexpr std::string_view kKind = "withdrawal";
    l2::TxHash request;
    base::Amount amount;
    base::Amount operatorFee;
    bitcoin::Script script;
    std::string address;
    base::UnixTime created = 0;
    base::Height createdAt;
    l2::Transaction transaction; // the signed request, to be sent again should the node have lost it
    std::string refused;         // why the request came to nothing; empty while it may come to something
    std::optional<l2::Transaction> reclaim; // signed and sent; none once it was refused or lost
};

/// A payment on the layer 2 that the node took and that is in no batch yet, or came to nothing.
struct TransferRecord {
    static constexpr std::string_view kKind = "transfer";
    l2::Transaction transaction;
    base::UnixTime created = 0;
    std::string refused; // as in WithdrawalRecord
};

/// What a record keeps of a node's reason: short, and never empty.
[[nodiscard]] std::string refusalText(const std::string& reason);

[[nodiscard]] base::Bytes encode(const DepositRecord& record);
[[nodiscard]] base::Result<DepositRecord> parseDepositRecord(base::ByteView bytes);
[[nodiscard]] base::Bytes encode(const WithdrawalRecord& record);
[[nodiscard]] base::Result<WithdrawalRecord> parseWithdrawalRecord(base::ByteView bytes);
[[nodiscard]] base::Bytes encode(const TransferRecord& record);
[[nodiscard]] base::Result<TransferRecord> parseTransferRecord(base::ByteView bytes);

} // namespace bowline::services
