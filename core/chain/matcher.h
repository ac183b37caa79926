// SPDX-License-Identifier: MIT
// Matches many filters against many scripts, on two threads beside the client's own, so that a long scan
// neither holds up the network nor takes the whole machine.
#pragma once

#include "core/chain/filter_source.h"

#include <boost/asio/thread_pool.hpp>

namespace bowline::chain {

using ScriptSetPtr = std::shared_ptr<const bitcoin::ScriptSet>;

class Matcher {
public:
    explicit Matcher(asio::any_io_executor executor);
    /// Ends running work early.
    void stop();

    /// For each filter, whether its block has to be looked at. A malformed filter counts as a match: it is the
    /// right one by its header, so only the block itself can tell.
    Task<std::vector<bool>> match(ScriptSetPtr scripts, std::vector<FilterPtr> filters);

private:
    asio::any_io_executor m_executor;
    asio::thread_pool m_pool;
};

} // namespace bowline::chain
