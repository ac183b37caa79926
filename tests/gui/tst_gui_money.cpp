// SPDX-License-Identifier: MIT
// Sending, depositing and withdrawing, as a person does it.
#include "tests/gui/person.h"
#include "ui/design/address_view.h"
#include "ui/flows/timeline_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QLineEdit>

using namespace bowline;
using namespace bowline::test;
using ui::PageId;

namespace {
const QString kRecipient = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

QString digits(std::int64_t satoshi) { return ui::amountText(base::Amount::fromSat(satoshi), ui::Unit::Btc); }
} // namespace

class TestMoney : public QObject {
    Q_OBJECT

    static bool reachReview(Person& person)
    {
        return person.openWallet() && person.hands.goTo(PageId::Send) &&
               person.hands.type("sendRecipient", kRecipient) && person.hands.type("sendAmount", "0.25") &&
               person.hands.press("sendReview") &&
               person.hands.waitFor("review", [&] { return person.find("reviewConfirm") != nullptr; });
    }
    static bool startDeposit(Person& person, const QString& amount)
    {
        return person.openWallet() && person.hands.goTo(PageId::Deposit) &&
               person.hands.type("depositAmount", amount) && person.hands.press("depositReview") &&
               person.hands.press("depositStart") && person.hands.waitFor("timeline", [&] {
                   return !person.window.session().snapshot().bridge.empty();
               });
    }
    static bool startWithdrawal(Person& person)
    {
        return person.openWallet() && person.hands.goTo(PageId::Withdraw) &&
               person.hands.type("withdrawAmount", "0.03") &&
               person.hands.type("withdrawAddress", kRecipient) && person.hands.press("withdrawReview") &&
               person.hands.press("withdrawStart") && person.hands.waitFor("timeline", [&] {
                   return !person.window.session().snapshot().bridge.empty();
               });
    }
    static const services::BridgeItem& item(Person& person)
    {
        return person.window.session().snapshot().bridge.front();
    }
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
        QVERIFY(person.hands.type("sendRecipient", "not an address") &&
                person.hands.type("sendAmount", "0.25"));
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
        QVERIFY(
            person.hands.waitFor("refund button", [&] { return person.find("bridgeAction") != nullptr; }));
        QVERIFY(person.hands.goTo(PageId::Home));
        QVERIFY(person.waitToSee("Needs you"));
        QVERIFY(person.hands.goTo(PageId::Deposit));
        // Whose turn it is, and what it costs.
        QVERIFY(person.waitToSee("You can take the money back now"));
        QVERIFY(person.seen().contains(digits(650))); // 130 vB at the normal 5 sat/vB
        QVERIFY(person.seen().contains(digits(1'000'000 + 1'000 - 650)));
        QTest::mouseClick(person.find("fee2"), Qt::LeftButton);
        QVERIFY(person.waitToSee(digits(2'600)));
        QVERIFY(person.hands.press("bridgeAction"));
        QVERIFY(person.waitToSee("Refunded"));
        QCOMPARE(person.services.refundRate(), std::int64_t{20'000});
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
        QVERIFY(
            person.hands.waitFor("no button yet", [&] { return person.find("bridgeAction") == nullptr; }));
        person.services.mine(10);
        QVERIFY(person.waitToSee("You can take escrow and bond now"));
        QVERIFY(person.hands.press("bridgeAction"));
        QVERIFY(person.waitToSee("Reclaimed"));
    }
    void aRefundWithoutASensibleFeeIsNotSent()
    {
        Person person;
        person.services.stopCommittee();
        QVERIFY(startDeposit(person, "0.01"));
        person.services.mine(40);
        QVERIFY(
            person.hands.waitFor("refund button", [&] { return person.find("bridgeAction") != nullptr; }));
        QTest::mouseClick(person.find("fee3"), Qt::LeftButton);
        QVERIFY(person.hands.type("ownFee", "none"));
        QVERIFY(person.hands.press("bridgeAction"));
        QVERIFY(person.waitToSee("A number above zero"));
        QCOMPARE(person.services.refundRate(), std::int64_t{0});
        QVERIFY(person.hands.type("ownFee", "9000"));
        QVERIFY(person.waitToSee("more than what comes back"));
        QVERIFY(person.hands.type("ownFee", "2.5"));
        QVERIFY(person.hands.press("bridgeAction"));
        QVERIFY(person.waitToSee("Refunded"));
        QCOMPARE(person.services.refundRate(), std::int64_t{2'500});
    }
    void aNodeThatLiesIsNamedOnHomeAndNetwork()
    {
        Person person;
        QVERIFY(person.openWallet());
        QVERIFY(person.hands.goTo(PageId::Home));
        QVERIFY(!person.seen().contains("invalid answer"));
        person.services.update([](Snapshot& state) {
            state.sync.layerTwoProblem = "services.node-invalid";
            state.sync.layerTwoInvalid = "bad-signature";
        });
        QVERIFY(person.waitToSee("The layer-2 node gave an invalid answer"));
        QVERIFY(person.seen().contains("signature is wrong"));
        QVERIFY(person.hands.goTo(PageId::Network));
        QVERIFY(person.waitToSee("signature is wrong"));
        QVERIFY(!person.seen().contains("Answers, batch"));
        person.services.update([](Snapshot& state) { state.sync.layerTwoSealDoubt = true; });
        QVERIFY(person.waitToSee("takes batches for sealed that Bitcoin does not show"));
        person.services.update([](Snapshot& state) { state.sync.layerTwoSealConflict = true; });
        QVERIFY(person.waitToSee("Bitcoin has sealed another history than the node shows"));
        // Two signatures weigh more than anything else.
        person.services.update([](Snapshot& state) { state.sync.layerTwoEquivocations = 1; });
        QVERIFY(person.waitToSee("signed two different batches"));
        QVERIFY(person.hands.goTo(PageId::Home));
        QVERIFY(person.waitToSee("accept no payment on the layer 2"));
    }
    void anAnnouncedProgramIsShownWithItsBlock()
    {
        Person person;
        QVERIFY(person.openWallet());
        QVERIFY(person.hands.goTo(PageId::Network));
        person.services.update([](Snapshot& state) {
            state.sync.layerTwoReachable = true;
            state.sync.tipHeight = 150;
            state.sync.layerTwoProgramChange = ProgramChangeView{"aa", {}, 78};
        });
        QVERIFY(person.waitToSee("announced a change of the layer 2's rules"));
        QVERIFY(person.waitToSee("They apply 78 blocks after Bitcoin has sealed the announcement"));
        person.services.update([](Snapshot& state) { state.sync.layerTwoProgramChange->height = 230; });
        QVERIFY(person.waitToSee("They apply from Bitcoin block 230 on (it is 150 now)"));
        person.services.update([](Snapshot& state) { state.sync.layerTwoProgramChange.reset(); });
        QVERIFY(person.waitToSee("Answers, batch"));
    }
    void aBatchSaysHowBitcoinHasSealedIt()
    {
        Person person;
        QVERIFY(person.openWallet());
        person.services.update([](Snapshot& state) {
            state.batches.at(0).seal.state = "sequenced";
            state.batches.at(1).seal = {"sealed", 4, 118, "aa"};
        });
        QVERIFY(person.hands.goTo(PageId::LayerTwo));
        QVERIFY(person.waitToSee("not sealed on Bitcoin yet"));
        QVERIFY(!person.seen().contains("sealed on Bitcoin, confirmations"));
        const auto batches = person.window.session().snapshot().batches;
        QVERIFY(person.hands.select("batchTable", QString::fromStdString(batches.at(1).hash)));
        QVERIFY(person.waitToSee("sealed on Bitcoin, confirmations: 4"));
        person.services.update([](Snapshot& state) { state.batches.at(1).seal.confirmations = 5; });
        QVERIFY(person.waitToSee("sealed on Bitcoin, confirmations: 5"));
        person.services.update([](Snapshot& state) { state.batches.at(1).seal.state = "conflict"; });
        QVERIFY(person.waitToSee("Bitcoin has sealed another batch"));
    }
    void howFarTheLayerTwoIsProvenIsToBeRead()
    {
        Person person;
        QVERIFY(person.openWallet());
        QVERIFY(person.hands.goTo(PageId::Home));
        QVERIFY(!person.seen().contains("roven up to batch"));
        QVERIFY(person.hands.goTo(PageId::LayerTwo));
        QVERIFY(person.waitToSee("No batch is proven yet"));
        person.services.update([](Snapshot& state) {
            const std::uint64_t number = state.batches.at(1).number;
            state.sync.layerTwoProven.emplace();
            state.sync.layerTwoProven->batch = number;
            state.layerTwo.proven = {base::Amount::fromSat(12'345), base::Amount{}, 3, number};
            state.batches.at(1).verdict.finality = "root-proven";
            state.batches.at(1).finality = "withdrawable";
            state.batches.at(0).finality = "sealed";
        });
        const auto batches = person.window.session().snapshot().batches;
        const QString number = QString::number(batches.at(1).number);
        QVERIFY(person.waitToSee("Proven up to batch " + number));
        QVERIFY(!person.seen().contains("No batch is proven yet"));
        const auto* table =
            person.window.shell()->page(PageId::LayerTwo)->findChild<ui::RowsTable*>("batchTable");
        const auto trust = [table](int row) {
            return table->model()->index(row, ui::BatchesModel::Trust).data().toString();
        };
        QCOMPARE(trust(0), QString("Verified, root not proven yet, sealed"));
        QCOMPARE(trust(1), QString("Verified and proven, payable"));
        QVERIFY(person.hands.select("batchTable", QString::fromStdString(batches.at(1).hash)));
        QVERIFY(person.waitToSee("proven and sealed deep enough to be paid"));
        QVERIFY(person.hands.goTo(PageId::Home));
        QVERIFY(person.waitToSee("proven up to batch " + number));
        QVERIFY(person.waitToSee("Available as proven"));
        // A reorganisation of Bitcoin took the block that the proof names.
        person.services.update([](Snapshot& state) {
            state.sync.layerTwoProven.reset();
            state.layerTwo.proven.reset();
        });
        QVERIFY(person.hands.waitFor("nothing is proven",
                                     [&] { return !person.seen().contains("proven up to batch"); }));
    }
    void aBatchThatIsNotVerifiedIsNotCalledSoAndShowsWhatWasChecked()
    {
        Person person;
        QVERIFY(person.openWallet());
        person.services.update([](Snapshot& state) {
            BatchView& head = state.batches.front();
            head.verdict = {};
            head.verdict.reason = "l1-behind";
            head.checks.pop_back();
        });
        QVERIFY(person.hands.goTo(PageId::LayerTwo));
        const auto batches =
            person.window.session().snapshot().batches; // a copy: the next snapshot replaces it
        QVERIFY(person.hands.select("batchTable", QString::fromStdString(batches.at(0).hash)));
        QVERIFY(person.hands.pressIn("batchVerdict", "showProof"));
        QVERIFY(person.waitToSee("Our own Bitcoin chain is not that far yet"));
        QVERIFY(person.seen().contains("signed by the sequencer"));
        QVERIFY(!person.seen().contains("Its Bitcoin block is on the chain we checked"));
        // The one before is.
        QVERIFY(person.hands.select("batchTable", QString::fromStdString(batches.at(1).hash)));
        QVERIFY(person.hands.pressIn("batchVerdict", "showProof"));
        QVERIFY(person.waitToSee("Its Bitcoin block is on the chain we checked"));
        QVERIFY(person.seen().contains("Hash of the batch before"));
    }
    void whatIsHeldAgainstAPeerIsToBeRead()
    {
        Person person;
        QVERIFY(person.openWallet());
        QVERIFY(person.hands.goTo(PageId::Network));
        const auto* table = person.window.shell()->page(PageId::Network)->findChild<ui::RowsTable*>();
        QStringList shown;
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            shown << table->model()->index(row, ui::PeersModel::Remarks).data().toString();
        }
        QVERIFY2(shown.contains(QStringLiteral("no compact filters · /old:0.1/")),
                 qPrintable(shown.join('|')));
    }
    void theClaimOfAVaultIsShownAsideAndMovesNoMoney()
    {
        Person person;
        QVERIFY(startDeposit(person, "0.1"));
        QVERIFY(mineTo(person, [&] { return item(person).finished; }));
        const std::string deposit = item(person).id;
        QVERIFY(person.hands.goTo(PageId::Bridge));
        QVERIFY(!person.seen().contains("Claim of the vault"));
        person.services.update([](Snapshot& state) {
            BridgeItem paid;
            paid.id = "paid";
            paid.kind = BridgeItem::Kind::Withdrawal;
            paid.finished = true;
            state.bridge.push_back(paid);
        });
        person.services.mine(1);
        QVERIFY(mineTo(person, [&] { return item(person).kind == BridgeItem::Kind::VaultClaim; }));
        const std::int64_t before = person.window.session().snapshot().layerTwo.available.sat();
        // With the deposit, and not part of it.
        person.window.session().goTo(PageId::Bridge, QString::fromStdString(deposit));
        QVERIFY(person.waitToSee("Claim of the vault"));
        QVERIFY(person.seen().contains("Not part of your deposit"));
        QVERIFY(person.seen().contains("You are done"));
        QVERIFY(person.waitToSee(" / 10 blocks")); // a new row is shown a turn later
        // And by itself.
        person.window.session().goTo(PageId::Bridge, QString::fromStdString(item(person).id));
        QVERIFY(person.waitToSee("your money is not touched"));
        QVERIFY(person.find("bridgeAction") == nullptr);
        QVERIFY(mineTo(person, [&] { return item(person).finished; }));
        QVERIFY(person.waitToSee("The operator has what it had paid for"));
        QCOMPARE(person.window.session().snapshot().layerTwo.available.sat(), before);
    }
};

BOWLINE_GUI_MAIN(TestMoney)
#include "tst_gui_money.moc"
