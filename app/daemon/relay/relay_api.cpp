// SPDX-License-Identifier: MIT
#include "app/daemon/relay/relay_api.h"

#include "core/net/params.h"

namespace bowline::daemon {

namespace json = net::json;
using base::Result;

namespace {
// The envelope around the longest payload, with room.
constexpr std::size_t kMaxMessage = bridge::kMaxPayload + 512;
// Of a caller's budget (net::MethodRules): a signature to check and a row to write; megabytes to read.
constexpr std::uint32_t kPostCost = 5;
constexpr std::uint32_t kListCost = 5;
} // namespace

json::object relayMessageJson(std::uint64_t number, base::ByteView bytes)
{
    return {{"number", number}, {"message", base::toHex(bytes)}};
}

void addRelayMethods(net::Dispatcher& dispatcher, const asio::any_io_executor& executor, Relay& relay,
                     std::function<void(std::uint64_t, base::ByteView)> announce)
{
    const auto post = [&relay, announce](const json::object& params) -> Result<json::value> {
        BOWLINE_CHECK(net::onlyFields(params, {"hex"}));
        BOWLINE_TRY(const base::Bytes bytes, net::fieldHex(params, "hex", kMaxMessage));
        BOWLINE_TRY(const Relay::Posted posted, relay.post(bytes));
        if (posted.fresh) announce(posted.number, bytes);
        return json::value{{"number", posted.number}};
    };
    const auto list = [&relay](const json::object& params) -> Result<json::value> {
        BOWLINE_CHECK(net::onlyFields(params, {"topic", "after"}));
        std::optional<base::Digest> topic;
        if (net::hasField(params, "topic")) {
            BOWLINE_TRY(const auto raw, net::fieldHex32(params, "topic"));
            topic = base::Digest{raw};
        }
        std::uint64_t after = 0;
        if (net::hasField(params, "after")) {
            BOWLINE_TRY(after, net::fieldU64(params, "after"));
        }
        BOWLINE_TRY(const std::vector<RelayMessage> messages, relay.list(topic, after));
        json::array out;
        for (const RelayMessage& message : messages)
            out.push_back(relayMessageJson(message.number, message.bytes));
        return json::value{{"messages", std::move(out)}};
    };
    dispatcher.add("relay_post", executor, post, {.cost = kPostCost});
    dispatcher.add("relay_list", executor, list, {.cost = kListCost});
}

} // namespace bowline::daemon
