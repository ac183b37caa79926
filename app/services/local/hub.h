// SPDX-License-Identifier: MIT
// What the services have in common: the thread they run on, the line to Bitcoin and to the layer 2, the open
// session, and the snapshots that are sent to everybody who listens.
#pragma once

#include "app/services/interfaces/services.h"
#include "app/services/local/progress_view.h"
#include "app/services/local/request.h"
#include "app/services/local/session.h"
#include "app/services/local_services.h"
#include "core/base/folder_lock.h"
#include "core/seal/watch.h"

#include <mutex>

namespace bowline::services {

/// No wallet is open.
inline constexpr base::ErrorCode kNoSession{"services.no-session"};

class Hub {
public:
    explicit Hub(LocalOptions options, bridge::ContextPtr context);
    /// As shutDown().
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;
    base::Status start();
    /// The same on the services' thread, before every request; `failed` runs there when it could not be done, and
    /// requests are then answered with why.
    void startBehind(std::function<void(const base::Error&)> failed);
    /// Closes the session and ends all threads; unanswered requests end with kCancelled. Before anything that
    /// requests refer to is destroyed.
    void shutDown();

    /// Runs `work` on the services' thread and gives it the one Reply of the request.
    template <typename T>
    Task request(Completion<T> done, std::function<void(Reply<T>)> work)
    {
        auto state = std::make_shared<RequestState>(m_epoch);
        m_worker.post([this, reply = Reply<T>(state, std::move(done)), work = std::move(work)] {
            if (reply.isOver()) return reply(base::makeError(kCancelled));
            if (m_startError) return reply(*m_startError);
            work(reply);
        });
        return Task(std::move(state));
    }
    /// The same for work that answers at once and needs an open session.
    template <typename T>
    Task sessionRequest(Completion<T> done, std::function<base::Result<T>(Session&)> work)
    {
        return request<T>(std::move(done), [this, work = std::move(work)](const Reply<T>& reply) {
            if (!m_session) return reply(base::makeError(kNoSession));
            reply(work(*m_session));
            changed();
        });
    }

    // ---- services' thread ----
    [[nodiscard]] Session* session() { return m_session.get(); }
    base::Status openSession(std::string name, std::unique_ptr<wallet::Wallet> wallet);
    void closeSession() { m_session.reset(); }
    [[nodiscard]] const NodeViewPtr& nodeView() const { return m_nodeView; }
    /// In the words of the window; "unknown" while blocks were not looked at.
    [[nodiscard]] SealView sealView(const seal::SealVerdict& verdict) const;
    /// Every own block was looked at.
    [[nodiscard]] bool areSealsKnown() const { return m_seals && m_seals->isCurrent(); }
    /// A new snapshot goes out soon, at most ten a second.
    void changed();
    /// A new snapshot goes out now, for who is told next that something is done.
    void publish();

    // ---- any thread ----
    [[nodiscard]] const LocalOptions& options() const { return m_options; }
    [[nodiscard]] const bridge::ContextPtr& context() const { return m_context; }
    [[nodiscard]] const base::Clock& clock() const { return m_clock; }
    [[nodiscard]] chain::Backend& backend() { return *m_backend; }
    [[nodiscard]] NodeLink& node() { return *m_node; }
    [[nodiscard]] Worker& worker() { return m_worker; }
    /// Results of requests made before are dropped from now on.
    std::uint64_t nextEpoch() { return ++*m_epoch; }
    [[nodiscard]] std::string walletFolder() const { return m_options.dataDir + "/wallets"; }
    [[nodiscard]] SnapshotPtr snapshot() const;
    [[nodiscard]] Subscription handleSnapshot(std::function<void(SnapshotPtr)> function);
    [[nodiscard]] SyncView syncView();
    [[nodiscard]] std::vector<PeerView> peerViews() const;

private:
    struct Listener {
        std::recursive_mutex mutex; // held while the function runs: its end waits for it
        std::function<void(SnapshotPtr)> function;
    };
    base::Status takeFolder();
    base::Status followSeals();

    LocalOptions m_options;
    std::optional<base::FolderLock> m_folder; // let go of last, when all files in it are closed
    bridge::ContextPtr m_context;
    base::SystemClock m_clock;
    Epoch m_epoch = std::make_shared<std::atomic<std::uint64_t>>(1);
    ProgressView m_progress{m_clock};
    mutable std::mutex m_mutex; // of the three below
    SnapshotPtr m_snapshot;
    NodeViewPtr m_nodeView = std::make_shared<NodeView>(); // written on the services' thread only
    std::vector<std::shared_ptr<Listener>> m_listeners;
    std::unique_ptr<chain::Backend> m_backend;
    Worker m_worker;
    std::unique_ptr<NodeLink> m_node;
    std::unique_ptr<seal::SealWatch> m_seals;  // services' thread
    std::atomic<bool> m_areSealsKnown = false; // as that thread saw it last
    std::optional<Surroundings> m_around;
    std::unique_ptr<chain::Handler> m_chainStatus;
    std::unique_ptr<Session> m_session;
    std::optional<base::Error> m_startError; // services' thread
    std::atomic<bool> m_isReady = false;     // the backend is there
    bool m_publishWaits = false;
    bool m_isDown = false;
};

} // namespace bowline::services
