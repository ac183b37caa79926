// SPDX-License-Identifier: MIT
// Internal to this library: the one libsecp256k1 context, and memory for its secret structures.
#pragma once

#include "core/crypto/keys.h"

#include <secp256k1.h>
#include <secp256k1_extrakeys.h>

namespace bowline::crypto {

/// Created and blinded with fresh randomness at first use, never changed afterwards, so that threads share
/// it. Ends the program when there is no randomness: nothing may be signed then.
[[nodiscard]] const secp256k1_context* secpContext();

/// A secret structure of libsecp256k1 in locked memory. All of them are plain arrays of bytes.
template <typename T>
class SecureStruct {
public:
    static_assert(alignof(T) == 1);
    [[nodiscard]] T* get() { return reinterpret_cast<T*>(m_memory.data()); } // NOLINT(*-reinterpret-cast)

private:
    base::SecureArray<sizeof(T)> m_memory;
};
using SecureKeyPair = SecureStruct<secp256k1_keypair>;

/// The library's form of a key; PublicKey guarantees that it is a point.
[[nodiscard]] secp256k1_pubkey toSecp(const PublicKey& key);
[[nodiscard]] base::ByteArray<33> serialize(const secp256k1_pubkey& key);

} // namespace bowline::crypto
