// SPDX-License-Identifier: MIT
// The usual start of a test of the window: services in memory, a window in front of them, and the hands of the tour.
#pragma once

#include "tests/gui/tour/fake_world.h"
#include "ui/design/widgets.h"
#include "ui/shell/shell.h"
#include "ui/translations.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

namespace bowline::test {

struct Person {
    Person() : world(services), window(services, preferences), hands(window, world, options())
    {
        window.show();
        ok = QTest::qWaitForWindowExposed(&window);
    }
    /// With a wallet that has money on both sides.
    [[nodiscard]] bool openWallet()
    {
        services.addWallet("Savings", "correct horse battery");
        services.update([](Snapshot& state) {
            state.bitcoin.confirmed = Amount::fromSat(150'000'000);
            state.layerTwo.available = Amount::fromSat(12'000'000);
        });
        window.session().opened("Savings"); // nobody asked for a password: the tests of that are elsewhere
        services.unlock("Savings", secret("correct horse battery"), [](const base::Result<WalletInfo>&) {});
        return hands.waitFor("the wallet", [this] { return window.session().hasWallet(); });
    }
    static base::SecureBytes secret(const std::string& text) { return {text.begin(), text.end()}; }

    template <typename T = QWidget>
    [[nodiscard]] T* find(const QString& name) const
    {
        for (T* widget : window.findChildren<T*>(name)) {
            if (widget->isVisible()) return widget;
        }
        return nullptr;
    }
    /// All texts that can be seen, to look for one.
    [[nodiscard]] QString seen() const
    {
        QStringList out;
        for (const QLabel* label : window.findChildren<QLabel*>()) {
            if (label->isVisible()) out << label->text();
        }
        return out.join('\n');
    }
    [[nodiscard]] bool waitToSee(const QString& text)
    {
        return hands.waitFor(text, [&] { return seen().contains(text); });
    }

    QTemporaryDir folder;
    FakeServices services;
    ui::Preferences preferences{folder.filePath("window.ini")};
    FakeWorld world;
    ui::MainWindow window;
    Tour hands;
    bool ok = false;

private:
    static TourOptions options()
    {
        TourOptions out;
        out.waitSeconds = 15;
        out.blockPauseMilliseconds = 30;
        return out;
    }
};

} // namespace bowline::test

/// Every test program of the window starts like the application does.
#define BOWLINE_GUI_MAIN(TestClass)                                                                          \
    int main(int argc, char** argv)                                                                          \
    {                                                                                                        \
        QApplication application(argc, argv);                                                                \
        bowline::ui::installTranslations(application, QStringLiteral("en"));                                 \
        bowline::ui::Theme::prepareApplication();                                                            \
        TestClass test;                                                                                      \
        return QTest::qExec(&test, argc, argv);                                                              \
    }
