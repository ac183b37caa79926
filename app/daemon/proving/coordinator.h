// SPDX-License-Identifier: MIT
// The node's side of proving: follows the node's batches, plans their tasks, gives them to provers, checks what comes back.
//
// It has a thread of its own, with all that it owns on it, so that no check holds up the node. From genesis on it executes
// every batch once more in the very image that is proven, which yields the program's input for that batch and costs some
// tens of milliseconds a batch at each start. As a proof of the chain goes on from that of the batch before, all batches are
// proven from genesis on, whenever the node begins: it plans kKept batches ahead of the newest that is chained and waits then. What
// is older than that one by as much is forgotten.
#pragma once

#include "app/daemon/node/node.h"
#include "core/net/dispatcher.h"
#include "core/prover/verifier.h"
#include "core/stf/image_program.h"
#include "core/tasks/service.h"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace bowline::daemon {

namespace asio = boost::asio;

class Coordinator {
public:
    static constexpr std::uint64_t kKept = 128;

    struct Setup {
        /// Options::proving, not empty.
        std::string store;
        std::string datadir;
        stf::ImageProgramPtr image;
        base::Digest imageDigest; // SHA-256 of the image's file
        /// Gets each wrapped proof that is newer than the ones before, checked (proven::ChainChecker), the newest one of the store
        /// after each start. Called on the coordinator's thread. May be empty.
        std::function<void(base::Bytes)> onWrapped{};
    };
    /// Takes a second or two. `node` and `nodeExecutor`, its strand, outlive the coordinator.
    [[nodiscard]] static base::Result<std::unique_ptr<Coordinator>>
    open(Setup setup, L2Node& node, const asio::any_io_executor& nodeExecutor);
    ~Coordinator();
    Coordinator(const Coordinator&) = delete;
    Coordinator& operator=(const Coordinator&) = delete;

    /// Methods of proving_api.h, before the server listens.
    void addMethods(net::Dispatcher& dispatcher);
    /// Begins to follow the node.
    void start();
    /// Ends the thread; what it does at the moment it finishes.
    void stop();

private:
    class Impl;
    explicit Coordinator(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace bowline::daemon
