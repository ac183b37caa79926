// SPDX-License-Identifier: MIT
#include "app/daemon/bridge/chain_feed.h"

#include "core/base/log.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace bowline::daemon {

using base::Bytes;
using base::Height;

/// Outlives the feed in tasks that are still on their way; they then find it empty.
struct ChainFeed::Link {
    ChainFeed* feed = nullptr;
};

ChainFeed::ChainFeed(const asio::any_io_executor& executor, chain::Backend& backend, Height birthday,
                     std::function<void()> changed)
    : m_executor(executor), m_backend(backend), m_birthday(birthday), m_changed(std::move(changed)),
      m_link(std::make_shared<Link>())
{
    m_link->feed = this;
    m_facts.tip = birthday;
}

ChainFeed::~ChainFeed() { stop(); }

void ChainFeed::start(std::vector<Bytes> scripts)
{
    m_scripts.insert(scripts.begin(), scripts.end());
    chain::FollowFrom from;
    from.birthday = m_birthday;
    from.scripts = {m_scripts.begin(), m_scripts.end()};
    m_follower = m_backend.follow(std::move(from), [link = m_link, executor = m_executor](const auto& event) {
        asio::post(executor, [link, event] {
            if (link->feed != nullptr) link->feed->onEvent(event);
        });
    });
}

void ChainFeed::stop()
{
    m_link->feed = nullptr;
    m_follower.reset();
}

void ChainFeed::watch(const std::vector<Bytes>& scripts, Height from)
{
    std::vector<Bytes> fresh;
    for (const Bytes& script : scripts) {
        if (m_scripts.insert(script).second) fresh.push_back(script);
    }
    if (!fresh.empty() && m_follower) m_follower->watch(std::move(fresh), std::max(from, m_birthday));
}

bool ChainFeed::isCurrent() const { return m_facts.tip >= m_backend.tip().height; }

const ChainFeed::Sighting* ChainFeed::find(const base::Txid& txid) const
{
    for (const auto& [height, sightings] : m_sightings) {
        for (const Sighting& sighting : sightings) {
            if (sighting.txid == txid) return &sighting;
        }
    }
    return nullptr;
}

const ChainFeed::Sighting* ChainFeed::spenderOf(const bitcoin::OutPoint& outpoint) const
{
    const bridge::OutputFact* output = m_facts.find(outpoint);
    return output != nullptr && output->spentBy ? find(*output->spentBy) : nullptr;
}

void ChainFeed::onEvent(const chain::BlockEvent& event)
{
    if (const auto* connected = std::get_if<chain::BlockConnected>(&event)) {
        onBlock(*connected);
    } else {
        undoFrom(std::get<chain::BlockDisconnected>(event).height);
    }
    m_changed();
}

void ChainFeed::onBlock(const chain::BlockConnected& event)
{
    if (event.again) {
        // What it adds may have been spent by a transaction that is known already.
        if (event.block) scan(*event.block, event.height);
        rebuild();
        return;
    }
    undoFrom(event.height);
    m_facts.tip = event.height;
    if (event.block) scan(*event.block, event.height);
}

void ChainFeed::undoFrom(Height height)
{
    if (height > m_facts.tip) return;
    m_facts.tip = Height{height.value == 0 ? 0 : height.value - 1};
    m_sightings.erase(m_sightings.lower_bound(height), m_sightings.end());
    rebuild();
}

void ChainFeed::scan(const bitcoin::Block& block, Height height)
{
    for (std::uint32_t i = 0; i < block.transactions.size(); ++i) {
        const bitcoin::Transaction& transaction = block.transactions[i];
        const bool pays = std::any_of(
            transaction.outputs.begin(), transaction.outputs.end(),
            [&](const bitcoin::TxOut& output) { return m_scripts.contains(output.scriptPubKey); });
        const bool spends =
            std::any_of(transaction.inputs.begin(), transaction.inputs.end(),
                        [&](const bitcoin::TxIn& input) { return m_facts.find(input.prevout) != nullptr; });
        if (!pays && !spends) continue;
        const base::Txid txid = transaction.txid();
        std::vector<Sighting>& known = m_sightings[height];
        if (std::any_of(known.begin(), known.end(), [&](const Sighting& s) { return s.txid == txid; }))
            continue;
        auto proof = l2::buildTxProof(block, height, i);
        if (!proof.ok()) {
            base::logError("bridge", "no proof for " + txid.displayHex() + ": " + proof.error().detail);
            continue;
        }
        known.push_back({height, txid, transaction, std::move(*proof)});
        apply(known.back());
    }
}

void ChainFeed::apply(const Sighting& sighting)
{
    for (std::uint32_t i = 0; i < sighting.transaction.outputs.size(); ++i) {
        const bitcoin::TxOut& output = sighting.transaction.outputs[i];
        if (!m_scripts.contains(output.scriptPubKey)) continue;
        m_facts.outputs[{sighting.txid, i}] = {output, sighting.height, std::nullopt};
    }
    for (const bitcoin::TxIn& input : sighting.transaction.inputs) {
        const auto spent = m_facts.outputs.find(input.prevout);
        if (spent != m_facts.outputs.end()) spent->second.spentBy = sighting.txid;
    }
}

void ChainFeed::rebuild()
{
    m_facts.outputs.clear();
    for (const auto& [height, sightings] : m_sightings) {
        for (const Sighting& sighting : sightings) apply(sighting);
    }
}

} // namespace bowline::daemon
