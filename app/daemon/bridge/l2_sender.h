// SPDX-License-Identifier: MIT
// Sends a node's own transactions to the sequencer: one at a time, each with the account's next nonce, and
// mints, which have none. Nothing is stored: what is to be sent follows from the state, and is found again
// after a start.
#pragma once

#include "app/daemon/node/node.h"
#include "core/net/client.h"

namespace bowline::daemon {

namespace asio = boost::asio;

class L2Sender {
public:
    /// Runs on `executor`. `node` outlives the sender. `changed` runs when a transaction's fate is known.
    L2Sender(const asio::any_io_executor& executor, const net::Endpoint& sequencer, const L2Node& node,
             std::function<void()> changed);
    ~L2Sender();
    L2Sender(const L2Sender&) = delete;
    L2Sender& operator=(const L2Sender&) = delete;

    /// No transaction of the account is on its way: send() may be called.
    [[nodiscard]] bool isIdle() const;
    /// Signs with the account's nonce in the node's state and the least fee. kNotReady unless idle.
    [[nodiscard]] base::Result<l2::TxHash> send(const l2::Payload& payload, const crypto::PrivateKey& key,
                                                std::string_view what);
    /// Again at most every few seconds, however often it is asked.
    void sendMint(const l2::Transaction& mint);
    /// Looks after what is on its way. Call now and then, and when the head changed.
    void poll();
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

inline constexpr base::ErrorCode kNotReady{"daemon.not-ready"};

} // namespace bowline::daemon
