// SPDX-License-Identifier: MIT
#include "tests/gui/tour_devnet/devnet_world.h"

#include "core/net/client.h"

#include <boost/json.hpp>

namespace bowline::test {

namespace {
void require(bool condition, const char* what)
{
    if (!condition) qFatal("the devnet does not do its part: %s", what);
}
} // namespace

void DevnetWorld::mine(int blocks)
{
    require(devnet::mine(m_state, static_cast<unsigned>(blocks)).ok(), "mining");
}

void DevnetWorld::pay(const QString& address, base::Amount amount)
{
    require(devnet::pay(m_state, address.toStdString(), amount).ok(), "paying");
}

QString DevnetWorld::layerTwoRecipient()
{
    const devnet::Program* program = m_state.find("operator-1");
    require(program != nullptr, "an operator");
    const auto endpoint = net::parseEndpoint(program->endpoint);
    require(endpoint.ok(), "an endpoint");
    net::BlockingClient client(*endpoint);
    const auto info = client.call("node_info");
    require(info.ok(), "node_info");
    return QString::fromStdString(boost::json::value_to<std::string>(info->at("layer2_account")));
}

} // namespace bowline::test
