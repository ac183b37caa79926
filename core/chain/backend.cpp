// SPDX-License-Identifier: MIT
#include "core/chain/backend.h"

namespace bowline::chain {

std::future<base::Result<BlockPtr>> blockOf(Backend& backend, const BlockHash& hash)
{
    auto promise = std::make_shared<std::promise<base::Result<BlockPtr>>>();
    auto future = promise->get_future();
    backend.fetchBlock(hash,
                       [promise](base::Result<BlockPtr> block) { promise->set_value(std::move(block)); });
    return future;
}

} // namespace bowline::chain
