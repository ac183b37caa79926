// SPDX-License-Identifier: MIT
#include "app/daemon/proving/coordinator.h"

#include "app/daemon/options.h"
#include "app/daemon/proving/proving_api.h"
#include "core/base/log.h"
#include "core/crypto/hash.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <thread>

namespace bowline::daemon {

using base::Bytes;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {
constexpr std::size_t kStates = 128;
constexpr std::chrono::seconds kAgain{5};
constexpr std::uint64_t kPruneEvery = 16;

/// Remembers what the program was given last. On one thread.
class Witness final : public l2::StfProgram {
public:
    explicit Witness(l2::StfProgramPtr program) : m_program(std::move(program)) {}
    [[nodiscard]] Result<l2::ProgramOutput> run(base::ByteView frame) const override
    {
        m_frame = base::toBytes(frame);
        return m_program->run(frame);
    }
    [[nodiscard]] const Bytes& frame() const { return m_frame; }

private:
    l2::StfProgramPtr m_program;
    mutable Bytes m_frame;
};

Result<std::unique_ptr<tasks::TaskStore>> openStore(const Coordinator::Setup& setup, const base::Clock& clock,
                                                    const tasks::StoreLimits& limits)
{
    if (setup.store == kProvingSqlite)
        return tasks::openSqliteStore(setup.datadir + "/tasks.sqlite", clock, limits);
    return tasks::openPostgresStore(setup.store, clock, limits);
}

Bytes rootBytes(const prover::ProofNetwork& network)
{
    base::Writer out;
    for (const field::Element x : network.set.root()) out.u32le(x.value());
    return out.take();
}

/// What the node has at one place of its chain.
struct Found {
    bool isOurs = false; // the batch before it is the one that was followed last
    std::optional<l2::SignedBatch> batch;
    std::uint64_t head = 0;
    std::optional<base::Error> failure;
};

Found lookUp(L2Node& node, std::uint64_t number, const l2::BatchHash& before)
{
    Found out;
    out.head = node.head().header.height.value;
    const auto last = node.store().header({number - 1});
    if (!last.ok() && last.error().code != kNotHere) {
        out.failure = last.error();
        return out;
    }
    out.isOurs = last.ok() && last->header.hash() == before;
    if (!out.isOurs || number > out.head) return out;
    auto batch = node.store().batch({number});
    if (batch.ok()) {
        out.batch = std::move(*batch);
    } else {
        out.failure = batch.error();
    }
    return out;
}
} // namespace

class Coordinator::Impl {
public:
    Impl(L2Node& node, asio::any_io_executor nodeExecutor, const stf::ImageProgramPtr& image)
        : m_node(node), m_nodeExecutor(std::move(nodeExecutor)), m_params(node.params()), m_image(image),
          m_witness(std::make_shared<Witness>(image)), m_executor(m_params, m_witness), m_timer(m_work),
          m_guard(m_work.get_executor())
    {
        toGenesis();
    }

    Status open(const Setup& setup)
    {
        BOWLINE_TRY(m_store, openStore(setup, m_clock, m_limits));
        BOWLINE_TRY(m_verifier, prover::ProofVerifier::make(m_image->image(), m_params));
        // The root hangs on the genesis and on all keys: results under other keys are of no use.
        const prover::ProofNetwork& network = m_verifier->network();
        BOWLINE_CHECK(m_store->bindTo(crypto::sha256(rootBytes(network))));
        BOWLINE_TRY(m_checker, proven::ChainChecker::make(m_params));
        m_onWrapped = setup.onWrapped;
        m_service.emplace(*m_store, *m_verifier);
        m_api.emplace(*m_service, setup.imageDigest, network.encode(), m_limits.leaseSeconds,
                      [this] { onResult(); });
        m_node.onHead([this](const HeadChange&) { asio::post(m_work, [this] { follow(); }); });
        return success();
    }

    void addMethods(net::Dispatcher& dispatcher) { m_api->addMethods(dispatcher, m_work.get_executor()); }

    void start()
    {
        asio::post(m_work, [this] { follow(); });
        m_thread = std::thread([this] { m_work.run(); });
    }

    void stop()
    {
        m_work.stop();
        if (m_thread.joinable()) m_thread.join();
    }

private:
    struct Followed {
        l2::BatchHeader header;
        l2::StateTree state; // after it
    };

    void toGenesis()
    {
        m_followed.clear();
        m_followed.push_back(
            {l2::genesisHeader(m_params), l2::StateTree::fromObjects(l2::genesisObjects(m_params))});
    }

    /// Asks the node, on its own strand, for the batch that comes next.
    void follow()
    {
        m_isWanted = true;
        if (m_isAsking) return;
        m_isAsking = true;
        m_isWanted = false;
        const l2::BatchHeader& last = m_followed.back().header;
        asio::post(m_nodeExecutor, [this, number = last.height.value + 1, before = last.hash()] {
            asio::post(m_work, [this, found = lookUp(m_node, number, before)] { go(found); });
        });
    }

    void go(const Found& found)
    {
        m_isAsking = false;
        const Status done = step(found);
        const std::string trouble =
            done.ok() ? std::string() : std::string(done.error().code.name()) + ' ' + done.error().detail;
        if (!trouble.empty() && trouble != m_trouble) base::logError("proving", trouble);
        m_trouble = trouble;
        // Full: others who share the store may make room.
        if (!done.ok() || m_isFull) {
            m_timer.expires_after(kAgain);
            m_timer.async_wait([this](const boost::system::error_code& failure) {
                if (!failure) follow();
            });
        } else if (!m_isFull && (found.batch || !found.isOurs || m_isWanted)) {
            follow();
        }
    }

