// SPDX-License-Identifier: MIT
// Plain sockets that send whatever they like, for tests of the JSON-RPC server.
#pragma once

#include "core/net/endpoint.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace bowline::test {

using net::Endpoint;

/// A blocking socket that gives up reading after three seconds.
class RawClient {
public:
    /// All of 127.0.0.0/8 is this machine: `from` is the client's own address.
    explicit RawClient(const Endpoint& endpoint, const std::string& from = "127.0.0.1");
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(const std::string& text);
    /// What comes next, at most 4 kB of it.
    std::string readSome();
    /// What comes until the other side closes.
    std::string readToEnd(bool* closed = nullptr);
    std::string post(const std::string& body,
                     const std::string& headers = "Content-Type: application/json\r\n");

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

class WebClient {
public:
    explicit WebClient(const Endpoint& endpoint, const std::string& from = "127.0.0.1",
                       const std::string& authorization = {});
    ~WebClient();
    WebClient(const WebClient&) = delete;
    WebClient& operator=(const WebClient&) = delete;

    void send(const std::string& text);
    /// One message in two frames.
    void sendInTwo(const std::string& first, const std::string& second);
    /// False when the connection is broken.
    bool ping();
    std::string read();
    std::string call(const std::string& text);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

[[nodiscard]] inline bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

template <typename Condition>
[[nodiscard]] bool eventually(Condition condition)
{
    for (int i = 0; i < 200; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

} // namespace bowline::test
