// SPDX-License-Identifier: MIT
#include "tests/support/scripted_chain.h"

namespace bowline::test {

bitcoin::BlockHeader mineHeader(const bitcoin::BlockHeader& previous, std::uint32_t salt,
                                const base::MerkleRoot& root, std::uint32_t spacing)
{
    bitcoin::BlockHeader out;
    out.version = 0x20000000;
    out.previous = previous.hash();
    out.merkleRoot = root;
    if (root.isZero()) out.merkleRoot.bytes[0] = static_cast<std::uint8_t>(salt + 1);
    out.time = previous.time + spacing;
    out.bits = previous.bits;
    while (!bitcoin::checkProofOfWork(out, regtest()).ok()) ++out.nonce;
    return out;
}

std::vector<bitcoin::BlockHeader> mineHeaders(const bitcoin::BlockHeader& previous, std::size_t count,
                                              std::uint32_t salt)
{
    std::vector<bitcoin::BlockHeader> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(mineHeader(i == 0 ? previous : out.back(), salt));
    return out;
}

ScriptedChain::ScriptedChain()
{
    blocks.push_back({regtest().genesis, {}});
    const std::vector<bitcoin::Script> none;
    filters.push_back(bitcoin::buildFilter(regtest().genesisHash, none));
}

void ScriptedChain::mine(const std::vector<bitcoin::Script>& payTo,
                         const std::optional<bitcoin::OutPoint>& spend, const bitcoin::Script& spent)
{
    bitcoin::Transaction coinbase;
    bitcoin::TxIn input;
    input.prevout.index = 0xffffffff;
    bitcoin::ScriptBuilder tag;
    tag.number(static_cast<std::int64_t>(blocks.size())).number(salt).number(7);
    input.scriptSig = tag.take();
    coinbase.inputs.push_back(input);
    coinbase.outputs.push_back({base::Amount::fromSat(1000), bitcoin::Script{bitcoin::OP_1}});
    for (const bitcoin::Script& script : payTo)
        coinbase.outputs.push_back({base::Amount::fromSat(5000), script});
    bitcoin::Block block;
    block.transactions.push_back(coinbase);
    std::vector<bitcoin::Script> spentScripts;
    if (spend) {
        bitcoin::Transaction spender;
        bitcoin::TxIn from;
        from.prevout = *spend;
        spender.inputs.push_back(from);
        spender.outputs.push_back({base::Amount::fromSat(1), bitcoin::Script{bitcoin::OP_2}});
        block.transactions.push_back(spender);
        spentScripts.push_back(spent);
    }
    const base::MerkleRoot root{bitcoin::merkleTreeRoot(block.txids()).root.bytes};
    block.header = mineHeader(blocks.back().header, salt, root, spacing);
    filters.push_back(bitcoin::buildBasicFilter(block, spentScripts));
    blocks.push_back(std::move(block));
}

void ScriptedChain::append(bitcoin::Block block, bitcoin::BlockFilter filter)
{
    blocks.push_back(std::move(block));
    filters.push_back(std::move(filter));
}

void ScriptedChain::cut(std::size_t height)
{
    blocks.resize(height + 1);
    filters.resize(height + 1);
}

void ScriptedChain::dateTip(std::uint32_t time)
{
    bitcoin::BlockHeader& header = blocks.back().header;
    header.time = time;
    while (!bitcoin::checkProofOfWork(header, regtest()).ok()) ++header.nonce;
    const std::vector<bitcoin::Script> none;
    filters.back() = bitcoin::buildBasicFilter(blocks.back(), none);
}

void ScriptedChain::forgeFilter(std::size_t height, std::span<const bitcoin::Script> elements)
{
    filters[height] = bitcoin::buildFilter(blocks[height].header.hash(), elements);
}

base::FilterHeader ScriptedChain::filterHeader(std::size_t height) const
{
    base::FilterHeader out;
    for (std::size_t i = 0; i <= height; ++i) out = filters[i].header(out);
    return out;
}

std::optional<std::size_t> ScriptedChain::heightOf(const base::BlockHash& hash) const
{
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (blocks[i].header.hash() == hash) return i;
    }
    return std::nullopt;
}

std::vector<bitcoin::BlockHeader> ScriptedChain::headersFrom(std::size_t height) const
{
    std::vector<bitcoin::BlockHeader> out;
    for (std::size_t i = height; i < blocks.size(); ++i) out.push_back(blocks[i].header);
    return out;
}

} // namespace bowline::test
