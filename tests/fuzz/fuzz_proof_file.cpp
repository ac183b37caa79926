// SPDX-License-Identifier: MIT
// Proof files: no text crashes the parser or a check, what is read is written back as it was, and none is valid for a
// network that nobody has.
#include "core/verify/check.h"

#include <cstdlib>

using namespace bowline;

namespace {
class NoProof final : public proven::Checker {
public:
    [[nodiscard]] base::Result<proven::Head> check(base::ByteView) const override
    {
        return base::makeError(proven::kNotProven);
    }
};
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const auto file = verify::parseProofFile(text);
    if (!file.ok()) return 0;
    if (verify::toText(*file) != text) std::abort();
    const NoProof checker;
    verify::Terms terms{{}, &checker, 1'800'000'000};
    const verify::Report alone = verify::check(*file, terms);
    // Without a proof of the chain nothing is proven, and nothing is withdrawable.
    if (alone.finality == "proven" || alone.finality == "withdrawable") std::abort();
    terms.network = l2::ChainId{};
    if (verify::check(*file, terms).valid()) std::abort();
    return 0;
}
