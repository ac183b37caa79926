// SPDX-License-Identifier: MIT
// How long until the window of the product is there, what it holds in memory, and what it costs while nobody does
// anything: with the real services over a folder with a wallet and twenty thousand headers of the layer 2, next to a
// bare window of the same toolkit in the same run, so that a loaded machine can be told from a slow window. Each start
// is a process of its own; the best of three counts. Prints one JSON object.
#include "app/services/local_services.h"
#include "core/l2/genesis.h"
#include "core/store/database.h"
#include "tests/unit/bridge/fixture.h"
#include "ui/shell/main_window.h"
#include "ui/shell/shell.h"
#include "ui/translations.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include <boost/json.hpp>

#include <cstdio>
#include <ctime>
#include <functional>
#include <future>

using namespace bowline;
namespace json = boost::json;
using bridge::test::must;

namespace {
constexpr int kStarts = 3;
constexpr int kHeaders = 20'000;
constexpr int kSettleMilliseconds = 4000; // the kept headers are checked meanwhile
constexpr int kIdleMilliseconds = 5000;
constexpr double kMostFirstPaint = 150;
constexpr double kMostIdlePercent = 0.5;

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

double millisecondsOf(const QElapsedTimer& timer) { return double(timer.nsecsElapsed()) / 1e6; }

base::SecureBytes secret(const std::string& text) { return {text.begin(), text.end()}; }

/// Sees the first paint of a widget of that window come to an end.
class PaintWatch final : public QObject {
public:
    explicit PaintWatch(std::function<void()> painted) : m_painted(std::move(painted))
    {
        qApp->installEventFilter(this);
    }
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

services::LocalOptions optionsOf(const QString& folder)
{
    services::LocalOptions out;
    out.dataDir = folder.toStdString();
    out.network = bridge::test::makeNetworkFile(3, 2);
    out.bitcoinPeers = {"127.0.0.1:1"}; // nobody listens there
    out.node = {"127.0.0.1", 1};
    out.scryptCost = 1U << 15U;
    return out;
}

/// A wallet, made by the services themselves.
void makeWallet(const QString& folder)
{
    const auto all = must(services::makeLocalServices(optionsOf(folder)));
    std::promise<base::Result<services::WalletInfo>> made;
    const auto task = all->wallets().create(
        "Savings", secret("legal winner thank year wave sausage worth useful legal winner thank yellow"), {},
        secret("password"),
        [&made](base::Result<services::WalletInfo> result) { made.set_value(std::move(result)); });
    must(made.get_future().get());
}

/// What a node that was followed for a day leaves behind.
void keepHeaders(const QString& folder)
{
    // The services made the file: of its schema only the name and the number of steps matter here.
    static constexpr const char* kSteps[] = {""};
    auto db = must(store::Database::open((folder + "/layer2.sqlite").toStdString(), {0x426c4c32, kSteps}));
    const l2::NetworkParams params = bridge::test::makeNetworkFile(3, 2).params;
    const crypto::PrivateKey sequencer = bridge::test::keyOf("sequencer");
    l2::BatchHeader header = l2::genesisHeader(params);
    auto transaction = must(store::Transaction::begin(db));
    for (int i = 0; i < kHeaders; ++i) {
        header.parent = header.hash();
        header.height.value += 1;
        header.time += 5;
        const l2::SignedHeader made = must(l2::signHeader(header, sequencer));
        const auto bytes = made.header.encode();
        must(db.run("INSERT INTO header(number, header, signature) VALUES (?, ?, ?)",
                    static_cast<std::int64_t>(header.height.value), base::ByteView(bytes),
                    base::ByteView(made.signature)));
    }
    must(transaction.commit());
}

/// A window with a label: what the toolkit costs.
int bare(QApplication& application, const QElapsedTimer& sinceStart)
{
    QLabel window(QStringLiteral("Bowline"));
    window.resize(1160, 780);
    double firstPaint = 0;
    const PaintWatch first([&] {
        firstPaint = millisecondsOf(sinceStart);
        application.quit();
    });
    window.show();
    QApplication::exec();
    std::printf("{\"first_paint_ms\":%.1f,\"rss_mib\":%.1f}\n", firstPaint, residentMib());
    return 0;
}

/// In the order of app/bowline/main.cpp.
int product(const QString& folder, const QElapsedTimer& sinceStart)
{
    ui::Preferences preferences(folder + QStringLiteral("/window.ini"));
    ui::installTranslations(*qApp, QStringLiteral("en"));
    const auto all = must(services::makeLocalServicesBehind(optionsOf(folder), [](const base::Error& error) {
        std::fprintf(stderr, "%s\n", error.detail.c_str());
        std::abort();
    }));
    const double servicesMade = millisecondsOf(sinceStart);
    ui::Theme::prepareApplication();
    preferences.apply();
    ui::MainWindow window(*all, preferences);
    double firstPaint = 0;
    double firstPaintCpu = 0;
    double shellPaint = 0;
    QElapsedTimer sinceUnlock;
    const PaintWatch first([&] {
        firstPaint = millisecondsOf(sinceStart);
        firstPaintCpu = processSeconds() * 1e3;
    });
    const auto unlocked =
        window.session().deliverOpening(&window, [&](const base::Result<services::WalletInfo>& result) {
            must(result);
            sinceUnlock.start();
            window.session().opened(QStringLiteral("Savings"));
            QCoreApplication::processEvents();
            window.shell()->repaint();
            shellPaint = millisecondsOf(sinceUnlock);
        });
    services::Task unlocking;
    QTimer::singleShot(500, &window,
                       [&] { unlocking = all->wallets().unlock("Savings", secret("password"), unlocked); });
    double before = 0;
    QTimer::singleShot(kSettleMilliseconds, &window, [&] {
        before = processSeconds();
        QTimer::singleShot(kIdleMilliseconds, qApp, &QCoreApplication::quit);
    });
    window.show();
    QApplication::exec();
    const double idle = (processSeconds() - before) / (kIdleMilliseconds / 1000.0) * 100;
    std::printf("{\"services_made_ms\":%.1f,\"first_paint_ms\":%.1f,\"first_paint_cpu_ms\":%.1f,\"shell_"
                "paint_ms\":%.1f,"
                "\"rss_mib\":%.1f,\"idle_cpu_percent\":%.2f}\n",
                servicesMade, firstPaint, firstPaintCpu, shellPaint, residentMib(), idle);
    return 0;
}

/// The figures of a start, each the smallest of several.
class Best {
public:
    void add(const QStringList& arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QCoreApplication::applicationFilePath(), arguments);
        if (!process.waitForFinished(60'000) || process.exitCode() != 0) qFatal("a start failed");
        const json::value figures = json::parse(process.readAllStandardOutput().toStdString());
        for (const auto& [name, value] : figures.as_object()) {
            const double figure = value.to_number<double>();
            const auto [at, isNew] = m_figures.emplace(name, figure);
            if (!isNew) at->second = std::min(at->second, figure);
        }
    }
    [[nodiscard]] double at(const std::string& name) const { return m_figures.at(name); }
    void addTo(json::object& out) const
    {
        for (const auto& [name, figure] : m_figures) out[name] = figure;
    }

private:
    std::map<std::string, double> m_figures;
};

int compare()
{
    QTemporaryDir folder;
    makeWallet(folder.path());
    keepHeaders(folder.path());
    Best window;
    Best nothing;
    for (int i = 0; i < kStarts; ++i) {
        nothing.add({QStringLiteral("--bare")});
        window.add({QStringLiteral("--product"), folder.path()});
    }
    json::object out{{"bench", "window"}, {"layer2_headers", kHeaders}};
    window.addTo(out);
    out["bare_first_paint_ms"] = nothing.at("first_paint_ms");
    out["bare_rss_mib"] = nothing.at("rss_mib");
    out["first_paint_ratio"] = window.at("first_paint_ms") / nothing.at("first_paint_ms");
    std::printf("%s\n", json::serialize(out).c_str());
    const bool good =
        window.at("first_paint_ms") < kMostFirstPaint && window.at("idle_cpu_percent") < kMostIdlePercent;
    return good ? 0 : 1;
}
} // namespace

int main(int argc, char** argv)
{
    QElapsedTimer sinceStart;
    sinceStart.start();
    if (argc < 2) {
        QCoreApplication application(argc, argv);
        return compare();
    }
    QApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    return arguments.at(1) == QStringLiteral("--bare") ? bare(application, sinceStart)
                                                       : product(arguments.value(2), sinceStart);
}
