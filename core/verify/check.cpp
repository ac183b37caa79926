// SPDX-License-Identifier: MIT
#include "core/verify/check.h"

#include "core/proven/checker.h"

#include <algorithm>

namespace bowline::verify {

using base::Digest;

namespace {
Check passed(std::string_view name, Facts facts = {})
{
    return {std::string(name), Outcome::Passed, {}, {}, std::move(facts)};
}

Check failed(std::string_view name, std::string_view reason, Facts facts = {}, std::string detail = {})
{
    return {std::string(name), Outcome::Failed, std::string(reason), std::move(detail), std::move(facts)};
}

Check notMade(std::string_view name, std::string_view reason, Facts facts = {}, std::string detail = {})
{
    return {std::string(name), Outcome::NotMade, std::string(reason), std::move(detail), std::move(facts)};
}

Fact siblingFact(std::size_t level, std::string hex)
{
    return hashFact("sibling-" + std::to_string(level + 1), std::move(hex));
}

// ---- the subject ----

/// From the leaf up, as a person would compute it.
Check checkState(const l2::BatchHeader& batch, const ShownState& shown)
{
    const l2::StateKey key = shown.object.key();
    Facts facts{hashFact("state-key", key)};
    if (shown.value) {
        const auto digest = l2::valueDigest(*shown.value);
        facts.push_back(hashFact("value-digest", digest));
        facts.push_back(hashFact("leaf", l2::leafDigest(key, digest)));
    } else if (shown.proof.end == l2::ProofEnd::Other) {
        facts.push_back(hashFact("other-key", shown.proof.otherKey));
        facts.push_back(hashFact("leaf", l2::leafDigest(shown.proof.otherKey, shown.proof.otherValue)));
    } else {
        facts.push_back(codeFact("leaf", "empty-place"));
    }
    const auto& siblings = shown.proof.siblings;
    for (std::size_t i = 0; i < siblings.size(); ++i)
        facts.push_back(siblingFact(i, siblings[siblings.size() - 1 - i].hex()));
    facts.push_back(hashFact("state-root", batch.stateRoot));
    const base::Status verified = l2::verifyState(batch.stateRoot, key, shown.value, shown.proof);
    if (verified.ok()) return passed(kCheckState, std::move(facts));
    return failed(kCheckState, verified.error().code.name(), std::move(facts), verified.error().detail);
}

Check checkHistory(const ShownState& shown)
{
    const auto account = shown.value ? l2::parseAccount(*shown.value) : l2::Account{};
    if (!account.ok() || shown.object.kind != l2::ObjectKind::Account)
        return failed(kCheckHistory, l2::kReasonBadValue);
    Facts facts{numberFact("entries", shown.history->size()),
                hashFact("history-accumulator", account->history)};
    const base::Status complete = l2::verifyHistory(account->history, *shown.history);
    if (complete.ok()) return passed(kCheckHistory, std::move(facts));
    return failed(kCheckHistory, complete.error().code.name(), std::move(facts));
}

Check checkPath(std::string_view name, const Digest& leaf, const l2::ListPath& path, Fact root)
{
    Facts facts{numberFact("place", path.index + 1), numberFact("of", path.count), hashFact("leaf", leaf)};
    for (std::size_t i = 0; i < path.siblings.size(); ++i)
        facts.push_back(siblingFact(i, path.siblings[i].hex()));
    const auto computed = l2::rootOfListPath(leaf, path);
    const bool isRoot = computed.ok() && computed->hex() == root.value;
    facts.push_back(std::move(root));
    if (!computed.ok()) return failed(name, computed.error().code.name(), std::move(facts));
    return isRoot ? passed(name, std::move(facts)) : failed(name, kReasonWrongRoot, std::move(facts));
}

std::vector<Check> checksOf(const l2::BatchHeader& batch, const ShownState& shown)
{
    std::vector<Check> out{checkState(batch, shown)};
    if (shown.history) out.push_back(checkHistory(shown));
    return out;
}

/// A list's root covers what a transaction says, not the signature under it.
Check checkSender(const l2::BatchHeader& batch, const ShownTransaction& shown)
{
    const auto parsed = l2::parseTransaction(shown.transaction);
    if (!parsed.ok()) return failed(kCheckSender, parsed.error().code.name());
    Facts facts{hashFact("sender", parsed->sender), hashFact("signature", base::toHex(parsed->signature))};
    if (parsed->type() == l2::TxType::Mint) facts = {codeFact("type", nameOf(parsed->type()))};
    return l2::hasValidSignature(*parsed, batch.chainId)
               ? passed(kCheckSender, std::move(facts))
               : failed(kCheckSender, l2::kReasonBadSignature, std::move(facts));
}

std::vector<Check> checksOf(const l2::BatchHeader& batch, const ShownTransaction& shown)
{
    const l2::TxHash hash = l2::hashOfEncoded(shown.transaction);
    std::vector<Check> out;
    out.push_back(checkPath(kCheckTransaction, Digest{hash.bytes}, shown.path,
                            hashFact("transactions-root", batch.txsRoot)));
    out.push_back(checkSender(batch, shown));
    const l2::ListPath path{shown.path.index, shown.path.count, shown.receiptSiblings};
    Check receipt =
        checkPath(kCheckReceipt, shown.receipt.hash(), path, hashFact("receipts-root", batch.receiptsRoot));
    if (receipt.outcome == Outcome::Passed && shown.receipt.transaction != hash)
        receipt = failed(kCheckReceipt, kReasonWrongReceipt, std::move(receipt.facts));
    out.push_back(std::move(receipt));
    return out;
}

std::vector<Check> checksOf(const l2::BatchHeader& batch, const ShownBatch& shown)
{
    Facts body{numberFact("transactions", shown.body.transactions.size()),
               hashFact("data-hash", l2::daHashOf(shown.body.encode())),
               hashFact("transactions-root", l2::txsRootOf(shown.body))};
    const base::Status fits = l2::checkBody({{batch, {}}, shown.body});
    std::vector<Check> out;
    out.push_back(fits.ok()
                      ? passed(kCheckBody, std::move(body))
                      : failed(kCheckBody, fits.error().code.name(), std::move(body), fits.error().detail));
    const Digest root = l2::receiptsRootOf(shown.receipts);
    Facts receipts{numberFact("receipts", shown.receipts.size()), hashFact("receipts-root", root)};
    out.push_back(root == batch.receiptsRoot ? passed(kCheckReceipts, std::move(receipts))
                                             : failed(kCheckReceipts, kReasonWrongRoot, std::move(receipts)));
    return out;
}

// ---- what it says ----

std::string subjectName(const Subject& subject)
{
    if (const auto* state = std::get_if<ShownState>(&subject)) return std::string(nameOf(state->object.kind));
    return std::holds_alternative<ShownTransaction>(subject) ? "transaction" : "batch";
}

Facts saysOf(const ProofFile& file)
{
    const bitcoin::Network network = file.network.params.bitcoinNetwork;
    if (const auto* state = std::get_if<ShownState>(&file.subject)) {
        Facts out = factsOf(state->object, state->value, network);
        if (state->history) out.push_back(numberFact("entries", state->history->size()));
        return out;
    }
    if (const auto* shown = std::get_if<ShownTransaction>(&file.subject)) {
        const auto facts = factsOf(shown->transaction, network);
        Facts out = facts.valueOr({hashFact("transaction", l2::hashOfEncoded(shown->transaction))});
        if (shown->receipt.reference != 0) out.push_back(numberFact("reference", shown->receipt.reference));
        return out;
    }
    const auto& batch = std::get<ShownBatch>(file.subject);
    return {numberFact("transactions", batch.body.transactions.size())};
}

// ---- the file as a whole ----

Check checkRun(const base::Result<HeaderRun>& run, const l2::NetworkParams& params)
{
    if (!run.ok()) return failed(kCheckBitcoinHeaders, run.error().code.name(), {}, run.error().detail);
    Facts facts{numberFact("checkpoint-height", params.checkpointHeight.value),
                hashFact("checkpoint-hash", params.checkpointHash().displayHex()),
                numberFact("tip-height", run->tip().value),
                hashFact("tip-hash", run->hashAt(run->tip())->displayHex()),
                hashFact("work", run->workAt(run->tip()).hex())};
    return passed(kCheckBitcoinHeaders, std::move(facts));
}

/// The number that a passed check names, else 0.
std::uint64_t numberOf(const Check* check, std::string_view name)
{
    if (check == nullptr || check->outcome != Outcome::Passed) return 0;
    const auto found = std::find_if(check->facts.begin(), check->facts.end(),
                                    [name](const Fact& fact) { return fact.name == name; });
    return found == check->facts.end() ? 0 : std::stoull(found->value);
}

/// Headers behind the batch are vouched for by a seal or a proof, or they have no business in the file.
void refuseHeadersBeyond(Report& report, const ProofFile& file)
{
    if (!report.valid()) return;
    const Check* proof = report.find(kCheckChainProof);
    if (!file.chainProof.empty() && (proof == nullptr || proof->outcome != Outcome::Passed)) return;
    const std::uint64_t vouched =
        std::max({file.batch.value, numberOf(report.find(kCheckSeal), "sealed-batch"),
                  numberOf(proof, "proven-batch")});
    if (file.headers.back().height.value <= vouched) return;
    for (Check& check : report.checks) {
        if (check.name != kCheckLinks || check.outcome == Outcome::Failed) continue;
        check = failed(kCheckLinks, kReasonHeadersBeyond, std::move(check.facts));
    }
}

Check checkChainProof(const ProofFile& file, const l2::BatchHeader& batch, const HeaderRun& run,
                      const proven::Checker* checker)
{
    if (file.chainProof.empty()) return notMade(kCheckChainProof, kReasonNotInFile);
    if (checker == nullptr) return notMade(kCheckChainProof, kReasonNoChecker);
    const auto head = checker->check(file.chainProof);
    if (!head.ok()) {
        // A proof that a later version understands is no lie.
        const bool isLater = head.error().code == proven::kUnknownProgram;
        const std::string_view code = head.error().code.name();
        return isLater ? notMade(kCheckChainProof, code, {}, head.error().detail)
                       : failed(kCheckChainProof, code, {}, head.error().detail);
    }
    const auto workAt = [&run](base::Height height) -> std::optional<bitcoin::Uint256> {
        if (!run.hashAt(height)) return std::nullopt;
        return run.workAt(height);
    };
    Check out = checkHead(*head, batch, file.headers, run, workAt);
    out.facts.push_back(numberFact("proof-bytes", file.chainProof.size()));
    return out;
}

void noteFinality(Report& report, std::uint32_t depth)
{
    const Check* seal = report.find(kCheckSeal);
    const Check* proof = report.find(kCheckChainProof);
    const Check* links = report.find(kCheckLinks);
    const bool isSealed = seal != nullptr && seal->outcome == Outcome::Passed;
    const bool isProven = proof != nullptr && proof->outcome == Outcome::Passed;
    if (!isProven) report.open.emplace_back("root-not-proven");
    if (!isSealed) report.open.emplace_back("not-sealed");
    if (links != nullptr && links->outcome == Outcome::NotMade) report.open.emplace_back("earlier-batches");
    report.open.emplace_back("best-chain");
    if (report.subject != "transaction" && report.subject != "batch")
        report.open.emplace_back("later-batches");
    if (!report.valid()) return;
    report.finality = isProven ? "proven" : isSealed ? "sealed" : "sequenced";
    if (!isProven || !isSealed) return;
    if (numberOf(seal, "confirmations") > depth) report.finality = "withdrawable";
}
} // namespace

Check checkNetwork(const l2::NetworkParams& params, const std::optional<l2::ChainId>& expected)
{
    const l2::ChainId chain = params.chainId();
    Facts facts{hashFact("chain-id", chain),
                codeFact("bitcoin-network", bitcoin::networkName(params.bitcoinNetwork)),
                hashFact("sequencer-key", params.sequencerKey),
                hashFact("committee-key", params.committeeKey),
                numberFact("checkpoint-height", params.checkpointHeight.value),
                hashFact("checkpoint-hash", params.checkpointHash().displayHex())};
    if (!expected) return notMade(kCheckNetwork, kReasonNotCompared, std::move(facts));
    if (*expected == chain) return passed(kCheckNetwork, std::move(facts));
    facts.push_back(hashFact("expected-chain-id", *expected));
    return failed(kCheckNetwork, kReasonOtherNetwork, std::move(facts));
}

Check checkSignature(const l2::NetworkParams& params, const l2::SignedHeader& batch)
{
    const l2::BatchHeader& header = batch.header;
    Facts facts{numberFact("batch", header.height.value), hashFact("batch-hash", header.hash())};
    if (header.height.value == 0) {
        // Nobody signs genesis: it follows from the parameters.
        const bool isIt = header == l2::genesisHeader(params) && batch.signature == l2::Signature64{};
        return isIt ? passed(kCheckSignature, std::move(facts))
                    : failed(kCheckSignature, kReasonBadGenesis, std::move(facts));
    }
    facts.push_back(hashFact("signature", base::toHex(batch.signature)));
    facts.push_back(hashFact("sequencer-key", params.sequencerKey));
    if (header.chainId != params.chainId())
        return failed(kCheckSignature, l2::kReasonForeignChain, std::move(facts));
    if (!l2::hasFixedFields(header, params))
        return failed(kCheckSignature, kReasonHeaderFields, std::move(facts));
    if (!l2::checkHeaderSignature(batch, params.sequencerKey).ok())
        return failed(kCheckSignature, l2::kReasonBadSignature, std::move(facts));
    return passed(kCheckSignature, std::move(facts));
}

Check checkBitcoinBlock(const l2::BatchHeader& batch, const l2::BestChain& chain)
{
    Facts facts{numberFact("block-height", batch.l1Height.value),
                hashFact("block-hash", batch.l1Hash.displayHex())};
    const auto hash = chain.hashAt(batch.l1Height);
    if (!hash) return failed(kCheckBitcoinBlock, kReasonBlockMissing, std::move(facts));
    if (*hash != batch.l1Hash) {
        facts.push_back(hashFact("own-block-hash", hash->displayHex()));
        return failed(kCheckBitcoinBlock, kReasonBlockElsewhere, std::move(facts));
    }
    facts.push_back(numberFact("confirmations", chain.tip().value - batch.l1Height.value + 1));
    return passed(kCheckBitcoinBlock, std::move(facts));
}

std::vector<Check> checkSubject(const l2::BatchHeader& batch, const Subject& subject)
{
    return std::visit([&batch](const auto& shown) { return checksOf(batch, shown); }, subject);
}

Check checkLinks(const l2::NetworkParams& params, std::span<const l2::BatchHeader> headers)
{
    if (headers.empty()) return failed(kCheckLinks, kReasonNoBatch);
    const l2::BatchHeader& first = headers.front();
    Facts facts{numberFact("first-batch", first.height.value),
                numberFact("last-batch", headers.back().height.value),
                hashFact("last-batch-hash", headers.back().hash())};
    const l2::ChainId chain = params.chainId();
    for (std::size_t i = 1; i < headers.size(); ++i) {
        const l2::BatchHeader& before = headers[i - 1];
        const l2::BatchHeader& h = headers[i];
        const bool follows = h.height.value == before.height.value + 1 && h.parent == before.hash() &&
                             h.chainId == chain && l2::hasFixedFields(h, params) && h.time > before.time &&
                             h.l1Height >= before.l1Height;
        if (!follows)
            return failed(kCheckLinks, kReasonNotLinked, std::move(facts),
                          "batch " + std::to_string(h.height.value));
    }
    if (first.height.value > 1) return notMade(kCheckLinks, kReasonHeadersMissing, std::move(facts));
    const l2::BatchHeader genesis = l2::genesisHeader(params);
    const bool fromGenesis = first.height.value == 0 ? first == genesis : first.parent == genesis.hash();
    facts.push_back(hashFact("genesis-hash", genesis.hash()));
    return fromGenesis ? passed(kCheckLinks, std::move(facts))
                       : failed(kCheckLinks, kReasonBadGenesis, std::move(facts));
}

Check checkHead(const proven::Head& head, const l2::BatchHeader& batch,
                std::span<const l2::BatchHeader> headers, const l2::BestChain& chain, const WorkAt& workAt)
{
    Facts facts{numberFact("proven-batch", head.batch.value),
                hashFact("batch-hash", head.hash),
                hashFact("state-root", head.state),
                hashFact("program", head.program),
                numberFact("block-height", head.l1Height.value),
                hashFact("block-hash", head.l1Hash.displayHex())};
    if (head.batch < batch.height) return failed(kCheckChainProof, kReasonBatchTooNew, std::move(facts));
    const auto named = std::find_if(headers.begin(), headers.end(), [&head](const l2::BatchHeader& header) {
        return header.height == head.batch;
    });
    if (named == headers.end()) return failed(kCheckChainProof, kReasonNoBatch, std::move(facts));
    if (named->hash() != head.hash || named->stateRoot != head.state)
        return failed(kCheckChainProof, kReasonOtherHistory, std::move(facts));
    const auto hash = chain.hashAt(head.l1Height);
    if (!hash) return failed(kCheckChainProof, kReasonBlockMissing, std::move(facts));
    if (*hash != head.l1Hash) return failed(kCheckChainProof, kReasonBlockElsewhere, std::move(facts));
    const auto work = workAt(head.l1Height);
    if (!work || work->littleEndian() != head.l1Work)
        return failed(kCheckChainProof, kReasonOtherWork, std::move(facts));
    return passed(kCheckChainProof, std::move(facts));
}

bool Report::valid() const
{
    return std::none_of(checks.begin(), checks.end(),
                        [](const Check& check) { return check.outcome == Outcome::Failed; });
}

const Check* Report::find(std::string_view name) const
{
    const auto found =
        std::find_if(checks.begin(), checks.end(), [name](const Check& check) { return check.name == name; });
    return found == checks.end() ? nullptr : &*found;
}

Report check(const ProofFile& file, const Terms& terms)
{
    const l2::NetworkParams& params = file.network.params;
    Report out;
    out.subject = subjectName(file.subject);
    out.says = saysOf(file);
    out.batch = file.batch;
    out.checks.push_back(checkNetwork(params, terms.network));
    if (!terms.network) out.open.emplace_back(kReasonNotCompared);
    const auto run = HeaderRun::check(params, file.bitcoin, terms.now);
    out.checks.push_back(checkRun(run, params));
    const l2::BatchHeader* batch = file.header();
    if (batch == nullptr) {
        out.checks.push_back(failed(kCheckSignature, kReasonNoBatch));
        return out;
    }
    out.batchTime = static_cast<base::UnixTime>(batch->time);
    out.checks.push_back(checkSignature(params, {*batch, file.signature}));
    out.checks.push_back(checkLinks(params, file.headers));
    for (Check& made : checkSubject(*batch, file.subject)) out.checks.push_back(std::move(made));
    if (run.ok()) {
        out.tip = run->tip();
        out.tipHash = *run->hashAt(run->tip());
        out.checks.push_back(checkBitcoinBlock(*batch, *run));
        out.checks.push_back(checkSeal(file, *run));
        out.checks.push_back(checkChainProof(file, *batch, *run, terms.checker));
        refuseHeadersBeyond(out, file);
    }
    noteFinality(out, params.depth);
    return out;
}

base::Result<Report> checkText(std::string_view text, const std::optional<l2::ChainId>& network,
                               base::UnixTime now, const proven::Checker* checker)
{
    BOWLINE_TRY(const ProofFile file, parseProofFile(text));
    Terms terms{network, checker, now};
    // Making the keys takes some tenths of a second.
    std::unique_ptr<proven::ChainChecker> pinned;
    if (checker == nullptr && !file.chainProof.empty()) {
        auto made = proven::ChainChecker::make(file.network.params);
        if (made.ok()) pinned = std::move(*made);
        terms.checker = pinned.get();
    }
    return check(file, terms);
}

} // namespace bowline::verify
