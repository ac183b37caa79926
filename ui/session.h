// SPDX-License-Identifier: MIT
// What every page needs: the services, the latest snapshot, the preferences, and whether a wallet is open. Lives on
// the GUI thread and outlives all pages.
#pragma once

#include "app/services/interfaces/services.h"
#include "ui/async.h"
#include "ui/preferences.h"

#include <QObject>

namespace bowline::ui {

enum class PageId { Home, Receive, Send, Deposit, Withdraw, Bridge, LayerTwo, Network, Prover, Settings };
inline constexpr int kPageCount = 10;
/// Ctrl and this digit lead to the page: 1 to 9, and 0 to the tenth.
[[nodiscard]] constexpr int digitOf(PageId page) { return (int(page) + 1) % 10; }

class Session final : public QObject {
    Q_OBJECT

public:
    Session(services::Services& services, Preferences& preferences, QObject* parent = nullptr);

    [[nodiscard]] services::Services& services() { return m_services; }
    [[nodiscard]] Preferences& preferences() { return m_preferences; }
    /// Never null. Of the time before the lock there is nothing in it.
    [[nodiscard]] const services::Snapshot& snapshot() const { return *m_snapshot; }
    /// Whether the snapshot is one of the open wallet.
    [[nodiscard]] bool hasWallet() const { return m_isOpen && !m_snapshot->wallet.name.empty(); }
    /// The prover belongs to no wallet: its view is there while they are locked, too.
    [[nodiscard]] const services::ProverView& prover() const { return *m_prover; }
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] QString walletName() const { return m_walletName; }
    [[nodiscard]] services::NetworkKind network() const { return m_snapshot->wallet.network; }

    void opened(const QString& walletName);
    void lock();

    /// A completion whose function runs on the GUI thread while `context` lives and no lock came between.
    template <typename T, typename Function>
    [[nodiscard]] services::Completion<T> deliver(QObject* context, Function function)
    {
        return onGui<T>(context, m_generation, std::move(function));
    }

    /// The same for what leaves a wallet open: when nobody waits for it any more, the wallet is locked again.
    template <typename Function>
    [[nodiscard]] services::Completion<services::WalletInfo> deliverOpening(QObject* context,
                                                                            Function function)
    {
        auto wanted = deliver<services::WalletInfo>(context, std::move(function));
        auto unwanted = onGui<services::WalletInfo>(
            this, m_generation,
            [this, context = QPointer<QObject>(context)](const base::Result<services::WalletInfo>& result) {
                if (context.isNull() && result.ok() && !m_isOpen) m_services.wallets().lock();
            });
        return [wanted, unwanted](const base::Result<services::WalletInfo>& result) {
            wanted(result);
            unwanted(result);
        };
    }

    /// Asks the window to show a page, and there perhaps one thing, such as a bridge id.
    void goTo(PageId page, const QString& reference = {}) { emit pageRequested(page, reference); }

signals:
    void snapshotChanged();
    void proverChanged();
    void openedChanged();
    void pageRequested(PageId page, const QString& reference);

private:
    void take(services::SnapshotPtr snapshot);
    void followProver();

    services::Services& m_services;
    Preferences& m_preferences;
    services::SnapshotPtr m_snapshot;
    services::ProverViewPtr m_prover;
    std::shared_ptr<std::uint64_t> m_generation = std::make_shared<std::uint64_t>(0);
    std::uint64_t m_leastEpoch = 0;
    bool m_isOpen = false;
    QString m_walletName;
    services::Subscription m_subscription;
    services::Subscription m_proverSubscription;
};

} // namespace bowline::ui
