// SPDX-License-Identifier: MIT
#include "core/bitcoin/siphash.h"

namespace bowline::bitcoin {

std::vector<std::uint64_t> sipWords(ByteView data)
{
    std::vector<std::uint64_t> out(data.size() / 8 + 1, 0);
    for (std::size_t i = 0; i < data.size(); ++i) out[i / 8] |= std::uint64_t{data[i]} << (8 * (i % 8));
    out.back() |= std::uint64_t{data.size()} << 56U;
    return out;
}

std::uint64_t sipHash24(const SipKey& key, ByteView data)
{
    SipHash state(key);
    for (const std::uint64_t word : sipWords(data)) state.absorb(word);
    return state.finish();
}

} // namespace bowline::bitcoin
