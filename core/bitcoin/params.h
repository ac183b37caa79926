// SPDX-License-Identifier: MIT
// The Bitcoin networks and what differs between them.
#pragma once

#include "core/bitcoin/block.h"
#include "core/bitcoin/uint256.h"

#include <span>

namespace bowline::bitcoin {

inline constexpr ErrorCode kUnknownNetwork{"bitcoin.unknown-network"};

enum class Network { Main, Testnet4, Signet, Regtest };

struct ChainParams {
    Network network = Network::Main;
    std::string_view name; // "main", "testnet4", "signet", "regtest", as bitcoind's -chain names them
    ByteArray<4> magic{};  // in the order sent
    std::uint16_t defaultPort = 0;

    std::string_view bech32Prefix;
    std::uint8_t base58PublicKeyHash = 0;
    std::uint8_t base58ScriptHash = 0;
    std::uint8_t base58PrivateKey = 0;           // WIF
    std::uint32_t extendedPublicKeyVersion = 0;  // BIP32, big-endian value: 0x0488b21e
    std::uint32_t extendedPrivateKeyVersion = 0; // BIP32
    std::uint32_t coinType = 0;                  // BIP44: 0 on main, 1 elsewhere

    BlockHeader genesis;
    BlockHash genesisHash;
    Uint256 powLimit;
    bool noRetargeting = false; // regtest: the difficulty never changes
    bool minimumDifficultyRule =
        false;          // after 20 minutes without a block one of the least difficulty is allowed
    bool bip94 = false; // testnet4: time warp and block storm fixes
    /// Versions below 2, 3, 4 are refused from these heights on (BIP34, BIP66, BIP65).
    Height version2From;
    Height version3From;
    Height version4From;
    /// From here on the witness commitment binds (see WitnessRule).
    Height segwitFrom;

    ByteView signetChallenge; // BIP325; empty elsewhere
    std::span<const std::string_view> dnsSeeds;
};

[[nodiscard]] const ChainParams& chainParams(Network network);
/// By ChainParams::name.
[[nodiscard]] Result<Network> networkFromName(std::string_view name);
[[nodiscard]] std::string_view networkName(Network network);

} // namespace bowline::bitcoin
