// SPDX-License-Identifier: MIT
// Stands between a client and a node's port, passes bytes on, and cuts the line at a chosen request: before the node
// hears of it, or after the node has answered and before the client hears that. With it a test kills a client at a
// known moment instead of a lucky one.
#pragma once

#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace bowline::test {

class NodeTap {
public:
    /// `node`: "127.0.0.1:port". Ends the test program with a message when there is no port to listen on.
    explicit NodeTap(const std::string& node);
    ~NodeTap();
    NodeTap(const NodeTap&) = delete;
    NodeTap& operator=(const NodeTap&) = delete;

    /// Where clients connect: "127.0.0.1:port".
    [[nodiscard]] std::string address() const;

    enum class Cut { BeforeTheNode, AfterTheNode };
    /// The next request that contains `text` is cut there: the bytes stop, the line stays open.
    void cutAt(const std::string& text, Cut cut);
    /// Whether that request came, and for AfterTheNode the answer too.
    [[nodiscard]] bool isCut() const { return m_isCut; }
    /// Everything passes again; lines that were cut are closed.
    void heal();

private:
    struct Line {
        int client = -1;
        int node = -1;
        std::string asked; // by the client since the node's last answer
        bool isDead = false;
        bool isMuted = false; // the answer to the chosen request is not passed on
        bool isHeld = false;  // nor is anything that the client says
    };
    void run();
    void acceptClient();
    void pass(Line& line, bool fromClient);
    void takeRequest(Line& line, const char* data, std::size_t size);
    void takeAnswer(Line& line, const char* data, std::size_t size);

    int m_nodePort = 0;
    int m_listener = -1;
    std::atomic<bool> m_isOver = false;
    std::atomic<bool> m_isCut = false;
    std::mutex m_mutex; // of the three below
    std::string m_text; // empty: nothing is to be cut
    Cut m_cut = Cut::BeforeTheNode;
    std::list<Line> m_lines;
    std::thread m_thread;
};

} // namespace bowline::test
