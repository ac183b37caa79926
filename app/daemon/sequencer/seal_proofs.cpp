// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/seal_proofs.h"

#include "core/base/log.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace bowline::daemon {

using base::Result;
using base::Status;
using base::success;

Status SealProofs::turn()
{
    BOWLINE_TRY(const std::optional<seal::Link> link, due());
    if (!link) return success();
    if (m_link != link) {
        fetch(*link);
        return success();
    }
    const l2::BatchHash head = m_context.node.head().header.hash();
    if (m_encoded.empty() || m_refusedAt == head) return success();
    const Result<l2::TxHash> sent = m_producer.submit(m_encoded);
    if (sent.ok()) return success(); // it waits: the same bytes again change nothing
    m_refusedAt = head;
    return sent.error();
}

Result<std::optional<seal::Link>> SealProofs::due() const
{
    const std::optional<seal::Link> none;
    if (!m_context.seals.isCurrent()) return none;
    BOWLINE_TRY(const l2::ChainObject program, m_context.node.chainObject());
    if (program.seals != l2::SealsStatus::Open) return none;
    const seal::SealFollower& chain = m_context.seals.chain();
    const auto& links = chain.links();
    auto next = links.begin();
    if (program.seal != chain.terms().first().outpoint) {
        const auto made = std::find_if(links.begin(), links.end(), [&program](const seal::Link& link) {
            return bitcoin::OutPoint{link.txid, 0} == program.seal;
        });
        if (made == links.end()) return none; // the program is to be rolled back, or the watch behind it
        next = made + 1;
    }
    if (next == links.end()) return none;
    BOWLINE_TRY(const l2::L1View view, m_context.node.l1View());
    if (next->height > view.confirmedHeight) return none;
    const base::BatchNumber head = m_context.node.head().header.height;
    if (next->kind == seal::SpendKind::Anchor && next->commitment.batch > head) return none;
    return std::optional(*next);
}

void SealProofs::fetch(const seal::Link& link)
{
    m_link = link;
    m_encoded.clear();
    m_refusedAt.reset();
    m_context.bitcoin.fetchBlock(
        link.block, [self = m_self, link, executor = m_context.executor](Result<chain::BlockPtr> block) {
            boost::asio::post(executor, [self, link, block = std::move(block)] {
                SealProofs* here = *self;
                if (here == nullptr || here->m_link != link) return;
                if (block.ok()) return here->take(link, **block);
                base::logWarning("sequencer", "the block of a seal is not there: " + block.error().detail);
                here->m_link.reset(); // asked for again
            });
        });
}

void SealProofs::take(const seal::Link& link, const bitcoin::Block& block)
{
    const auto& all = block.transactions;
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&link](const bitcoin::Transaction& tx) { return tx.txid() == link.txid; });
    if (at == all.end()) return;
    auto proof = l2::buildTxProof(block, link.height, static_cast<std::uint32_t>(at - all.begin()));
    if (!proof.ok()) return base::logError("sequencer", "no proof of a seal: " + proof.error().detail);
    l2::Transaction transaction;
    transaction.payload = l2::SealProof{std::move(*proof)};
    m_encoded = transaction.encode();
}

} // namespace bowline::daemon
