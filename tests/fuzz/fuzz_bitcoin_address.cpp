// SPDX-License-Identifier: MIT
// Any text as an address, as Base58Check and as Bech32: what is accepted is written back, but for its case.
#include "core/bitcoin/address.h"
#include "core/bitcoin/base58.h"
#include "core/bitcoin/bech32.h"

#include <algorithm>
#include <cstdlib>

using namespace bowline;

namespace {
std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    for (const auto network : {bitcoin::Network::Main, bitcoin::Network::Regtest}) {
        const auto script = bitcoin::scriptFromAddress(text, network);
        if (!script) continue;
        const auto again = bitcoin::addressFromScript(*script, network);
        if (!again || (*again != text && *again != lowered(text))) std::abort();
    }
    const auto base58 = bitcoin::decodeBase58Check(text);
    if (base58 && bitcoin::encodeBase58Check(*base58) != text) std::abort();
    const auto bech32 = bitcoin::decodeBech32(text);
    if (bech32 && bitcoin::encodeBech32(bech32->form, bech32->prefix, bech32->values) != lowered(text))
        std::abort();
    return 0;
}
