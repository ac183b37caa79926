// SPDX-License-Identifier: MIT
#include "app/services/local/hub.h"

#include "app/services/local/batch_view.h"
#include "core/base/log.h"
#include "core/chain/p2p_client.h"
#include "core/proven/lazy_checker.h"

#include <filesystem>
#include <future>

namespace bowline::services {

namespace {
constexpr std::chrono::milliseconds kSnapshotPause{100};

std::string peerVerdictName(chain::PeerVerdict verdict)
{
    switch (verdict) {
    case chain::PeerVerdict::Good: return "";
    case chain::PeerVerdict::Invalid: return "invalid";
    case chain::PeerVerdict::Unresponsive: return "unresponsive";
    case chain::PeerVerdict::Offline: return "offline";
    case chain::PeerVerdict::Limited: return "limited";
    }
    return "";
}

/// `sealsAreKnown`: every own block was looked at for seals; else the program may know of one more.
void fillLayerTwo(SyncView& out, const NodeView& node, bool sealsAreKnown)
{
    out.layerTwoHead = node.verifiedHead.value;
    out.layerTwoReachable = node.reachable;
    out.layerTwoProblem = node.problem;
    out.layerTwoInvalid = node.invalid;
    out.layerTwoEquivocations = node.equivocations;
    if (node.sealedTo) out.layerTwoSealed = node.sealedTo->value;
    out.layerTwoSealConflict = node.sealConflict;
    if (node.proven) out.layerTwoProven = provenViewOf(*node.proven);
    out.layerTwoSealDoubt = node.programInDoubt && sealsAreKnown;
    if (!node.program || node.program->announced.isZero()) return;
    ProgramChangeView change{node.program->announced.hex(), {}, node.program->delay};
    if (node.program->activationHeight.value != 0) change.height = node.program->activationHeight.value;
    out.layerTwoProgramChange = change;
}
} // namespace

Hub::Hub(LocalOptions options, bridge::ContextPtr context)
    : m_options(std::move(options)), m_context(std::move(context)), m_snapshot(std::make_shared<Snapshot>())
{
}

base::Status Hub::takeFolder()
{
    std::error_code failure;
    std::filesystem::create_directories(walletFolder(), failure);
    if (failure) return base::makeError(kCannotStart, m_options.dataDir + ": " + failure.message());
    auto lock = base::FolderLock::take(m_options.dataDir, m_options.patience);
    if (!lock.ok()) {
        const base::Error& error = lock.error();
        return base::makeError(error.code == base::kFolderInUse ? kInUse : kCannotStart, error.detail);
    }
    m_folder.emplace(std::move(*lock));
    return base::success();
}

/// The wallet reads the chain of seals in its own blocks; the node that shows batches has no say in it.
base::Status Hub::followSeals()
{
    BOWLINE_TRY(seal::SealTerms terms, seal::SealTerms::create(m_context->network));
    seal::SealWatch::Surroundings around;
    around.backend = m_backend.get();
    around.birthday = m_context->params().checkpointHeight;
    around.post = [this](std::function<void()> task) { m_worker.post(std::move(task)); };
    around.changed = [this] { m_node->setSeals(m_seals->follower().links()); };
    around.failed = [](const base::Error& error) {
        base::logWarning("services", "seals are not kept: " + std::string(error.code.name()));
    };
    BOWLINE_TRY(m_seals, seal::SealWatch::open(m_options.dataDir + "/seals.sqlite", std::move(terms),
                                               std::move(around)));
    m_node->setSeals(m_seals->follower().links());
    m_seals->start();
    return base::success();
}

SealView Hub::sealView(const seal::SealVerdict& verdict) const
{
    return areSealsKnown() ? sealViewOf(verdict) : SealView{};
}

base::Status Hub::start()
{
    BOWLINE_CHECK(takeFolder());
    chain::P2pOptions p2p;
    p2p.params = bitcoin::chainParams(m_context->params().bitcoinNetwork);
    p2p.storePath = m_options.dataDir + "/headers.sqlite";
    p2p.peers = m_options.bitcoinPeers;
    m_backend = chain::makeP2pClient(std::move(p2p));
    BOWLINE_CHECK(m_backend->start());

    auto checker = m_options.checker;
    if (!checker) checker = std::make_shared<proven::LazyChecker>(m_context->params());
    NodeLink::Events events;
    events.view = [this](NodeViewPtr view) {
        {
            const std::lock_guard lock(m_mutex);
            m_nodeView = std::move(view);
        }
        if (m_session) m_session->nodeLookedAt(m_nodeView);
        changed();
    };
    events.relay = [this] {
        if (m_session) m_session->relayChanged();
    };
    BOWLINE_TRY(m_node, NodeLink::open(m_options.dataDir + "/layer2.sqlite", m_context->network, *m_backend,
                                       m_options.node, m_worker, std::move(events), std::move(checker)));
    m_around.emplace(Surroundings{m_context, *m_backend, *m_node, m_worker, m_clock, [this] { changed(); }});
    BOWLINE_CHECK(followSeals());
    m_node->start();
    m_isReady = true;
    m_chainStatus =
        m_backend->handleStatus([this, tip = base::BlockHash{}](const chain::StatusPtr& status) mutable {
            // What is believed of the layer 2 depends on the own chain, in both directions.
            if (std::exchange(tip, status->tip.hash) != status->tip.hash) m_node->poke();
            m_worker.post([this] { changed(); });
        });
    m_worker.post([this] { publish(); });
    return base::success();
}

void Hub::startBehind(std::function<void(const base::Error&)> failed)
{
    m_worker.post([this, failed = std::move(failed)] {
        const base::Status started = start();
        if (started.ok()) return;
        m_startError = started.error();
        failed(started.error());
    });
}

Hub::~Hub() { shutDown(); }

void Hub::shutDown()
{
    if (std::exchange(m_isDown, true)) return;
    nextEpoch();
    std::promise<void> closed;
    m_worker.post([this, &closed] {
        m_session.reset();
        m_seals.reset();
        closed.set_value();
    });
    closed.get_future().wait();
    m_chainStatus.reset();
    if (m_node) m_node->stop();
    m_worker.stop();
    if (m_backend) m_backend->stop();
}

base::Status Hub::openSession(std::string name, std::unique_ptr<wallet::Wallet> wallet)
{
    m_session.reset();
    BOWLINE_TRY(m_session, Session::open(*m_around, std::move(name), std::move(wallet)));
    m_session->nodeLookedAt(m_nodeView);
    m_session->relayChanged();
    publish();
    return base::success();
}

void Hub::changed()
{
    if (m_publishWaits) return;
    m_publishWaits = true;
    m_worker.postAfter(kSnapshotPause, [this] { publish(); });
}

SyncView Hub::syncView()
{
    SyncView out;
    if (!m_isReady) return out;
    const chain::StatusPtr status = m_backend->status();
    const chain::SyncProgress& progress = status->progress;
    out.lines = m_progress.linesOf(progress);
    out.synced = progress.synced;
    out.filterHeadersFromOnePeer = progress.filterHeadersFromOnePeer;
    out.clockSuspect = progress.clockSuspect;
    out.tipHeight = status->tip.height.value;
    out.tipHash = status->tip.hash.displayHex();
    out.tipTime = status->tip.header.time;
    if (m_worker.isCurrentThread()) m_areSealsKnown = areSealsKnown();
    const std::lock_guard lock(m_mutex);
    fillLayerTwo(out, *m_nodeView, m_areSealsKnown);
    return out;
}

std::vector<PeerView> Hub::peerViews() const
{
    std::vector<PeerView> out;
    if (!m_isReady) return out;
    const chain::StatusPtr status = m_backend->status(); // holds what the loop reads
    for (const chain::PeerInfo& peer : status->peers) {
        PeerView view;
        view.address = peer.address;
        view.userAgent = peer.agent;
        view.height = peer.height.value;
        view.connected = peer.connected;
        view.verdict = peerVerdictName(peer.verdict);
        view.reason = peer.reason;
        view.pingMilliseconds = peer.pingMillis;
        out.push_back(std::move(view));
    }
    return out;
}

void Hub::publish()
{
    m_publishWaits = false;
    if (!m_isReady) return;
    auto next = std::make_shared<Snapshot>();
    next->epoch = m_epoch->load();
    if (m_session) m_session->fill(*next);
    next->sync = syncView();
    next->peers = peerViews();
    for (const JudgedHeader& judged : m_nodeView->recent) {
        next->batches.push_back(batchViewOf(judged.header, judged.verdict, m_node->provider()));
        next->batches.back().seal = sealView(judged.seal);
        setFinality(next->batches.back(), m_context->params().depth);
    }

    std::vector<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(m_mutex);
        m_snapshot = next;
        listeners = m_listeners;
    }
    for (const auto& listener : listeners) {
        const std::lock_guard lock(listener->mutex);
        if (listener->function) listener->function(next);
    }
}

SnapshotPtr Hub::snapshot() const
{
    const std::lock_guard lock(m_mutex);
    return m_snapshot;
}

Subscription Hub::handleSnapshot(std::function<void(SnapshotPtr)> function)
{
    auto listener = std::make_shared<Listener>();
    listener->function = std::move(function);
    {
        const std::lock_guard lock(m_mutex);
        m_listeners.push_back(listener);
    }
    m_worker.post([this] { changed(); });
    return Subscription([this, listener] {
        {
            const std::lock_guard lock(listener->mutex);
            listener->function = nullptr;
        }
        const std::lock_guard lock(m_mutex);
        std::erase(m_listeners, listener);
    });
}

} // namespace bowline::services
