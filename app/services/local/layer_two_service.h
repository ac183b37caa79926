// SPDX-License-Identifier: MIT
// Looking into the layer 2: batches, accounts and histories, each answer with its verdict and its proof.
#pragma once

#include "app/services/local/hub.h"

namespace bowline::services {

class LocalLayerTwoService final : public LayerTwoService {
public:
    explicit LocalLayerTwoService(Hub& hub) : m_hub(hub) {}

    Task head(Completion<BatchView> done) override;
    Task batch(std::uint64_t number, Completion<BatchView> done) override;
    Task account(std::string keyOrAddress, Completion<ProvenValue> done) override;
    Task history(std::string keyOrAddress, Completion<ProvenValue> done) override;

private:
    [[nodiscard]] base::Result<base::XOnlyPublicKey> accountKey(const std::string& text) const;
    void askBatch(base::BatchNumber number, const Reply<BatchView>& reply);

    Hub& m_hub;
};

} // namespace bowline::services
