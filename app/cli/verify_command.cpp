// SPDX-License-Identifier: MIT
// Checks a proof file offline: no services, no connection, no data folder.
#include "app/cli/commands.h"
#include "core/verify/check.h"

#include <algorithm>

namespace bowline::cli {

namespace {
using verify::Fact;
using verify::Outcome;

struct Sentence {
    std::string_view code;
    std::string_view text;
};

constexpr Sentence kChecks[] = {
    {verify::kCheckNetwork, "the file is about the network that you named"},
    {verify::kCheckBitcoinHeaders,
     "its Bitcoin headers follow from the network's checkpoint, each with its work"},
    {verify::kCheckSignature, "the batch is signed by the network's sequencer"},
    {verify::kCheckLinks, "the batches follow each other from genesis on"},
    {verify::kCheckBitcoinBlock, "the Bitcoin block that the batch rests on is among these headers"},
    {verify::kCheckState, "the value lies under the batch's state root"},
    {verify::kCheckHistory, "the history is complete"},
    {verify::kCheckTransaction, "the transaction lies under the batch's root of transactions"},
    {verify::kCheckSender, "the transaction is signed by its sender"},
    {verify::kCheckReceipt, "its receipt lies under the batch's root of receipts"},
    {verify::kCheckBody, "the transactions are those of the header, all of them"},
    {verify::kCheckReceipts, "the receipts are those of the header, all of them"},
    {verify::kCheckSeal, "Bitcoin has sealed the batch: every anchor from the first seal on is in its block"},
    {verify::kCheckChainProof, "the proof of the chain covers the batch: its root follows from the rules"},
};

constexpr Sentence kOpen[] = {
    {"network-not-compared", "Which network this is: the file brings its own. Compare the chain id with the "
                             "network.json that you trust, or name "
                             "that file with --network."},
    {"root-not-proven", "That the state root follows from the transactions: no proof of the chain was "
                        "checked. It rests on the sequencer's "
                        "signature."},
    {"not-sealed",
     "That Bitcoin has sealed this batch: until then the sequencer could sign another one of its number."},
    {"earlier-batches", "The batches before the first header of the file."},
    {"best-chain", "That no chain of Bitcoin with more work exists: compare height and hash of the last "
                   "block with a Bitcoin node that "
                   "you trust."},
    {"later-batches", "What happened after this batch: the value may have changed since."},
};

template <typename Range>
std::string textOf(const Range& sentences, std::string_view code)
{
    for (const Sentence& sentence : sentences) {
        if (sentence.code == code) return std::string(sentence.text);
    }
    return std::string(code);
}

std::string_view nameOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Passed: return "passed";
    case Outcome::Failed: return "failed";
    case Outcome::NotMade: return "not-made";
    }
    return "";
}

json::object toJson(const verify::Facts& facts)
{
    json::object out;
    for (const Fact& fact : facts) {
        std::string name = fact.name;
        std::replace(name.begin(), name.end(), '-', '_');
        if (fact.kind == Fact::Kind::Amount) name += "_sat";
        if (fact.kind == Fact::Kind::Hash || fact.kind == Fact::Kind::Code || fact.kind == Fact::Kind::Text) {
            out[name] = fact.value;
        } else {
            out[name] = std::stoull(fact.value);
        }
    }
    return out;
}

json::object toJson(const verify::Report& report)
{
    json::object out{{"valid", report.valid()},
                     {"subject", report.subject},
                     {"says", toJson(report.says)},
                     {"batch", report.batch.value},
                     {"batch_time", report.batchTime},
                     {"finality", report.finality},
                     {"bitcoin_tip", {{"height", report.tip.value}, {"hash", report.tipHash.displayHex()}}}};
    json::array& checks = out["checks"].emplace_array();
    for (const verify::Check& check : report.checks) {
        json::object made{{"name", check.name}, {"outcome", nameOf(check.outcome)}};
        if (!check.reason.empty()) made["reason"] = check.reason;
        if (!check.detail.empty()) made["detail"] = check.detail;
        made["facts"] = toJson(check.facts);
        checks.push_back(std::move(made));
    }
    json::array& open = out["not_shown"].emplace_array();
    for (const std::string& code : report.open) open.emplace_back(code);
    return out;
}

std::string valueOf(const Fact& fact)
{
    if (fact.kind != Fact::Kind::Amount) return fact.value;
    return base::formatBtc(base::Amount::fromSat(std::stoll(fact.value))) + " BTC";
}

void addFacts(std::string& out, const verify::Facts& facts, std::size_t indent)
{
    for (const Fact& fact : facts) out += std::string(indent, ' ') + fact.name + ": " + valueOf(fact) + '\n';
}

std::string readable(const verify::Report& report)
{
    std::string out = std::string(report.valid() ? "VALID" : "NOT VALID") + ": " + report.subject +
                      " in batch " + std::to_string(report.batch.value);
    if (!report.finality.empty()) out += ", " + report.finality;
    out += report.valid() ? "\n" : " (do not believe what it says)\n";
    addFacts(out, report.says, 2);
    out += "\nChecks\n";
    for (const verify::Check& check : report.checks) {
        const std::string text = textOf(kChecks, check.name);
        const std::string why = check.detail.empty() ? check.reason : check.reason + ", " + check.detail;
        if (check.outcome == Outcome::Passed) out += "  passed: " + text + '\n';
        if (check.outcome == Outcome::Failed) out += "  FAILED: " + text + ": " + why + '\n';
        if (check.outcome == Outcome::NotMade) out += "  not made: " + text + ": " + why + '\n';
        addFacts(out, check.facts, 4);
    }
    if (!report.open.empty()) out += "\nWhat this does not show\n";
    for (const std::string& code : report.open) out += "  - " + textOf(kOpen, code) + '\n';
    return out;
}

/// The network that the user trusts, if one was named.
base::Result<std::optional<l2::ChainId>> trustedNetwork(const Arguments& arguments)
{
    constexpr std::size_t kMaxNetworkFile = 1U << 20U;
    const std::string path = arguments.get("network-file", arguments.network);
    if (path.empty()) return std::optional<l2::ChainId>{};
    BOWLINE_TRY(const std::string text, verify::readText(path, kMaxNetworkFile));
    BOWLINE_TRY(const l2::Network network, l2::parseNetworkJson(text));
    return std::optional(network.params.chainId());
}
} // namespace

CommandResult verifyFile(Runner& runner)
{
    BOWLINE_TRY(const std::string path, runner.arguments().word(1, "FILE"));
    BOWLINE_TRY(const auto network, trustedNetwork(runner.arguments()));
    BOWLINE_TRY(const std::string text, verify::readText(path));
    BOWLINE_TRY(const verify::Report report, verify::checkText(text, network, base::SystemClock().now()));
    if (!report.valid()) runner.setFailed();
    runner.setReadable(readable(report));
    return toJson(report);
}

} // namespace bowline::cli
