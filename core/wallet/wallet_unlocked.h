// SPDX-License-Identifier: MIT
// What a wallet holds only while it is unlocked. Private to this library.
#pragma once

#include "core/wallet/wallet.h"

#include <map>

namespace bowline::wallet {

/// Everything secret is in locked memory and wiped when this object ends. The seed itself is not kept.
struct Wallet::Unlocked {
    explicit Unlocked(store::SecretBox opened) : box(std::move(opened)) {}
    store::SecretBox box;
    std::map<AddressType, keys::ExtendedPrivateKey> accounts;   // m/86h/coin h/0h, m/84h/coin h/0h
    std::map<std::uint32_t, keys::ExtendedPrivateKey> specials; // m/86h/coin h/account h
};

/// Scripts as keys of maps.
[[nodiscard]] inline std::string_view asText(ByteView bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; // NOLINT(*-reinterpret-cast)
}

} // namespace bowline::wallet
