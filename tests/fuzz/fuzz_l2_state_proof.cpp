// SPDX-License-Identifier: MIT
// State proofs: no bytes crash the parser or the verifier, and none proves under a made-up root.
#include "core/l2/proof.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::l2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto proof = parseStateProof(input);
    if (!proof.ok()) return 0;
    if (proof->encode() != base::toBytes(input)) std::abort();
    // No bytes prove anything under a root that nobody has a tree for.
    const StateKey key = countersId().key();
    StateRoot root;
    root.bytes[0] = 1;
    if (verifyState(root, key, std::nullopt, *proof).ok()) std::abort();
    if (verifyState(root, key, Bytes{1}, *proof).ok()) std::abort();
    return 0;
}
