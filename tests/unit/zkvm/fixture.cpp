// SPDX-License-Identifier: MIT
#include "tests/unit/zkvm/fixture.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

namespace bowline::test {

namespace {

void writeTo(const QString& path, base::ByteView bytes, bool executable)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(path));
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
    file.close();
    if (executable) file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

base::Bytes readFrom(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(path));
    const QByteArray content = file.readAll();
    return {content.begin(), content.end()};
}

// The command gets the program as $0 and a file for descriptor 3 as $1.
NativeRun runProgram(const char* command, const QString& program, base::ByteView input)
{
    QTemporaryDir folder;
    const QString journal = folder.filePath("journal");
    writeTo(folder.filePath("input"), input, false);
    QProcess process;
    process.setStandardInputFile(folder.filePath("input"));
    process.start("/bin/sh", {"-c", command, program, journal});
    if (!process.waitForFinished(120'000)) qFatal("%s did not end", qPrintable(program));
    const QByteArray output = process.readAllStandardOutput();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            {output.begin(), output.end()},
            readFrom(journal)};
}

} // namespace

GuestRun runImage(const zkvm::Image& image, base::ByteView input, std::uint64_t limit)
{
    GuestRun out;
    zkvm::MachineOptions options;
    options.debug = [&out](std::uint32_t descriptor, base::ByteView bytes) {
        out.shown[descriptor == 2 ? 1 : 0].append(bytes.begin(), bytes.end());
    };
    const auto machine = expect(zkvm::Machine::create(image, base::toBytes(input), options));
    out.stop = machine->run(limit);
    out.cycles = machine->cycles();
    if (out.stop.reason == zkvm::StopReason::Halted) {
        const zkvm::Outcome outcome = expect(zkvm::outcomeOf(*machine));
        out.journal = outcome.journal;
        out.detail = outcome.detail;
    }
    out.root = zkvm::rootOf(machine->image());
    return out;
}

GuestRun runGuest(base::ByteView elf, base::ByteView input, std::uint64_t limit)
{
    return runImage(expect(zkvm::imageFromElf(elf)), input, limit);
}

std::unique_ptr<zkvm::Machine> bareMachine(const std::vector<mips::Word>& code,
                                           const std::vector<mips::Word>& data,
                                           const zkvm::Registers& registers)
{
    zkvm::Image image = expect(zkvm::bareImageFromElf(mips::elfOf(code, data, 0x1000)));
    image.registers = registers;
    return expect(zkvm::Machine::create(image, {}, {}));
}

NativeRun runQemu(base::ByteView elf, base::ByteView input)
{
    QTemporaryDir folder;
    writeTo(folder.filePath("guest"), elf, true);
    return runProgram("exec qemu-mipsel \"$0\" 3>\"$1\"", folder.filePath("guest"), input);
}

NativeRun runNative(const std::string& name, base::ByteView input)
{
    return runProgram("exec \"$0\" 3>\"$1\"", BOWLINE_BINARY_DIR "/guests/" + QString::fromStdString(name),
                      input);
}

bool hasGuest(const std::string& name)
{
    return QFile::exists(QString(BOWLINE_BINARY_DIR "/guests/") + QString::fromStdString(name));
}

base::Bytes builtGuest(const std::string& name)
{
    return readFrom(QString(BOWLINE_BINARY_DIR "/guests/") + QString::fromStdString(name));
}

base::Bytes compileC(const std::string& source)
{
    QTemporaryDir folder;
    writeTo(folder.filePath("guest.c"), base::viewOf(source), false);
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start("mipsel-linux-gnu-gcc",
                  {"-march=mips32r2", "-msoft-float", "-mno-abicalls", "-mno-branch-likely", "-fno-pic",
                   "-G0", "-O2", "-ffreestanding", "-nostdlib", "-static", "-fno-stack-protector",
                   "-Wl,--build-id=none", "-Wl,-e,_start", "-I" BOWLINE_SOURCE_DIR "/guest/c",
                   folder.filePath("guest.c"), BOWLINE_SOURCE_DIR "/guest/c/runtime.c", "-o",
                   folder.filePath("guest")});
    if (!process.waitForFinished(60'000) || process.exitCode() != 0) qFatal("the C guest does not compile");
    return readFrom(folder.filePath("guest"));
}

} // namespace bowline::test
