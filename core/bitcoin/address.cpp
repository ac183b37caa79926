// SPDX-License-Identifier: MIT
#include "core/bitcoin/address.h"

#include "core/bitcoin/base58.h"
#include "core/bitcoin/bech32.h"

#include <algorithm>

namespace bowline::bitcoin {

namespace {
constexpr std::array<Network, 4> kNetworks{Network::Main, Network::Testnet4, Network::Signet,
                                           Network::Regtest};

template <typename Predicate>
bool anyNetwork(Predicate predicate)
{
    return std::any_of(kNetworks.begin(), kNetworks.end(),
                       [&predicate](Network network) { return predicate(chainParams(network)); });
}

bool equalIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    return std::equal(text.begin(), text.end(), lowerCase.begin(), lowerCase.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

// Whether the text begins like a witness address of any network; then errors of Bech32 tell more.
bool hasWitnessPrefix(std::string_view address)
{
    const std::size_t separator = address.rfind('1');
    if (separator == std::string_view::npos) return false;
    const std::string_view prefix = address.substr(0, separator);
    return anyNetwork([prefix](const ChainParams& p) { return equalIgnoringCase(prefix, p.bech32Prefix); });
}

Result<Script> scriptFromWitnessAddress(const Bech32Text& text)
{
    if (text.values.empty()) return makeError(kAddressBadProgram, "no witness version");
    const std::uint8_t version = text.values[0];
    if (version > 16) return makeError(kAddressBadVersion);
    BOWLINE_TRY(const Bytes program, fromFiveBits(std::span(text.values).subspan(1)));
    if (program.size() < 2 || program.size() > 40)
        return makeError(kAddressBadProgram, "2 to 40 bytes are allowed");
    if (version == 0 && program.size() != 20 && program.size() != 32) {
        return makeError(kAddressBadProgram, "version 0 allows 20 or 32 bytes");
    }
    const Bech32Form form = version == 0 ? Bech32Form::Bech32 : Bech32Form::Bech32m;
    if (text.form != form) return makeError(kAddressWrongForm);
    // Not push(): a program is pushed directly whatever its bytes are.
    Script out{version == 0 ? std::uint8_t{OP_0} : static_cast<std::uint8_t>(OP_1 + version - 1),
               static_cast<std::uint8_t>(program.size())};
    base::append(out, program);
    return out;
}

Result<Script> scriptFromBase58(std::string_view address, const ChainParams& params)
{
    BOWLINE_TRY(const Bytes payload, decodeBase58Check(address));
    if (payload.size() != 21) return makeError(kAddressUnknown, "not a key or script hash");
    const std::uint8_t version = payload[0];
    BOWLINE_TRY(const auto hash, base::toArray<20>(ByteView(payload).subspan(1)));
    if (version == params.base58PublicKeyHash) return payToPublicKeyHash(hash);
    if (version == params.base58ScriptHash) return payToScriptHash(hash);
    const bool known = anyNetwork([version](const ChainParams& p) {
        return version == p.base58PublicKeyHash || version == p.base58ScriptHash;
    });
    return makeError(known ? kAddressOtherNetwork : kAddressUnknown);
}

template <std::size_t N>
std::string base58Address(std::uint8_t version, std::span<const std::uint8_t, N> hash)
{
    Bytes payload{version};
    base::append(payload, hash);
    return encodeBase58Check(payload);
}
} // namespace

Result<Script> scriptFromAddress(std::string_view address, Network network)
{
    const ChainParams& params = chainParams(network);
    if (!hasWitnessPrefix(address)) {
        if (decodeBech32(address).ok()) return makeError(kAddressUnknown, "Bech32 text of something else");
        return scriptFromBase58(address, params);
    }
    BOWLINE_TRY(const Bech32Text text, decodeBech32(address));
    BOWLINE_TRY(Script script, scriptFromWitnessAddress(text));
    if (text.prefix != params.bech32Prefix) return makeError(kAddressOtherNetwork);
    return script;
}

Result<std::string> addressFromScript(ByteView script, Network network)
{
    const ChainParams& params = chainParams(network);
    switch (outputTypeOf(script)) {
    case OutputType::PayToPublicKeyHash:
        return base58Address(params.base58PublicKeyHash, script.subspan<3, 20>());
    case OutputType::PayToScriptHash: return base58Address(params.base58ScriptHash, script.subspan<2, 20>());
    case OutputType::NullData:
    case OutputType::Other: return makeError(kNoAddress);
    default: break;
    }
    const auto witness = witnessProgramOf(script);
    const bool known = outputTypeOf(script) != OutputType::UnknownWitness;
    if (!witness || (witness->version == 0 && !known)) return makeError(kNoAddress);
    std::vector<std::uint8_t> values{witness->version};
    const std::vector<std::uint8_t> program = toFiveBits(witness->program);
    values.insert(values.end(), program.begin(), program.end());
    const Bech32Form form = witness->version == 0 ? Bech32Form::Bech32 : Bech32Form::Bech32m;
    return encodeBech32(form, params.bech32Prefix, values);
}

} // namespace bowline::bitcoin
