// SPDX-License-Identifier: MIT
#include "core/bitcoin/params.h"

#include <cstdlib>

namespace bowline::bitcoin {

namespace {
// The coinbase of main's genesis block serves signet and regtest too.
constexpr std::string_view kFirstMerkleRoot =
    "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

constexpr std::array<std::string_view, 7> kMainSeeds{
    "dnsseed.bluematt.me",           "dnsseed.bitcoin.dashjr-list-of-p2p-nodes.us",
    "seed.bitcoin.sprovoost.nl",     "dnsseed.emzy.de",
    "seed.bitcoin.wiz.biz",          "seed.mainnet.achownodes.xyz",
    "seed.bitcoin.jonasschnelli.ch",
};
constexpr std::array<std::string_view, 2> kTestnet4Seeds{"seed.testnet4.bitcoin.sprovoost.nl",
                                                         "seed.testnet4.wiz.biz"};
constexpr std::array<std::string_view, 2> kSignetSeeds{"seed.signet.bitcoin.sprovoost.nl",
                                                       "seed.signet.achownodes.xyz"};

// BIP325: one of two keys.
constexpr ByteArray<71> kSignetChallenge{
    0x51, 0x21, 0x03, 0xad, 0x5e, 0x0e, 0xda, 0xd1, 0x8c, 0xb1, 0xf0, 0xfc, 0x0d, 0x28, 0xa3,
    0xd4, 0xf1, 0xf3, 0xe4, 0x45, 0x64, 0x03, 0x37, 0x48, 0x9a, 0xbb, 0x10, 0x40, 0x4f, 0x2d,
    0x1e, 0x08, 0x6b, 0xe4, 0x30, 0x21, 0x03, 0x59, 0xef, 0x50, 0x21, 0x96, 0x4f, 0xe2, 0x2d,
    0x6f, 0x8e, 0x05, 0xb2, 0x46, 0x3c, 0x95, 0x40, 0xce, 0x96, 0x88, 0x3f, 0xe3, 0xb2, 0x78,
    0x76, 0x0f, 0x04, 0x8f, 0x51, 0x89, 0xf2, 0xe6, 0xc4, 0x52, 0xae};

// For constants of this file only: a mistake in them is a bug.
template <typename T>
T constantOf(Result<T> parsed)
{
    if (!parsed) std::abort();
    return std::move(parsed).value();
}

BlockHeader genesisHeader(std::string_view merkleRoot, std::uint32_t time, std::uint32_t bits,
                          std::uint32_t nonce)
{
    BlockHeader out;
    out.version = 1;
    out.merkleRoot = constantOf(MerkleRoot::fromDisplayHex(merkleRoot));
    out.time = time;
    out.bits = bits;
    out.nonce = nonce;
    return out;
}

ChainParams mainParams()
{
    ChainParams out;
    out.network = Network::Main;
    out.name = "main";
    out.magic = {0xf9, 0xbe, 0xb4, 0xd9};
    out.defaultPort = 8333;
    out.bech32Prefix = "bc";
    out.base58PublicKeyHash = 0;
    out.base58ScriptHash = 5;
    out.base58PrivateKey = 128;
    out.extendedPublicKeyVersion = 0x0488b21e;
    out.extendedPrivateKeyVersion = 0x0488ade4;
    out.coinType = 0;
    out.genesis = genesisHeader(kFirstMerkleRoot, 1231006505, 0x1d00ffff, 2083236893);
    out.powLimit = Uint256::max() >> 32U;
    out.version2From = Height{227'931};
    out.version3From = Height{363'725};
    out.version4From = Height{388'381};
    out.segwitFrom = Height{481'824};
    out.dnsSeeds = kMainSeeds;
    return out;
}

// What the test networks have in common.
ChainParams testParams()
{
    ChainParams out;
    out.bech32Prefix = "tb";
    out.base58PublicKeyHash = 111;
    out.base58ScriptHash = 196;
    out.base58PrivateKey = 239;
    out.extendedPublicKeyVersion = 0x043587cf;
    out.extendedPrivateKeyVersion = 0x04358394;
    out.coinType = 1;
    out.version2From = out.version3From = out.version4From = out.segwitFrom = Height{1};
    return out;
}

ChainParams testnet4Params()
{
    ChainParams out = testParams();
    out.network = Network::Testnet4;
    out.name = "testnet4";
    out.magic = {0x1c, 0x16, 0x3f, 0x28};
    out.defaultPort = 48333;
    out.genesis = genesisHeader("7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e",
                                1714777860, 0x1d00ffff, 393743547);
    out.powLimit = Uint256::max() >> 32U;
    out.minimumDifficultyRule = true;
    out.bip94 = true;
    out.dnsSeeds = kTestnet4Seeds;
    return out;
}

ChainParams signetParams()
{
    ChainParams out = testParams();
    out.network = Network::Signet;
    out.name = "signet";
    out.magic = {0x0a, 0x03, 0xcf, 0x40};
    out.defaultPort = 38333;
    out.genesis = genesisHeader(kFirstMerkleRoot, 1598918400, 0x1e0377ae, 52613770);
    out.powLimit = Uint256{0x377ae} << 216U;
    out.signetChallenge = kSignetChallenge;
    out.dnsSeeds = kSignetSeeds;
    return out;
}

ChainParams regtestParams()
{
    ChainParams out = testParams();
    out.network = Network::Regtest;
    out.name = "regtest";
    out.magic = {0xfa, 0xbf, 0xb5, 0xda};
    out.defaultPort = 18444;
    out.bech32Prefix = "bcrt";
    out.genesis = genesisHeader(kFirstMerkleRoot, 1296688602, 0x207fffff, 2);
    out.powLimit = Uint256::max() >> 1U;
    out.noRetargeting = true;
    out.minimumDifficultyRule = true;
    return out;
}

using AllParams = std::array<ChainParams, 4>;

const AllParams& allParams()
{
    static const AllParams all = [] {
        AllParams out{mainParams(), testnet4Params(), signetParams(), regtestParams()};
        for (ChainParams& params : out) params.genesisHash = params.genesis.hash();
        return out;
    }();
    return all;
}
} // namespace

const ChainParams& chainParams(Network network)
{
    for (const ChainParams& params : allParams()) {
        if (params.network == network) return params;
    }
    std::abort();
}

Result<Network> networkFromName(std::string_view name)
{
    for (const ChainParams& params : allParams()) {
        if (params.name == name) return params.network;
    }
    return makeError(kUnknownNetwork, std::string(name));
}

std::string_view networkName(Network network) { return chainParams(network).name; }

} // namespace bowline::bitcoin
