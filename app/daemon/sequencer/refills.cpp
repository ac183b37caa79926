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
    m_context.bitcoin.fetchBlock(
        block->hash, [self = m_self, txid, executor = m_context.executor](Result<chain::BlockPtr> found) {
            boost::asio::post(executor, [self, txid, found = std::move(found)] {
                if (*self == nullptr) return;
                if (found.ok()) return (*self)->take(txid, **found);
                base::logWarning("sequencer", "no block of a refill: " + found.error().detail);
            });
        });
    return success();
}

void Refills::take(const Txid& txid, const bitcoin::Block& block)
{
    const auto& all = block.transactions;
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& tx) { return tx.txid() == txid; });
    if (at == all.end())
        return base::logWarning("sequencer", "that block has no refill " + txid.displayHex());
    const seal::SealFollower& seals = m_context.seals.chain();
    for (std::uint32_t index = 0; index < at->outputs.size(); ++index) {
        const bitcoin::OutPoint outpoint{txid, index};
        const bool isSeal = outpoint == seals.terms().first().outpoint ||
                            (index == 0 && std::any_of(seals.links().begin(), seals.links().end(),
                                                       [&](const auto& link) { return link.txid == txid; }));
        if (at->outputs[index].scriptPubKey != seals.terms().script() || isSeal) continue;
        const Status kept = m_context.node.store().database().run(
            "INSERT OR IGNORE INTO refill(outpoint, value) VALUES (?, ?)", idOf(outpoint),
            at->outputs[index].value);
        if (!kept.ok()) base::logError("sequencer", "a refill is not kept: " + kept.error().detail);
        if (kept.ok())
            base::logInfo("sequencer", "the next anchor takes " + bitcoin::toString(outpoint) + " along");
    }
}

Result<std::vector<seal::Seal>> Refills::usable()
{
    const auto& links = m_context.seals.chain().links();
    store::Database& db = m_context.node.store().database();
    BOWLINE_TRY(store::Statement rows,
                db.query("SELECT outpoint, value, taken_by FROM refill ORDER BY rowid"));
    std::vector<seal::Seal> out;
    for (;;) {
        BOWLINE_TRY(const bool more, rows.step());
        if (!more || out.size() == kMostAtOnce) return out;
        const base::Bytes id = rows.blob(0);
        const base::Bytes by = rows.blob(2);
        seal::Seal refill{{}, rows.amount(1)};
        BOWLINE_CHECK(rows.rowStatus());
        base::Reader reader(id);
        refill.outpoint = bitcoin::readOutPoint(reader);
        BOWLINE_CHECK(reader.finish());
        // One that was replaced, or fell out of the chain, has taken nothing.
        const bool isTaken = std::any_of(links.begin(), links.end(), [&by](const seal::Link& link) {
            return base::toBytes(link.txid.view()) == by;
        });
        if (!isTaken) out.push_back(refill);
    }
}

Status Refills::noteTaken(store::Database& db, const bitcoin::Transaction& anchor)
{
    const Txid txid = anchor.txid();
    for (std::size_t i = 1; i < anchor.inputs.size(); ++i) {
        BOWLINE_CHECK(db.run("UPDATE refill SET taken_by = ? WHERE outpoint = ?", txid,
                             idOf(anchor.inputs[i].prevout)));
    }
    return success();
}

} // namespace bowline::daemon
