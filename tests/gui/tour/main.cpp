// SPDX-License-Identifier: MIT
// bowline-tour: takes the tour against services in memory and leaves pictures. QT_SCALE_FACTOR=2 gives those of a fine
// screen.
#include "tests/gui/tour/fake_world.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTemporaryDir>

#include <cstdio>

int main(int argc, char** argv)
{
    using namespace bowline;
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({"pictures", "Folder for the pictures.", "folder"});
    parser.addOption({"language", "Such as de.", "language"});
    parser.process(application);
    ui::installTranslations(application, parser.value("language"));
    ui::Theme::prepareApplication();
    QTemporaryDir folder;
    ui::Preferences preferences(folder.filePath("window.ini"));
    test::FakeServices services;
    services.fakeProver().work("lift");
    test::FakeWorld world(services);
    ui::MainWindow window(services, preferences);
    window.show();
    test::TourOptions options;
    options.pictures = parser.value("pictures");
    test::Tour tour(window, world, options);
    if (tour.run()) return 0;
    std::fprintf(stderr, "bowline-tour: %s\n", qPrintable(tour.failure()));
    return 1;
}
