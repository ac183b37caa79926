// SPDX-License-Identifier: MIT
// What the bridge keeps in databases and exports as evidence: the first byte chooses which, the rest is read.
#include "core/bridge/evidence.h"

#include <cstdlib>

using namespace bowline;

namespace {

template <typename Record>
void check(base::ByteView bytes)
{
    const auto record = Record::parse(bytes);
    if (record.ok() && record->serialize() != base::toBytes(bytes)) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const base::ByteView rest{data + 1, size - 1};
    if (data[0] % 2 == 0) {
        check<bridge::SignedGraph>(rest);
    } else {
        check<bridge::Evidence>(rest);
    }
    return 0;
}
