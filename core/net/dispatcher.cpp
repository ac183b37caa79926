// SPDX-License-Identifier: MIT
#include "core/net/dispatcher.h"

#include "core/base/log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace bowline::net {

namespace {
std::string answer(const Handler& handler, const Request& request)
{
    const json::value id = request.id.value_or(nullptr);
    try {
        const Result<json::value> result = handler(request.params);
        return result ? makeResult(id, *result) : makeErrorResponse(id, result.error());
    } catch (const std::exception& bug) {
        base::logError("net", request.method + " threw: " + bug.what());
        return makeErrorResponse(id, base::makeError(kInternalError));
    }
}
} // namespace

void Dispatcher::add(std::string method, asio::any_io_executor executor, Handler handler, MethodRules rules)
{
    m_methods.insert_or_assign(std::move(method), Method{std::move(executor), std::move(handler), rules});
}

bool Dispatcher::has(std::string_view method) const { return m_methods.find(method) != m_methods.end(); }

MethodRules Dispatcher::rules(std::string_view method) const
{
    const auto found = m_methods.find(method);
    return found == m_methods.end() ? MethodRules{} : found->second.rules;
}

asio::awaitable<std::string> Dispatcher::handle(Request request) const
{
    const auto found = m_methods.find(request.method);
    std::string out;
    if (found == m_methods.end()) {
        out =
            makeErrorResponse(request.id.value_or(nullptr), base::makeError(kMethodNotFound, request.method));
    } else {
        const Method& method = found->second;
        // A coroutine spawned on the handler's executor and awaited on ours: the way there and back.
        auto work = [&method, &request]() -> asio::awaitable<std::string> {
            co_return answer(method.handler, request);
        };
        out = co_await asio::co_spawn(method.executor, std::move(work), asio::use_awaitable);
    }
    if (!request.id.has_value()) out.clear();
    co_return out;
}

} // namespace bowline::net
