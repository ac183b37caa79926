// SPDX-License-Identifier: MIT
#include "core/stf/image_program.h"

#include "core/crypto/hash.h"
#include "core/zkvm/machine.h"

#include <fstream>

namespace bowline::stf {

namespace {
using base::Bytes;
using base::ByteView;
using base::makeError;

constexpr std::size_t kMaxImageBytes = std::size_t{64} << 20U;
constexpr std::uint32_t kMaxGuestExit = 255;

Result<Bytes> readImageFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0 || static_cast<std::size_t>(size) > kMaxImageBytes) return makeError(kBadProgram, path);
    Bytes out(static_cast<std::size_t>(size));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(out.data()), size); // NOLINT(*-reinterpret-cast)
    if (!in) return makeError(kBadProgram, path);
    return out;
}

base::Error stopError(const zkvm::Stop& stop)
{
    switch (stop.reason) {
    case zkvm::StopReason::Limit: return makeError(l2::kStfFailed, "too many instructions");
    case zkvm::StopReason::OutOfMemory: return makeError(l2::kStfFailed, "too much memory");
    default: return makeError(l2::kStfFailed, "fault: " + std::string(zkvm::faultName(stop.fault)));
    }
}
} // namespace

Result<ImageProgramPtr> ImageProgram::make(zkvm::Image image, ImageLimits limits)
{
    BOWLINE_CHECK(zkvm::Text::decoded(image.text));
    return ImageProgramPtr(new ImageProgram(std::move(image), limits));
}

Result<ImageProgramPtr> ImageProgram::open(const std::string& path, const base::Digest& digest,
                                           ImageLimits limits)
{
    BOWLINE_TRY(const Bytes file, readImageFile(path));
    const base::Digest found = crypto::sha256(file);
    if (found != digest) {
        return makeError(kBadProgram,
                         path + " has the SHA-256 " + found.hex() + " and not the pinned " + digest.hex());
    }
    BOWLINE_TRY(zkvm::Image image, zkvm::Image::parse(file));
    return make(std::move(image), limits);
}

Result<ImageProgram::Measured> ImageProgram::measure(ByteView frame) const
{
    Measured out;
    bool isTooLong = false;
    zkvm::MachineOptions options;
    options.maxPages = m_limits.memoryPages;
    options.debug = [&](std::uint32_t descriptor, ByteView bytes) {
        Bytes& result = out.output.result;
        if (descriptor != 1) return;
        isTooLong = isTooLong || bytes.size() > m_limits.maxOutput - result.size();
        if (!isTooLong) result.insert(result.end(), bytes.begin(), bytes.end());
    };
    BOWLINE_TRY(const auto machine, zkvm::Machine::create(m_image, base::toBytes(frame), std::move(options)));
    const zkvm::Stop stop = machine->run(m_limits.cycles);
    if (stop.reason != zkvm::StopReason::Halted) return stopError(stop);
    if (isTooLong) return makeError(l2::kStfFailed, "wrote too much");
    BOWLINE_TRY(zkvm::Outcome outcome, zkvm::outcomeOf(*machine));
    if (stop.exitCode > kMaxGuestExit) {
        return makeError(l2::kStfFailed, "kernel failure " + std::to_string(stop.exitCode) + ", detail " +
                                             std::to_string(outcome.detail));
    }
    out.output.exitCode = static_cast<int>(stop.exitCode);
    out.output.values = std::move(outcome.journal);
    out.cycles = machine->cycles();
    out.memoryPages = machine->memory().pageCount();
    return out;
}

Result<l2::ProgramOutput> ImageProgram::run(ByteView frame) const
{
    BOWLINE_TRY(Measured out, measure(frame));
    return std::move(out.output);
}

} // namespace bowline::stf
