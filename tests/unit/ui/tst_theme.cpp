// SPDX-License-Identifier: MIT
// Colours that can be read, and a theme that can be switched.
#include "ui/design/theme.h"

#include <QApplication>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace bowline::ui;

namespace {
/// Relative luminance and contrast of WCAG 2.1.
double luminance(const QColor& colour)
{
    const auto channel = [](double value) {
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) +
           0.0722 * channel(colour.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a) + 0.05;
    const double y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}
} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private slots:
    void everyTextCanBeRead()
    {
        QVERIFY(std::abs(contrast(QColor(0, 0, 0), QColor(255, 255, 255)) - 21) < 0.01); // the formula itself
        for (const Palette* palette : {&lightPalette(), &darkPalette()}) {
            for (const ContrastPair& pair : contrastPairs(*palette)) {
                const double found = contrast(pair.foreground, pair.background);
                QVERIFY2(found >= 4.5,
                         qPrintable(QString("%1 %2: %3")
                                        .arg(palette == &lightPalette() ? "light" : "dark", pair.name)
                                        .arg(found)));
            }
        }
    }
    void bordersOfFieldsAndFocusCanBeSeen()
    {
        for (const Palette* palette : {&lightPalette(), &darkPalette()}) {
            QVERIFY(contrast(palette->borderStrong, palette->card) >= 3.0);
            QVERIFY(contrast(palette->borderStrong, palette->field) >= 3.0);
            for (const QColor& ground : {palette->card, palette->window, palette->rail}) {
                QVERIFY(contrast(palette->focus, ground) >= 3.0);
            }
        }
    }
    void styleSheetHasNoNameLeftInIt()
    {
        for (const Palette* palette : {&lightPalette(), &darkPalette()}) {
            const QString sheet = styleSheetFor(*palette);
            QVERIFY2(!sheet.contains('@'), qPrintable(sheet.mid(sheet.indexOf('@'), 40)));
            QVERIFY(sheet.contains(palette->accent.foreground.name()));
        }
    }
    void userSwitchesToDarkAndBack()
    {
        Theme::prepareApplication();
        int changes = 0;
        connect(&Theme::current(), &Theme::changed, this, [&changes] { ++changes; });
        Theme::current().setMode(Theme::Mode::Dark);
        QVERIFY(Theme::current().isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), darkPalette().window);
        Theme::current().setMode(Theme::Mode::Light);
        QCOMPARE(QApplication::palette().color(QPalette::Window), lightPalette().window);
        QCOMPARE(changes, 2);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
