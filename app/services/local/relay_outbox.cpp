// SPDX-License-Identifier: MIT
#include "app/services/local/relay_outbox.h"

#include "core/base/log.h"

#include <vector>

namespace bowline::services {

void RelayOutbox::post(const base::Bytes& message)
{
    m_waiting.try_emplace(message, false);
    send(message);
}

void RelayOutbox::postAgain()
{
    std::vector<base::Bytes> messages; // an answer may come at once, and change the map
    for (const auto& [message, isAsked] : m_waiting) messages.push_back(message);
    for (const base::Bytes& message : messages) send(message);
}

void RelayOutbox::send(const base::Bytes& message)
{
    const auto found = m_waiting.find(message);
    if (found == m_waiting.end() || found->second) return;
    found->second = true;
    m_call("relay_post", {{"hex", base::toHex(message)}},
           [this, alive = m_alive, message](base::Result<boost::json::value> answer) {
               if (!*alive) return;
               if (answer.ok()) {
                   m_waiting.erase(message);
                   return;
               }
               if (const auto sent = m_waiting.find(message); sent != m_waiting.end()) sent->second = false;
               base::logWarning("services", "relay: " + answer.error().detail);
           });
}

} // namespace bowline::services
