// SPDX-License-Identifier: MIT
// The image of the state transition: pinned, made again from its source elsewhere byte by byte, and of the same effect as
// the program for this machine on every input. The scenarios of tests/unit/l2 compare the two as well, run by run.
#include "core/crypto/hash.h"
#include "core/proving/program.h"
#include "core/stf/pins.h"
#include "core/zkvm/kernel.h"
#include "core/zkvm/program.h"
#include "tests/unit/stf/batches.h"

#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::test;

namespace {
Bytes readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(path));
    const QByteArray content = file.readAll();
    return {content.begin(), content.end()};
}

void writeFile(const QString& path, const Bytes& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(path));
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
}

const QString kImage = BOWLINE_BINARY_DIR "/bin/bowline-stf.image";

// The folders guest/stf and guest/go as somebody else has them: in another place, with another time.
void copySources(const QString& to)
{
    for (const QString folder : {"stf", "go"}) {
        const QDir from(QString(BOWLINE_SOURCE_DIR "/guest/") + folder);
        QDirIterator files(from.path(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = files.next();
            const QString target = to + '/' + folder + '/' + from.relativeFilePath(file);
            QDir().mkpath(QFileInfo(target).path());
            QVERIFY(QFile::copy(file, target));
        }
    }
}

// As docs/protocol.md says, with nothing of this build but the compiler.
Bytes buildElsewhere(const QString& folder, const QString& cache)
{
    copySources(folder);
    QProcess go;
    go.setWorkingDirectory(folder + "/stf");
    go.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    const QString home = "HOME=" + folder;
    go.start("/usr/bin/env",
             {"-i", home, "GOCACHE=" + cache, "GOPATH=" + folder + "/path", "GOPROXY=off", "CGO_ENABLED=0",
              "GOOS=linux", "GOARCH=mipsle", "GOMIPS=softfloat", BOWLINE_PINNED_GO, "build", "-mod=mod",
              "-buildvcs=false", "-trimpath", "-ldflags=-buildid= -w", "-o", folder + "/guest", "."});
    if (!go.waitForFinished(900'000) || go.exitCode() != 0) qFatal("the state transition does not compile");
    return readFile(folder + "/guest");
}

Digest imageDigestOf(const Bytes& elf)
{
    const zkvm::Image start = must(zkvm::imageFromElf(elf));
    return crypto::sha256(must(zkvm::takeSnapshot(start, 100'000'000, {})).image.serialize());
}
} // namespace

class TestStfImage : public QObject {
    Q_OBJECT
private slots:
    void theImageIsThePinnedOne();
    void builtElsewhereItIsTheSame();
    void theKernelBuiltElsewhereIsTheSame();
    void anotherImageIsRefused();
    void pinsAreReadStrictly();
    void eachKindOfBatchHasTheSameEffect();
    void whatIsNoTransitionHasTheSameEnd();
    void limitsEndARun();
    void disagreementIsAnError();
    void publicValuesLieWhereTheProtocolSays();
};

void TestStfImage::theImageIsThePinnedOne()
{
    const stf::ProgramPin pin = must(stf::pinOf(bitcoin::Network::Regtest));
    const Bytes file = readFile(kImage);
    QVERIFY2(crypto::sha256(file) == pin.imageDigest,
             "guest/stf or what it is built by has changed: tools/guests/pin.py build");
    QVERIFY2(must(proving::programId(must(zkvm::Image::parse(file)))) == pin.id,
             "what a program id is made of has changed: tools/guests/pin.py build");
    QProcess go;
    go.start(BOWLINE_PINNED_GO, {"version"});
    QVERIFY(go.waitForFinished());
    QVERIFY(go.readAllStandardOutput().split(' ').contains(QByteArray::fromStdString(pin.compiler)));
}

void TestStfImage::builtElsewhereItIsTheSame()
{
    QTemporaryDir first;
    QTemporaryDir second;
    const QString deep = second.filePath("some where/quite/else");
    // The second time everything is compiled anew, Go's own library as well.
    const Bytes one = buildElsewhere(first.path(), BOWLINE_BINARY_DIR "/go-cache");
    const Bytes two = buildElsewhere(deep, second.filePath("cache"));
    QVERIFY(one == two);
    QVERIFY(one == readFile(BOWLINE_BINARY_DIR "/guests/bowline-stf"));
    QCOMPARE(imageDigestOf(two).hex(), must(stf::pinOf(bitcoin::Network::Regtest)).imageDigest.hex());
    // Go makes its files read-only.
    QProcess::execute("/bin/chmod", {"-R", "u+w", first.path(), second.path()});
}

void TestStfImage::theKernelBuiltElsewhereIsTheSame()
{
    QTemporaryDir folder;
    for (const QString part : {"guest/kernel", "core/zkvm"}) {
        const QDir from(QString(BOWLINE_SOURCE_DIR "/") + part);
        QVERIFY(QDir().mkpath(folder.filePath(part)));
        for (const QString& file : from.entryList(QDir::Files))
            QVERIFY(QFile::copy(from.filePath(file), folder.filePath(part + '/' + file)));
    }
    QProcess compiler;
    compiler.setWorkingDirectory(folder.path());
    QStringList arguments = QString(BOWLINE_KERNEL_FLAGS).split(' ');
    arguments << "-I."
              << "-Wl,-T,guest/kernel/kernel.ld"
              << "-o"
              << "kernel.elf";
    for (const char* source :
         {"vector.S", "start.c", "trap.c", "threads.c", "memory.c", "files.c", "signals.c", "journal.c"})
        arguments << QString("guest/kernel/") + source;
    compiler.start("mipsel-linux-gnu-gcc", arguments);
    QVERIFY(compiler.waitForFinished(60'000));
    QCOMPARE(compiler.exitCode(), 0);
    QVERIFY(readFile(folder.filePath("kernel.elf")) == base::toBytes(zkvm::kernelElf()));
}

void TestStfImage::anotherImageIsRefused()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("image").toStdString();
    Bytes file = readFile(kImage);
    const Digest digest = crypto::sha256(file);
    QVERIFY(stf::ImageProgram::open(kImage.toStdString(), digest).ok());
    file[file.size() / 2] ^= 1U;
    writeFile(QString::fromStdString(path), file);
    QCOMPARE(stf::ImageProgram::open(path, digest).error().code, stf::kBadProgram);
    // Of the right digest, but no image.
    file.resize(100);
    writeFile(QString::fromStdString(path), file);
    QCOMPARE(stf::ImageProgram::open(path, crypto::sha256(file)).error().code, zkvm::kBadImage);
    QCOMPARE(stf::ImageProgram::open(path + "-absent", digest).error().code, stf::kBadProgram);
    QCOMPARE(stf::ImageProgram::open("/", digest).error().code, stf::kBadProgram);
}

void TestStfImage::pinsAreReadStrictly()
{
    // Rule A1: no other network has a state transition.
    QCOMPARE(stf::pinOf(bitcoin::Network::Main).error().code, stf::kNotPinned);
    const std::string good = base::toHex(Bytes(32, 7));
    const auto text = [](const std::string& digest, const std::string& rest) {
        return R"({"networks": {"regtest": {"image_sha256": ")" + digest +
               R"(", "compiler": "go", "kernel_compiler": "gcc")" + rest + "}}}";
    };
    const auto read = [](const std::string& json) { return stf::pinIn(json, bitcoin::Network::Regtest); };
    const std::string id = R"(, "program_id": ")" + good + '"';
    QCOMPARE(must(read(text(good, id))).id.hex(), good);
    QCOMPARE(read(text(good, "")).error().code, stf::kNotPinned);
    QCOMPARE(read(text(good + "00", id)).error().code, stf::kNotPinned);
    QCOMPARE(read(text("zz", id)).error().code, stf::kNotPinned);
    for (const char* bad : {"", "[]", "{}", R"({"networks": {}})", R"({"networks": {"regtest": 1}})"})
        QCOMPARE(read(bad).error().code, stf::kNotPinned);
}

