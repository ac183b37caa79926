// SPDX-License-Identifier: MIT
// Any four bytes as a compact target, any 80 as a header: decoding never fails to end, a written target reads
// the same, and division agrees with multiplication.
#include "core/bitcoin/pow.h"

#include <cstdlib>

using namespace bowline;
using bitcoin::Uint256;

namespace {
void require(bool condition)
{
    if (!condition) std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::Reader reader(base::ByteView(data, size));
    const std::uint32_t bits = reader.u32le();
    const Uint256 other = Uint256::fromLittleEndian(reader.array<32>());
    if (reader.failed()) return 0;
    const bitcoin::CompactTarget target = bitcoin::decodeCompact(bits);
    if (!target.overflow) {
        require(bitcoin::decodeCompact(bitcoin::encodeCompact(target.value)).value == target.value);
    }
    const bitcoin::CompactTarget rounded = bitcoin::decodeCompact(bitcoin::encodeCompact(other));
    require(!rounded.negative && !rounded.overflow && rounded.value <= other);
    const Uint256 work = bitcoin::blockWork(bits);
    require(target.negative || target.overflow || target.value == Uint256{} || work != Uint256{});
    if (target.value != Uint256{}) {
        require(other / target.value * target.value + other % target.value == other);
        require(other % target.value < target.value);
    }
    const auto header = bitcoin::parseBlockHeader(base::ByteView(data, size));
    if (header) {
        static_cast<void>(
            bitcoin::checkProofOfWork(*header, bitcoin::chainParams(bitcoin::Network::Regtest)));
    }
    return 0;
}
