// SPDX-License-Identifier: MIT
#include "app/zkvm/commands.h"

#include "app/zkvm/files.h"
#include "app/zkvm/profile.h"
#include "app/zkvm/programs.h"
#include "core/proving/program.h"
#include "core/zkvm/program.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>

namespace bowline::zkvm_cli {

namespace json = boost::json;

namespace {

std::atomic<bool> interrupted{false};

constexpr std::size_t kMaxShownBytes = std::size_t{16} << 20U;

// What the guest writes for people: passed through, or kept for the JSON object.
struct Shown {
    bool keep = false;
    std::string text[2]; // descriptors 1 and 2

    void add(std::uint32_t descriptor, base::ByteView bytes)
    {
        if (!keep) {
            std::FILE* to = descriptor == 2 ? stderr : stdout;
            std::fwrite(bytes.data(), 1, bytes.size(), to);
            return;
        }
        std::string& out = text[descriptor == 2 ? 1 : 0];
        const std::size_t room = kMaxShownBytes - std::min(kMaxShownBytes, out.size());
        out.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(room, bytes.size())));
    }
};

// JSON strings are UTF-8; a guest may write anything.
std::string asUtf8(const std::string& bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                                 : 0;
        bool good = length > 0 && i + length <= bytes.size();
        if (good && length > 2) {
            // Not in a longer form than needed, no half of a pair of UTF-16, nothing above U+10FFFF.
            const auto second = static_cast<unsigned char>(bytes[i + 1]);
            good = !(lead == 0xe0 && second < 0xa0) && !(lead == 0xed && second >= 0xa0) &&
                   !(lead == 0xf0 && second < 0x90) && !(lead == 0xf4 && second >= 0x90);
        }
        for (std::size_t k = 1; good && k < length; ++k)
            good = (static_cast<unsigned char>(bytes[i + k]) & 0xc0U) == 0x80;
        if (good) {
            out.append(bytes, i, length);
            i += length;
        } else {
            out += "\xef\xbf\xbd";
            ++i;
        }
    }
    return out;
}

base::Result<zkvm::MachineOptions> machineOptions(const Arguments& arguments)
{
    constexpr std::uint64_t kMaxMebibytes = 2048; // all addresses
    BOWLINE_TRY(const std::uint64_t mebibytes, arguments.number("memory", 1024));
    if (mebibytes == 0 || mebibytes > kMaxMebibytes)
        return base::makeError(kUsage, "--memory takes 1 to 2048 MiB");
    zkvm::MachineOptions out;
    out.maxPages = mebibytes * ((1U << 20U) / zkvm::kPageBytes);
    return out;
}

std::string hexNumber(std::uint32_t number)
{
    char text[11];
    std::snprintf(text, sizeof text, "0x%08x", number);
    return text;
}

json::object opcodeMix(const zkvm::OpcodeCounter& counter)
{
    std::vector<std::pair<std::uint64_t, std::string_view>> sorted;
    for (std::size_t i = 0; i < zkvm::kCodeCount; ++i) {
        if (counter.counts[i] > 0)
            sorted.emplace_back(counter.counts[i], zkvm::mnemonic(static_cast<zkvm::Code>(i)));
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    json::object out;
    for (const auto& [count, name] : sorted) out[name] = count;
    return out;
}

std::string_view kernelFailure(std::uint32_t exitCode)
{
    switch (exitCode) {
    case BOWLINE_FAIL_SYSCALL: return "unsupported-system-call";
    case BOWLINE_FAIL_DEADLOCK: return "deadlock";
    case BOWLINE_FAIL_SIGNAL: return "signal-handler";
    case BOWLINE_FAIL_MEMORY: return "kernel-table-full";
    case BOWLINE_FAIL_JOURNAL: return "journal-too-long";
    default: return "";
    }
}

} // namespace

void interrupt() { interrupted = true; }
bool wasInterrupted() { return interrupted; }
const std::atomic<bool>* interruptFlag() { return &interrupted; }
base::Error interruptedError() { return base::makeError(kInterrupted, "by a signal"); }

base::Result<zkvm::Image> readImage(const Arguments& arguments)
{
    BOWLINE_TRY(const std::string path, arguments.file());
    BOWLINE_TRY(const base::Bytes file, readFile(path));
    return zkvm::imageFromFile(file);
}

base::Result<base::Bytes> readInput(const Arguments& arguments)
{
    if (!arguments.has("input")) return base::Bytes{};
    BOWLINE_TRY(const std::string path, arguments.value("input"));
    return readFile(path);
}

