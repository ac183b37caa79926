// SPDX-License-Identifier: MIT
// devnet.json: reading and writing what up() started.
#pragma once

#include "app/devnet/devnet.h"

namespace bowline::devnet {

[[nodiscard]] std::string stateFileOf(const std::string& dir);
[[nodiscard]] base::Status saveState(const State& state);
[[nodiscard]] base::Result<State> loadState(const std::string& dir);
/// The whole state as JSON text, also what `devnet up --json` prints.
[[nodiscard]] std::string stateJson(const State& state);

} // namespace bowline::devnet
