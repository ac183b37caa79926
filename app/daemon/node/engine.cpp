// SPDX-License-Identifier: MIT
#include "app/daemon/node/engine.h"

namespace bowline::daemon {

base::Status checkProgramDue(const l2::StateTree& state, base::BatchNumber batch, const base::Digest& own)
{
    const base::Bytes* value = state.find(l2::chainObjectId().key());
    if (value == nullptr) return base::success(); // no layer 2: the program says so itself
    BOWLINE_TRY(const l2::ChainObject chain, l2::parseChainObject(*value));
    const std::optional<base::Digest> due = chain.programOf(batch);
    if (!due || *due == own) return base::success();
    return base::makeError(kOtherProgram, "batch " + std::to_string(batch.value) + " is for the program " +
                                              due->hex() + ", this node has " + own.hex() +
                                              ": install the release that brings it");
}

} // namespace bowline::daemon
