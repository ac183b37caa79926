// SPDX-License-Identifier: MIT
// bowline-tour-devnet: the main job by keys and mouse in the real window, with the real services, on a running devnet;
// leaves pictures of every page. What `make run` does without a display, and what tst_window_on_devnet runs.
#include "app/services/client_file.h"
#include "tests/gui/tour_devnet/devnet_world.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>

#include <cstdio>

namespace {
using namespace bowline;

int fail(const std::string& why)
{
    std::fprintf(stderr, "bowline-tour-devnet: %s\n", why.c_str());
    return 1;
}

/// The devnet's client.json, with a data folder of the tour's own.
base::Result<std::unique_ptr<services::Services>> servicesOn(const devnet::State& state,
                                                             const QString& dataDir)
{
    services::ClientFile file;
    file.networkFile = state.networkFile;
    file.bitcoinPeers = {state.bitcoinPeer};
    file.node = state.find("sequencer")->endpoint;
    file.nodeTokenFile = state.dir + "/sequencer/access.token";
    BOWLINE_TRY(services::LocalOptions options, services::clientOptions(dataDir.toStdString(), file));
    return services::makeLocalServices(std::move(options));
}
} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({"devnet", "Folder of a running devnet.", "folder"});
    parser.addOption({"screenshots", "Folder for the pictures.", "folder"});
    parser.process(application);
    const auto state = devnet::load(parser.value("devnet").toStdString());
    if (!state.ok()) return fail(state.error().detail);
    const QString dataDir = parser.value("devnet") + "/tour";
    QDir(dataDir).removeRecursively();
    if (!QDir().mkpath(dataDir)) return fail("cannot make " + dataDir.toStdString());
    ui::installTranslations(application, "en");
    ui::Theme::prepareApplication();
    auto services = servicesOn(*state, dataDir);
    if (!services.ok()) return fail(services.error().detail);
    bool done = false;
    {
        ui::Preferences preferences(dataDir + "/window.ini");
        test::DevnetWorld world(*state);
        ui::MainWindow window(**services, preferences);
        window.show();
        test::TourOptions options;
        options.pictures = parser.value("screenshots");
        options.blocksCome = state->find("miner") != nullptr;
        options.proofs = state->find("prover-1") != nullptr;
        options.waitSeconds = options.proofs ? 300 : 120;
        test::Tour tour(window, world, options);
        done = tour.run();
        if (!done)
            fail(tour.failure().toStdString());
        else
            std::printf("withdrawn to %s\n", qPrintable(tour.withdrawnTo()));
    } // the window goes first, then the services
    return done ? 0 : 1;
}
