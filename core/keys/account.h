// SPDX-License-Identifier: MIT
// The standard accounts of a wallet: BIP84 (P2WPKH) and BIP86 (P2TR, key path), as descriptors.
#pragma once

#include "core/keys/descriptor.h"

namespace bowline::keys {

enum class AccountKind {
    Bip84, // m/84h/coin h/account h, wpkh()
    Bip86, // m/86h/coin h/account h, tr()
};

inline constexpr base::ErrorCode kBadAccount{"keys.bad-account"};

/// m / purpose h / coin type h / account h. Refuses account numbers of 2^31 and above.
[[nodiscard]] Result<DerivationPath> accountPath(AccountKind kind, bitcoin::Network network,
                                                 std::uint32_t account);

struct AccountDescriptors {
    Descriptor receive; // .../0/*
    Descriptor change;  // .../1/*
};
/// Watch-only descriptors with key origin, from the master key. They hold no private key.
[[nodiscard]] Result<AccountDescriptors> accountDescriptors(const ExtendedPrivateKey& master,
                                                            AccountKind kind, bitcoin::Network network,
                                                            std::uint32_t account);

} // namespace bowline::keys
