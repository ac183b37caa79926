// SPDX-License-Identifier: MIT
// What every page owes everybody: names for a screen reader, all of it by keyboard, nothing cut off in the smallest
// window. Runs at 100 and at 200 % (QT_SCALE_FACTOR) and with a large font.
#include "tests/gui/person.h"
#include "tests/gui/tour/keyboard.h"
#include "ui/design/address_view.h"
#include "ui/pages/page.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTableView>

using namespace bowline;
using namespace bowline::test;
using ui::PageId;

namespace {
/// Some life on every page.
bool fill(Person& person)
{
    if (!person.openWallet()) return false;
    person.services.payTo("bcrt1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqvg32hk",
                          base::Amount::fromSat(4'000));
    person.services.quoteDeposit(
        base::Amount::fromSat(10'000'000), 5000, [&person](const base::Result<DepositQuote>& quote) {
            if (quote.ok())
                person.services.startDeposit(quote->draftId,
                                             [](const base::Result<std::vector<std::string>>&) {});
        });
    const bool there =
        person.hands.waitFor("deposit", [&] { return !person.window.session().snapshot().bridge.empty(); });
    person.services.mine(1);
    person.services.fakeProver().work("lift");
    return there;
}
} // namespace

class TestLooks : public QObject {
    Q_OBJECT

private slots:
    void everythingThatTakesTheKeyboardHasAName()
    {
        Person person;
        QVERIFY(fill(person));
        for (int i = 0; i < ui::kPageCount; ++i) {
            QVERIFY(person.hands.goTo(PageId(i)));
            QTest::qWait(60);
            const QString nameless = namelessPlace(&person.window);
            QVERIFY2(nameless.isEmpty(), qPrintable(QString::number(i) + ' ' + nameless));
        }
        QTest::keyClick(&person.window, Qt::Key_L, Qt::ControlModifier);
        QTest::qWait(60);
        QCOMPARE(namelessPlace(&person.window), QString());
    }
    void tabReachesEverythingOnEveryPage()
    {
        Person person;
        QVERIFY(fill(person));
        for (int i = 0; i < ui::kPageCount; ++i) {
            QVERIFY(person.hands.goTo(PageId(i)));
            QTest::qWait(60);
            const QList<QWidget*> expected = tabStops(&person.window);
            QSet<const QWidget*> reached;
            for (qsizetype press = 0; press < expected.size() * 2 + 4; ++press) {
                QWidget* at = QApplication::focusWidget();
                QTest::keyClick(at != nullptr ? at : &person.window, Qt::Key_Tab);
                reached.insert(QApplication::focusWidget());
            }
            for (const QWidget* widget : expected) {
                QVERIFY2(reached.contains(widget),
                         qPrintable(QString("page %1: %2").arg(i).arg(describe(widget))));
            }
        }
    }
    void escapeGoesBackToThePageBefore()
    {
        Person person;
        QVERIFY(fill(person));
        QVERIFY(person.hands.goTo(PageId::Receive));
        QVERIFY(person.hands.goTo(PageId::Network));
        QTest::keyClick(&person.window, Qt::Key_Escape);
        QCOMPARE(person.window.shell()->current(), PageId::Receive);
        QTest::keyClick(&person.window, Qt::Key_Escape);
        QCOMPARE(person.window.shell()->current(), PageId::Home);
    }
    void nothingIsCutOffInTheSmallestWindow_data()
    {
        QTest::addColumn<qreal>("points");
        QTest::newRow("normal font") << 10.5;
        QTest::newRow("14 point font") << 14.0;
    }
    void nothingIsCutOffInTheSmallestWindow()
    {
        QFETCH(qreal, points);
        QFont font = QApplication::font();
        const QFont before = font;
        font.setPointSizeF(points);
        QApplication::setFont(font);
        checkSmallest();
        QApplication::setFont(before);
    }
    /// What no first look at a page shows: reviews, follow-ups, making and restoring a wallet, a claim.
    void noStepOfTheTourIsCutOffInTheSmallestWindow()
    {
        Person person;
        person.window.resize(900, 600);
        person.hands.onPicture([&person](const QString& name) { checkAll(person.window, name); });
        QVERIFY2(person.hands.run(), qPrintable(person.hands.failure()));
    }

private:
    static void checkSmallest()
    {
        Person person;
        QVERIFY(fill(person));
        person.window.resize(900, 600);
        for (int i = 0; i < ui::kPageCount; ++i) {
            QVERIFY(person.hands.goTo(PageId(i)));
            checkAll(person.window, QString("page %1").arg(i));
            ui::Page* page = person.window.shell()->page(PageId(i));
            QVERIFY2(
                page->horizontalScrollBar()->maximum() == 0,
                qPrintable(
                    QString("page %1 is %2 too wide").arg(i).arg(page->horizontalScrollBar()->maximum())));
        }
    }
    /// Once the layout has come to rest: a busy machine takes its time.
    static void checkAll(QWidget& window, const QString& place)
    {
        QString cut;
        const bool fits = QTest::qWaitFor(
            [&] {
                cut = firstCutOff(window);
                return cut.isEmpty();
            },
            3000);
        QVERIFY2(fits, qPrintable(place + ": " + cut));
        QCOMPARE(window.size(), QSize(900, 600)); // it is not pushed apart either
    }
    static QString firstCutOff(const QWidget& window)
    {
        for (const QWidget* widget : window.findChildren<QWidget*>()) {
            const QString cut = widget->isVisible() ? cutOff(widget) : QString();
            if (!cut.isEmpty()) return cut;
        }
        return {};
    }
    static QString cutOff(const QWidget* widget)
    {
        const auto* label = qobject_cast<const QLabel*>(widget);
        const auto* button = qobject_cast<const QPushButton*>(widget);
        if (label == nullptr && button == nullptr) return {};
        if (label != nullptr && label->wordWrap()) {
            const int needed = label->heightForWidth(widget->width());
            if (widget->height() >= needed) return {};
            return QString("'%1' is %2 high, needs %3").arg(label->text()).arg(widget->height()).arg(needed);
        }
        const int needed = widget->sizeHint().width();
        if (widget->width() >= needed - 1) return {};
        return QString("'%1' is %2 wide, needs %3")
            .arg(label != nullptr ? label->text() : button->text())
            .arg(widget->width())
            .arg(needed);
    }
};

BOWLINE_GUI_MAIN(TestLooks)
#include "tst_gui_looks.moc"
