// SPDX-License-Identifier: MIT
// A person at the window: drives the real MainWindow by keys and mouse through create, receive, deposit, layer-2
// payment and withdrawal, and takes pictures of every page. It waits for what is to be seen, never for a time. The
// world outside (blocks, a miner's payment) is the caller's: in memory, or a real network of processes.
#pragma once

#include "ui/shell/main_window.h"

#include <QString>

#include <functional>

class QAbstractButton;

namespace bowline::test {

/// What happens outside the window.
class TourWorld {
public:
    virtual ~TourWorld() = default;
    virtual void mine(int blocks) = 0;
    virtual void pay(const QString& address, base::Amount amount) = 0;
    /// An address of somebody else, on the layer 2.
    virtual QString layerTwoRecipient() = 0;
};

struct TourOptions {
    QString pictures;            // folder; empty: no pictures
    QString walletName = "Savings";
    QString password = "correct horse battery";
    int waitSeconds = 60;        // for each thing to be seen
    int blockPauseMilliseconds = 700; // what real processes need between blocks
    bool bothThemes = true;
};

/// Each function ends the process of the tour with false and an explanation in failure() when something does not
/// come to pass in time.
class Tour {
public:
    Tour(ui::MainWindow& window, TourWorld& world, TourOptions options);

    [[nodiscard]] bool run();
    [[nodiscard]] QString failure() const { return m_failure; }

    [[nodiscard]] bool createWallet();
    [[nodiscard]] bool receive(base::Amount amount);
    [[nodiscard]] bool deposit(base::Amount amount);
    [[nodiscard]] bool payOnLayerTwo(base::Amount amount);
    [[nodiscard]] bool withdraw(base::Amount amount);
    [[nodiscard]] bool lookAround();
    [[nodiscard]] bool lockAndUnlock();

    // The hands.
    [[nodiscard]] bool press(const QString& objectName);
    [[nodiscard]] bool type(const QString& objectName, const QString& text);
    [[nodiscard]] bool goTo(ui::PageId page);
    [[nodiscard]] bool waitFor(const QString& what, const std::function<bool()>& seen);
    /// One more block each time it is not yet so.
    [[nodiscard]] bool mineUntil(const QString& what, int mostBlocks, const std::function<bool()>& seen);
    void picture(const QString& name);

private:
    [[nodiscard]] QWidget* visible(const QString& objectName) const;
    [[nodiscard]] bool fail(const QString& why);
    [[nodiscard]] const services::Snapshot& snapshot() const { return m_window.session().snapshot(); }
    [[nodiscard]] const services::BridgeItem* newest(services::BridgeItem::Kind kind) const;

    ui::MainWindow& m_window;
    TourWorld& m_world;
    TourOptions m_options;
    QString m_failure;
    int m_pictures = 0;
};

} // namespace bowline::test
