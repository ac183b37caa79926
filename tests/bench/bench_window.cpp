// SPDX-License-Identifier: MIT
// How long until the window is there, what it holds in memory, and what it costs while nobody does anything. With a
// wallet to unlock, and again for the shell with its first page once it is unlocked. Prints one JSON object.
#include "tests/gui/fake_services.h"

#include "ui/shell/main_window.h"
#include "ui/shell/shell.h"
#include "ui/translations.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <ctime>
#include <functional>

using namespace bowline;

namespace {
constexpr int kIdleMilliseconds = 5000;

double processSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) / 1e9;
}

/// Pages that are in memory, of this process.
double residentMib()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1048576;
}

/// Sees the first paint of a widget of that window come to an end.
class PaintWatch final : public QObject {
public:
    explicit PaintWatch(std::function<void()> painted) : m_painted(std::move(painted)) { qApp->installEventFilter(this); }
    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::Paint && !m_seen) {
            m_seen = true;
            // After the paint event and all others of this frame.
            QTimer::singleShot(0, qApp, m_painted);
        }
        return false;
    }

private:
    std::function<void()> m_painted;
    bool m_seen = false;
};
} // namespace

int main(int argc, char** argv)
{
    QElapsedTimer sinceStart;
    sinceStart.start();
    QApplication application(argc, argv);
    const double applicationReady = double(sinceStart.nsecsElapsed()) / 1e6;
    ui::installTranslations(application, QStringLiteral("en"));
    ui::Theme::prepareApplication();
    const double themeReady = double(sinceStart.nsecsElapsed()) / 1e6;
    QTemporaryDir folder;
    ui::Preferences preferences(folder.filePath(QStringLiteral("window.ini")));
    test::FakeServices services;
    services.addWallet("Savings", "password");
    ui::MainWindow window(services, preferences);
    const double windowMade = double(sinceStart.nsecsElapsed()) / 1e6;
    double firstPaint = 0;
    double firstPaintCpu = 0;
    double shellPaint = 0;
    QElapsedTimer sinceUnlock;
    const PaintWatch first([&] {
        firstPaint = double(sinceStart.nsecsElapsed()) / 1e6;
        firstPaintCpu = processSeconds() * 1e3;
        services.unlock("Savings", {'p', 'a', 's', 's', 'w', 'o', 'r', 'd'}, [](const base::Result<services::WalletInfo>&) {});
        QTimer::singleShot(300, &window, [&] {
            sinceUnlock.start();
            window.session().opened(QStringLiteral("Savings"));
            QCoreApplication::processEvents();
            window.shell()->repaint();
            shellPaint = double(sinceUnlock.nsecsElapsed()) / 1e6;
        });
    });
    window.show();
    double before = 0;
    QTimer::singleShot(1500, &window, [&] {
        before = processSeconds();
        QTimer::singleShot(kIdleMilliseconds, &application, &QCoreApplication::quit);
    });
    QApplication::exec();
    const double idle = (processSeconds() - before) / (kIdleMilliseconds / 1000.0) * 100;
    std::printf("{\"bench\":\"window\",\"application_ms\":%.1f,\"theme_ms\":%.1f,\"window_made_ms\":%.1f,\"first_paint_ms\":%.1f,\"first_paint_cpu_ms\":%.1f,\"shell_paint_ms\":%.1f,\"rss_mib\":%.1f,"
                "\"idle_cpu_percent\":%.2f}\n",
                applicationReady, themeReady, windowMade, firstPaint, firstPaintCpu, shellPaint, residentMib(), idle);
    return firstPaint > 0 && firstPaint < 150 ? 0 : 1;
}
