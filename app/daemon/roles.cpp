// SPDX-License-Identifier: MIT
#include "app/daemon/roles.h"

#include "app/daemon/operator/operator_role.h"
#include "app/daemon/sequencer/sequencer.h"
#include "app/daemon/signer/signer.h"

namespace bowline::daemon {

base::Result<RolePtr> makeRole(const RoleContext& context)
{
    switch (context.options.role) {
    case NodeRole::Sequencer: return makeSequencer(context);
    case NodeRole::Signer: return makeSigner(context);
    case NodeRole::Operator: return makeOperator(context);
    }
    return base::makeError(kBadUsage, "role");
}

} // namespace bowline::daemon
