// SPDX-License-Identifier: MIT
// A header of the layer 2 as the window and the command line show it.
#pragma once

#include "app/services/interfaces/views.h"
#include "app/services/local/chain_proof.h"
#include "core/l2/light_client.h"
#include "core/seal/history.h"

namespace bowline::services {

[[nodiscard]] SealView sealViewOf(const seal::SealVerdict& verdict);
/// The proof was checked, and its Bitcoin block is on the own chain.
[[nodiscard]] ProvenView provenViewOf(const ProvenHead& proven);
/// From its verdict and its seal; `depth` blocks on a seal make it final.
void setFinality(BatchView& batch, std::uint32_t depth);
/// With what the light client said of it, and the checks behind that. The seal is left "unknown".
[[nodiscard]] BatchView batchViewOf(const l2::SignedHeader& head, const l2::Verdict& verdict,
                                    const std::string& provider);

} // namespace bowline::services
