// SPDX-License-Identifier: MIT
// Addresses: text for output scripts, on each network. Errors of the text itself come with the codes of
// base58.h and bech32.h.
#pragma once

#include "core/bitcoin/params.h"

namespace bowline::bitcoin {

/// Neither Base58 nor Bech32 text of any network known here.
inline constexpr ErrorCode kAddressUnknown{"bitcoin.address-unknown"};
/// A good address, but of another network.
inline constexpr ErrorCode kAddressOtherNetwork{"bitcoin.address-other-network"};
/// Bech32 with witness version 1 and above, or Bech32m with version 0 (BIP350).
inline constexpr ErrorCode kAddressWrongForm{"bitcoin.address-wrong-form"};
inline constexpr ErrorCode kAddressBadVersion{"bitcoin.address-bad-version"};
inline constexpr ErrorCode kAddressBadProgram{"bitcoin.address-bad-program"};
/// The script has no address.
inline constexpr ErrorCode kNoAddress{"bitcoin.no-address"};

/// The output script of an address. P2A and witness versions without meaning yet are accepted, as BIP350
/// wants; look at outputTypeOf() to warn about the latter: anybody may be able to spend such an output.
/// Test networks share prefixes (testnet4 and signet all of them, regtest those of Base58): they cannot be
/// told apart.
[[nodiscard]] Result<Script> scriptFromAddress(std::string_view address, Network network);
/// Witness programs in lower case.
[[nodiscard]] Result<std::string> addressFromScript(ByteView script, Network network);

} // namespace bowline::bitcoin
