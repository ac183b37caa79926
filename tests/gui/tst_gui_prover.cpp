// SPDX-License-Identifier: MIT
// The Prover page as a person uses it: turned on, limited, watched, turned off, with mouse and with keys; and what it says in each
// state.
#include "tests/gui/person.h"
#include "tests/gui/tour/keyboard.h"
#include "ui/design/feedback.h"
#include "ui/design/prover_texts.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QProgressBar>

using namespace bowline;
using namespace bowline::test;
using ui::PageId;

namespace {
bool open(Person& person)
{
    // A page that has just come lays itself out first.
    return person.ok && person.openWallet() && person.hands.goTo(PageId::Prover) &&
           person.hands.lookAt("proverTitle");
}

QString stateOf(const Person& person)
{
    const auto* badge = person.find<ui::Badge>("proverState");
    return badge == nullptr ? QString() : badge->text();
}

/// A check takes the mouse on its box and its words, not in the empty space behind them.
bool toggle(Person& person, const QString& name)
{
    if (!person.hands.lookAt(name)) return false;
    auto* check = person.find<QCheckBox>(name);
    QTest::mouseClick(check, Qt::LeftButton, {}, QPoint(10, check->height() / 2));
    return true;
}

/// The whole life of it, by whatever hands the person has.
void turnOnLimitWatchTurnOff(Person& person, bool byKeys)
{
    QVERIFY(person.waitToSee("The prover is off"));
    QVERIFY(person.hands.press("proverTurn"));
    QVERIFY(person.waitToSee("Waiting for work"));
    QCOMPARE(person.services.fakeProver().starts(), 1);

    person.services.fakeProver().work("lift");
    QVERIFY(person.waitToSee("Lift 2 of batch 1\u20092"
                             "07"));
    QVERIFY(person.waitToSee("of usually 30 s"));
    QVERIFY(person.waitToSee("120 results accepted · 2 failed"));
    QVERIFY(person.waitToSee("3 tasks ready"));

    auto* threads = person.find<QComboBox>("proverThreads");
    QVERIFY(threads != nullptr);
    QCOMPARE(threads->currentData().toInt(), 4);
    threads->setFocus();
    QTest::keyClick(threads, Qt::Key_Up);
    const auto settings = [&] { return person.services.fakeProver().view()->settings; };
    QVERIFY(person.hands.waitFor("fewer threads", [&] { return settings().threads == 3; }));
    QVERIFY(person.waitToSee("The new limits count from the next task on."));
    QVERIFY(settings().onlyWhenIdle);
    QVERIFY(byKeys ? person.hands.press("proverIdle") : toggle(person, "proverIdle"));
    QVERIFY(person.hands.waitFor("always", [&] { return !settings().onlyWhenIdle; }));
    QCOMPARE(settings().threads, 3U);

    QVERIFY(person.hands.press("proverTurn"));
    QVERIFY(person.waitToSee("The prover is off"));
    QCOMPARE(person.find<QPushButton>("proverTurn")->text(), QString("&Turn on"));
    QVERIFY(person.waitToSee("120 results accepted")); // what was done stays to be seen
}
} // namespace

