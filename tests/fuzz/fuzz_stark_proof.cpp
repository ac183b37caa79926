// SPDX-License-Identifier: MIT
// Proofs of the example system: no bytes crash decoder or verifier, what decodes has one encoding, and nothing
// is accepted but the two honest proofs of the corpus.
#include "core/stark/verifier.h"
#include "tests/unit/stark/example.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::stark;

namespace {
// Few queries, so that a proof is short; as in corpus/fuzz_stark_proof.
constexpr Parameters kParameters{1, 4, 1, 1, 1, 1, 1};

// Without and with the optional chip; the public values are the same.
struct Honest {
    test::Example example = test::makeExample(kParameters, 5, 0);
    ProvingKey key = *ProvingKey::make(example.system);
    base::Bytes without = encode(key.verifying(), *prove(key, example.traces, example.publicValues));
    base::Bytes with = encode(key.verifying(),
                              *prove(key, test::makeExample(kParameters, 5, 5).traces, example.publicValues));
};
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Honest honest;
    const base::ByteView input(data, size);
    const VerifyingKey& key = honest.key.verifying();
    const auto decoded = decode(key, input);
    if (!decoded.ok()) return 0;
    if (encode(key, *decoded) != base::toBytes(input)) std::abort();
    const bool accepted = verifyProof(key, honest.example.publicValues, *decoded).ok();
    if (accepted && base::toBytes(input) != honest.without && base::toBytes(input) != honest.with)
        std::abort();
    return 0;
}
