// SPDX-License-Identifier: MIT
// What every page owes everybody: names for a screen reader, all of it by keyboard, nothing cut off in the smallest
// window. Runs at 100 and at 200 % (QT_SCALE_FACTOR) and with a large font.
#include "tests/gui/person.h"

#include "ui/design/address_view.h"
#include "ui/pages/page.h"

#include <QAccessible>
#include <QButtonGroup>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTableView>

using namespace bowline;
using namespace bowline::test;
using ui::PageId;

namespace {
/// Of buttons that exclude each other Tab visits the chosen one; arrows go to the others.
bool isOneOfAGroup(const QWidget* widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    if (button == nullptr || button->isChecked()) return false;
    return button->autoExclusive() || (button->group() != nullptr && button->group()->exclusive());
}

bool takesTab(const QWidget* widget)
{
    if (isOneOfAGroup(widget)) return false;
    return widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0 &&
           widget->focusProxy() == nullptr;
}

QList<QWidget*> tabStops(QWidget* root)
{
    QList<QWidget*> out;
    for (QWidget* widget : root->findChildren<QWidget*>()) {
        if (takesTab(widget)) out.append(widget);
    }
    return out;
}

QString describe(const QWidget* widget)
{
    return QString("%1 '%2' '%3'").arg(widget->metaObject()->className(), widget->objectName(), widget->accessibleName());
}

/// Some life on every page.
bool fill(Person& person)
{
    if (!person.openWallet()) return false;
    person.services.payTo("bcrt1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqvg32hk", base::Amount::fromSat(4'000));
    person.services.quoteDeposit(base::Amount::fromSat(10'000'000), 5000, [&person](const base::Result<DepositQuote>& quote) {
        if (quote.ok()) person.services.startDeposit(quote->draftId, [](const base::Result<std::vector<std::string>>&) {});
    });
    const bool there = person.hands.waitFor("deposit", [&] { return !person.window.session().snapshot().bridge.empty(); });
    person.services.mine(1);
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
            for (QWidget* widget : tabStops(&person.window)) {
                QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
                QVERIFY2(accessible != nullptr, qPrintable(describe(widget)));
                QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(), qPrintable(QString::number(i) + ' ' + describe(widget)));
            }
        }
        QTest::keyClick(&person.window, Qt::Key_L, Qt::ControlModifier);
        QTest::qWait(60);
        for (QWidget* widget : tabStops(&person.window)) {
            QVERIFY2(!QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Name).isEmpty(), qPrintable(describe(widget)));
        }
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
                QVERIFY2(reached.contains(widget), qPrintable(QString("page %1: %2").arg(i).arg(describe(widget))));
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

private:
    static void checkSmallest()
    {
        Person person;
        QVERIFY(fill(person));
        person.window.resize(900, 600);
        for (int i = 0; i < ui::kPageCount; ++i) {
            QVERIFY(person.hands.goTo(PageId(i)));
            QTest::qWait(60);
            QCOMPARE(person.window.size(), QSize(900, 600)); // it is not pushed apart either
            ui::Page* page = person.window.shell()->page(PageId(i));
            QVERIFY2(page->horizontalScrollBar()->maximum() == 0,
                     qPrintable(QString("page %1 is %2 too wide").arg(i).arg(page->horizontalScrollBar()->maximum())));
            for (QWidget* widget : person.window.findChildren<QWidget*>()) checkOne(widget, i);
        }
    }
    static void checkOne(QWidget* widget, int page)
    {
        const auto* label = qobject_cast<QLabel*>(widget);
        const bool isButton = qobject_cast<QPushButton*>(widget) != nullptr;
        if (!widget->isVisible() || (label == nullptr && !isButton)) return;
        if (label != nullptr && label->wordWrap()) {
            const int needed = label->heightForWidth(widget->width());
            QVERIFY2(widget->height() >= needed, qPrintable(QString("page %1: '%2' %3 high, needs %4").arg(page).arg(label->text()).arg(widget->height()).arg(needed)));
            return;
        }
        const int needed = widget->sizeHint().width();
        const QString text = label != nullptr ? label->text() : qobject_cast<QPushButton*>(widget)->text();
        QVERIFY2(widget->width() >= needed - 1,
                 qPrintable(QString("page %1: '%2' is %3 wide, needs %4").arg(page).arg(text).arg(widget->width()).arg(needed)));
    }
};

BOWLINE_GUI_MAIN(TestLooks)
#include "tst_gui_looks.moc"
