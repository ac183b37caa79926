// SPDX-License-Identifier: MIT
#include "app/daemon/roles.h"

#include "app/daemon/sequencer/sequencer.h"

namespace bowline::daemon {

namespace {

/// Follows, keeps and serves every batch, and nothing else.
class Keeper final : public Role {
public:
    void addMethods(net::Dispatcher&) override {}
    base::Status start(const Publish&) override { return base::success(); }
    void stop() override {}
    void describe(net::json::object&) const override {}
};

} // namespace

base::Result<RolePtr> makeRole(const RoleContext& context)
{
    switch (context.options.role) {
    case NodeRole::Sequencer: return makeSequencer(context);
    case NodeRole::Signer:
    case NodeRole::Operator: break;
    }
    return RolePtr(std::make_unique<Keeper>());
}

} // namespace bowline::daemon
