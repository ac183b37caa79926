// SPDX-License-Identifier: MIT
// Any bytes as a block and as a Merkle path: accepted blocks are written back byte for byte, and the path of
// each transaction leads to the root.
#include "core/bitcoin/block.h"

#include <algorithm>
#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    base::Reader reader(input);
    const bitcoin::MerklePath path = bitcoin::readMerklePath(reader);
    if (!reader.failed()) static_cast<void>(bitcoin::rootOfPath({}, path));

    const auto block = bitcoin::parseBlock(input);
    if (!block) return 0;
    const base::Bytes written = block->serialize();
    if (!std::equal(written.begin(), written.end(), input.begin(), input.end())) std::abort();
    static_cast<void>(bitcoin::checkBlock(*block));
    static_cast<void>(bitcoin::checkBlock(*block, bitcoin::WitnessRule::BeforeSegwit));
    const std::vector<base::Digest> txids = block->txids();
    const bitcoin::MerkleTreeRoot root = bitcoin::merkleTreeRoot(txids);
    if (root.mutated || txids.empty()) return 0;
    const auto last = static_cast<std::uint32_t>(txids.size() - 1);
    const auto reached = bitcoin::rootOfPath(txids[last], bitcoin::merklePath(txids, last));
    if (!reached || *reached != root.root) std::abort();
    return 0;
}
