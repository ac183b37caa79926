// SPDX-License-Identifier: MIT
#include "tests/unit/seal/fixture.h"

#include <cstdlib>

namespace bowline::seal::test {

namespace {
template <typename T>
T must(Result<T> result)
{
    if (!result.ok()) std::abort();
    return std::move(result).value();
}

crypto::PrivateKey keyOf(std::uint8_t last)
{
    base::ByteArray<32> bytes{};
    bytes[31] = last;
    return must(crypto::PrivateKey::fromBytes(bytes));
}
} // namespace

crypto::PrivateKey sequencerKey() { return keyOf(3); }
crypto::PrivateKey committeeKey() { return keyOf(5); }

SealTerms makeTerms()
{
    l2::NetworkParams params;
    params.sequencerKey = sequencerKey().xOnlyPublicKey();
    params.committeeKey = committeeKey().xOnlyPublicKey();
    return must(SealTerms::create(params, {{Txid{{7}}, 1}, Amount::fromSat(100'000), 60}));
}

BlockHash blockHash(std::uint32_t height, std::uint8_t branch)
{
    BlockHash out;
    out.bytes[0] = static_cast<std::uint8_t>(height);
    out.bytes[1] = static_cast<std::uint8_t>(height >> 8U);
    out.bytes[2] = branch;
    out.bytes[3] = 1;
    return out;
}

std::optional<BlockHash> HashChain::hashAt(Height height) const
{
    return height.value < m_hashes.size() ? std::optional(m_hashes[height.value]) : std::nullopt;
}

void HashChain::grow(std::uint32_t tip, std::uint8_t branch)
{
    while (m_hashes.size() <= tip) {
        m_hashes.push_back(blockHash(static_cast<std::uint32_t>(m_hashes.size()), branch));
    }
}

std::map<BatchNumber, l2::BatchHeader> makeHistory(std::uint64_t last, std::uint32_t l1, std::uint64_t salt)
{
    std::map<BatchNumber, l2::BatchHeader> out;
    l2::BatchHash parent;
    for (std::uint64_t n = 0; n <= last; ++n) {
        l2::BatchHeader header;
        header.height = {n};
        header.parent = parent;
        header.time = salt;
        header.l1Height = {static_cast<std::uint32_t>(l1 + n)};
        header.l1Hash = blockHash(header.l1Height.value);
        parent = header.hash();
        out.emplace(header.height, header);
    }
    return out;
}

SealedHistory::HeaderOf headersOf(const std::map<BatchNumber, l2::BatchHeader>& history)
{
    return [&history](BatchNumber batch) {
        const auto found = history.find(batch);
        return found == history.end() ? std::nullopt : std::optional(found->second);
    };
}

bitcoin::Transaction anchorOf(const SealFollower& follower, const l2::BatchHeader& header)
{
    return must(follower.terms().makeAnchor(follower.open().value(), must(Commitment::of(header)),
                                            Amount::fromSat(400), sequencerKey()));
}

} // namespace bowline::seal::test
