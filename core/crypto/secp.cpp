// SPDX-License-Identifier: MIT
#include "core/crypto/secp.h"

#include "core/base/log.h"
#include "core/crypto/random.h"

namespace bowline::crypto {

namespace {
secp256k1_context* createContext()
{
    secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    const auto seed = randomSecret();
    if (!seed.ok() || secp256k1_context_randomize(context, seed->data()) != 1) {
        base::logError("crypto", "no randomness for the signing context");
        std::abort();
    }
    return context;
}
} // namespace

const secp256k1_context* secpContext()
{
    // Lives until the process ends: objects with static storage may still verify while others are destroyed.
    static const secp256k1_context* const context = createContext();
    return context;
}

secp256k1_pubkey toSecp(const PublicKey& key)
{
    secp256k1_pubkey out;
    if (secp256k1_ec_pubkey_parse(secpContext(), &out, key.bytes().data(), key.bytes().size()) != 1)
        std::abort();
    return out;
}

base::ByteArray<33> serialize(const secp256k1_pubkey& key)
{
    base::ByteArray<33> out;
    std::size_t size = out.size();
    secp256k1_ec_pubkey_serialize(secpContext(), out.data(), &size, &key, SECP256K1_EC_COMPRESSED);
    return out;
}

} // namespace bowline::crypto
