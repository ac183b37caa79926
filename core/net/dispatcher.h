// SPDX-License-Identifier: MIT
// The table of methods of a JSON-RPC server: text of a request in, text of the answer out.
//
// A handler runs on the executor it was registered with (a strand, usually), never on the server's own: slow
// work does not hold up the sockets, and the owner of the data needs no locks.
#pragma once

#include "core/net/jsonrpc.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>

namespace bowline::net {

namespace asio = boost::asio;

using Handler = std::function<Result<json::value>(const json::object& params)>;

struct MethodRules {
    /// What one call takes of the budget of its caller's address (ServerLimits::unitsPerSecond); a cheap read is 1.
    std::uint32_t cost = 1;
    /// Only for callers with the node's access token.
    bool admin = false;
};

class Dispatcher {
public:
    /// Before the server starts. A second method of the same name replaces the first.
    void add(std::string method, asio::any_io_executor executor, Handler handler, MethodRules rules = {});
    [[nodiscard]] bool has(std::string_view method) const;
    /// Those of an unknown method are those of a cheap read.
    [[nodiscard]] MethodRules rules(std::string_view method) const;

    /// Runs the request and yields the text of its response; empty for a notification. Never throws: what a
    /// handler throws is logged and answered with kInternalError.
    [[nodiscard]] asio::awaitable<std::string> handle(Request request) const;

private:
    struct Method {
        asio::any_io_executor executor;
        Handler handler;
        MethodRules rules;
    };
    std::map<std::string, Method, std::less<>> m_methods;
};

} // namespace bowline::net
