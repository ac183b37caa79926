// SPDX-License-Identifier: MIT
// Sending, depositing and withdrawing, as a person does it.
#include "tests/gui/person.h"

#include "ui/design/address_view.h"
#include "ui/flows/timeline_view.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QLineEdit>

using namespace bowline;
using namespace bowline::test;
using ui::PageId;

namespace {
const QString kRecipient = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

QString digits(std::int64_t satoshi)
{
    return ui::amountText(base::Amount::fromSat(satoshi), ui::Unit::Btc);
}
} // namespace

class TestMoney : public QObject {
    Q_OBJECT

    static bool reachReview(Person& person)
    {
        return person.openWallet() && person.hands.goTo(PageId::Send) && person.hands.type("sendRecipient", kRecipient) &&
               person.hands.type("sendAmount", "0.25") && person.hands.press("sendReview") &&
               person.hands.waitFor("review", [&] { return person.find("reviewConfirm") != nullptr; });
    }
    static bool startDeposit(Person& person, const QString& amount)
    {
        return person.openWallet() && person.hands.goTo(PageId::Deposit) && person.hands.type("depositAmount", amount) &&
               person.hands.press("depositReview") && person.hands.press("depositStart") &&
               person.hands.waitFor("timeline", [&] { return !person.window.session().snapshot().bridge.empty(); });
    }
    static bool startWithdrawal(Person& person)
    {
        return person.openWallet() && person.hands.goTo(PageId::Withdraw) && person.hands.type("withdrawAmount", "0.03") &&
               person.hands.type("withdrawAddress", kRecipient) && person.hands.press("withdrawReview") &&
               person.hands.press("withdrawStart") &&
               person.hands.waitFor("timeline", [&] { return !person.window.session().snapshot().bridge.empty(); });
    }
    static const services::BridgeItem& item(Person& person) { return person.window.session().snapshot().bridge.front(); }
    static bool mineTo(Person& person, const std::function<bool()>& seen)
    {
        return person.hands.mineUntil("state", 80, seen);
    }

private slots:
    void reviewShowsExactlyWhatIsSigned()
    {
        Person person;
        QVERIFY2(reachReview(person), qPrintable(person.hands.failure()));
        QCOMPARE(person.find<ui::AddressRow>("reviewAddress")->address(), kRecipient);
        QCOMPARE(person.find<QLabel>("reviewAmount")->text(), digits(25'000'000));
        QCOMPARE(person.find<QLabel>("reviewFee")->text(), digits(770));
        QCOMPARE(person.find<QLabel>("reviewTotal")->text(), digits(25'000'770));
        QCOMPARE(person.find<QLabel>("reviewChange")->text(), digits(150'000'000 - 25'000'770));
        QVERIFY(person.services.sentTo().empty());
        QVERIFY(person.hands.press("reviewConfirm"));
        QVERIFY(person.hands.waitFor("sent", [&] { return person.find("sentId") != nullptr; }));
        const auto sent = person.services.sentTo();
        QCOMPARE(sent.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(sent.front().address), kRecipient);
        QCOMPARE(sent.front().amount.sat(), 25'000'000);
    }
    void reviewIsNotHiddenWhileAmountsAre()
    {
        Person person;
        ui::Display::current().setHidesAmounts(true);
        const bool reached = reachReview(person);
        const QString total = reached ? person.find<QLabel>("reviewTotal")->text() : QString();
        ui::Display::current().setHidesAmounts(false);
        QCOMPARE(total, digits(25'000'770));
    }
    void enterPressedOnceTooOftenDoesNotSend()
    {
        Person person;
        QVERIFY(reachReview(person));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTest::qWait(100);
        QVERIFY(person.services.sentTo().empty());
    }
    void highFeeMakesTheButtonWaitTwoSeconds()
    {
        Person person;
        person.services.warnWith({"high-fee"});
        QElapsedTimer time;
        time.start();
        QVERIFY(reachReview(person));
        QVERIFY(person.seen().contains("unusually high"));
        QVERIFY(!person.find<QPushButton>("reviewConfirm")->isEnabled());
        QTest::mouseClick(person.find("reviewConfirm"), Qt::LeftButton);
        QVERIFY(person.hands.waitFor("button", [&] { return person.find("reviewConfirm")->isEnabled(); }));
        QVERIFY2(time.elapsed() >= 1900, qPrintable(QString::number(time.elapsed())));
        QVERIFY(person.services.sentTo().empty());
    }
    void harmlessWarningDoesNotDelay()
    {
        Person person;
        person.services.warnWith({"dust-change-dropped"});
        QVERIFY(reachReview(person));
        QVERIFY(person.find<QPushButton>("reviewConfirm")->isEnabled());
    }
    void badAddressAndTooMuchAreExplained()
    {
        Person person;
        QVERIFY(person.openWallet() && person.hands.goTo(PageId::Send));
        QVERIFY(person.hands.type("sendRecipient", "not an address") && person.hands.type("sendAmount", "0.25"));
        QVERIFY(person.hands.press("sendReview"));
        QVERIFY(person.waitToSee("not a Bitcoin address"));
        QVERIFY(person.hands.type("sendRecipient", kRecipient) && person.hands.type("sendAmount", "9"));
        QVERIFY(person.hands.press("sendReview"));
        QVERIFY(person.waitToSee("not enough money"));
        QVERIFY(person.hands.type("sendAmount", "0,5"));
        QVERIFY(person.seen().contains("decimal point"));
    }
    void paymentLinkFillsTheForm()
    {
        Person person;
        QVERIFY(person.openWallet() && person.hands.goTo(PageId::Send));
        QApplication::clipboard()->setText("bitcoin:" + kRecipient + "?amount=0.125&label=Shop");
        auto* to = person.find<QLineEdit>("sendRecipient");
        to->setFocus();
        QTest::keyClick(to, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(to->text(), kRecipient);
        QCOMPARE(person.find<QLineEdit>("sendAmount")->text(), QString("0.125"));
    }
    void copyGivesTheAddressWithoutSpaces()
    {
        Person person;
        QVERIFY(person.openWallet() && person.hands.goTo(PageId::Receive));
        auto* row = person.find<ui::AddressRow>("receiveAddress");
        QVERIFY(person.hands.waitFor("address", [&] { return !row->address().isEmpty(); }));
        auto* copy = row->findChild<ui::CopyButton*>();
        QTest::mouseClick(copy, Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), row->address());
        QCOMPARE(copy->accessibleName(), QString("Copied"));
    }
    void usedAddressTurnsLive()
    {
        Person person;
        QVERIFY(person.openWallet() && person.hands.goTo(PageId::Receive));
        auto* row = person.find<ui::AddressRow>("receiveAddress");
        QVERIFY(person.waitToSee("Not used yet"));
        person.services.payTo(row->address().toStdString(), base::Amount::fromSat(1000));
        QVERIFY(person.hands.waitFor("used", [&] { return !person.seen().contains("Not used yet"); }));
    }
    void depositIsFollowedToTheCredit()
    {
        Person person;
        QVERIFY(startDeposit(person, "0.1"));
        QVERIFY(person.find("refundClock") == nullptr); // no clock before it runs
        QVERIFY(!person.seen().contains("/ 40 blocks"));
        QVERIFY(mineTo(person, [&] { return item(person).refundHeight.has_value(); }));
        QVERIFY(person.waitToSee("1 / 40 blocks"));
        for (const char* state : {"deposit.signed", "deposit.vault-confirmed", "deposit.credited"}) {
            QVERIFY2(mineTo(person, [&] { return item(person).state == state; }), state);
            QVERIFY(person.find("bridgeAction") == nullptr);
        }
        QVERIFY(mineTo(person, [&] { return item(person).finished; }));
        QVERIFY(person.waitToSee("Completed"));
        QVERIFY(person.seen().contains("on your layer-2 account"));
    }
    void refundIsOfferedWhenTheCommitteeDoesNotFinishAndNotBefore()
    {
        Person person;
        person.services.stopCommittee();
        QVERIFY(startDeposit(person, "0.01"));
        person.services.mine(39);
        QVERIFY(person.waitToSee("39 / 40 blocks"));
        QVERIFY(person.find("bridgeAction") == nullptr);
        QVERIFY(person.seen().contains("Too late for the committee"));
        person.services.mine(1);
        QVERIFY(person.hands.waitFor("refund button", [&] { return person.find("bridgeAction") != nullptr; }));
        QVERIFY(person.hands.goTo(PageId::Home));
        QVERIFY(person.waitToSee("Needs you"));
        QVERIFY(person.hands.goTo(PageId::Deposit));
        QVERIFY(person.hands.press("bridgeAction"));
        QVERIFY(person.waitToSee("Refunded"));
        QVERIFY(person.find("bridgeAction") == nullptr);
    }
    void amountBelowTheSmallestVaultIsExplained()
    {
        Person person;
        QVERIFY(person.openWallet() && person.hands.goTo(PageId::Deposit));
        QVERIFY(person.hands.type("depositAmount", "0.005") && person.hands.press("depositReview"));
        QVERIFY(person.waitToSee("less than the smallest vault"));
    }
    void withdrawalEndsForTheUserWithTheConfirmedPayment()
    {
        Person person;
        QVERIFY(startWithdrawal(person));
        QVERIFY(person.hands.waitFor("cancel", [&] { return person.find("bridgeAction") != nullptr; }));
        QVERIFY(person.seen().contains("Not part of your withdrawal"));
        QVERIFY(mineTo(person, [&] { return item(person).nextAction == "wait"; }));
        QVERIFY(person.hands.waitFor("no button", [&] { return person.find("bridgeAction") == nullptr; }));
        QVERIFY(person.waitToSee("1 / 13 blocks"));
        QVERIFY(mineTo(person, [&] { return item(person).finished; }));
        QVERIFY(person.waitToSee("You are done"));
    }
    void unpaidWithdrawalCanBeReclaimed()
    {
        Person person;
        person.services.stopOperators();
        QVERIFY(startWithdrawal(person));
        person.services.mine(15);
        QVERIFY(person.waitToSee("deadline has passed"));
        QVERIFY(person.hands.waitFor("no button yet", [&] { return person.find("bridgeAction") == nullptr; }));
        person.services.mine(10);
        QVERIFY(person.hands.press("bridgeAction"));
        QVERIFY(person.waitToSee("Reclaimed"));
    }
};

BOWLINE_GUI_MAIN(TestMoney)
#include "tst_gui_money.moc"
