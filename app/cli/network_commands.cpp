// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/views_json.h"

namespace bowline::cli {

CommandResult syncStatus(Runner& runner)
{
    BOWLINE_TRY(services::Services * all, runner.services());
    json::object out = toJson(all->network().sync());
    out["peers"] = toJsonList(all->network().peers());
    return out;
}

CommandResult syncWait(Runner& runner)
{
    BOWLINE_TRY(const services::SyncView view, runner.waitSynced());
    return toJson(view);
}

} // namespace bowline::cli
