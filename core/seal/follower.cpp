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
        changed = spend(height, block, transaction) || changed;
    }
    return changed;
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
    Link link{height, block, transaction.txid(), judged.kind, {}, {}};
    if (goesOn(judged.kind)) link.value = transaction.outputs[0].value;
    if (judged.commitment) link.commitment = *judged.commitment;
    m_links.push_back(link);
    return true;
}

} // namespace bowline::seal
