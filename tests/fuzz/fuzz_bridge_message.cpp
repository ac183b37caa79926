// SPDX-License-Identifier: MIT
// Relay messages from anybody: parsing never crashes, and what is accepted has exactly one encoding.
#include "core/bridge/messages.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto message = bridge::parseMessage({data, size});
    if (!message.ok()) return 0;
    const base::Bytes again = message->serialize();
    if (!std::equal(again.begin(), again.end(), data, data + size)) std::abort();
    const auto payload = bridge::decodePayload(*message);
    if (payload.ok() && bridge::encodePayload(*payload) != message->payload) std::abort();
    return 0;
}
