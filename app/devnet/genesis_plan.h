// SPDX-License-Identifier: MIT
// The devnet's network.json: fresh keys of every part, and the checkpoint read from its own bitcoind.
#pragma once

#include "app/devnet/devnet.h"

namespace bowline::devnet {

/// Makes the keys with `bowlined keygen` in each part's folder and writes state.networkFile. `sequencer` is where
/// the sequencer will listen, host:port.
[[nodiscard]] base::Status writeNetworkFile(const State& state, const std::string& sequencer,
                                            std::size_t signers, std::size_t operators);

} // namespace bowline::devnet
