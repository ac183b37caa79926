// SPDX-License-Identifier: MIT
// How fast the light client scans filters of blocks as large as main's for a thousand scripts: 100,000 blocks, 6,000
// elements each (15.8 KB), by the client's own matcher with its two threads. The filters are 2,000 different ones, 32 MB,
// under another block's hash in each round: what is hashed and decoded is as much as for 100,000. One JSON object.
#include "core/bitcoin/script.h"
#include "core/chain/matcher.h"
#include "tests/bench/timing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdio>

using namespace bowline;

namespace asio = boost::asio;

namespace {

constexpr std::size_t kBlocks = 100'000;
constexpr std::size_t kFilters = 2'000;
constexpr std::size_t kElements = 6'000;
constexpr std::size_t kScripts = 1'000;

/// A P2TR script that no other number gives.
bitcoin::Script scriptNumber(std::uint64_t number)
{
    base::XOnlyPublicKey key;
    for (std::size_t i = 0; i < 8; ++i) key.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return bitcoin::payToTaproot(key);
}

base::BlockHash hashNumber(std::uint64_t number)
{
    base::BlockHash out;
    for (std::size_t i = 0; i < 8; ++i) out.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return out;
}

std::vector<base::Bytes> encodedFilters()
{
    std::vector<base::Bytes> out;
    std::vector<bitcoin::Script> elements(kElements);
    for (std::size_t i = 0; i < kFilters; ++i) {
        for (std::size_t j = 0; j < kElements; ++j) elements[j] = scriptNumber(kScripts + i * kElements + j);
        out.push_back(bitcoin::buildFilter(hashNumber(i), elements).encoded);
    }
    return out;
}

struct Scan {
    double seconds = 0;
    double processorSeconds = 0;
    std::size_t hits = 0;
    std::size_t bytes = 0;
};

Scan scan(const std::vector<base::Bytes>& encoded, const chain::ScriptSetPtr& scripts)
{
    asio::io_context context;
    chain::Matcher matcher(context.get_executor());
    Scan out;
    for (std::size_t first = 0; first < kBlocks; first += kFilters) {
        std::vector<chain::FilterPtr> filters;
        for (std::size_t i = 0; i < kFilters; ++i) {
            filters.push_back(std::make_shared<bitcoin::BlockFilter>(hashNumber(first + i), encoded[i]));
            out.bytes += encoded[i].size();
        }
        const auto match = [&]() -> asio::awaitable<void> {
            const std::vector<bool> hits = co_await matcher.match(scripts, filters);
            out.hits += static_cast<std::size_t>(std::count(hits.begin(), hits.end(), true));
        };
        const std::clock_t processor = std::clock();
        out.seconds += bench::secondsOf([&] {
            asio::co_spawn(context, match(), asio::detached);
            context.restart();
            context.run();
        });
        out.processorSeconds += double(std::clock() - processor) / CLOCKS_PER_SEC;
    }
    matcher.stop();
    return out;
}

} // namespace

int main()
{
    std::vector<bitcoin::Script> wanted(kScripts);
    for (std::size_t i = 0; i < kScripts; ++i) wanted[i] = scriptNumber(i);
    const auto scripts = std::make_shared<const bitcoin::ScriptSet>(wanted);
    const Scan done = scan(encodedFilters(), scripts);
    std::printf(
        "{\"filter_scan_blocks\":%zu,\"filter_scan_scripts\":%zu,\"filter_scan_seconds\":%.2f,"
        "\"filter_scan_processor_us_per_block\":%.1f,\"filter_scan_mib\":%zu,\"filter_scan_hits\":%zu}\n",
        kBlocks, kScripts, done.seconds, 1e6 * done.processorSeconds / kBlocks, done.bytes >> 20U, done.hits);
    return 0;
}
