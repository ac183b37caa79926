// SPDX-License-Identifier: MIT
#include "tests/unit/bridge/model_explorer.h"

#include <algorithm>

namespace bowline::bridge::test {

namespace {

constexpr std::uint32_t kLockDisabled = 1U << 31U; // BIP68

} // namespace

ModelChain::ModelChain(const std::vector<Transaction>& known, Height below) : m_below(below)
{
    std::vector<Known> all;
    for (const Transaction& transaction : known) all.push_back({transaction, transaction.txid()});
    m_known = std::make_shared<const std::vector<Known>>(std::move(all));
}

std::optional<Height> ModelChain::heightOf(std::size_t transaction) const
{
    const auto found = std::find(m_blocks.begin(), m_blocks.end(), transaction);
    if (found == m_blocks.end()) return std::nullopt;
    return m_below + static_cast<std::uint32_t>(found - m_blocks.begin() + 1);
}

bool ModelChain::isDeepIn(std::size_t transaction, std::uint32_t depth) const
{
    const auto height = heightOf(transaction);
    return height && *height + depth <= tip();
}

std::vector<Transaction> ModelChain::at(Height height) const
{
    const auto& held = m_blocks.at(height.value - m_below.value - 1);
    if (!held) return {};
    return {m_known->at(*held).transaction};
}

bool ModelChain::fits(std::size_t transaction) const
{
    if (heightOf(transaction)) return false;
    for (const TxIn& input : m_known->at(transaction).transaction.inputs) {
        for (std::size_t other = 0; other < m_known->size(); ++other) {
            const auto height = heightOf(other);
            const Known& known = m_known->at(other);
            if (known.txid == input.prevout.txid) {
                if (!height) return false;
                const bool isLocked = (input.sequence & kLockDisabled) == 0;
                if (isLocked && tip() + 1 < *height + input.sequence) return false;
            }
            const bool spends = std::any_of(known.transaction.inputs.begin(), known.transaction.inputs.end(),
                                            [&](const TxIn& its) { return its.prevout == input.prevout; });
            if (height && spends) return false;
        }
    }
    return true;
}

std::string ModelChain::key() const
{
    std::string out;
    for (const auto& held : m_blocks) out += held ? static_cast<char>('a' + *held) : '.';
    return out;
}

} // namespace bowline::bridge::test
