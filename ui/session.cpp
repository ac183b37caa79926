// SPDX-License-Identifier: MIT
#include "ui/session.h"

namespace bowline::ui {

namespace {
/// What may be seen of the network while no wallet is open.
services::SnapshotPtr withoutWallet(const services::Snapshot& from)
{
    auto out = std::make_shared<services::Snapshot>();
    out->epoch = from.epoch;
    out->wallet.network = from.wallet.network;
    return out;
}
} // namespace

Session::Session(services::Services& services, Preferences& preferences, QObject* parent)
    : QObject(parent), m_services(services), m_preferences(preferences),
      m_snapshot(withoutWallet(*services.snapshot())), m_prover(services.prover().view())
{
    // The subscription's function may run until its destructor returned; the pointer inside is read later, on the
    // GUI thread.
    m_subscription =
        services.handleSnapshot([self = QPointer<Session>(this)](services::SnapshotPtr snapshot) {
            QCoreApplication* application = QCoreApplication::instance();
            if (application == nullptr) return;
            QMetaObject::invokeMethod(
                application,
                [self, snapshot = std::move(snapshot)] {
                    if (!self.isNull()) self->take(snapshot);
                },
                Qt::QueuedConnection);
        });
    followProver();
}

void Session::followProver()
{
    m_proverSubscription =
        m_services.prover().handleView([self = QPointer<Session>(this)](services::ProverViewPtr view) {
            QCoreApplication* application = QCoreApplication::instance();
            if (application == nullptr) return;
            QMetaObject::invokeMethod(
                application,
                [self, view = std::move(view)] {
                    if (self.isNull()) return;
                    self->m_prover = view;
                    emit self->proverChanged();
                },
                Qt::QueuedConnection);
        });
}

void Session::opened(const QString& walletName)
{
    m_isOpen = true;
    m_walletName = walletName;
    emit openedChanged();
    take(m_services.snapshot());
}

void Session::lock()
{
    if (!m_isOpen) return;
    m_services.wallets().lock();
    ++*m_generation;
    m_leastEpoch = m_services.snapshot()->epoch + 1;
    m_isOpen = false;
    m_snapshot = withoutWallet(*m_snapshot);
    emit openedChanged();
}

void Session::take(services::SnapshotPtr snapshot)
{
    // A snapshot of before the lock may still be on its way.
    if (!m_isOpen || snapshot->epoch < m_leastEpoch || snapshot->wallet.locked) return;
    m_snapshot = std::move(snapshot);
    emit snapshotChanged();
}

} // namespace bowline::ui
