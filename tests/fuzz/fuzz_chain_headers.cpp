// SPDX-License-Identifier: MIT
// Headers messages of a hostile peer against a header chain, at regtest's difficulty. The input is a script of
// messages: where each begins, how many headers it has, and what is wrong with which of them. Whatever comes, the best
// chain is linked, its work never falls, and what is refused leaves everything as it was.
#include "core/chain/header_chain.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::chain;
using bitcoin::BlockHeader;

namespace {

const bitcoin::ChainParams& params() { return bitcoin::chainParams(bitcoin::Network::Regtest); }

void require(bool condition)
{
    if (!condition) std::abort();
}

BlockHeader next(const BlockHeader& previous, std::uint8_t salt)
{
    BlockHeader out;
    out.version = 0x20000000;
    out.previous = previous.hash();
    out.merkleRoot.bytes[0] = salt;
    out.time = previous.time + 600;
    out.bits = previous.bits;
    return out;
}

void spoil(BlockHeader& header, base::Reader& in)
{
    switch (in.u8() % 6) {
    case 0: header.bits = in.u32le(); break;
    case 1: header.time = in.u32le(); break;
    case 2: header.version = in.u32le(); break;
    case 3: header.previous.bytes[0] ^= 1U; break;
    case 4: header.time -= 600U * (in.u8() % 16U); break;
    default: header.merkleRoot.bytes[1] = in.u8(); break;
    }
}

/// One message: begins after some header that was seen, and ends when its script does.
std::vector<BlockHeader> message(base::Reader& in, const std::vector<BlockHeader>& seen)
{
    std::vector<BlockHeader> out;
    BlockHeader last = seen[in.u8() % seen.size()];
    const std::size_t count = in.u8() % 24;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        BlockHeader header = next(last, static_cast<std::uint8_t>(in.u8() % 4U));
        const std::uint8_t how = in.u8();
        if (how % 8 == 0) spoil(header, in);
        // Mostly with work; a header without is refused soon enough.
        for (int tries = 0; how % 16 != 0 && tries < 64 && !bitcoin::checkProofOfWork(header, params()).ok();
             ++tries)
            ++header.nonce;
        out.push_back(header);
        last = header;
    }
    return out;
}

void checkChain(const HeaderChain& chain)
{
    bitcoin::Uint256 work;
    for (std::uint32_t height = 0; height <= chain.height().value; ++height) {
        const auto entry = chain.at({height});
        work += bitcoin::blockWork(entry->header.bits);
        require(entry->work == work && entry->header.hash() == entry->hash);
        require(height == 0 || entry->header.previous == *chain.hashAt({height - 1}));
        require(chain.heightOf(entry->hash) == base::Height{height});
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto store = ChainStore::open(":memory:", params());
    if (!store.ok()) std::abort();
    const auto chain = HeaderChain::load(params(), {}, *store);
    if (!chain.ok()) std::abort();
    std::vector<BlockHeader> seen{params().genesis};
    base::Reader in({data, std::min<std::size_t>(size, 160)});
    while (in.remaining() > 2 && !in.failed()) {
        const std::vector<BlockHeader> headers = message(in, seen);
        if (headers.empty()) continue;
        const ChainBlock before = (*chain)->tip();
        auto branch = (*chain)->branchAt(headers.front().previous);
        if (!branch.ok()) continue;
        const std::size_t had = branch->headers.size();
        const base::Status status = (*chain)->extend(*branch, headers, params().genesis.time + 86'400);
        const std::size_t taken = branch->headers.size() - had;
        require(status.ok() == (taken == headers.size()));
        require((*chain)->tip().hash == before.hash); // until it is committed
        if (taken == 0) continue;
        const base::BlockHash end = branch->tipHash;
        const auto committed = (*chain)->commit(*branch);
        require(committed.ok() && (*chain)->tip().work >= before.work);
        require((*committed == CommitResult::NewTip) == ((*chain)->tip().hash != before.hash));
        require(*committed != CommitResult::NewTip || (*chain)->tip().hash == end);
        seen.insert(seen.end(), headers.begin(), headers.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    checkChain(**chain);
    const auto again = HeaderChain::load(params(), {}, *store);
    require(again.ok() && (*again)->tip().hash == (*chain)->tip().hash);
    return 0;
}
