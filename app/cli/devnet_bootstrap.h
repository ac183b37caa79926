// SPDX-License-Identifier: MIT
// Brings a fresh devnet to life: gives its operators bitcoin, and layer-2 money that came in through a deposit like
// everybody's, so that they can register and accept withdrawals. Nothing is minted for them out of nothing.
#pragma once

#include "app/cli/runner.h"
#include "app/devnet/devnet.h"

namespace bowline::cli {

/// An operator did not register, or the first deposit did not come about.
inline constexpr base::ErrorCode kBootstrapFailed{"cli.bootstrap-failed"};

[[nodiscard]] base::Status bootstrapDevnet(Runner& runner, const devnet::State& state,
                                           const devnet::Progress& progress);

} // namespace bowline::cli
