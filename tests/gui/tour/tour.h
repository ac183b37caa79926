// SPDX-License-Identifier: MIT
// A person at the window: drives the real MainWindow by keys and mouse, or by keys alone, through create, receive,
// deposit, layer-2 payment, withdrawal and the claim of a vault, and takes pictures of every page and step. It waits for what is to be seen, never for a time. The
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
    QString pictures; // folder; empty: no pictures
    QString walletName = "Savings";
    QString password = "correct horse battery";
    int waitSeconds = 60;               // for each thing to be seen
    int blockPauseMilliseconds = 1'500; // a node asks for an announced payment after two seconds only
    bool bothThemes = true;
    bool blocksCome = false;   // by themselves, when something waits for them
    bool proofs = false;       // batches are proven, and operators wait for that
    bool keyboardOnly = false; // Tab to everything, then Space: no mouse, and no focus that was not reached
};

/// Each function ends the process of the tour with false and an explanation in failure() when something does not
/// come to pass in time.
class Tour {
public:
    Tour(ui::MainWindow& window, TourWorld& world, TourOptions options);

    [[nodiscard]] bool run();
    [[nodiscard]] QString failure() const { return m_failure; }
    /// Where the withdrawal went, as the window showed it.
    [[nodiscard]] QString withdrawnTo() const { return m_withdrawnTo; }
    void useKeyboardOnly() { m_options.keyboardOnly = true; }
    /// Called wherever a picture is taken, also without a folder for them.
    void onPicture(std::function<void(const QString& name)> function) { m_onPicture = std::move(function); }

    [[nodiscard]] bool createWallet();
    [[nodiscard]] bool receive(base::Amount amount);
    [[nodiscard]] bool deposit(base::Amount amount);
    [[nodiscard]] bool payOnLayerTwo(base::Amount amount);
    [[nodiscard]] bool withdraw(base::Amount amount);
    /// Until an operator has accepted.
    [[nodiscard]] bool startWithdrawal(base::Amount amount);
    /// Until it is paid.
    [[nodiscard]] bool finishWithdrawal();
    /// An operator's claim of a vault that one of the own deposits made, from the burn to the take.
    [[nodiscard]] bool followClaim();
    /// Turns the window's own prover on for a while, and waits until all that the account has is proven.
    [[nodiscard]] bool seeProven();
    [[nodiscard]] bool lookAround();
    [[nodiscard]] bool lockAndUnlock();

    // The hands.
    [[nodiscard]] bool press(const QString& objectName);
    /// The button of this name within the widget of that name.
    [[nodiscard]] bool pressIn(const QString& parentName, const QString& objectName);
    [[nodiscard]] bool type(const QString& objectName, const QString& text);
    /// The row with this key in a table.
    [[nodiscard]] bool select(const QString& tableName, const QString& key);
    [[nodiscard]] bool goTo(ui::PageId page);
    /// Scrolls to it.
    [[nodiscard]] bool lookAt(const QString& objectName);
    [[nodiscard]] bool waitFor(const QString& what, const std::function<bool()>& seen);
    /// One more block each time it is not yet so, unless blocks come by themselves.
    [[nodiscard]] bool mineUntil(const QString& what, int mostBlocks, const std::function<bool()>& seen);
    /// Also then: for what is a number of blocks.
    [[nodiscard]] bool mineSteadily(const QString& what, int mostBlocks, const std::function<bool()>& seen);
    /// Also looks that everything in it which takes the keyboard has a name for a screen reader.
    void picture(const QString& name);

private:
    [[nodiscard]] QWidget* visible(const QString& objectName) const;
    [[nodiscard]] bool focusOn(QWidget* widget);
    [[nodiscard]] bool pressOn(QWidget* widget);
    static void scrollTo(QWidget* widget);
    [[nodiscard]] bool fail(const QString& why);
    [[nodiscard]] const services::Snapshot& snapshot() const { return m_window.session().snapshot(); }
    [[nodiscard]] const services::BridgeItem* newest(services::BridgeItem::Kind kind) const;

    ui::MainWindow& m_window;
    TourWorld& m_world;
    TourOptions m_options;
    QString m_failure;
    QString m_withdrawnTo;
    std::function<void(const QString& name)> m_onPicture;
    int m_pictures = 0;
};

} // namespace bowline::test
