// SPDX-License-Identifier: MIT
#include "core/l2/address.h"

#include "core/bitcoin/bech32.h"

#include <array>

namespace bowline::l2 {

std::string_view accountPrefix(bitcoin::Network network)
{
    switch (network) {
    case bitcoin::Network::Main: return "bwl";
    case bitcoin::Network::Testnet4:
    case bitcoin::Network::Signet: return "bwlt";
    case bitcoin::Network::Regtest: break;
    }
    return "bwlrt";
}

std::string accountText(const XOnlyPublicKey& key, bitcoin::Network network)
{
    return bitcoin::encodeBech32(bitcoin::Bech32Form::Bech32m, accountPrefix(network),
                                 bitcoin::toFiveBits(key.view()));
}

Result<XOnlyPublicKey> accountFromText(std::string_view text, bitcoin::Network network)
{
    const auto decoded = bitcoin::decodeBech32(text);
    if (!decoded) return base::makeError(kBadAccountText, decoded.error().detail);
    if (decoded->form != bitcoin::Bech32Form::Bech32m) return base::makeError(kBadAccountText, "not Bech32m");
    if (decoded->prefix != accountPrefix(network)) {
        for (const auto other :
             {bitcoin::Network::Main, bitcoin::Network::Signet, bitcoin::Network::Regtest}) {
            if (decoded->prefix == accountPrefix(other)) {
                return base::makeError(kAccountOtherNetwork, decoded->prefix);
            }
        }
        return base::makeError(kBadAccountText, "unknown prefix");
    }
    const auto bytes = bitcoin::fromFiveBits(decoded->values);
    if (!bytes || bytes->size() != 32) return base::makeError(kBadAccountText, "not 32 bytes");
    XOnlyPublicKey key;
    std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
    if (!crypto::isOnCurve(key)) return base::makeError(kAccountNotAKey);
    return key;
}

} // namespace bowline::l2
