// SPDX-License-Identifier: MIT
// Who follows a network for which no keys of proofs are pinned takes nothing for proven.
#pragma once

#include "core/proven/head.h"

namespace bowline::proven {

class NoChecker final : public Checker {
public:
    [[nodiscard]] Result<Head> check(ByteView) const override { return base::makeError(kNoKeys); }
};

} // namespace bowline::proven
