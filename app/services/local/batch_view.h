// SPDX-License-Identifier: MIT
// A header of the layer 2 as the window and the command line show it.
#pragma once

#include "app/services/interfaces/views.h"
#include "core/l2/light_client.h"
#include "core/seal/history.h"

namespace bowline::services {

[[nodiscard]] SealView sealViewOf(const seal::SealVerdict& verdict);
/// With what the light client said of it, and the checks behind that. The seal is left "unknown".
[[nodiscard]] BatchView batchViewOf(const l2::SignedHeader& head, const l2::Verdict& verdict,
                                    const std::string& provider);

} // namespace bowline::services
