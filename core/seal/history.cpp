// SPDX-License-Identifier: MIT
#include "core/seal/history.h"

#include <algorithm>

namespace bowline::seal {

namespace {

bool isOn(const l2::BestChain& chain, Height height, const BlockHash& block)
{
    return chain.hashAt(height) == block;
}

/// The batch does not rest on a block below the anchor's own, on the same chain and not below the checkpoint.
bool isVoid(const l2::BestChain& chain, const Link& link, Height checkpoint)
{
    const Commitment& said = link.commitment;
    return said.l1Height >= link.height || said.l1Height < checkpoint ||
           !isOn(chain, said.l1Height, said.l1Hash);
}

} // namespace

std::string_view nameOf(SealState state)
{
    switch (state) {
    case SealState::Sequenced: return "sequenced";
    case SealState::Sealed: return "sealed";
    case SealState::Conflict: return "conflict";
    }
    return "";
}

bool SealedHistory::holds(const Entry& entry, std::span<const Link> links, const l2::BestChain& chain,
                          const HeaderOf& headerOf) const
{
    if (entry.link >= links.size() || links[entry.link] != entry.anchor) return false;
    if (!isOn(chain, entry.anchor.height, entry.anchor.block)) return false;
    const auto header = headerOf(entry.anchor.commitment.batch);
    return header && entry.anchor.commitment.speaksOf(*header);
}

void SealedHistory::update(std::span<const Link> links, const l2::BestChain& chain, const HeaderOf& headerOf)
{
    m_conflict.reset();
    const auto genesis = headerOf({0}); // rests on the checkpoint
    const Height checkpoint = genesis ? genesis->l1Height : Height{};
    // Blocks and headers name what is before them: where one still holds, so does all before it.
    while (!m_sealed.empty() && !holds(m_sealed.back(), links, chain, headerOf)) m_sealed.pop_back();
    for (std::size_t i = m_sealed.empty() ? 0 : m_sealed.back().link + 1; i < links.size(); ++i) {
        const Link& link = links[i];
        if (!goesOn(link.kind) || !isOn(chain, link.height, link.block)) return;
        if (link.kind != SpendKind::Anchor || isVoid(chain, link, checkpoint)) continue;
        const BatchNumber batch = link.commitment.batch;
        if (batch <= sealedTo().value_or(BatchNumber{0})) continue; // the first one counts; genesis is pinned
        const auto header = headerOf(batch);
        if (!header) return; // of a batch that is not known here yet
        if (!link.commitment.speaksOf(*header)) {
            m_conflict = link;
            return;
        }
        m_sealed.push_back({i, link});
    }
}

SealVerdict SealedHistory::verdictOf(BatchNumber batch, const l2::BestChain& chain) const
{
    const auto seals =
        std::lower_bound(m_sealed.begin(), m_sealed.end(), batch, [](const Entry& entry, BatchNumber wanted) {
            return entry.anchor.commitment.batch < wanted;
        });
    SealVerdict out;
    if (seals != m_sealed.end()) out.state = SealState::Sealed;
    if (seals == m_sealed.end() && m_conflict) out.state = SealState::Conflict;
    if (out.state == SealState::Sequenced) return out;
    const Link& link = out.state == SealState::Sealed ? seals->anchor : *m_conflict;
    const Height tip = chain.tip();
    out.height = link.height;
    out.anchor = link.txid;
    out.confirmations = tip >= link.height ? tip.value - link.height.value + 1 : 0;
    return out;
}

std::optional<BatchNumber> SealedHistory::sealedTo() const
{
    return m_sealed.empty() ? std::nullopt : std::optional(m_sealed.back().anchor.commitment.batch);
}

} // namespace bowline::seal
