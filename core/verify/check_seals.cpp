// SPDX-License-Identifier: MIT
// The chain of seals as a file shows it: every anchor from the network's first seal on, each spending the one before it
// and lying in its block. What they seal is decided by the code that follows the seals in live blocks (core/seal).
#include "core/l2/genesis.h"
#include "core/seal/history.h"
#include "core/verify/check.h"

#include <algorithm>

namespace bowline::verify {

namespace {
/// The signature over the whole transaction, of the sequencer or by the leaf of the committee. Nodes saw it checked when the
/// block came; on a network without work anybody makes blocks, and without it anybody would make anchors.
bool isSigned(const seal::SealTerms& terms, const bitcoin::Transaction& anchor, base::Amount spentValue,
              const std::vector<base::Amount>& added)
{
    std::vector<bitcoin::TxOut> further;
    for (const base::Amount value : added) further.push_back({value, terms.script()});
    return terms.isSigned(anchor, spentValue, further);
}

/// The links that the anchors make, or what is wrong with one of them.
base::Result<std::vector<seal::Link>> linksOf(const ProofFile& file, const HeaderRun& run)
{
    const auto bad = [](std::size_t i) {
        return base::makeError(kBadFile, "anchor " + std::to_string(i + 1));
    };
    BOWLINE_TRY(const seal::SealTerms terms, seal::SealTerms::create(file.network));
    std::vector<seal::Link> links;
    seal::Seal open = terms.first();
    for (std::size_t i = 0; i < file.anchors.size(); ++i) {
        const ShownAnchor& shown = file.anchors[i];
        const auto block = run.hashAt(shown.height);
        const auto parsed = bitcoin::parseTransaction(shown.transaction);
        if (!block || !parsed.ok() || (!links.empty() && shown.height < links.back().height)) return bad(i);
        const bitcoin::Transaction& anchor = *parsed;
        if (anchor.inputs.empty() || anchor.inputs[0].prevout != open.outpoint) return bad(i);
        const auto judged = terms.judge(anchor, 0);
        if (!seal::goesOn(judged.kind) || !isSigned(terms, anchor, open.value, shown.added)) return bad(i);
        // Its own bytes are here, and it has more than 64 of them.
        const base::Txid txid = anchor.txid();
        const auto root = run.headerAt(shown.height).merkleRoot;
        if (!bitcoin::checkInclusion(txid, shown.path, root).ok()) return bad(i);
        links.push_back({shown.height, *block, txid, judged.kind, anchor.outputs[0].value,
                         judged.commitment.value_or(seal::Commitment{}), shown.added});
        open = {{txid, 0}, anchor.outputs[0].value};
    }
    return links;
}

/// `anchor` is the one that the verdict rests on.
Facts factsOfAnchor(const seal::Link& anchor, std::uint32_t confirmations, std::size_t anchors)
{
    return {numberFact("anchors", anchors),
            hashFact("anchor", anchor.txid.displayHex()),
            numberFact("sealed-batch", anchor.commitment.batch.value),
            hashFact("sealed-hash", anchor.commitment.hash),
            numberFact("block-height", anchor.height.value),
            hashFact("block-hash", anchor.block.displayHex()),
            numberFact("confirmations", confirmations)};
}
} // namespace

Check checkSeal(const ProofFile& file, const HeaderRun& run)
{
    Check out{std::string(kCheckSeal), Outcome::NotMade, {}, {}, {}};
    const auto because = [&out](Outcome outcome, std::string_view reason) {
        out.outcome = outcome;
        out.reason = reason;
        return out;
    };
    if (file.anchors.empty()) return because(Outcome::NotMade, kReasonNotInFile);
    const auto links = linksOf(file, run);
    if (!links.ok()) {
        out.detail = links.error().detail;
        return because(Outcome::Failed, kReasonBadAnchor);
    }
    bool isMissing = false;
    const l2::BatchHeader genesis = l2::genesisHeader(file.network.params);
    const auto headerOf = [&](base::BatchNumber number) -> std::optional<l2::BatchHeader> {
        if (number == genesis.height) return genesis;
        for (const l2::BatchHeader& header : file.headers) {
            if (header.height == number) return header;
        }
        isMissing = true;
        return std::nullopt;
    };
    seal::SealedHistory history;
    history.update(*links, run, headerOf);
    const seal::SealVerdict verdict = history.verdictOf(file.batch, run);
    if (verdict.state == seal::SealState::Sequenced)
        return because(Outcome::NotMade, isMissing ? kReasonHeadersMissing : kReasonNotSealed);
    const auto decisive = std::find_if(links->begin(), links->end(), [&verdict](const seal::Link& link) {
        return link.txid == verdict.anchor;
    });
    if (decisive != links->end()) out.facts = factsOfAnchor(*decisive, verdict.confirmations, links->size());
    if (verdict.state == seal::SealState::Conflict) return because(Outcome::Failed, kReasonSealedOther);
    return because(Outcome::Passed, {});
}

} // namespace bowline::verify
