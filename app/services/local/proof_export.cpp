// SPDX-License-Identifier: MIT
#include "app/services/local/proof_export.h"

#include <algorithm>
#include <chrono>

namespace bowline::services {

using base::makeError;
using base::Result;

namespace {
constexpr std::chrono::seconds kBlockPatience{20};

/// The links up to the anchor that seals the batch; none when one of them takes along what a file cannot show.
std::vector<seal::Link> anchorsFor(const NodeAccess& access, base::BatchNumber batch)
{
    const seal::SealVerdict verdict = access.sealed.verdictOf(batch, access.bitcoin);
    if (verdict.state != seal::SealState::Sealed) return {};
    const auto decisive =
        std::find_if(access.seals.begin(), access.seals.end(),
                     [&verdict](const seal::Link& link) { return link.txid == verdict.anchor; });
    if (decisive == access.seals.end()) return {};
    const auto count = static_cast<std::size_t>(decisive - access.seals.begin()) + 1;
    if (count > verify::kMaxAnchors) return {};
    const auto end = access.seals.begin() + static_cast<std::ptrdiff_t>(count);
    const bool isShowable = std::all_of(access.seals.begin(), end, [](const seal::Link& link) {
        return link.added && link.added->size() <= verify::kMaxAdded;
    });
    return isShowable ? std::vector<seal::Link>(access.seals.begin(), end) : std::vector<seal::Link>();
}

bool fits(base::BatchNumber first, base::BatchNumber last)
{
    return last.value - first.value < verify::kMaxBatchHeaders;
}

/// What a file about `batch` can hold: without the first headers it cannot show seals, and a proof of a batch that is too
/// far ahead has no place.
struct Extent {
    base::BatchNumber first;
    base::BatchNumber last;
    bool seals = false;
    bool proof = false;
};

Extent extentOf(base::BatchNumber batch, std::optional<base::BatchNumber> sealed,
                std::optional<base::BatchNumber> proven)
{
    Extent out;
    out.first = {batch.value == 0 ? 0U : 1U};
    out.last = batch;
    out.seals = sealed && fits(out.first, *sealed);
    out.proof = proven && fits(out.first, *proven);
    if (!fits(out.first, batch) || (proven && !out.proof && fits(batch, *proven))) {
        out.first = batch;
        out.seals = false;
        out.proof = proven && fits(batch, *proven);
    }
    if (out.seals) out.last = std::max(out.last, *sealed);
    if (out.proof) out.last = std::max(out.last, *proven);
    return out;
}

Result<verify::ShownAnchor> anchorIn(chain::Backend& backend, const seal::Link& link)
{
    auto fetched = chain::blockOf(backend, link.block);
    if (fetched.wait_for(kBlockPatience) != std::future_status::ready)
        return makeError(kBlockMissing, link.block.displayHex());
    const base::Result<chain::BlockPtr> block = fetched.get();
    if (!block.ok()) return makeError(kBlockMissing, link.block.displayHex());
    const std::vector<base::Digest> txids = (*block)->txids();
    const auto found = std::find_if(txids.begin(), txids.end(), [&link](const base::Digest& txid) {
        return txid.bytes == link.txid.bytes;
    });
    if (found == txids.end()) return makeError(kBlockMissing, "no anchor in " + link.block.displayHex());
    const auto index = static_cast<std::uint32_t>(found - txids.begin());
    return verify::ShownAnchor{link.height, (*block)->transactions[index].serialize(),
                               bitcoin::merklePath(txids, index), *link.added};
}

base::Status addBitcoin(verify::ProofFile& file, chain::Backend& backend)
{
    const base::Height tip = backend.tip().height;
    const base::Height first = file.network.params.checkpointHeight;
    if (tip > first && tip.value - first.value > verify::kMaxBitcoinHeaders) return makeError(kProofTooLong);
    for (base::Height height = first + 1; height <= tip; height = height + 1) {
        const auto block = backend.headerAt(height);
        if (!block) break; // a reorganisation meanwhile
        file.bitcoin.push_back(block->header.serialize());
    }
    return base::success();
}
} // namespace

Result<ExportParts> exportParts(const NodeAccess& access, const l2::Network& network, const Shown& shown)
{
    const base::BatchNumber batch = shown.batch.header.height;
    const l2::SignedHeader* held = access.client.headerAt(batch);
    if (held == nullptr || held->header != shown.batch.header) return makeError(kBatchLeft);
    ExportParts out;
    out.file.network = network;
    out.file.batch = batch;
    out.file.signature = held->signature;
    out.file.subject = shown.subject;
    out.anchors = anchorsFor(access, batch);
    const std::optional<ProvenHead> proven = access.proof.head();
    std::optional<base::BatchNumber> sealedTo;
    std::optional<base::BatchNumber> provenTo;
    if (!out.anchors.empty()) sealedTo = out.anchors.back().commitment.batch;
    if (proven && proven->head.batch >= batch) provenTo = proven->head.batch;
    const Extent extent = extentOf(batch, sealedTo, provenTo);
    if (!extent.seals) out.anchors.clear();
    if (extent.proof) out.file.chainProof = access.proof.file();
    for (std::uint64_t number = extent.first.value; number <= extent.last.value; ++number) {
        const l2::SignedHeader* header = access.client.headerAt({number});
        if (header == nullptr) return makeError(kBatchLeft);
        out.file.headers.push_back(header->header);
    }
    return out;
}

Result<std::string> exportText(ExportParts parts, chain::Backend& backend, const verify::Terms& terms)
{
    verify::ProofFile& file = parts.file;
    BOWLINE_CHECK(addBitcoin(file, backend));
    for (const seal::Link& link : parts.anchors) {
        BOWLINE_TRY(verify::ShownAnchor anchor, anchorIn(backend, link));
        file.anchors.push_back(std::move(anchor));
    }
    const verify::Report report = verify::check(file, terms);
    for (const verify::Check& check : report.checks) {
        if (check.outcome == verify::Outcome::Failed)
            return makeError(kProofRefused, check.name + ' ' + check.reason);
    }
    std::string text = verify::toText(file);
    if (text.size() > verify::kMaxFileBytes) return makeError(kProofTooLong);
    return text;
}

} // namespace bowline::services