base::Error stopError(const zkvm::Stop& stop, const zkvm::Machine& machine)
{
    const std::string where =
        " at " + hexNumber(machine.pc()) + " after " + std::to_string(machine.cycles()) + " instructions";
    switch (stop.reason) {
    case zkvm::StopReason::Fault:
        return base::makeError(kFaulted, std::string(zkvm::faultName(stop.fault)) + where);
    case zkvm::StopReason::OutOfMemory:
        return base::makeError(zkvm::kTooLarge, "the guest needs more than --memory allows" + where);
    default: return base::makeError(kLimit, "--limit was reached" + where);
    }
}

CommandResult runCommand(const Arguments& arguments)
{
    BOWLINE_TRY(zkvm::MachineOptions options, machineOptions(arguments));
    BOWLINE_TRY(const std::uint64_t limit,
                arguments.number("limit", std::numeric_limits<std::uint64_t>::max()));
    BOWLINE_TRY(const zkvm::Image image, readImage(arguments));
    BOWLINE_TRY(base::Bytes input, readInput(arguments));
    Shown shown{arguments.json, {}};
    options.debug = [&shown](std::uint32_t descriptor, base::ByteView bytes) {
        shown.add(descriptor, bytes);
    };
    BOWLINE_TRY(const auto machine, zkvm::Machine::create(image, std::move(input), std::move(options)));

    zkvm::OpcodeCounter counter;
    ProfileTracer profile(image);
    const bool isProfiled = arguments.has("profile");
    const auto begin = std::chrono::steady_clock::now();
    BOWLINE_TRY(const zkvm::Stop stop, isProfiled ? runInterruptibly(*machine, limit, profile)
                                                  : runInterruptibly(*machine, limit, counter));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::fflush(stdout);
    if (stop.reason != zkvm::StopReason::Halted) return stopError(stop, *machine);
    BOWLINE_TRY(const zkvm::Outcome outcome, zkvm::outcomeOf(*machine));

    Report report;
    report.status = stop.exitCode == 0 ? 0 : 1;
    json::object& out = report.json;
    out["exit_code"] = stop.exitCode;
    if (const auto failure = kernelFailure(stop.exitCode); !failure.empty()) {
        out["failure"] = failure;
        out["failure_detail"] = outcome.detail;
    }
    out["cycles"] = machine->cycles();
    out["seconds"] = taken.count();
    out["memory_mib"] = static_cast<double>(machine->memory().pageCount()) * zkvm::kPageBytes / (1U << 20U);
    out["input_left"] = machine->inputLeft();
    out["journal"] = base::toHex(outcome.journal);
    out["journal_digest"] = outcome.journalDigest.hex();
    if (arguments.json) {
        out["stdout"] = asUtf8(shown.text[0]);
        out["stderr"] = asUtf8(shown.text[1]);
    }
    out["instructions"] = opcodeMix(isProfiled ? profile.opcodes : counter);
    if (isProfiled) {
        BOWLINE_TRY(const std::string names,
                    arguments.has("symbols") ? arguments.value("symbols") : arguments.file());
        BOWLINE_TRY(const base::Bytes elf, readFile(names));
        out["functions"] = profile.byFunction(elf);
    }
    return report;
}

CommandResult snapshotCommand(const Arguments& arguments)
{
    BOWLINE_TRY(zkvm::MachineOptions options, machineOptions(arguments));
    BOWLINE_TRY(const std::uint64_t limit, arguments.number("limit", std::uint64_t{10'000'000'000}));
    BOWLINE_TRY(const std::string output, arguments.value("output"));
    BOWLINE_TRY(const zkvm::Image image, readImage(arguments));
    BOWLINE_TRY(const zkvm::Snapshot snapshot, zkvm::takeSnapshot(image, limit, std::move(options)));
    if (interrupted) return base::makeError(kInterrupted, "by a signal");
    const base::Bytes file = snapshot.image.serialize();
    BOWLINE_CHECK(writeFile(output, file));
    Report report;
    BOWLINE_TRY(const field::FieldDigest id, proving::programId(snapshot.image));
    report.json["id"] = id.hex();
    report.json["cycles"] = snapshot.cycles;
    report.json["bytes"] = file.size();
    return report;
}

CommandResult idCommand(const Arguments& arguments)
{
    BOWLINE_TRY(const zkvm::Image image, readImage(arguments));
    BOWLINE_TRY(const field::FieldDigest id, proving::programId(image));
    Report report;
    report.json["id"] = id.hex();
    report.json["root"] = zkvm::rootOf(image).hex();
    report.json["pc"] = hexNumber(image.pc);
    report.json["kernel_version"] = image.kernelVersion;
    return report;
}

} // namespace bowline::zkvm_cli
