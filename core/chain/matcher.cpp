// SPDX-License-Identifier: MIT
#include "core/chain/matcher.h"

#include <boost/asio/post.hpp>

namespace bowline::chain {

namespace {

constexpr std::size_t kThreads = 2;
// Below this the way to another thread and back costs more than it saves.
constexpr std::size_t kWorthThreads = 16;

/// One call of match(): filled by the pool, awaited by the client's thread.
struct Work {
    Work(asio::any_io_executor executor, ScriptSetPtr scriptSet, std::vector<FilterPtr> toMatch)
        : scripts(std::move(scriptSet)), filters(std::move(toMatch)), hits(filters.size(), 0), done(executor)
    {
    }
    void run(std::size_t begin, std::size_t end)
    {
        bitcoin::FilterMatcher matcher(*scripts);
        for (std::size_t i = begin; i < end; ++i)
            hits[i] = matcher.matchesAny(*filters[i]).valueOr(true) ? 1 : 0;
    }
    const ScriptSetPtr scripts;
    const std::vector<FilterPtr> filters;
    std::vector<std::uint8_t> hits; // bytes, so that threads may write neighbours
    std::size_t open = 0;           // on the client's thread only
    Signal done;
};

} // namespace

Matcher::Matcher(asio::any_io_executor executor) : m_executor(std::move(executor)), m_pool(kThreads) {}

void Matcher::stop()
{
    m_pool.stop();
    m_pool.join();
}

Task<std::vector<bool>> Matcher::match(ScriptSetPtr scripts, std::vector<FilterPtr> filters)
{
    const auto work = std::make_shared<Work>(m_executor, std::move(scripts), std::move(filters));
    const std::size_t count = work->filters.size();
    if (count < kWorthThreads) {
        work->run(0, count);
    } else {
        for (std::size_t part = 0; part < kThreads; ++part) {
            ++work->open;
            asio::post(m_pool, [work, part, count, executor = m_executor] {
                work->run(count * part / kThreads, count * (part + 1) / kThreads);
                asio::post(executor, [work] {
                    --work->open;
                    work->done.notify();
                });
            });
        }
        while (work->open > 0) co_await work->done.wait();
    }
    co_return std::vector<bool>(work->hits.begin(), work->hits.end());
}

} // namespace bowline::chain
