// SPDX-License-Identifier: MIT
// Text of layer-2 accounts: Bech32m of the 32-byte key, with a prefix that tells the networks apart.
#pragma once

#include "core/bitcoin/params.h"
#include "core/l2/types.h"

#include <string>

namespace bowline::l2 {

/// Not Bech32m of 32 bytes.
inline constexpr ErrorCode kBadAccountText{"l2.bad-account-text"};
/// A good account of another network.
inline constexpr ErrorCode kAccountOtherNetwork{"l2.account-other-network"};
/// The bytes are no BIP340 key: nobody could ever spend.
inline constexpr ErrorCode kAccountNotAKey{"l2.account-not-a-key"};

/// "bwl" on main, "bwlt" on testnet4 and signet, "bwlrt" on regtest.
[[nodiscard]] std::string_view accountPrefix(bitcoin::Network network);
[[nodiscard]] std::string accountText(const XOnlyPublicKey& key, bitcoin::Network network);
[[nodiscard]] Result<XOnlyPublicKey> accountFromText(std::string_view text, bitcoin::Network network);

} // namespace bowline::l2
