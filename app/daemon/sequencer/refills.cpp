// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/refills.h"

#include "core/base/log.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace bowline::daemon {

using base::Result;
using base::Status;
using base::success;
using base::Txid;

namespace {

constexpr std::size_t kMostAtOnce = 10;
/// Anchors that take one along and are replaced before they are mined. An output that somebody else has spent is never
/// there again, and each anchor with it would wait in vain, be replaced, and be followed by another.
constexpr std::uint32_t kMostTries = 2;

base::Bytes idOf(const bitcoin::OutPoint& outpoint)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, outpoint);
    return writer.take();
}

} // namespace

Status Refills::look(base::Height height, const Txid& txid)
{
    const auto block = m_context.bitcoin.headerAt(height);
    if (!block) return base::makeError(kNoSuchBlock, std::to_string(height.value));
    m_context.bitcoin.fetchBlock(block->hash, [self = m_self, txid, at = chain::BlockRef{height, block->hash},
                                               executor = m_context.executor](Result<chain::BlockPtr> found) {
        boost::asio::post(executor, [self, txid, at, found = std::move(found)] {
            if (*self == nullptr) return;
            if (found.ok()) return (*self)->take(txid, at, **found);
            base::logWarning("sequencer", "no block of a refill: " + found.error().detail);
        });
    });
    return success();
}

void Refills::take(const Txid& txid, const chain::BlockRef& block, const bitcoin::Block& content)
{
    const auto& all = content.transactions;
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& tx) { return tx.txid() == txid; });
    if (at == all.end())
        return base::logWarning("sequencer", "that block has no refill " + txid.displayHex());
    for (std::uint32_t index = 0; index < at->outputs.size(); ++index) {
        const bitcoin::OutPoint outpoint{txid, index};
        if (at->outputs[index].scriptPubKey != m_context.seals.chain().terms().script() || isSeal(outpoint))
            continue;
        const Status kept = m_context.node.store().database().run(
            "INSERT INTO refill(outpoint, value, height, block) VALUES (?, ?, ?, ?) ON CONFLICT(outpoint) DO "
            "UPDATE SET height = excluded.height, block = excluded.block, tries = 0",
            idOf(outpoint), at->outputs[index].value, block.height, block.hash);
        if (!kept.ok()) base::logError("sequencer", "a refill is not kept: " + kept.error().detail);
        if (kept.ok())
            base::logInfo("sequencer", "the next anchor takes " + bitcoin::toString(outpoint) + " along");
    }
}

/// A link of the chain of seals, spent or not: no anchor takes it along beside the open one.
bool Refills::isSeal(const bitcoin::OutPoint& outpoint) const
{
    const seal::SealFollower& seals = m_context.seals.chain();
    const auto& links = seals.links();
    return outpoint == seals.terms().first().outpoint ||
           (outpoint.index == 0 && std::any_of(links.begin(), links.end(), [&outpoint](const auto& link) {
                return link.txid == outpoint.txid;
            }));
}

/// One that was replaced, or fell out of the chain, has taken nothing.
bool Refills::isLink(base::ByteView txid) const
{
    const auto& links = m_context.seals.chain().links();
    return std::any_of(links.begin(), links.end(), [txid](const seal::Link& link) {
        return std::equal(txid.begin(), txid.end(), link.txid.bytes.begin(), link.txid.bytes.end());
    });
}

Result<std::vector<seal::Seal>> Refills::usable()
{
    store::Database& db = m_context.node.store().database();
    BOWLINE_TRY(
        store::Statement rows,
        db.query("SELECT outpoint, value, taken_by, height, block FROM refill WHERE tries < ? ORDER BY rowid",
                 kMostTries));
    std::vector<seal::Seal> out;
    for (;;) {
        BOWLINE_TRY(const bool more, rows.step());
        if (!more || out.size() == kMostAtOnce) return out;
        const base::Bytes id = rows.blob(0);
        const base::Bytes by = rows.blob(2);
        seal::Seal refill{{}, rows.amount(1)};
        const auto block = m_context.bitcoin.headerAt(rows.height(3));
        const bool stands = block && block->hash == rows.hash<base::BlockHash>(4);
        BOWLINE_CHECK(rows.rowStatus());
        base::Reader reader(id);
        refill.outpoint = bitcoin::readOutPoint(reader);
        BOWLINE_CHECK(reader.finish());
        if (stands && !isLink(by) && !isSeal(refill.outpoint)) out.push_back(refill);
    }
}

Status Refills::noteTaken(store::Database& db, const bitcoin::Transaction& anchor)
{
    const Txid txid = anchor.txid();
    for (std::size_t i = 1; i < anchor.inputs.size(); ++i) {
        BOWLINE_CHECK(db.run("UPDATE refill SET taken_by = ?, tries = tries + 1 WHERE outpoint = ?", txid,
                             idOf(anchor.inputs[i].prevout)));
    }
    return success();
}

} // namespace bowline::daemon
