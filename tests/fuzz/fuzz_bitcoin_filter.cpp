// SPDX-License-Identifier: MIT
// Any bytes as a block filter: matching never reads past the end and finds no fault in a filter that the full
// check accepts.
#include "core/bitcoin/filter.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bitcoin::ScriptSet scripts = [] {
        std::vector<bitcoin::Script> out;
        for (std::uint8_t i = 0; i < 20; ++i) out.push_back({bitcoin::OP_1, i, i});
        return bitcoin::ScriptSet(out);
    }();
    static bitcoin::FilterMatcher matcher(scripts);
    const bitcoin::BlockFilter filter{{}, base::Bytes(data, data + size)};
    const bool good = bitcoin::checkFilter(filter).ok();
    const auto matched = matcher.matchesAny(filter);
    if (good && (!matched || !filter.count())) std::abort();
    return 0;
}
