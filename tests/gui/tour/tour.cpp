// SPDX-License-Identifier: MIT
#include "tests/gui/tour/tour.h"

#include "tests/gui/tour/keyboard.h"
#include "ui/design/address_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/pages/welcome/create_flow.h"
#include "ui/shell/shell.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QScrollArea>
#include <QTest>

#include <algorithm>

namespace bowline::test {

using services::BridgeItem;
using ui::PageId;

namespace {
bool isDone(const BridgeItem& item, const char* stepId)
{
    return std::any_of(item.steps.begin(), item.steps.end(), [stepId](const services::TimelineStep& step) {
        return step.id == stepId && step.state == services::StepState::Done;
    });
}
} // namespace

Tour::Tour(ui::MainWindow& window, TourWorld& world, TourOptions options)
    : m_window(window), m_world(world), m_options(std::move(options))
{
    if (!m_options.pictures.isEmpty()) QDir().mkpath(m_options.pictures);
}

bool Tour::run()
{
    const auto btc = [](std::int64_t hundredths) { return base::Amount::fromSat(hundredths * 1'000'000); };
    // Where operators wait for proofs, that of the burn comes with that of the acceptance, and the window begins at once.
    const auto getOut = [&] {
        return m_options.proofs
                   ? startWithdrawal(btc(3)) && followClaim() && finishWithdrawal() && seeProven()
                   : withdraw(btc(3)) && followClaim();
    };
    return createWallet() && receive(btc(150)) && deposit(btc(12)) && payOnLayerTwo(btc(1)) && getOut() &&
           lookAround() && lockAndUnlock() && m_failure.isEmpty();
}

bool Tour::fail(const QString& why)
{
    if (m_failure.isEmpty()) m_failure = why;
    return false;
}

QWidget* Tour::visible(const QString& objectName) const
{
    for (QWidget* widget : m_window.findChildren<QWidget*>(objectName)) {
        if (widget->isVisible()) return widget;
    }
    return nullptr;
}

bool Tour::waitFor(const QString& what, const std::function<bool()>& seen)
{
    if (QTest::qWaitFor(seen, m_options.waitSeconds * 1000)) return true;
    picture("failure");
    return fail("did not see: " + what);
}

bool Tour::mineUntil(const QString& what, int mostBlocks, const std::function<bool()>& seen)
{
    return m_options.blocksCome ? waitFor(what, seen) : mineSteadily(what, mostBlocks, seen);
}

bool Tour::mineSteadily(const QString& what, int mostBlocks, const std::function<bool()>& seen)
{
    for (int i = 0; i < mostBlocks; ++i) {
        if (seen()) return true;
        m_world.mine(1);
        const auto height = snapshot().sync.tipHeight;
        if (!QTest::qWaitFor([&] { return snapshot().sync.tipHeight > height || seen(); },
                             m_options.waitSeconds * 1000)) {
            return fail("the window does not see new blocks, waiting for: " + what);
        }
        // The other parties need a moment of their own between blocks.
        if (QTest::qWaitFor(seen, m_options.blockPauseMilliseconds)) return true;
    }
    return waitFor(what, seen);
}

bool Tour::press(const QString& objectName)
{
    if (!waitFor("an enabled " + objectName, [&] {
            const QWidget* widget = visible(objectName);
            return widget != nullptr && widget->isEnabled();
        })) {
        return false;
    }
    return pressOn(visible(objectName));
}

bool Tour::pressIn(const QString& parentName, const QString& objectName)
{
    QWidget* parent = visible(parentName);
    QWidget* widget = parent == nullptr ? nullptr : parent->findChild<QWidget*>(objectName);
    if (widget == nullptr || !widget->isVisible()) return fail("no " + objectName + " in " + parentName);
    return pressOn(widget);
}

bool Tour::lookAt(const QString& objectName)
{
    if (!waitFor(objectName, [&] { return visible(objectName) != nullptr; })) return false;
    QTest::qWait(30); // a page that has just grown lays itself out first
    scrollTo(visible(objectName));
    return true;
}

void Tour::scrollTo(QWidget* widget)
{
    for (QWidget* parent = widget->parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
        if (auto* area = qobject_cast<QScrollArea*>(parent)) area->ensureWidgetVisible(widget);
    }
}

bool Tour::pressOn(QWidget* widget)
{
    scrollTo(widget);
    if (!m_options.keyboardOnly) {
        QTest::mouseClick(widget, Qt::LeftButton);
        return true;
    }
    if (!focusOn(widget)) return false;
    QTest::keyClick(widget, Qt::Key_Space);
    return true;
}

bool Tour::focusOn(QWidget* widget)
{
    if (!m_options.keyboardOnly) {
        widget->setFocus();
        return true;
    }
    return reachByKeys(&m_window, widget) || fail("Tab does not reach " + describe(widget));
}

bool Tour::type(const QString& objectName, const QString& text)
{
    if (!waitFor(objectName, [&] { return visible(objectName) != nullptr; })) return false;
    QWidget* widget = visible(objectName);
    if (!focusOn(widget)) return false;
    QTest::keyClick(widget, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(widget, text);
    return true;
}

bool Tour::goTo(PageId page)
{
    QTest::keyClick(&m_window, Qt::Key(Qt::Key_0 + ui::digitOf(page)), Qt::ControlModifier);
    return waitFor(QString("page %1").arg(int(page)), [&] {
        const ui::Shell* shell = m_window.shell();
        return shell != nullptr && shell->isVisible() && shell->current() == page;
    });
}

void Tour::picture(const QString& name)
{
    const QString nameless = namelessPlace(&m_window);
    if (!nameless.isEmpty())
        static_cast<void>(fail("in picture " + name + " there is no name for " + nameless));
    if (m_onPicture) m_onPicture(name);
    if (m_options.pictures.isEmpty()) return;
    ++m_pictures;
    const auto before = m_window.session().preferences().theme();
    for (const auto mode : {ui::Theme::Mode::Light, ui::Theme::Mode::Dark}) {
        if (mode == ui::Theme::Mode::Dark && !m_options.bothThemes) continue;
        ui::Theme::current().setMode(mode);
        QTest::qWait(30);
        const QString file = QString("%1/%2-%3-%4.png")
                                 .arg(m_options.pictures)
                                 .arg(m_pictures, 2, 10, QChar('0'))
                                 .arg(name, mode == ui::Theme::Mode::Light ? "light" : "dark");
        m_window.grab().save(file);
    }
    ui::Theme::current().setMode(before);
}

const BridgeItem* Tour::newest(BridgeItem::Kind kind) const
{
    for (const BridgeItem& item : snapshot().bridge) {
        if (item.kind == kind) return &item;
    }
    return nullptr;
}

bool Tour::createWallet()
{
    picture("welcome");
    if (!press("startCreate") || !type("walletName", m_options.walletName) ||
        !type("newPassword", m_options.password) || !type("repeatPassword", m_options.password)) {
        return false;
    }
    picture("create-name");
    if (!press("createContinue")) return false;
    if (!waitFor("the words", [&] { return visible("words") != nullptr; })) return false;
    // A person writes the words down: they can be read on the screen, so also by its reader.
    const QStringList spoken = visible("words")->accessibleDescription().split(", ");
    picture("create-words");
    if (!press("wordsWritten")) return false;
    for (int i = 0; i < 3; ++i) {
        const QString name = QString("answer%1").arg(i);
        if (!waitFor(name, [&] { return visible(name) != nullptr; })) return false;
        const int index = visible(name)->property("wordIndex").toInt();
        if (!type(name, spoken.value(index).section(' ', 1))) return false;
    }
    picture("create-check");
    if (!press("createWallet")) return false;
    return waitFor("the home page", [&] {
        return m_window.session().hasWallet() && m_window.shell() != nullptr && m_window.shell()->isVisible();
    });
}

bool Tour::receive(base::Amount amount)
{
    picture("home-empty");
    if (!goTo(PageId::Receive)) return false;
    const auto* row = qobject_cast<ui::AddressRow*>(visible("receiveAddress"));
    if (row == nullptr) return fail("no address on the receive page");
    if (!waitFor("an address", [&] { return !row->address().isEmpty(); })) return false;
    picture("receive");
    m_world.pay(row->address(), amount);
    return mineUntil("the payment confirmed", 10, [&] { return snapshot().bitcoin.confirmed >= amount; });
}

bool Tour::deposit(base::Amount amount)
{
    if (!goTo(PageId::Deposit) || !type("depositAmount", ui::amountForEditing(amount, ui::Unit::Btc)))
        return false;
    picture("deposit-amount");
    if (!press("depositReview") || !waitFor("the quote", [&] { return visible("depositStart") != nullptr; }))
        return false;
    picture("deposit-review");
    if (!press("depositStart")) return false;
    if (!waitFor("the deposit", [&] { return newest(BridgeItem::Kind::Deposit) != nullptr; })) return false;
    if (!mineUntil("the deposit's clock", 6, [&] {
            return newest(BridgeItem::Kind::Deposit)->state != "deposit.request-sent" &&
                   newest(BridgeItem::Kind::Deposit)->refundHeight.has_value();
        })) {
        return false;
    }
    picture("deposit-follow");
    const auto credited = [&] {
        for (const BridgeItem& item : snapshot().bridge) {
            if (item.kind == BridgeItem::Kind::Deposit && !item.finished) return false;
        }
        return snapshot().layerTwo.available >= amount;
    };
    if (!mineUntil("the deposit credited", 40, credited)) return false;
    picture("deposit-done");
    return true;
}

bool Tour::payOnLayerTwo(base::Amount amount)
{
    const base::Amount before = snapshot().layerTwo.available;
    if (!goTo(PageId::Send)) return false;
    picture("send-bitcoin");
    if (!press("tab1") || !type("sendRecipient", m_world.layerTwoRecipient()) ||
        !type("sendAmount", ui::amountForEditing(amount, ui::Unit::Btc))) {
        return false;
    }
    picture("send-layer2");
    if (!press("sendReview") || !waitFor("the review", [&] { return visible("reviewConfirm") != nullptr; }))
        return false;
    picture("send-review");
    if (!press("reviewConfirm") || !waitFor("the payment sent", [&] { return visible("sentId") != nullptr; }))
        return false;
    picture("send-sent");
    return mineUntil("the payment in a batch", 10, [&] { return snapshot().layerTwo.available < before; });
}

bool Tour::withdraw(base::Amount amount) { return startWithdrawal(amount) && finishWithdrawal(); }

bool Tour::startWithdrawal(base::Amount amount)
{
    if (!goTo(PageId::Withdraw) || !type("withdrawAmount", ui::amountForEditing(amount, ui::Unit::Btc)) ||
        !press("withdrawOwn")) {
        return false;
    }
    if (!waitFor("an own address", [&] {
            const auto* edit = qobject_cast<QLineEdit*>(visible("withdrawAddress"));
            return edit != nullptr && !edit->text().isEmpty();
        })) {
        return false;
    }
    m_withdrawnTo = qobject_cast<QLineEdit*>(visible("withdrawAddress"))->text();
    picture("withdraw-amount");
    if (!press("withdrawReview") ||
        !waitFor("the quote", [&] { return visible("withdrawStart") != nullptr; }))
        return false;
    picture("withdraw-review");
    if (!press("withdrawStart")) return false;
    if (!waitFor("the withdrawal", [&] { return newest(BridgeItem::Kind::Withdrawal) != nullptr; }))
        return false;
    const auto accepted = [&] {
        // Where all wait for proofs an operator's window may begin before, and it is not to be missed.
        const BridgeItem* claim = m_options.proofs ? newest(BridgeItem::Kind::VaultClaim) : nullptr;
        const bool isWindow = claim != nullptr && claim->state == "claim.window";
        return isWindow || isDone(*newest(BridgeItem::Kind::Withdrawal), "withdrawal.accepted");
    };
    if (!mineUntil("an operator to accept", 20, accepted)) return false;
    picture("withdraw-follow");
    return true;
}

bool Tour::finishWithdrawal()
{
    if (!goTo(PageId::Withdraw)) return false;
    if (!mineUntil("the payment", 40, [&] { return newest(BridgeItem::Kind::Withdrawal)->finished; }))
        return false;
    picture("withdraw-done");
    return true;
}

bool Tour::followClaim()
{
    if (!goTo(PageId::Bridge)) return false;
    const auto find = [&](const auto& isIt) -> const BridgeItem* {
        const auto& all = snapshot().bridge;
        const auto found = std::find_if(all.begin(), all.end(), isIt);
        return found == all.end() ? nullptr : &*found;
    };
    const auto inWindow = [&] {
        return find([](const BridgeItem& item) { return item.state == "claim.window"; });
    };
    if (!mineUntil("the challenge window of an operator's claim", 60, [&] { return inWindow() != nullptr; }))
        return false;
    // This one to its end: the other operator may claim another vault meanwhile.
    const QString id = QString::fromStdString(inWindow()->id);
    const QString deposit = QString::fromStdString(inWindow()->depositId);
    const auto claim = [&] {
        return find([id = id.toStdString()](const BridgeItem& item) {
            return item.kind == BridgeItem::Kind::VaultClaim && item.id == id;
        });
    };
    if (!select("bridgeTable", id) || !lookAt("claim.taken")) return false;
    picture("claim-window");
    if (!select("bridgeTable", deposit) || !lookAt("claim.taken")) return false;
    picture("claim-beside-its-deposit");
    const auto isTaken = [&] { return claim() != nullptr && isDone(*claim(), "claim.taken"); };
    const auto isOver = [&] { return claim() != nullptr && claim()->finished && !claim()->failed; };
    // The window is a number of blocks. More than it needs would cost a withdrawal that waits for its proof the pay window.
    if (!mineSteadily("the vault taken", 40, isTaken) || !mineUntil("the claim settled", 40, isOver))
        return false;
    if (!select("bridgeTable", id) || !lookAt("claim.settled")) return false;
    picture("claim-taken");
    return true;
}

bool Tour::seeProven()
{
    if (!goTo(PageId::Prover) || !press("proverTurn")) return false;
    const auto isAtWork = [&] {
        const auto state = m_window.session().prover().state;
        return state == services::ProverState::Working || state == services::ProverState::Waiting ||
               state == services::ProverState::Paused;
    };
    if (!waitFor("the window's prover at work", isAtWork)) return false;
    picture("prover-on");
    // Off again, which gives its task to another one: it stands still while others use the machine.
    const auto isOff = [&] { return m_window.session().prover().state == services::ProverState::Off; };
    if (!press("proverTurn") || !waitFor("the window's prover off", isOff)) return false;
    if (!goTo(PageId::Home)) return false;
    const auto isProven = [&] {
        const services::LayerTwoBalance& now = snapshot().layerTwo;
        return now.proven && now.proven->available == now.available && now.verdict.finality == "root-proven";
    };
    if (!waitFor("a balance that is proven", isProven)) return false;
    picture("home-proven");
    return true;
}

bool Tour::select(const QString& tableName, const QString& key)
{
    if (!waitFor(tableName, [&] { return visible(tableName) != nullptr; })) return false;
    auto* table = qobject_cast<ui::RowsTable*>(visible(tableName));
    if (table == nullptr) return fail(tableName + " is no table");
    if (!focusOn(table)) return false;
    for (int row = 0; row < table->model()->rowCount(); ++row) QTest::keyClick(table, Qt::Key_Up);
    for (int row = 0; row < table->model()->rowCount() && table->selectedKey() != key; ++row) {
        QTest::keyClick(table, Qt::Key_Down);
    }
    return table->selectedKey() == key || fail("no row " + key + " in " + tableName);
}

bool Tour::lookAround()
{
    const char* names[] = {"home",   "receive-again", "send",    "deposit", "withdraw",
                           "bridge", "layer2",        "network", "prover",  "settings"};
    for (int i = 0; i < ui::kPageCount; ++i) {
        if (!goTo(PageId(i))) return false;
        if (PageId(i) == PageId::LayerTwo) {
            if (!press("explorerFind")) return false;
            if (!waitFor("the account", [&] { return visible("foundVerdict") != nullptr; })) return false;
            if (!lookAt("hashes-state-path") || !press("hashes-state-path")) return false;
            picture("layer2-account");
            if (!select("batchTable", QString::fromStdString(snapshot().batches.front().hash))) return false;
            if (!waitFor("the batch", [&] { return visible("batchVerdict") != nullptr; })) return false;
            if (!pressIn("batchVerdict", "showProof")) return false;
            if (!waitFor("its proof", [&] { return visible("batchProof") != nullptr; })) return false;
        }
        if (PageId(i) == PageId::Bridge) {
            QWidget* table = visible("bridgeTable");
            if (table == nullptr || !focusOn(table)) return fail("no bridge table");
            QTest::keyClick(table, Qt::Key_Down);
        }
        picture(names[i]);
        // Of a long page also what is further down.
        if (PageId(i) == PageId::Prover) {
            for (const char* place : {"proverMeasure", "proverApply", "proverLog"}) {
                if (visible(place) == nullptr) continue; // nothing was logged
                if (!lookAt(place)) return false;
                picture(place);
            }
        }
    }
    return true;
}

bool Tour::lockAndUnlock()
{
    QTest::keyClick(&m_window, Qt::Key_L, Qt::ControlModifier);
    if (!waitFor("the unlock form", [&] { return visible("password") != nullptr; })) return false;
    picture("locked");
    if (!press("startRestore") ||
        !waitFor("the words to type", [&] { return visible("restoreWords") != nullptr; }))
        return false;
    picture("restore");
    if (!press("welcomeBack") ||
        !waitFor("the unlock form again", [&] { return visible("password") != nullptr; }))
        return false;
    if (!type("password", m_options.password)) return false;
    QTest::keyClick(visible("password"), Qt::Key_Return);
    return waitFor("the wallet again", [&] {
        return m_window.session().hasWallet() && m_window.shell() != nullptr && m_window.shell()->isVisible();
    });
}

} // namespace bowline::test
