// SPDX-License-Identifier: MIT
// The application's icon: the window has it in every size that task bars ask for, and a desktop finds it by the name
// in the desktop file.
#include "tests/gui/person.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QXmlStreamReader>

using namespace bowline::test;

namespace {

const QList<int> kSizes{16, 22, 24, 32, 48, 64, 128, 256};
const QRgb kGround = qRgb(0x0b, 0x62, 0x86);

QString resources() { return QStringLiteral(BOWLINE_SOURCE_DIR "/resources/icons/hicolor"); }

/// How many of a hundred points are of this colour.
int percentOf(const QImage& image, QRgb colour)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) found += image.pixel(x, y) == colour ? 1 : 0;
    }
    return found * 100 / (image.width() * image.height());
}

QString iconNameOfTheDesktopFile()
{
    QFile file(QStringLiteral(BOWLINE_SOURCE_DIR "/packaging/bowline.desktop"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("Icon=")) return QString::fromUtf8(line.mid(5));
    }
    return {};
}

} // namespace

class TestIcon : public QObject {
    Q_OBJECT
private slots:
    void theWindowHasAnIconOfEverySize();
    void theDesktopFindsTheIconByItsName();
    void theDrawingsAreSvg();
};

void TestIcon::theWindowHasAnIconOfEverySize()
{
    const Person person;
    const QIcon icon = person.window.windowIcon();
    QVERIFY(!icon.isNull());
    for (const int size : kSizes) {
        QVERIFY2(icon.availableSizes().contains(QSize(size, size)), qPrintable(QString::number(size)));
        const QImage image =
            icon.pixmap(QSize(size, size), 1.0).toImage().convertToFormat(QImage::Format_ARGB32);
        QCOMPARE(image.size(), QSize(size, size));
        // A drawing on a ground with round corners, not an empty or a plain square.
        QVERIFY2(qAlpha(image.pixel(0, 0)) < 128, qPrintable(QString::number(size)));
        const int ground = percentOf(image, kGround);
        QVERIFY2(ground > 35 && ground < 90, qPrintable(QString("%1: %2 %").arg(size).arg(ground)));
        QVERIFY2(percentOf(image, qRgb(255, 255, 255)) >= 3, qPrintable(QString::number(size)));
    }
}

void TestIcon::theDesktopFindsTheIconByItsName()
{
    const QString name = iconNameOfTheDesktopFile();
    QVERIFY(!name.isEmpty());
    QVERIFY(QFile::exists(resources() + "/scalable/apps/" + name + ".svg"));
    for (const int size : kSizes) {
        const QImage image(QString("%1/%2x%2/apps/%3.png").arg(resources()).arg(size).arg(name));
        QCOMPARE(image.size(), QSize(size, size));
    }
}

void TestIcon::theDrawingsAreSvg()
{
    for (const QString& path :
         {resources() + "/scalable/apps/bowline.svg", resources() + "/../bowline-small.svg"}) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader reader(&file);
        bool hasGround = false;
        QVERIFY(reader.readNextStartElement());
        QCOMPARE(reader.name().toString(), QStringLiteral("svg"));
        QCOMPARE(reader.attributes().value("width"), reader.attributes().value("height")); // icons are square
        while (!reader.atEnd()) {
            if (reader.readNext() != QXmlStreamReader::StartElement) continue;
            hasGround = hasGround || reader.attributes().value("fill") == QLatin1String("#0b6286");
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY2(hasGround, qPrintable(path));
    }
}

BOWLINE_GUI_MAIN(TestIcon)
#include "tst_gui_icon.moc"
