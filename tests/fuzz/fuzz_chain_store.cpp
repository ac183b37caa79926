// SPDX-License-Identifier: MIT
// A header store that somebody else has written into: the input is read as rows of any shape that the tables let in.
// Loading must refuse or cut it, never crash, and what it accepts must be a chain.
#include "core/chain/header_chain.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::chain;

namespace {

const bitcoin::ChainParams& params() { return bitcoin::chainParams(bitcoin::Network::Regtest); }

/// Each record: a kind, a height, and 80 bytes of which the tables take what they need.
StoredChain chainFrom(base::ByteView input)
{
    StoredChain out;
    out.best.push_back(params().genesis);
    base::Reader in(input);
    while (in.remaining() >= 82 && out.best.size() < 200) {
        const std::uint8_t kind = in.u8();
        const base::Height height{in.u8()};
        const base::ByteView bytes = in.bytes(80);
        bitcoin::BlockHeader header = bitcoin::parseBlockHeader(bytes).value();
        if ((kind & 4U) != 0) header.previous = out.best.back().hash();
        if (kind % 3 == 0) out.best.push_back(header);
        if (kind % 3 == 1) out.side.push_back({height, header.hash(), header});
        if (kind % 3 == 2) out.filters.push_back(base::FilterHeader{header.hash().bytes});
        out.vouched = height;
    }
    return out;
}

void write(ChainStore& store, const StoredChain& chain)
{
    ChainChange change;
    change.connected.assign(chain.best.begin() + 1, chain.best.end());
    if (!store.apply(change).ok() || !store.addSide(chain.side).ok()) std::abort();
    if (!store.appendFilters({0}, chain.filters).ok() || !store.setVouched(chain.vouched).ok()) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto store = ChainStore::open(":memory:", params());
    if (!store.ok()) std::abort();
    write(*store, chainFrom({data, size}));
    const auto chain = HeaderChain::load(params(), {}, *store);
    if (!chain.ok()) return 0;
    if ((*chain)->filterEnd() > (*chain)->height() + 1 || (*chain)->vouchedEnd() > (*chain)->filterEnd())
        std::abort();
    for (std::uint32_t height = 1; height <= (*chain)->height().value; ++height) {
        const auto entry = (*chain)->at({height});
        if (entry->header.previous != *(*chain)->hashAt({height - 1}) || entry->header.hash() != entry->hash)
            std::abort();
    }
    // Cut and loaded again it is the same.
    const auto again = HeaderChain::load(params(), {}, *store);
    if (!again.ok() || (*again)->tip().hash != (*chain)->tip().hash) std::abort();
    for (const base::BlockHash& hash : (*chain)->locator((*chain)->height())) {
        if (!(*chain)->branchAt(hash).ok()) std::abort();
    }
    return 0;
}
