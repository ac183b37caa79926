// SPDX-License-Identifier: MIT
// The application: options, hardening, the services on this machine, and the window in front of them.
#include "app/services/client_file.h"
#include "core/base/secure.h"
#include "ui/design/error_texts.h"
#include "ui/preferences.h"
#include "ui/shell/main_window.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QMessageBox>
#include <QStandardPaths>

#include <cstdio>

using namespace bowline;

namespace {
struct Options {
    QString dataDir;
    QString networkFile;
    QStringList bitcoin;
    QString node;
};

Options readOptions(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("Main", "Wallet and light client for Bitcoin and a layer 2."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/bowline";
    parser.addOption({"datadir", QCoreApplication::translate("Main", "Folder of wallets and chain data."),
                      "folder", data});
    parser.addOption({"network-file",
                      QCoreApplication::translate("Main", "The layer-2 network, pinned (network.json)."),
                      "file"});
    parser.addOption({"bitcoin",
                      QCoreApplication::translate("Main", "A Bitcoin peer; may be given more than once."),
                      "host:port"});
    parser.addOption(
        {"node", QCoreApplication::translate("Main", "A node of the layer 2."), "http://host:port"});
    parser.process(application);
    return {parser.value("datadir"), parser.value("network-file"), parser.values("bitcoin"),
            parser.value("node")};
}

/// What is not said on the command line comes from client.json in the data folder.
base::Result<std::unique_ptr<services::Services>> startServices(const Options& options,
                                                                services::StartFailed failed)
{
    services::ClientFile given;
    given.networkFile = options.networkFile.toStdString();
    for (const QString& peer : options.bitcoin) given.bitcoinPeers.push_back(peer.toStdString());
    given.node = options.node.toStdString();
    BOWLINE_TRY(services::LocalOptions local, services::clientOptions(options.dataDir.toStdString(), given));
    local.startsProver = true;
    return services::makeLocalServicesBehind(std::move(local), std::move(failed));
}

int failToStart(const base::Error& error)
{
    const ui::ErrorText text = ui::errorText(error.code);
    const QString details = QString::fromStdString(std::string(error.code.name()) + ": " + error.detail);
    std::fprintf(stderr, "bowline: %s %s\n  %s\n", qPrintable(text.what), qPrintable(text.todo),
                 qPrintable(details));
    // Who started it from a menu does not see that line: a second click on the icon must not end in silence.
    QMessageBox box(QMessageBox::Critical, QStringLiteral("Bowline"), text.what);
    box.setInformativeText(text.money + "\n\n" + text.todo);
    box.setDetailedText(details);
    box.exec();
    return 1;
}
} // namespace

int main(int argc, char** argv)
{
    base::hardenProcess();
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName("bowline");
    QGuiApplication::setDesktopFileName("bowline"); // under Wayland the icon is found by it
    QCoreApplication::setApplicationVersion(BOWLINE_VERSION);
    const Options options = readOptions(application);
    if (!QDir().mkpath(options.dataDir)) {
        return failToStart(base::makeError(services::kCannotStart, options.dataDir.toStdString()));
    }
    ui::Preferences preferences(options.dataDir + "/window.ini");
    ui::installTranslations(application, preferences.language());
    int code = 0;
    // The window is there before databases and sockets are; when they cannot be opened, it goes again.
    auto services = startServices(options, [](const base::Error& error) {
        QMetaObject::invokeMethod(
            qApp, [error] { QCoreApplication::exit(failToStart(error)); }, Qt::QueuedConnection);
    });
    if (!services.ok()) return failToStart(services.error());
    ui::Theme::prepareApplication();
    preferences.apply();
    {
        ui::MainWindow window(**services, preferences);
        window.show();
        code = QApplication::exec();
    } // the window goes first, then the services
    return code;
}