    /// A task is done: perhaps there is room for one more batch, or a new wrapped proof.
    void onResult()
    {
        asio::post(m_work, [this] { follow(); });
        offer();
    }

    /// Hands on the newest wrapped proof if it was not handed on yet.
    void offer()
    {
        const Status offered = offerNewest();
        if (!offered.ok())
            base::logError("proving",
                           std::string(offered.error().code.name()) + ' ' + offered.error().detail);
    }

    Status offerNewest()
    {
        if (!m_onWrapped) return success();
        BOWLINE_TRY(const auto newest, m_store->newest(tasks::Kind::Wrap));
        if (!newest || newest->result == m_offered) return success();
        BOWLINE_TRY(Bytes file, m_store->blob(newest->result));
        // Of a store that others write to as well.
        BOWLINE_CHECK(m_checker->check(file));
        m_offered = newest->result;
        m_onWrapped(std::move(file));
        return success();
    }

    Status step(const Found& found)
    {
        if (found.failure) return *found.failure;
        offer();
        if (!found.isOurs) return stepBack();
        BOWLINE_TRY(const auto newest, m_store->newest(tasks::Kind::Chain));
        const std::uint64_t chained = newest ? newest->number : 0;
        m_isFull = found.batch && found.batch->head.header.height.value > chained + kKept;
        return found.batch && !m_isFull ? advance(*found.batch, chained) : success();
    }

    /// The node has undone the batch that was followed last.
    Status stepBack()
    {
        BOWLINE_CHECK(m_store->dropBatch({m_followed.back().header.hash().bytes}));
        m_followed.pop_back();
        if (m_followed.empty()) toGenesis();
        return success();
    }

    Status advance(const l2::SignedBatch& batch, std::uint64_t chained)
    {
        const Followed& before = m_followed.back();
        const l2::BatchHeader& header = batch.head.header;
        BOWLINE_TRY(const l2::ExecutionResult result,
                    m_executor.apply(before.header, before.state, header, batch.body));
        const auto* execution = std::get_if<l2::Execution>(&result);
        if (execution == nullptr)
            return makeError(kInvalidBatch, std::to_string(header.height.value) + " of the node's own");
        if (header.height.value + kKept > chained) BOWLINE_CHECK(plan(header));
        if (chained > kKept && header.height.value % kPruneEvery == 0)
            BOWLINE_CHECK(m_store->prune(chained - kKept));
        m_followed.push_back({header, execution->state});
        if (m_followed.size() > kStates) m_followed.pop_front();
        return success();
    }

    Status plan(const l2::BatchHeader& header)
    {
        const Bytes& frame = m_witness->frame();
        const tasks::BatchJob job{
            header.height.value, {header.hash().bytes}, {header.parent.bytes}, crypto::sha256(frame)};
        // Others of this number were undone while nobody followed.
        constexpr std::uint32_t kOfOneNumber = 100;
        BOWLINE_TRY(const auto rows, m_store->batches(job.number, kOfOneNumber));
        for (const tasks::BatchRow& row : rows) {
            const bool isOther = row.job.number == job.number && row.job.hash != job.hash && !row.dropped;
            if (isOther) BOWLINE_CHECK(m_store->dropBatch(row.job.hash));
        }
        const Status added = m_store->addBatch(job, frame);
        // Planned by an older version, which gave the program more state or less for the same batch.
        if (!added.ok() && added.error().code == tasks::kOtherBatch) return success();
        return added;
    }

    L2Node& m_node; // on its own strand only
    asio::any_io_executor m_nodeExecutor;
    l2::NetworkParams m_params;
    stf::ImageProgramPtr m_image;
    std::shared_ptr<Witness> m_witness;
    l2::StfExecutor m_executor;
    base::SystemClock m_clock;
    tasks::StoreLimits m_limits;
    std::unique_ptr<tasks::TaskStore> m_store;
    std::unique_ptr<prover::ProofVerifier> m_verifier;
    std::unique_ptr<proven::ChainChecker> m_checker;
    std::function<void(Bytes)> m_onWrapped;
    base::Digest m_offered; // of the file
    std::optional<tasks::TaskService> m_service;
    std::optional<ProvingApi> m_api;
    std::deque<Followed> m_followed; // never empty
    bool m_isAsking = false;
    bool m_isWanted = false;
    bool m_isFull = false; // as many batches are planned as may be
    std::string m_trouble; // the last step's, logged once
    asio::io_context m_work{1};
    asio::steady_timer m_timer;
    asio::executor_work_guard<asio::io_context::executor_type> m_guard;
    std::thread m_thread;
};

Coordinator::Coordinator(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Coordinator::~Coordinator() { m_impl->stop(); }

Result<std::unique_ptr<Coordinator>> Coordinator::open(Setup setup, L2Node& node,
                                                       const asio::any_io_executor& nodeExecutor)
{
    auto impl = std::make_unique<Impl>(node, nodeExecutor, setup.image);
    BOWLINE_CHECK(impl->open(setup));
    return std::unique_ptr<Coordinator>(new Coordinator(std::move(impl)));
}

void Coordinator::addMethods(net::Dispatcher& dispatcher) { m_impl->addMethods(dispatcher); }

void Coordinator::start() { m_impl->start(); }

void Coordinator::stop() { m_impl->stop(); }

} // namespace bowline::daemon
