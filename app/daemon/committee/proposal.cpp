// SPDX-License-Identifier: MIT
#include "app/daemon/committee/proposal.h"

#include "core/bitcoin/address.h"
#include "core/crypto/musig.h"
#include "core/crypto/random.h"
#include "core/field/sponge.h"
#include "core/l2/hashes.h"

#include <charconv>

namespace bowline::daemon {

using base::Amount;
using base::Digest;
using base::makeError;
using base::Result;

namespace {

constexpr std::string_view kFirstLine = "bowline-committee-proposal 1\n";
constexpr std::size_t kMaxText = 4'096;
constexpr std::string_view kNone = "none"; // no program: the announcement is taken back
constexpr std::string_view kNext = "next"; // to the next seal

void line(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(" ").append(value).append("\n");
}

/// Lines in their order; the first failure sticks.
class Lines {
public:
    explicit Lines(std::string_view text) : m_rest(text)
    {
        if (text.size() > kMaxText || !m_rest.starts_with(kFirstLine)) {
            fail("first line");
        } else {
            m_rest.remove_prefix(kFirstLine.size());
        }
    }
    [[nodiscard]] bool isNext(std::string_view name) const
    {
        return m_rest.starts_with(name) && m_rest.substr(name.size()).starts_with(' ');
    }
    [[nodiscard]] std::string value(std::string_view name)
    {
        const std::size_t end = m_rest.find('\n');
        if (!isNext(name) || end == std::string_view::npos || end <= name.size()) {
            fail(name);
            return {};
        }
        const std::string out(m_rest.substr(name.size() + 1, end - name.size() - 1));
        m_rest.remove_prefix(end + 1);
        return out;
    }
    template <typename Number>
    [[nodiscard]] Number number(std::string_view name)
    {
        const std::string text = value(name);
        Number out{};
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (failure != std::errc{} || end != text.data() + text.size()) fail(name);
        return out;
    }
    template <typename Hash>
    [[nodiscard]] Hash hash(std::string_view name)
    {
        const auto out = Hash::fromHex(value(name));
        if (!out.ok()) fail(name);
        return out.valueOr(Hash{});
    }
    void fail(std::string_view name)
    {
        if (m_failure.empty()) m_failure = name;
        m_rest = {};
    }
    [[nodiscard]] const std::string& failure() const { return m_failure; }

private:
    std::string_view m_rest;
    std::string m_failure;
};

base::Status refuse(std::string why) { return makeError(kProposalRefused, std::move(why)); }

base::Status checkProgram(const ProgramTerms& terms, const l2::NetworkParams& params)
{
    if (terms.program.isZero()) {
        return terms.delay == 0 ? base::success() : refuse("what takes back has the delay 0");
    }
    if (!field::isCanonical(terms.program.view())) return refuse("no program has that id");
    if (terms.delay < params.leastProgramDelay() || terms.delay > l2::kMaxProgramDelay)
        return refuse("the delay is from " + std::to_string(params.leastProgramDelay()) + " to " +
                      std::to_string(l2::kMaxProgramDelay) + " blocks");
    return base::success();
}

l2::ProgramChange changeOf(const ProgramTerms& terms)
{
    return {terms.number, terms.program, terms.delay, {}};
}

struct Recovery {
    seal::SealTerms terms;
    bitcoin::Transaction transaction; // unsigned
};

Result<Recovery> recoveryOf(const RecoveryTerms& terms, const l2::Network& network)
{
    BOWLINE_TRY(seal::SealTerms seals, seal::SealTerms::create(network));
    bitcoin::Script payTo = seals.script();
    if (!terms.address.empty()) {
        const auto script = bitcoin::scriptFromAddress(terms.address, network.params.bitcoinNetwork);
        if (!script.ok()) return refuse("no address of this network: " + terms.address).error();
        payTo = *script;
    }
    if (!terms.seal.value.isValidMoney() || !terms.fee.isValidMoney()) return refuse("amounts").error();
    auto transaction = seals.recovery(terms.seal, terms.fee, payTo);
    if (!transaction.ok()) return refuse("the fee leaves less than dust").error();
    return Recovery{std::move(seals), std::move(*transaction)};
}

std::string satOf(Amount amount) { return std::to_string(amount.sat()) + " sat"; }

} // namespace

Result<Proposal> Proposal::make(const l2::Network& network, std::variant<ProgramTerms, RecoveryTerms> terms)
{
    Proposal out{network.params.chainId(), {}, std::move(terms)};
    BOWLINE_CHECK(crypto::randomBytes(out.fresh));
    BOWLINE_CHECK(messageOf(out, network));
    return out;
}

std::string Proposal::text() const
{
    std::string out(kFirstLine);
    line(out, "chain-id", chainId.hex());
    line(out, "fresh", base::toHex(fresh));
    if (const auto* next = std::get_if<ProgramTerms>(&terms)) {
        line(out, "program", next->program.isZero() ? std::string(kNone) : next->program.hex());
        line(out, "number", std::to_string(next->number));
        line(out, "delay", std::to_string(next->delay));
        return out;
    }
    const auto& recovery = std::get<RecoveryTerms>(terms);
    line(out, "seal", recovery.seal.outpoint.txid.displayHex());
    line(out, "index", std::to_string(recovery.seal.outpoint.index));
    line(out, "value", std::to_string(recovery.seal.value.sat()));
    line(out, "fee", std::to_string(recovery.fee.sat()));
    line(out, "to", recovery.address.empty() ? std::string(kNext) : recovery.address);
    return out;
}

Result<Proposal> Proposal::parse(std::string_view text)
{
    Lines lines(text);
    Proposal out;
    out.chainId = lines.hash<l2::ChainId>("chain-id");
    out.fresh = lines.hash<Digest>("fresh").bytes;
    if (lines.isNext("program")) {
        ProgramTerms next;
        const std::string id = lines.value("program");
        if (id != kNone) {
            const auto program = Digest::fromHex(id);
            if (!program.ok()) lines.fail("program");
            next.program = program.valueOr(Digest{});
        }
        next.number = lines.number<std::uint32_t>("number");
        next.delay = lines.number<std::uint32_t>("delay");
        out.terms = next;
    } else {
        RecoveryTerms recovery;
        const auto txid = base::Txid::fromDisplayHex(lines.value("seal"));
        if (!txid.ok()) lines.fail("seal");
        recovery.seal.outpoint.txid = txid.valueOr(base::Txid{});
        recovery.seal.outpoint.index = lines.number<std::uint32_t>("index");
        recovery.seal.value = Amount::fromSat(lines.number<std::int64_t>("value"));
        recovery.fee = Amount::fromSat(lines.number<std::int64_t>("fee"));
        const std::string to = lines.value("to");
        if (to != kNext) recovery.address = to;
        out.terms = recovery;
    }
    if (!lines.failure().empty()) return makeError(kBadProposal, lines.failure());
    if (out.text() != text) return makeError(kBadProposal, "another spelling");
    return out;
}

Digest Proposal::session() const
{
    const std::string all = text();
    return l2::bowlineHash("committee-session", {base::viewOf(all)});
}

Result<Digest> messageOf(const Proposal& proposal, const l2::Network& network)
{
    if (proposal.chainId != network.params.chainId())
        return makeError(kProposalElsewhere, proposal.chainId.hex());
    if (const auto* next = std::get_if<ProgramTerms>(&proposal.terms)) {
        BOWLINE_CHECK(checkProgram(*next, network.params));
        return l2::programMessage(proposal.chainId, changeOf(*next));
    }
    const auto& terms = std::get<RecoveryTerms>(proposal.terms);
    BOWLINE_TRY(const Recovery recovery, recoveryOf(terms, network));
    return recovery.terms.recoverySighash(terms.seal, recovery.transaction);
}

Result<std::vector<std::string>> describe(const Proposal& proposal, const l2::Network& network)
{
    BOWLINE_TRY(const Digest message, messageOf(proposal, network));
    std::vector<std::string> out{"network " + proposal.chainId.hex()};
    if (const auto* next = std::get_if<ProgramTerms>(&proposal.terms)) {
        const std::string number = "announcement " + std::to_string(next->number);
        if (next->program.isZero()) {
            out.push_back(number + ": the announced program does NOT take over");
        } else {
            out.push_back(number + ": program " + next->program.hex() + " takes over the layer 2");
            out.push_back("from the batch on that follows Bitcoin's block S + " +
                          std::to_string(next->delay) +
                          ", where S is the block of the anchor that seals the announcement");
            out.emplace_back(
                "what that program does is not said by its id: make its image again and compare");
        }
    } else {
        const auto& terms = std::get<RecoveryTerms>(proposal.terms);
        BOWLINE_TRY(const Recovery recovery, recoveryOf(terms, network));
        out.push_back("recovery of the seal " + bitcoin::toString(terms.seal.outpoint) + " of " +
                      satOf(terms.seal.value));
        out.push_back("valid " + std::to_string(network.seal.recoveryBlocks) +
                      " blocks after that seal's own, if nobody has spent it by then");
        const std::string left = satOf(recovery.transaction.outputs[0].value);
        out.push_back(terms.address.empty() ? left + " to the next seal: the chain of seals goes on"
                                            : left + " to " + terms.address +
                                                  ": the chain of seals ENDS, nothing is sealed any more");
        out.push_back("fee " + satOf(terms.fee) + ", transaction " +
                      recovery.transaction.txid().displayHex());
    }
    out.push_back("message " + message.hex());
    out.push_back("session " + proposal.session().hex());
    return out;
}

Result<std::string> finish(const Proposal& proposal, const l2::Network& network,
                           const crypto::Signature64& signature)
{
    BOWLINE_TRY(const Digest message, messageOf(proposal, network));
    if (!crypto::verifySchnorr(network.params.committeeKey, message.view(), signature))
        return makeError(crypto::kMusigInvalidSignature);
    if (const auto* next = std::get_if<ProgramTerms>(&proposal.terms)) {
        l2::ProgramChange change = changeOf(*next);
        change.committeeSignature = signature;
        l2::Transaction out;
        out.payload = change;
        return base::toHex(out.encode());
    }
    BOWLINE_TRY(Recovery recovery, recoveryOf(std::get<RecoveryTerms>(proposal.terms), network));
    return base::toHex(recovery.terms.signedRecovery(std::move(recovery.transaction), signature).serialize());
}

} // namespace bowline::daemon
