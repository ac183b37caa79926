// SPDX-License-Identifier: MIT
#include "tests/support/node_tap.h"

#include <QtGlobal>

#include <array>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bowline::test {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

// The one cast that the socket interface demands.
const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

int connectTo(int port)
{
    const int out = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (connect(out, generic(address), sizeof address) == 0) return out;
    close(out);
    return -1;
}

bool sendAll(int to, const char* data, std::size_t size)
{
    while (size > 0) {
        const ssize_t sent = send(to, data, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

} // namespace

NodeTap::NodeTap(const std::string& node) : m_nodePort(std::stoi(node.substr(node.rfind(':') + 1)))
{
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in any = loopback(0);
    if (bind(m_listener, generic(any), sizeof any) != 0 || listen(m_listener, 16) != 0)
        qFatal("no port to listen on");
    m_thread = std::thread([this] { run(); });
}

NodeTap::~NodeTap()
{
    m_isOver = true;
    m_thread.join();
    for (const Line& line : m_lines) {
        close(line.client);
        close(line.node);
    }
    close(m_listener);
}

std::string NodeTap::address() const
{
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(m_listener, reinterpret_cast<sockaddr*>(&own), &size);
    return "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
}

void NodeTap::cutAt(const std::string& text, Cut cut)
{
    const std::lock_guard lock(m_mutex);
    m_text = text;
    m_cut = cut;
    m_isCut = false;
}

void NodeTap::heal()
{
    const std::lock_guard lock(m_mutex);
    m_text.clear();
    for (Line& line : m_lines) line.isDead = line.isDead || line.isHeld || line.isMuted;
}

void NodeTap::run()
{
    while (!m_isOver) {
        std::vector<pollfd> waited{{m_listener, POLLIN, 0}};
        {
            const std::lock_guard lock(m_mutex);
            m_lines.remove_if([](const Line& line) {
                if (!line.isDead) return false;
                close(line.client);
                close(line.node);
                return true;
            });
            for (const Line& line : m_lines) {
                waited.push_back({line.client, POLLIN, 0});
                waited.push_back({line.node, POLLIN, 0});
            }
        }
        if (poll(waited.data(), waited.size(), 20) <= 0) continue;
        const std::lock_guard lock(m_mutex);
        std::size_t at = 1;
        for (Line& line : m_lines) {
            if (waited[at++].revents != 0) pass(line, true);
            if (waited[at++].revents != 0) pass(line, false);
        }
        if (waited[0].revents != 0) acceptClient();
    }
}

void NodeTap::acceptClient()
{
    Line line;
    line.client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    line.node = connectTo(m_nodePort);
    line.isDead = line.client < 0 || line.node < 0;
    m_lines.push_back(std::move(line));
}

void NodeTap::pass(Line& line, bool fromClient)
{
    if (line.isDead) return;
    std::array<char, 65536> bytes{};
    const ssize_t got = recv(fromClient ? line.client : line.node, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
        line.isDead = true;
    } else if (fromClient) {
        takeRequest(line, bytes.data(), static_cast<std::size_t>(got));
    } else {
        takeAnswer(line, bytes.data(), static_cast<std::size_t>(got));
    }
}

void NodeTap::takeRequest(Line& line, const char* data, std::size_t size)
{
    line.asked.append(data, size);
    const bool isChosen = !m_text.empty() && line.asked.find(m_text) != std::string::npos;
    if (isChosen && m_cut == Cut::BeforeTheNode) {
        line.isHeld = true;
        m_text.clear();
        m_isCut = true;
    } else if (isChosen) {
        line.isMuted = true;
        m_text.clear();
    }
    if (!line.isHeld && !sendAll(line.node, data, size)) line.isDead = true;
}

void NodeTap::takeAnswer(Line& line, const char* data, std::size_t size)
{
    line.asked.clear();
    if (line.isMuted)
        m_isCut = true;
    else if (!sendAll(line.client, data, size))
        line.isDead = true;
}

} // namespace bowline::test
