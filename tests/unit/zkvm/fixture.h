// SPDX-License-Identifier: MIT
// Runs guests in the machine and, for comparison, under qemu-mipsel.
#pragma once

#include "core/zkvm/machine_run.h"
#include "core/zkvm/program.h"
#include "tests/unit/zkvm/assembler.h"

#include <QtGlobal>

namespace bowline::test {

/// Ends the test program if there is no value: what cannot fail in a test.
template <typename T>
T expect(base::Result<T> result)
{
    if (!result.ok()) qFatal("%s: %s", result.error().code.name().data(), result.error().detail.c_str());
    return std::move(result).value();
}

struct GuestRun {
    zkvm::Stop stop;
    std::uint64_t cycles = 0;
    base::Bytes journal;
    std::string shown[2]; // descriptors 1 and 2
    std::uint32_t detail = 0;
    field::FieldDigest root; // at the end
};

inline constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 40U;

/// With the kernel.
[[nodiscard]] GuestRun runImage(const zkvm::Image& image, base::ByteView input,
                                std::uint64_t limit = kNoLimit);
[[nodiscard]] GuestRun runGuest(base::ByteView elf, base::ByteView input, std::uint64_t limit = kNoLimit);

/// A machine without a kernel, at the first of these instructions.
[[nodiscard]] std::unique_ptr<zkvm::Machine> bareMachine(const std::vector<mips::Word>& code,
                                                         const std::vector<mips::Word>& data = {},
                                                         const zkvm::Registers& registers = {});

struct NativeRun {
    int exitCode = -1;
    base::Bytes output;  // descriptor 1
    base::Bytes journal; // descriptor 3
};
/// By qemu-mipsel.
[[nodiscard]] NativeRun runQemu(base::ByteView elf, base::ByteView input);
/// A program among the guests that was built for this machine.
[[nodiscard]] NativeRun runNative(const std::string& name, base::ByteView input);

/// Whether the build made a guest of that name: those in Rust it may leave out.
[[nodiscard]] bool hasGuest(const std::string& name);
/// A guest that the build made, by name.
[[nodiscard]] base::Bytes builtGuest(const std::string& name);
/// Compiles C for the machine, freestanding, as docs/zkvm.md says.
[[nodiscard]] base::Bytes compileC(const std::string& source);

} // namespace bowline::test