class TestProver : public QObject {
    Q_OBJECT

private slots:
    void aPersonLendsTheProcessor()
    {
        Person person;
        QVERIFY(open(person));
        turnOnLimitWatchTurnOff(person, false);
    }
    void andDoesItByKeysAlone()
    {
        Person person;
        QVERIFY(open(person));
        person.hands.useKeyboardOnly();
        turnOnLimitWatchTurnOff(person, true);
    }
    void everyKindHasItsName_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("text");
        QTest::newRow("execute") << "execute"
                                 << "Execution of batch 7";
        QTest::newRow("shard") << "shard"
                               << "Shard 3 of batch 7";
        QTest::newRow("lift") << "lift"
                              << "Lift 3 of batch 7";
        QTest::newRow("join") << "join"
                              << "Join 3 of level 1, batch 7";
        QTest::newRow("chain") << "chain"
                               << "Chain of batch 7";
        QTest::newRow("wrap") << "wrap"
                              << "Wrap of batch 7";
        QTest::newRow("one of tomorrow") << "fold"
                                         << "fold of batch 7";
    }
    void everyKindHasItsName()
    {
        QFETCH(QString, kind);
        QFETCH(QString, text);
        ProverTask task;
        task.kind = kind.toStdString();
        task.batch = 7;
        task.place = kind == "join" ? (1U << 16U) + 2 : 2;
        QCOMPARE(ui::proverTaskText(task), text);
    }
    void everyStateSaysWhatToDo_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("badge");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, ProverState state, const char* code, const char* badge,
                            const char* text) { QTest::newRow(name) << int(state) << code << badge << text; };
        row("starting", ProverState::Starting, "", "Starting", "The prover starts");
        row("waiting", ProverState::Waiting, "", "Waiting", "Everything that can be proven now is proven");
        row("paused", ProverState::Paused, "", "Paused", "The prover goes on when that is over");
        row("no connection", ProverState::NoConnection, "net.unreachable", "No connection",
            "Look whether the node runs");
        row("wrong token", ProverState::Refused, "net.unauthorized", "Refused",
            "Bring the file access.token");
        row("no file", ProverState::Refused, "net.bad-token-file", "No token", "readable by nobody else");
        row("proves nothing", ProverState::Refused, "net.method-not-found", "No tasks",
            "Choose another node");
        row("failing", ProverState::Failing, "prover.task-failed", "Failing", "The log below says why");
        row("crashed", ProverState::Crashed, "", "Crashed", "The wallet is not touched by that");
        row("stopping", ProverState::Stopping, "", "Stopping", "The prover ends");
        row("no token known", ProverState::Off, "services.prover-no-token", "Off",
            "Ask the node's owner for the file");
        row("not installed", ProverState::Off, "services.prover-no-program", "Off", "install Bowline again");
    }
    void everyStateSaysWhatToDo()
    {
        QFETCH(int, state);
        QFETCH(QString, code);
        QFETCH(QString, badge);
        QFETCH(QString, text);
        Person person;
        QVERIFY(open(person));
        person.services.fakeProver().update([&](ProverView& view) {
            view.state = ProverState(state);
            view.code = code.toStdString();
        });
        QVERIFY2(person.waitToSee(text), qPrintable(person.seen()));
        QCOMPARE(stateOf(person), badge);
        const QString line = person.find<QLabel>("proverStatus") == nullptr
                                 ? QString()
                                 : person.find<QLabel>("proverStatus")->text();
        QCOMPARE(line, ProverState(state) == ProverState::Off ? QString() : "Prover: " + badge);
    }
    void memoryThatWasNotEnoughIsNamed()
    {
        Person person;
        QVERIFY(open(person));
        person.services.fakeProver().update([](ProverView& view) {
            view.state = ProverState::Failing;
            view.detail = "prover.task-failed out of memory";
            view.failedInARow = 3;
            view.nextTry = 1'700'000'000;
        });
        QVERIFY(person.waitToSee("The last 3 tasks failed"));
        QVERIFY(person.waitToSee("Allow more below"));
        QVERIFY(person.waitToSee("The next try is at "));
    }
    void aFailedStartSaysWhy()
    {
        Person person;
        QVERIFY(open(person));
        person.services.fakeProver().failNext(kProverNoToken, {});
        QVERIFY(person.hands.press("proverTurn"));
        QVERIFY(person.waitToSee("The node's access token is missing"));
        QVERIFY(person.hands.press("proverTurn")); // and can be tried again
        QVERIFY(person.waitToSee("Waiting for work"));
    }
    void anotherNodeIsTyped()
    {
        Person person;
        QVERIFY(open(person));
        QVERIFY(person.hands.type("proverNode", "http://127.0.0.1:9"));
        QVERIFY(person.hands.type("proverToken", "/tmp/access.token"));
        // What comes from the prover each second does not take the words out of one's hands.
        person.services.fakeProver().work("shard");
        QVERIFY(person.waitToSee("Shard 2 of batch"));
        QCOMPARE(person.find<QLineEdit>("proverNode")->text(), QString("http://127.0.0.1:9"));
        person.services.fakeProver().failNext(kProverBadSettings, {});
        QVERIFY(person.hands.press("proverApply"));
        QVERIFY(person.waitToSee("That is no address of a node"));
        QVERIFY(person.hands.press("proverApply"));
        QVERIFY(person.waitToSee("This node is used from now on"));
        const ProverSettings settings = person.services.fakeProver().view()->settings;
        QCOMPARE(settings.node, std::string("http://127.0.0.1:9"));
        QCOMPARE(settings.tokenFile, std::string("/tmp/access.token"));
    }
    void refusedLimitsGoBack()
    {
        Person person;
        QVERIFY(open(person));
        person.services.fakeProver().failNext(kProverBadSettings, "no");
        QVERIFY(toggle(person, "proverIdle"));
        QVERIFY(person.waitToSee("These settings of the prover cannot be used."));
        QVERIFY(person.find<QCheckBox>("proverIdle")->isChecked());
    }
    void measuring()
    {
        Person person;
        QVERIFY(open(person));
        QVERIFY(person.waitToSee("not measured yet"));
        QVERIFY(person.hands.press("proverMeasure"));
        QVERIFY(person.waitToSee("about 171 batches an hour"));
        QVERIFY(person.waitToSee("a small proof took 1.5 s with 4 processors"));
        person.services.fakeProver().failNext(kProverNotMeasured, "out of memory");
        QVERIFY(person.hands.press("proverMeasure"));
        QVERIFY(person.waitToSee("The measurement came to no result."));
    }
    void itWorksOnWhileTheWalletIsLocked()
    {
        Person person;
        QVERIFY(open(person));
        QVERIFY(person.hands.press("proverTurn"));
        QVERIFY(person.waitToSee("Waiting for work"));
        QTest::keyClick(&person.window, Qt::Key_L, Qt::ControlModifier);
        QVERIFY(!person.window.session().isOpen());
        person.services.fakeProver().work("wrap");
        QVERIFY(person.hands.waitFor(
            "the view", [&] { return person.window.session().prover().state == ProverState::Working; }));
        QVERIFY(person.openWallet() && person.hands.goTo(PageId::Prover));
        QVERIFY(person.waitToSee("Wrap of batch"));
    }
    void theLogHasWhatHappened()
    {
        Person person;
        QVERIFY(open(person));
        person.services.fakeProver().work("chain");
        QVERIFY(person.waitToSee("Chain of batch"));
        const auto* table = person.find<ui::RowsTable>("proverLog");
        QVERIFY(table != nullptr);
        QCOMPARE(table->model()->rowCount(), 5);
        const auto cell = [&](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(cell(0, ui::ProverEventsModel::Event), QString("Accepted"));
        QCOMPARE(cell(1, ui::ProverEventsModel::Remarks), QString("out of memory"));
        QCOMPARE(cell(3, ui::ProverEventsModel::Event), QString("Ended by itself"));
    }
    void progressIsNeverMoreThanAlmost()
    {
        ProverTask task;
        QVERIFY(!ui::progressOf(task, 5));
        task.usualSeconds = 10;
        QCOMPARE(ui::progressOf(task, 5).value_or(-1), 500);
        QCOMPARE(ui::progressOf(task, 50).value_or(-1), 990);
        QCOMPARE(ui::progressText(task, 4), QString("for 4.0 s of usually 10 s, about 6.0 s left"));
        QCOMPARE(ui::progressText(task, 12), QString("for 12 s, longer than the usual 10 s"));
    }
};

BOWLINE_GUI_MAIN(TestProver)
#include "tst_gui_prover.moc"
