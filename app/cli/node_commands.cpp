// SPDX-License-Identifier: MIT
// What the owner of a node asks of it: methods that need the access token of its data folder.
#include "app/cli/commands.h"
#include "core/net/client.h"

#include <charconv>

namespace bowline::cli {

namespace {
CommandResult ask(const Runner& runner, const std::string& method, const json::object& params = {})
{
    const Arguments& arguments = runner.arguments();
    if (!arguments.has("node")) return base::makeError(kUsage, "missing --node");
    if (!arguments.has("token-file")) return base::makeError(kUsage, "missing --token-file");
    BOWLINE_TRY(const net::Endpoint endpoint, net::parseEndpoint(arguments.get("node")));
    BOWLINE_TRY(const net::AccessToken token, net::AccessToken::readFile(arguments.get("token-file")));
    net::BlockingClient client(endpoint, {.token = token});
    BOWLINE_TRY(const json::value answer, client.call(method, params));
    if (!answer.is_object()) return base::makeError(net::kBadResponse, method);
    return answer.get_object();
}
} // namespace

/// With how far the node's own batches are proven, which it says to anybody.
CommandResult nodeStatus(Runner& runner)
{
    BOWLINE_TRY(json::object out, ask(runner, "admin_status"));
    BOWLINE_TRY(const json::object info, ask(runner, "node_info"));
    if (const json::value* proof = info.if_contains("proof")) out["proof"] = *proof;
    return out;
}

CommandResult nodeStop(Runner& runner) { return ask(runner, "admin_stop"); }

/// What was paid to the seal's address (node_info, seal.address) goes into the next anchor.
CommandResult nodeRefill(Runner& runner)
{
    BOWLINE_TRY(const std::string text, runner.arguments().word(2, "HEIGHT"));
    BOWLINE_TRY(const std::string txid, runner.arguments().word(3, "TXID"));
    std::uint32_t height = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), height);
    if (failure != std::errc{} || end != text.data() + text.size())
        return base::makeError(kUsage, "HEIGHT is a number");
    return ask(runner, "admin_seal_refill", {{"height", height}, {"txid", txid}});
}

} // namespace bowline::cli
