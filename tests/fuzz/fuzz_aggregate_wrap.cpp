// SPDX-License-Identifier: MIT
// Wrapped proofs: no bytes crash decoder or verifier, and nothing is accepted but the honest proof that the target makes
// at its start. The first byte of an input says what is done with the rest: it is a whole file, or what a file
// has behind its header, or changes of the honest file.
#include "core/stark/verifier.h"
#include "tests/unit/aggregate/wrap_fixture.h"

using namespace bowline;
using namespace bowline::aggregate;

namespace {
[[nodiscard]] base::Bytes fileOf(const test::Wrapped& honest, base::ByteView input)
{
    if (input.empty()) return {};
    const base::ByteView rest = input.subspan(1);
    if (input[0] % 3 == 0) return base::toBytes(rest);
    base::Bytes out = honest.file;
    if (input[0] % 3 == 1) {
        out.resize(20);
        base::append(out, rest);
        return out;
    }
    // Triples: place (2 bytes) and what is there then.
    for (std::size_t i = 0; i + 3 <= rest.size(); i += 3)
        out[(rest[i] | std::size_t{rest[i + 1]} << 8U) % out.size()] = rest[i + 2];
    return out;
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const test::Wrapped honest;
    const base::Bytes file = fileOf(honest, {data, size});
    const auto values = honest.verify(file);
    if (values.ok() && (file != honest.file || *values != honest.example.publicValues)) std::abort();
    // What docs/recursion.md says, and nothing else.
    for (const base::ErrorCode stated : {kBadWrap, stark::kBadProof, stark::kRejected, base::kNotCanonical}) {
        if (values.ok() || values.error().code == stated) return 0;
    }
    std::abort();
}
