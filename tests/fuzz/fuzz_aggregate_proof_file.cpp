// SPDX-License-Identifier: MIT
// Files of proofs of the recursion machine: no bytes crash the decoder, what it takes is written back as it was, and the
// statements in it are read or refused by name. The first byte of an input says what is done with the rest: it is a whole file,
// or what a file of a span or a chain has behind its header.
#include "core/aggregate/proof_file.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::aggregate;

namespace {
[[nodiscard]] base::Bytes fileOf(base::ByteView input)
{
    if (input.empty()) return {};
    const base::ByteView rest = input.subspan(1);
    if (input[0] % 5 == 4) return base::toBytes(rest);
    base::Bytes out{'B', 'W', 'L', 'R', 'P', 'R', 'O', 'F', 1, 0, static_cast<std::uint8_t>(input[0] % 5)};
    base::append(out, rest);
    return out;
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::Bytes bytes = fileOf({data, size});
    const auto file = ProofFile::decode(bytes);
    if (!file.ok()) {
        for (const base::ErrorCode stated : {kBadProofFile, stark::kBadProof, base::kNotCanonical}) {
            if (file.error().code == stated) return 0;
        }
        std::abort();
    }
    const auto again = file->encode();
    if (!again.ok() || *again != bytes) std::abort();
    if (file->form == ProofFile::kChain) {
        const auto state = chainStateIn(file->values);
        if (state.ok() && state->publicValues() != file->values) std::abort();
    } else {
        const auto span = spanIn(file->values);
        if (span.ok() && span->publicValues() != file->values) std::abort();
    }
    return 0;
}