void TestStfImage::eachKindOfBatchHasTheSameEffect()
{
    for (const auto& [name, frame] : framesOfEachKind()) {
        const auto measured = must(imageStf()->measure(frame));
        QVERIFY2(measured.output == must(nativeStf()->run(frame)), name.c_str());
        QCOMPARE(measured.output.exitCode, 0);
        QVERIFY(!measured.output.values.empty());
        qInfo("%s: %llu cycles", name.c_str(), static_cast<unsigned long long>(measured.cycles));
        // The goal of three minutes for a batch at 200,000 cycles a second, with room for what follows.
        if (name == "transfers-100") QVERIFY(measured.cycles < 20'000'000);
    }
}

void TestStfImage::whatIsNoTransitionHasTheSameEnd()
{
    const auto frames = framesOfEachKind();
    std::mt19937 random(5);
    int refused = 0;
    int tries = 0;
    for (const auto& [name, frame] : frames) {
        if (frame.size() > 5'000) continue;
        for (int i = 0; i < 25; ++i, ++tries) {
            Bytes changed = frame;
            if (i % 5 == 0) {
                changed.resize(random() % changed.size());
            } else {
                changed[random() % changed.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
            }
            const ProgramOutput image = must(imageStf()->run(changed));
            QVERIFY2(image == must(nativeStf()->run(changed)), name.c_str());
            if (image.exitCode == 0) continue;
            // Nothing public of a run that was refused.
            QVERIFY(image.values.empty());
            ++refused;
        }
    }
    // A changed time or, in a proposal, a changed transaction still leaves a transition.
    QVERIFY(refused > tries / 2);
    QCOMPARE(must(imageStf()->run({})), must(nativeStf()->run({})));
    QCOMPARE(must(imageStf()->run({})).exitCode, 2);
}

void TestStfImage::limitsEndARun()
{
    Layer layer;
    const Bytes frame = frameOf(layer, layer.bodyWith({}));
    const auto outcome = [&frame](stf::ImageLimits limits) {
        return must(stf::ImageProgram::make(imageStf()->image(), limits))->run(frame);
    };
    QVERIFY(outcome({}).ok());
    QCOMPARE(outcome({.cycles = 100'000}).error().code, kStfFailed);
    QCOMPARE(outcome({.memoryPages = 100}).error().code, zkvm::kTooLarge);
    QCOMPARE(outcome({.maxOutput = 100}).error().code, kStfFailed);
}

void TestStfImage::disagreementIsAnError()
{
    Layer layer;
    const Bytes frame = frameOf(layer, layer.bodyWith({}));
    QTemporaryDir folder;
    QFile liar(folder.filePath("liar"));
    QVERIFY(liar.open(QIODevice::WriteOnly));
    liar.write("#!/bin/sh\n/bin/cat >/dev/null\nexit 0\n");
    liar.close();
    liar.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto checked = checkedAgainst(imageStf(), nativeProgram({liar.fileName().toStdString()}));
    QCOMPARE(checked->run(frame).error().code, kStfUnsound);
    QVERIFY(checkedAgainst(imageStf(), nativeStf())->run(frame).ok());
}

void TestStfImage::publicValuesLieWhereTheProtocolSays()
{
    Layer layer;
    layer.fund(layer.alice);
    const Bytes frame = frameOf(
        layer,
        layer.bodyWith({layer.make(layer.alice, Transfer{keyOf(9).xOnlyPublicKey(), Amount::fromSat(7)})}));
    const Bytes values = must(imageStf()->run(frame)).values;
    const Statement s = must(parseStatement(values));
    QCOMPARE(values.size(), std::size_t{698});
    const auto at = [&values](std::size_t offset, ByteView expected) {
        return base::toHex(ByteView(values).subspan(offset, expected.size())) == base::toHex(expected);
    };
    QVERIFY(at(2, s.chainId.view()) && s.chainId == layer.chainId);
    QVERIFY(at(34, s.programId.view()) && s.programId == Digest{});
    QVERIFY(values[66] == s.first.value && values[74] == s.last.value);
    QVERIFY(at(82, s.prevHash.view()) && s.prevHash == layer.head().hash());
    QVERIFY(at(114, s.lastHash.view()));
    QVERIFY(at(146, s.prevState.view()) && s.prevState == layer.state().root());
    QVERIFY(at(178, s.state.view()));
    QVERIFY(at(370, s.claimsRoot.view()));
    QVERIFY(values[410] == s.l1Height.value);
    QVERIFY(at(414, s.l1Hash.view()));
    QVERIFY(at(446, s.l1Work));
    QVERIFY(at(626, s.genesisHash.view()) && s.genesisHash == layer.batches.front().head.header.hash());
}

QTEST_GUILESS_MAIN(TestStfImage)
#include "tst_stf_image.moc"
