// SPDX-License-Identifier: MIT
// Making, restoring, unlocking and locking a wallet, as a person does it.
#include "tests/gui/person.h"
#include "ui/design/fields.h"
#include "ui/pages/welcome/create_flow.h"
#include "ui/pages/welcome/welcome_page.h"

#include <QClipboard>
#include <QLineEdit>
#include <QPlainTextEdit>

using namespace bowline;
using namespace bowline::test;

class TestWelcome : public QObject {
    Q_OBJECT

    static bool fillForm(Person& person, const QString& password, const QString& again)
    {
        return person.hands.type("walletName", "Savings") && person.hands.type("newPassword", password) &&
               person.hands.type("repeatPassword", again);
    }
    static bool reachQuestions(Person& person)
    {
        return person.hands.press("startCreate") && fillForm(person, "long enough", "long enough") &&
               person.hands.press("createContinue") && person.hands.press("wordsWritten") &&
               person.hands.waitFor("questions", [&] { return person.find("answer0") != nullptr; });
    }

private slots:
    void shortOrDifferentPasswordIsRefusedBesideTheField()
    {
        Person person;
        QVERIFY(person.hands.press("startCreate"));
        QVERIFY(fillForm(person, "short", "short"));
        QVERIFY(person.hands.press("createContinue"));
        QVERIFY(person.seen().contains("At least 8"));
        QVERIFY(fillForm(person, "long enough", "long enuogh"));
        QVERIFY(person.hands.press("createContinue"));
        QVERIFY(person.seen().contains("differ"));
        QVERIFY(person.find("words") == nullptr);
    }
    void wrongWordMakesNoWallet()
    {
        Person person;
        QVERIFY(reachQuestions(person));
        for (int i = 0; i < 3; ++i) QVERIFY(person.hands.type(QString("answer%1").arg(i), "zebra"));
        QVERIFY(person.hands.press("createWallet"));
        QVERIFY(person.seen().contains("Look at your paper"));
        QTest::qWait(100);
        QVERIFY(!person.window.session().isOpen());
        QVERIFY(person.services.wordsOf("Savings").empty());
    }
    void rightWordsMakeAWalletOfExactlyTheWordsShown()
    {
        Person person;
        QVERIFY2(person.hands.createWallet(), qPrintable(person.hands.failure()));
        QCOMPARE(QString::fromStdString(person.services.wordsOf("Savings")),
                 QString::fromStdString(FakeServices::kWords));
        QVERIFY(person.hands.waitFor("backup confirmed", [&] { return person.services.backupConfirmed(); }));
    }
    void leavingWhileTheWalletIsMadeLeavesNothingOpen()
    {
        Person person;
        QVERIFY(reachQuestions(person));
        for (int i = 0; i < 3; ++i) {
            const QString name = QString("answer%1").arg(i);
            const int index = person.find(name)->property("wordIndex").toInt();
            QVERIFY(person.hands.type(
                name, QString::fromStdString(FakeServices::kWords).section(' ', index, index)));
        }
        person.services.holdAnswers(true);
        QVERIFY(person.hands.press("createWallet"));
        for (int i = 0; i < 4; ++i) QTest::keyClick(&person.window, Qt::Key_Escape);
        QVERIFY(person.find("answer0") != nullptr); // it is being made: there is no way back now
        person.services.holdAnswers(false);
        QVERIFY(person.hands.waitFor("the wallet", [&] { return person.window.session().hasWallet(); }));
    }
    void aWalletThatOpensForNobodyIsLockedAgain()
    {
        Person person;
        person.services.addWallet("Savings", "correct horse battery");
        auto asker = std::make_unique<QObject>();
        int answered = 0;
        person.services.holdAnswers(true);
        person.services.unlock("Savings", Person::secret("correct horse battery"),
                               person.window.session().deliverOpening(
                                   asker.get(), [&](const base::Result<WalletInfo>&) { ++answered; }));
        asker.reset();
        person.services.holdAnswers(false);
        QVERIFY(person.hands.waitFor("locked again", [&] {
            const auto snapshot = person.services.snapshot();
            return snapshot->wallet.name == "Savings" && snapshot->wallet.locked;
        }));
        QCOMPARE(answered, 0);
        QVERIFY(!person.window.session().isOpen());
    }
    void wordsAreNotInAnyFieldLabelOrClipboardAndGoAwayWithTheFlow()
    {
        Person person;
        QApplication::clipboard()->setText("before");
        QVERIFY(reachQuestions(person));
        QVERIFY(!person.seen().contains("sausage"));
        QTest::keyClick(&person.window, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QString("before"));
        auto* words = person.window.findChild<ui::WordsView*>();
        QVERIFY(words->accessibleDescription().contains("sausage"));
        QTest::keyClick(&person.window, Qt::Key_Escape);
        QTest::keyClick(&person.window, Qt::Key_Escape); // to the name: the words are thrown away
        QVERIFY(!words->accessibleDescription().contains("sausage"));
    }
    void restoringWithAWrongWordSaysSo()
    {
        Person person;
        QVERIFY(person.hands.press("startRestore"));
        auto* words = person.find<QPlainTextEdit>("restoreWords");
        QTest::keyClicks(words, "legal winner thank year wave sausage worth useful legal winner thank");
        QVERIFY(fillForm(person, "long enough", "long enough"));
        QVERIFY(person.hands.press("restoreWallet"));
        QVERIFY(person.seen().contains("these are 11"));
        QTest::keyClicks(words, " zoo");
        QVERIFY(fillForm(person, "long enough", "long enough"));
        QVERIFY(person.hands.press("restoreWallet"));
        QVERIFY(person.waitToSee("do not belong together"));
        QVERIFY(!person.window.session().isOpen());
    }
    void wrongPasswordIsSaidBesideTheFieldAndTheRightOneOpens()
    {
        Person person;
        person.services.addWallet("Savings", "correct horse battery");
        person.window.welcome()->reload();
        QVERIFY(person.hands.type("password", "wrong"));
        QVERIFY(person.hands.press("unlock"));
        QVERIFY(person.waitToSee("The password is wrong"));
        QVERIFY(!person.window.session().isOpen());
        QVERIFY(person.find<QLineEdit>("password")->text().isEmpty());
        QVERIFY(person.hands.type("password", "correct horse battery"));
        QVERIFY(person.hands.press("unlock"));
        QVERIFY(person.hands.waitFor("open", [&] { return person.window.session().hasWallet(); }));
    }
    void lockRemovesThePagesAndDropsLateAnswers()
    {
        Person person;
        QVERIFY(person.openWallet());
        QVERIFY(person.hands.goTo(ui::PageId::LayerTwo));
        person.services.holdAnswers(true);
        QVERIFY(person.hands.press("explorerFind"));
        const QPointer<ui::Shell> shell = person.window.shell();
        QTest::keyClick(&person.window, Qt::Key_L, Qt::ControlModifier);
        QVERIFY(person.window.shell() == nullptr);
        QVERIFY(QTest::qWaitFor([&] { return shell.isNull(); }, 5000)); // gone, not hidden
        QVERIFY(person.window.findChildren<ui::AmountLabel*>().isEmpty());
        QVERIFY(person.services.heldAnswers() > 0);
        person.services.holdAnswers(false);
        QVERIFY(
            person.hands.waitFor("answers delivered", [&] { return person.services.heldAnswers() == 0; }));
        QTest::qWait(50);
        QVERIFY(!person.window.session().isOpen());
        QCOMPARE(person.window.session().snapshot().bitcoin.confirmed.sat(), 0);
        QVERIFY(person.window.session().snapshot().recentActivity.empty());
    }
    void walletLocksItselfWhenNobodyUsesIt()
    {
        Person person;
        QVERIFY(person.openWallet());
        person.window.setIdleLockMilliseconds(400);
        for (int i = 0; i < 5; ++i) {
            QTest::qWait(150);
            QTest::keyClick(&person.window, Qt::Key_Shift); // somebody is there
            QVERIFY(person.window.session().isOpen());
        }
        QVERIFY(QTest::qWaitFor([&] { return !person.window.session().isOpen(); }, 5000));
    }
    void errorShowsWhatHappenedTheMoneyAndWhatToDo()
    {
        Person person;
        QVERIFY(person.openWallet());
        QVERIFY(person.hands.goTo(ui::PageId::Deposit));
        QVERIFY(person.hands.type("depositAmount", "0.01"));
        person.services.failNext(base::ErrorCode{"services.node-unreachable"}, "connection refused");
        QVERIFY(person.hands.press("depositReview"));
        QVERIFY(person.waitToSee("does not answer"));
        QVERIFY(person.seen().contains("holds no keys"));
        QVERIFY(!person.seen().contains("connection refused")); // behind the fold
    }
};

BOWLINE_GUI_MAIN(TestWelcome)
#include "tst_gui_welcome.moc"
