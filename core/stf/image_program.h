// SPDX-License-Identifier: MIT
// The state transition executed as it is proven: the snapshot image of guest/stf in the machine of core/zkvm.
#pragma once

#include "core/base/types.h"
#include "core/l2/stf_program.h"
#include "core/zkvm/image.h"

namespace bowline::stf {

using base::Result;

/// The file is no image, cannot be read, or is not the one that was asked for.
inline constexpr base::ErrorCode kBadProgram{"stf.bad-image"};

struct ImageLimits {
    /// About a minute; 300 times what the largest batch needs.
    std::uint64_t cycles = 10'000'000'000;
    std::size_t memoryPages = std::size_t{128} << 10U; // of 4 KiB: 512 MiB
    std::size_t maxOutput = 64U << 20U;                // of the result
};

class ImageProgram final : public l2::StfProgram {
public:
    /// Fails for code that the machine refuses.
    [[nodiscard]] static Result<std::shared_ptr<const ImageProgram>> make(zkvm::Image image,
                                                                          ImageLimits limits = {});
    /// An image file whose SHA-256 must be the given one.
    [[nodiscard]] static Result<std::shared_ptr<const ImageProgram>>
    open(const std::string& path, const base::Digest& digest, ImageLimits limits = {});

    /// A fault of the machine and a failure of the kernel are kStfFailed, as is reaching a limit.
    [[nodiscard]] Result<l2::ProgramOutput> run(base::ByteView frame) const override;
    /// The same, and how many instructions it took.
    struct Measured {
        l2::ProgramOutput output;
        std::uint64_t cycles = 0;
        std::size_t memoryPages = 0;
    };
    [[nodiscard]] Result<Measured> measure(base::ByteView frame) const;

    [[nodiscard]] const zkvm::Image& image() const { return m_image; }

private:
    ImageProgram(zkvm::Image image, ImageLimits limits) : m_image(std::move(image)), m_limits(limits) {}

    zkvm::Image m_image;
    ImageLimits m_limits;
};
using ImageProgramPtr = std::shared_ptr<const ImageProgram>;

} // namespace bowline::stf
