// SPDX-License-Identifier: MIT
#include "core/seal/follower.h"

#include <algorithm>

namespace bowline::seal {

bool SealFollower::blockConnected(Height height, const BlockHash& block,
                                  std::span<const bitcoin::Transaction> transactions)
{
    bool changed = blockDisconnected(height);
    // A block lists what spends an output behind what makes it, so one pass finds several anchors too.
    for (const bitcoin::Transaction& transaction : transactions) {
        const bool isLink = spend(height, block, transaction);
        notePaid(transaction, isLink ? 1 : 0); // a link's first output is the next seal, or there is none
        changed = isLink || changed;
    }
    return changed;
}

void SealFollower::notePaid(const bitcoin::Transaction& transaction, std::uint32_t first)
{
    std::optional<Txid> txid; // of most it is not asked for
    for (std::uint32_t index = first; index < transaction.outputs.size(); ++index) {
        const bitcoin::TxOut& output = transaction.outputs[index];
        if (output.scriptPubKey != m_terms.script()) continue;
        if (!txid) txid = transaction.txid();
        m_paid.emplace(bitcoin::OutPoint{*txid, index}, output.value);
    }
}

std::optional<std::vector<Amount>> SealFollower::addedBy(const bitcoin::Transaction& transaction) const
{
    std::vector<Amount> out;
    for (std::size_t i = 1; i < transaction.inputs.size(); ++i) {
        const auto found = m_paid.find(transaction.inputs[i].prevout);
        if (found == m_paid.end()) return std::nullopt;
        out.push_back(found->second);
    }
    return out;
}

bool SealFollower::blockDisconnected(Height height)
{
    const std::size_t before = m_links.size();
    while (!m_links.empty() && m_links.back().height >= height) m_links.pop_back();
    return m_links.size() != before;
}

std::optional<Seal> SealFollower::open() const
{
    if (m_links.empty()) return m_terms.first();
    const Link& last = m_links.back();
    if (!goesOn(last.kind)) return std::nullopt;
    return Seal{{last.txid, 0}, last.value};
}

bool SealFollower::spend(Height height, const BlockHash& block, const bitcoin::Transaction& transaction)
{
    const std::optional<Seal> seal = open();
    if (!seal) return false;
    const auto& inputs = transaction.inputs;
    const auto found = std::find_if(inputs.begin(), inputs.end(), [&seal](const bitcoin::TxIn& input) {
        return input.prevout == seal->outpoint;
    });
    if (found == inputs.end()) return false;
    const auto judged = m_terms.judge(transaction, static_cast<std::size_t>(found - inputs.begin()));
    Link link{height, block, transaction.txid(), judged.kind, {}, {}, {}};
    if (goesOn(judged.kind)) link.value = transaction.outputs[0].value;
    if (judged.commitment) link.commitment = *judged.commitment;
    link.added = addedBy(transaction);
    m_links.push_back(link);
    return true;
}

} // namespace bowline::seal
