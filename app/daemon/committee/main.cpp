// SPDX-License-Identifier: MIT
// bowline-committee: signs with the keys of all members, which lie in their folders on this machine.
#include "app/daemon/committee/committee.h"
#include "core/base/secure.h"
#include "core/bitcoin/address.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

using namespace bowline;

constexpr base::ErrorCode kUsage{"committee.usage"};
constexpr const char* kUsageText =
    "usage: bowline-committee program NETWORK_FILE ID|none NUMBER DELAY MEMBER_FOLDER...\n"
    "       bowline-committee recover NETWORK_FILE TXID INDEX VALUE_SAT FEE_SAT ADDRESS|next "
    "MEMBER_FOLDER...\n"
    "\n"
    "program: a layer-2 transaction (hex, for tx_submit) that announces the program ID to take over DELAY "
    "blocks after\n"
    "         its announcement is sealed, or takes the announcement back (none, delay 0). NUMBER: how many "
    "there were before.\n"
    "recover: a Bitcoin transaction (hex, for sendrawtransaction) that spends a seal which stands still "
    "since\n"
    "         recovery_blocks, to the next seal or, which ends the chain of seals, to an address.\n";

template <typename Number>
base::Result<Number> numberIn(const std::string& text)
{
    Number out{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size()) return base::makeError(kUsage, text);
    return out;
}

base::Result<l2::Network> networkIn(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) return base::makeError(kUsage, "no file " + path);
    return l2::parseNetworkJson(std::string{std::istreambuf_iterator<char>(in), {}});
}

using Words = std::vector<std::string>;

base::Result<std::string> program(const Words& words)
{
    BOWLINE_TRY(l2::Network network, networkIn(words[1]));
    base::Digest id;
    if (words[2] != "none") {
        BOWLINE_TRY(id, base::Digest::fromHex(words[2]));
    }
    BOWLINE_TRY(const auto number, numberIn<std::uint32_t>(words[3]));
    BOWLINE_TRY(const auto delay, numberIn<std::uint32_t>(words[4]));
    BOWLINE_TRY(const auto committee,
                daemon::Committee::open(std::move(network), Words(words.begin() + 5, words.end())));
    BOWLINE_TRY(const l2::Transaction announced, committee.announce(id, number, delay));
    return base::toHex(announced.encode());
}

base::Result<std::string> recover(const Words& words)
{
    BOWLINE_TRY(l2::Network network, networkIn(words[1]));
    seal::Seal seal;
    BOWLINE_TRY(seal.outpoint.txid, base::Txid::fromDisplayHex(words[2]));
    BOWLINE_TRY(seal.outpoint.index, numberIn<std::uint32_t>(words[3]));
    BOWLINE_TRY(const auto value, numberIn<std::int64_t>(words[4]));
    BOWLINE_TRY(const auto fee, numberIn<std::int64_t>(words[5]));
    seal.value = base::Amount::fromSat(value);
    std::optional<bitcoin::Script> payTo;
    if (words[6] != "next") {
        BOWLINE_TRY(payTo, bitcoin::scriptFromAddress(words[6], network.params.bitcoinNetwork));
    }
    BOWLINE_TRY(const auto committee,
                daemon::Committee::open(std::move(network), Words(words.begin() + 7, words.end())));
    BOWLINE_TRY(const auto out, committee.recover(seal, base::Amount::fromSat(fee), payTo));
    return base::toHex(out.serialize());
}

} // namespace

int main(int argc, char** argv)
{
    base::hardenProcess();
    const Words words(argv + 1, argv + argc);
    const bool isProgram = words.size() > 5 && words[0] == "program";
    const bool isRecover = words.size() > 7 && words[0] == "recover";
    if (!isProgram && !isRecover) {
        std::fputs(kUsageText, stderr);
        return 2;
    }
    const base::Result<std::string> out = isProgram ? program(words) : recover(words);
    if (!out.ok()) {
        const std::string code(out.error().code.name());
        std::fprintf(stderr, "bowline-committee: %s: %s\n", code.c_str(), out.error().detail.c_str());
        return out.error().code == kUsage ? 2 : 1;
    }
    std::puts(out->c_str());
    return 0;
}
