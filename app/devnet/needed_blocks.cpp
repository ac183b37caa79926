// SPDX-License-Identifier: MIT
#include "app/devnet/needed_blocks.h"

#include "core/l2/params.h"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

namespace bowline::devnet {

namespace json = boost::json;

base::Result<NeededBlocks> NeededBlocks::on(const State& state)
{
    std::ifstream in(state.networkFile);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return base::makeError(kBadState, "cannot read " + state.networkFile);
    BOWLINE_TRY(const l2::Network network, l2::parseNetworkJson(text.str()));
    return NeededBlocks(state, network.params.depth);
}

base::Result<bool> NeededBlocks::step()
{
    BOWLINE_TRY(const std::string text, bitcoinCli(*m_state, {"getmempoolinfo"}));
    boost::system::error_code failure;
    const json::value info = json::parse(text, failure);
    const json::value* size = failure || !info.is_object() ? nullptr : info.as_object().if_contains("size");
    if (size == nullptr || !size->is_number()) return base::makeError(kBadState, "getmempoolinfo: " + text);
    if (size->to_number<std::uint64_t>() > 0) {
        m_owed = m_depth;
    } else if (m_owed > 0) {
        --m_owed;
    } else {
        return false;
    }
    BOWLINE_CHECK(mine(*m_state, 1));
    return true;
}

} // namespace bowline::devnet
