// SPDX-License-Identifier: MIT
// bowline-committee: what all members sign together, each on its own machine with its own key alone.
#include "app/daemon/committee/folder.h"
#include "app/daemon/node/keys.h"
#include "core/base/private_file.h"
#include "core/base/secure.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

namespace {

using namespace bowline;
using base::Result;
using base::Status;
using daemon::Proposal;

constexpr base::ErrorCode kUsage{"committee.usage"};
/// Somebody at the terminal did not say yes.
constexpr base::ErrorCode kDeclined{"committee.declined"};
/// This member was in this session before; its secret nonce is gone.
constexpr base::ErrorCode kBegan{"committee.began-already"};
constexpr std::chrono::milliseconds kPause{200};

constexpr const char* kUsageText =
    "usage: bowline-committee propose NETWORK_FILE FOLDER program ID|none NUMBER DELAY\n"
    "       bowline-committee propose NETWORK_FILE FOLDER recover TXID INDEX VALUE_SAT FEE_SAT ADDRESS|next\n"
    "       bowline-committee show NETWORK_FILE FOLDER\n"
    "       bowline-committee sign NETWORK_FILE FOLDER MEMBER_FOLDER\n"
    "\n"
    "propose  writes FOLDER/proposal.txt, which every member needs.\n"
    "           program: ID takes over the layer 2 DELAY blocks after its announcement is sealed, or (none,\n"
    "           delay 0) the announced one does not. NUMBER: how many announcements there were before.\n"
    "           recover: a seal that stands still since recovery_blocks goes to the next seal or, which "
    "ends\n"
    "           the chain of seals, to an address.\n"
    "show     what is proposed, who has sent what, and whom its messages convict; the transaction once all\n"
    "           have signed.\n"
    "sign     shows it, asks, and stays until all have signed. It writes nonce-N.hex and, when all nonces "
    "are\n"
    "           there, partial-N.hex; bring these files into the others' folders and theirs into this one.\n"
    "           A member that ends before its partial signature cannot come back: propose again.\n"
    "\n"
    "The transaction is hex on standard output: for tx_submit, or for sendrawtransaction.\n";

template <typename Number>
Result<Number> numberIn(const std::string& text)
{
    Number out{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failure != std::errc{} || end != text.data() + text.size()) return base::makeError(kUsage, text);
    return out;
}

Result<l2::Network> networkIn(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) return base::makeError(kUsage, "no file " + path);
    return l2::parseNetworkJson(std::string{std::istreambuf_iterator<char>(in), {}});
}

using Words = std::vector<std::string>;
using Terms = std::variant<daemon::ProgramTerms, daemon::RecoveryTerms>;

Result<Terms> termsIn(const Words& words)
{
    if (words.size() == 7 && words[3] == "program") {
        daemon::ProgramTerms out;
        if (words[4] != "none") {
            BOWLINE_TRY(out.program, base::Digest::fromHex(words[4]));
        }
        BOWLINE_TRY(out.number, numberIn<std::uint32_t>(words[5]));
        BOWLINE_TRY(out.delay, numberIn<std::uint32_t>(words[6]));
        return Terms(out);
    }
    if (words.size() != 9 || words[3] != "recover") return base::makeError(kUsage);
    daemon::RecoveryTerms out;
    BOWLINE_TRY(out.seal.outpoint.txid, base::Txid::fromDisplayHex(words[4]));
    BOWLINE_TRY(out.seal.outpoint.index, numberIn<std::uint32_t>(words[5]));
    BOWLINE_TRY(const auto value, numberIn<std::int64_t>(words[6]));
    BOWLINE_TRY(const auto fee, numberIn<std::int64_t>(words[7]));
    out.seal.value = base::Amount::fromSat(value);
    out.fee = base::Amount::fromSat(fee);
    if (words[8] != "next") out.address = words[8];
    return Terms(out);
}

Status print(const Proposal& proposal, const l2::Network& network)
{
    BOWLINE_TRY(const auto lines, daemon::describe(proposal, network));
    for (const std::string& line : lines) std::fprintf(stderr, "%s\n", line.c_str());
    return base::success();
}

std::string listed(const std::vector<std::size_t>& members)
{
    std::string out;
    for (const std::size_t member : members) out += " " + std::to_string(member + 1);
    return out;
}

/// What stands in the way, for people; empty when nothing does.
std::string troubleOf(const daemon::Round& round)
{
    std::string out;
    for (const auto& [member, fault] : round.faults())
        out += "member " + std::to_string(member + 1) + " has sent " + std::string(nameOf(fault)) + "\n";
    if (out.empty() && !round.sawOthers().empty())
        out = "these members have seen other nonces than are here, so somebody has shown two; compare the "
              "files:" +
              listed(round.sawOthers()) + "\n";
    return out;
}

std::string awaitedOf(const daemon::Round& round)
{
    if (!round.awaitedNonces().empty()) return "awaiting nonces of" + listed(round.awaitedNonces());
    if (!round.awaitedPartials().empty())
        return "awaiting partial signatures of" + listed(round.awaitedPartials());
    return "all have signed";
}

