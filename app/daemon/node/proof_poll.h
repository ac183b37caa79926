// SPDX-License-Identifier: MIT
// Asks the nodes that are followed for the chain's proof, and offers it to the own ProvenChain, which believes none of them.
#pragma once

#include "app/daemon/node/proven_chain.h"
#include "core/net/client.h"

namespace bowline::daemon {

namespace asio = boost::asio;

class ProofPoll {
public:
    /// Runs on `executor`, the node's strand. Without sources it does nothing.
    ProofPoll(const asio::any_io_executor& executor, ProvenChain& proven, std::vector<net::Endpoint> sources);
    ~ProofPoll();
    ProofPoll(const ProofPoll&) = delete;
    ProofPoll& operator=(const ProofPoll&) = delete;

    void start();
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
    std::vector<net::Endpoint> m_sources;
};

} // namespace bowline::daemon
