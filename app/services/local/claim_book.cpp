// SPDX-License-Identifier: MIT
#include "app/services/local/claim_book.h"

#include "app/services/local/bridge_view.h"
#include "core/base/log.h"
#include "core/bridge/operator.h"
#include "core/bridge/states.h"

#include <algorithm>

namespace bowline::services {

ClaimBook::ClaimBook(bridge::ContextPtr context, Ask ask, std::function<void()> changed)
    : m_context(std::move(context)), m_ask(std::move(ask)), m_changed(std::move(changed))
{
}

ClaimBook::~ClaimBook() { *m_alive = false; }

void ClaimBook::follow(const bridge::Deposit& deposit, base::Height from)
{
    m_entries.try_emplace(deposit.id(), Entry{.deposit = deposit, .from = from});
}

void ClaimBook::vaultIs(const base::Digest& depositId, const std::optional<l2::Vault>& vault)
{
    const auto found = m_entries.find(depositId);
    if (found == m_entries.end()) return;
    // A vault that is live again after a voided claim forgets its number; that claim is shown to its end all the same.
    if (vault && vault->status != l2::VaultStatus::Live) found->second.index = vault->claimIndex;
    if (found->second.index) ask(depositId);
}

void ClaimBook::ask(const base::Digest& depositId)
{
    const std::uint64_t index = *m_entries.at(depositId).index;
    ++m_callsOpen;
    m_ask(l2::claimObjectId(index),
          [this, alive = m_alive, depositId, index](base::Result<StateValue> value) {
              if (!*alive) return;
              --m_callsOpen;
              if (!value.ok() || !std::holds_alternative<l2::Verified>(value->verdict)) return;
              Entry& entry = m_entries.at(depositId);
              if (entry.index == index) take(entry, *value);
          });
}

void ClaimBook::take(Entry& entry, const StateValue& value)
{
    std::optional<l2::Claim> claim;
    if (value.answer.value) {
        auto parsed = l2::parseClaim(*value.answer.value);
        if (!parsed.ok()) return;
        // After a rollback the number may be that of another vault's claim.
        if (parsed->vault == entry.deposit.vault()) claim = std::move(*parsed);
    }
    const bool isNew = claim && (!entry.claim || entry.claim->kickoff != claim->kickoff);
    if (!claim) entry.index.reset();
    entry.claim = std::move(claim);
    entry.batch = value.answer.batch.header.height;
    if (isNew) {
        entry.seen = static_cast<base::UnixTime>(value.answer.batch.header.time);
        watchGraph(entry);
    }
    m_changed();
}

/// Kickoff and take pay to or spend the vault's script, which is followed from the start. What remains is how a claim
/// fails: the funding spent elsewhere, and a veto, which spends the connector.
void ClaimBook::watchGraph(const Entry& entry)
{
    const base::XOnlyPublicKey& operatorKey = entry.claim->operatorKey;
    std::vector<base::XOnlyPublicKey> vetoKeys;
    for (std::size_t i = 0; i < m_context->committee.size(); ++i)
        vetoKeys.push_back(m_context->committee.vetoKey(i));
    const auto funding = bridge::kickoffFunding(m_context->params(), operatorKey);
    const auto connector = bridge::connectorOutput(operatorKey, m_context->params().takeBlocks, vetoKeys);
    if (!funding.ok() || !connector.ok()) {
        base::logError("services",
                       "the claim of deposit " + entry.deposit.id().hex() + " names no operator's key");
        return;
    }
    watch(funding->scriptPubKey, entry.from);
    watch(connector->scriptPubKey(), entry.from);
}

void ClaimBook::watch(const bitcoin::Script& script, base::Height from)
{
    if (m_scripts.insert(script).second) m_newScripts.emplace_back(script, from);
}

std::vector<std::pair<base::Bytes, base::Height>> ClaimBook::takeNewScripts()
{
    return std::exchange(m_newScripts, {});
}

bool ClaimBook::concerns(const Entry& entry, const bitcoin::Transaction& transaction)
{
    const bitcoin::Script& vaultScript = entry.deposit.vaultOutput().scriptPubKey;
    const bool pays =
        std::any_of(transaction.outputs.begin(), transaction.outputs.end(),
                    [&](const bitcoin::TxOut& output) { return output.scriptPubKey == vaultScript; });
    const bitcoin::OutPoint vault = entry.deposit.vault();
    return pays ||
           std::any_of(transaction.inputs.begin(), transaction.inputs.end(), [&](const bitcoin::TxIn& input) {
               if (input.prevout == vault) return true;
               return entry.claim &&
                      (input.prevout == entry.claim->funding || input.prevout.txid == entry.claim->kickoff);
           });
}

void ClaimBook::blockConnected(const chain::BlockConnected& block)
{
    if (!block.again) m_tip = block.height;
    for (auto& [id, entry] : m_entries) {
        if (!block.again) entry.blocks.erase(entry.blocks.lower_bound(block.height), entry.blocks.end());
        if (!block.block) continue;
        Block kept{block.header.time, {}};
        for (const bitcoin::Transaction& transaction : block.block->transactions) {
            if (concerns(entry, transaction)) kept.transactions.push_back(transaction);
        }
        if (!kept.transactions.empty()) entry.blocks[block.height] = std::move(kept);
    }
}

void ClaimBook::blockDisconnected(base::Height height)
{
    m_tip = base::Height{height.value == 0 ? 0 : height.value - 1};
    for (auto& [id, entry] : m_entries)
        entry.blocks.erase(entry.blocks.lower_bound(height), entry.blocks.end());
}

BridgeItem ClaimBook::itemOf(const Entry& entry) const
{
    bridge::ClaimStates states(m_context, entry.deposit.vault(), *entry.claim);
    for (const auto& [height, block] : entry.blocks) states.blockConnected(height, block.transactions);
    const bool tipHoldsNothing = entry.blocks.empty() || entry.blocks.rbegin()->first < m_tip;
    if (tipHoldsNothing) states.blockConnected(m_tip, {});
    states.batch(entry.batch, entry.claim);

    BridgeItem item;
    item.id = entry.claim->kickoff.displayHex();
    item.kind = BridgeItem::Kind::VaultClaim;
    item.depositId = entry.deposit.id().hex();
    item.amount = entry.deposit.terms().value;
    fillFromTimeline(item, states.timeline());
    item.nextAction = item.finished ? "" : "wait"; // what there is to do, the operator does
    const auto kickoff = states.kickoffHeight();
    item.created = kickoff ? entry.blocks.at(*kickoff).time : entry.seen;
    return item;
}

std::vector<BridgeItem> ClaimBook::items() const
{
    std::vector<BridgeItem> out;
    for (const auto& [id, entry] : m_entries) {
        if (entry.claim) out.push_back(itemOf(entry));
    }
    return out;
}

} // namespace bowline::services