Status propose(const Words& words)
{
    BOWLINE_TRY(const l2::Network network, networkIn(words[1]));
    BOWLINE_TRY(Terms terms, termsIn(words));
    BOWLINE_TRY(const Proposal proposal, Proposal::make(network, std::move(terms)));
    BOWLINE_CHECK(print(proposal, network));
    return daemon::SessionFolder(words[2]).write(proposal);
}

Status finish(const Proposal& proposal, const l2::Network& network, const daemon::Round& round)
{
    BOWLINE_TRY(const auto signature, round.signature());
    BOWLINE_TRY(const std::string out, daemon::finish(proposal, network, signature));
    std::puts(out.c_str());
    return base::success();
}

Status show(const Words& words)
{
    BOWLINE_TRY(const l2::Network network, networkIn(words[1]));
    daemon::SessionFolder folder(words[2]);
    BOWLINE_TRY(const Proposal proposal, folder.proposal());
    BOWLINE_CHECK(print(proposal, network));
    BOWLINE_TRY(daemon::Round round, daemon::Round::begin(network, proposal));
    BOWLINE_CHECK(folder.readInto(round));
    const std::string trouble = troubleOf(round);
    if (!trouble.empty()) {
        std::fputs(trouble.c_str(), stderr);
        return base::makeError(daemon::kRoundFailed);
    }
    std::fprintf(stderr, "%s\n", awaitedOf(round).c_str());
    const bool isDone = round.awaitedNonces().empty() && round.awaitedPartials().empty();
    return isDone ? finish(proposal, network, round) : base::success();
}

/// Reads the folder until everything of this round is there.
Status await(daemon::SessionFolder& folder, daemon::Round& round, const auto& isThere)
{
    std::string told;
    for (;; std::this_thread::sleep_for(kPause)) {
        BOWLINE_CHECK(folder.readInto(round));
        const std::string trouble = troubleOf(round);
        if (!trouble.empty()) {
            std::fputs(trouble.c_str(), stderr);
            return base::makeError(daemon::kRoundFailed);
        }
        if (isThere()) return base::success();
        const std::string now = awaitedOf(round);
        if (now != told) std::fprintf(stderr, "%s\n", now.c_str());
        told = now;
    }
}

Status askWhetherToSign()
{
    std::fputs("Type yes to sign this with your key: ", stderr);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes" ? base::success() : Status(base::makeError(kDeclined));
}

Status sign(const Words& words)
{
    BOWLINE_TRY(const l2::Network network, networkIn(words[1]));
    daemon::SessionFolder folder(words[2]);
    BOWLINE_TRY(const Proposal proposal, folder.proposal());
    BOWLINE_TRY(const auto keys, daemon::NodeKeys::load(words[3], daemon::NodeRole::Signer));
    BOWLINE_TRY(daemon::Round fresh, daemon::Round::begin(network, proposal));
    BOWLINE_TRY(daemon::MemberPart part,
                daemon::MemberPart::begin(std::move(fresh), keys.key("vault"), keys.key("message")));
    BOWLINE_CHECK(print(proposal, network));
    BOWLINE_CHECK(askWhetherToSign());
    // Before the nonce leaves: others would take a second one of this session for a lie.
    BOWLINE_CHECK(base::createPrivateFile(words[3] + "/committee-" + proposal.session().hex(),
                                          base::viewOf("begun\n"), daemon::kCommitteeFolder, kBegan));
    BOWLINE_CHECK(folder.write("nonce", part.index(), part.nonceMessage()));
    daemon::Round& round = part.round();
    BOWLINE_CHECK(await(folder, round, [&round] { return round.awaitedNonces().empty(); }));
    BOWLINE_TRY(const base::Bytes partial, part.partialMessage(keys.key("vault"), keys.key("message")));
    BOWLINE_CHECK(folder.write("partial", part.index(), partial));
    BOWLINE_CHECK(await(folder, round, [&round] { return round.awaitedPartials().empty(); }));
    return finish(proposal, network, round);
}

} // namespace

int main(int argc, char** argv)
{
    base::hardenProcess();
    const Words words(argv + 1, argv + argc);
    const std::string command = words.empty() ? std::string() : words[0];
    Status done = base::makeError(kUsage);
    if (command == "propose" && words.size() > 3) done = propose(words);
    if (command == "show" && words.size() == 3) done = show(words);
    if (command == "sign" && words.size() == 4) done = sign(words);
    if (done.ok()) return 0;
    const base::Error& error = done.error();
    if (error.code == kUsage && error.detail.empty()) {
        std::fputs(kUsageText, stderr);
        return 2;
    }
    std::fprintf(stderr, "bowline-committee: %s: %s\n", std::string(error.code.name()).c_str(),
                 error.detail.c_str());
    return error.code == kUsage ? 2 : 1;
}
