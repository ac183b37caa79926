// SPDX-License-Identifier: MIT
// Wallet files: listing, creating, restoring, unlocking; addresses and history of the open one.
#pragma once

#include "app/services/local/hub.h"

namespace bowline::services {

/// Letters, digits, '-', '_' and '.', at most 64, not beginning with a dot.
inline constexpr base::ErrorCode kBadWalletName{"services.bad-wallet-name"};
inline constexpr base::ErrorCode kUnknownTransactionId{"services.unknown-transaction"};

class LocalWalletService final : public WalletService {
public:
    explicit LocalWalletService(Hub& hub) : m_hub(hub) {}

    Task listWallets(Completion<std::vector<WalletInfo>> done) override;
    Task generateWords(int count, Completion<base::SecureBytes> done) override;
    Task create(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                base::SecureBytes password, Completion<WalletInfo> done) override;
    Task restore(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                 base::SecureBytes password, UnixTime birthday, Completion<WalletInfo> done) override;
    Task open(std::string name, Completion<WalletInfo> done) override;
    Task unlock(std::string name, base::SecureBytes password, Completion<WalletInfo> done) override;
    void lock() override;
    Task confirmBackup(base::SecureBytes words, Completion<base::Unit> done) override;
    Task changePassword(base::SecureBytes before, base::SecureBytes after,
                        Completion<base::Unit> done) override;
    Task nextAddress(AddressType type, std::string label, Completion<AddressView> done) override;
    Task listTransactions(std::size_t offset, std::size_t count,
                          Completion<std::vector<TransactionView>> done) override;
    Task showTransaction(std::string txid, Completion<TransactionView> done) override;

private:
    Task make(std::string name, wallet::NewWallet options, Completion<WalletInfo> done);
    [[nodiscard]] std::string pathOf(const std::string& name) const;
    base::Status openFile(const std::string& name, const Reply<WalletInfo>& reply);
    [[nodiscard]] WalletInfo info(Session& session) const;
    [[nodiscard]] base::Result<TransactionView> viewOf(Session& session,
                                                       const wallet::HistoryEntry& entry) const;

    Hub& m_hub;
};

} // namespace bowline::services
