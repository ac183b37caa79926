// SPDX-License-Identifier: MIT
// The tour's world when everything is real: blocks and payments of a devnet's bitcoind, somebody else's account.
#pragma once

#include "app/devnet/devnet.h"
#include "tests/gui/tour/tour.h"

namespace bowline::test {

class DevnetWorld final : public TourWorld {
public:
    explicit DevnetWorld(devnet::State state) : m_state(std::move(state)) {}
    void mine(int blocks) override;
    void pay(const QString& address, base::Amount amount) override;
    /// The first operator's account.
    QString layerTwoRecipient() override;

private:
    devnet::State m_state;
};

} // namespace bowline::test
