// SPDX-License-Identifier: MIT
// Extended keys: what parses is written back as the same text. The first byte chooses between the text itself
// and 78 raw bytes, which are given a good checksum first so that the fields are reached.
#include "core/bitcoin/base58.h"
#include "core/keys/bip32.h"

#include <cstdlib>

using namespace bowline;

namespace {
void tryText(std::string_view text, bitcoin::Network network)
{
    const auto publicKey = keys::ExtendedPublicKey::parse(text, network);
    if (publicKey.ok() && publicKey->toString(network) != text) std::abort();
    const auto privateKey = keys::ExtendedPrivateKey::parse(text, network);
    if (!privateKey.ok()) return;
    const auto written = privateKey->toText(network);
    if (std::string(written.begin(), written.end()) != text) std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const base::ByteView rest(data + 1, size - 1);
    if (rest.size() > 200) return 0;
    const std::string text =
        data[0] % 2 == 0 ? std::string(rest.begin(), rest.end()) : bitcoin::encodeBase58Check(rest);
    tryText(text, bitcoin::Network::Main);
    tryText(text, bitcoin::Network::Regtest);
    return 0;
}
