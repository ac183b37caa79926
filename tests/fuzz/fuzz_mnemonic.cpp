// SPDX-License-Identifier: MIT
// Seed words and Unicode normalisation: what parses is written back to an equal sentence; NFKD applied twice
// is NFKD applied once.
#include "core/keys/mnemonic.h"
#include "core/keys/unicode.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto normal = keys::normalizeNfkd(input);
    if (normal.ok() && normal->size() <= keys::kMaxNormalizedInput &&
        *keys::normalizeNfkd(base::viewOf(*normal)) != *normal) {
        std::abort();
    }
    const auto parsed = keys::Mnemonic::parse(input);
    if (!parsed.ok()) return 0;
    const auto again = keys::Mnemonic::parse(base::viewOf(parsed->text()), parsed->language());
    if (!again.ok() || base::toBytes(again->entropy()) != base::toBytes(parsed->entropy())) std::abort();
    return 0;
}
