// SPDX-License-Identifier: MIT
// The tour's world when the services are in memory.
#pragma once

#include "tests/gui/fake_services.h"
#include "tests/gui/tour/tour.h"

namespace bowline::test {

class FakeWorld final : public TourWorld {
public:
    explicit FakeWorld(FakeServices& services) : m_services(services) {}
    void mine(int blocks) override { m_services.mine(std::uint32_t(blocks)); }
    void pay(const QString& address, base::Amount amount) override
    {
        m_services.payTo(address.toStdString(), amount);
    }
    QString layerTwoRecipient() override
    {
        return "bowr1qx0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqs5k8me";
    }

private:
    FakeServices& m_services;
};

} // namespace bowline::test
