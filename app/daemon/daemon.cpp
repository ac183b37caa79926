// SPDX-License-Identifier: MIT
#include "app/daemon/daemon.h"

#include "app/daemon/bridge/bridge_state.h"
#include "app/daemon/node/access.h"
#include "app/daemon/node/api.h"
#include "app/daemon/node/bitcoin_view.h"
#include "app/daemon/node/proof_poll.h"
#include "app/daemon/proving/coordinator.h"
#include "app/daemon/roles.h"
#include "core/base/folder_lock.h"
#include "core/base/log.h"
#include "core/chain/p2p_client.h"
#include "core/net/params.h"
#include "core/net/server.h"
#include "core/proven/lazy_checker.h"
#include "core/stf/image_program.h"
#include "core/stf/pins.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <unistd.h>

namespace bowline::daemon {

namespace json = net::json;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

constexpr std::size_t kMaxNetworkFile = 1U << 20U;
// What admin_stop leaves for its own answer to get out.
constexpr std::chrono::milliseconds kLastAnswer{200};

Result<l2::Network> readNetworkFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) return makeError(kNoNetworkFile, path);
    std::string text(kMaxNetworkFile + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxNetworkFile) return makeError(kNoNetworkFile, path + " is too long");
    return l2::parseNetworkJson(text);
}

/// The path as given, or that of a file which lies beside this program.
std::string besideThis(const std::string& given, const char* name)
{
    if (!given.empty()) return given;
    std::error_code failure;
    return std::filesystem::read_symlink("/proc/self/exe", failure).parent_path() / name;
}

/// What is proven is what is executed: the image that is pinned for the network.
Result<stf::ImageProgramPtr> stfImage(const Options& options, const l2::NetworkParams& params)
{
    BOWLINE_TRY(const stf::ProgramPin pin, stf::pinOf(params.bitcoinNetwork));
    return stf::ImageProgram::open(besideThis(options.stfImage, "bowline-stf.image"), pin.imageDigest);
}

/// Who repeats batches also runs the same source compiled for this machine, and goes on only while both agree.
Result<l2::StfProgramPtr> stfProgram(const Options& options, const stf::ImageProgramPtr& image)
{
    if (options.role == NodeRole::Sequencer) return l2::StfProgramPtr(image);
    const std::string native = besideThis(options.stf, "bowline-stf");
    if (::access(native.c_str(), X_OK) != 0) return makeError(kNoProgram, native);
    return l2::checkedAgainst(image, l2::nativeProgram({native}));
}

Result<base::FolderLock> lockFolder(const std::string& datadir)
{
    auto lock = base::FolderLock::take(datadir);
    if (!lock.ok() && lock.error().code == base::kFolderInUse) return makeError(kInUse, lock.error().detail);
    return lock;
}

chain::P2pOptions bitcoinOptions(const Options& options, const l2::Network& network)
{
    chain::P2pOptions out;
    out.params = bitcoin::chainParams(network.params.bitcoinNetwork);
    out.storePath = options.datadir + "/headers.sqlite";
    for (const net::Endpoint& peer : options.bitcoin) out.peers.push_back(peer.text());
    return out;
}

} // namespace

std::string_view versionText() { return "0.1.0"; }

// Members are destroyed from the last to the first: what uses comes after what is used.
class Daemon::Impl {
public:
    Impl(const Options& given, base::FolderLock lock, l2::Network net, NodeKeys secret,
         stf::ImageProgramPtr stf, l2::StfProgramPtr program, const base::Digest& programId,
         std::shared_ptr<const proven::Checker> proofs)
        : options(given), folder(std::move(lock)), network(std::move(net)), keys(std::move(secret)),
          image(std::move(stf)), checker(std::move(proofs)),
          engine(network.params, std::move(program), programId),
          bitcoin(chain::makeP2pClient(bitcoinOptions(options, network))), view(*bitcoin),
          signals(sockets, SIGINT, SIGTERM), stopping(sockets)
    {
    }
    ~Impl() { bitcoin->stop(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Status open(const RoleFactory& factory)
    {
        BOWLINE_CHECK(engine.checkGenesis());
        BOWLINE_CHECK(bitcoin->start());
        BOWLINE_TRY(node, L2Node::open(options.datadir + "/l2.sqlite", network.params, engine, view));
        const asio::any_io_executor executor = work.get_executor();
        BOWLINE_TRY(seals,
                    Seals::open(options.datadir + "/seals.sqlite", network, *bitcoin, executor, *node));
        BOWLINE_TRY(std::vector<net::Endpoint> followed, followedNodes(options, network));
        BOWLINE_TRY(proven, ProvenChain::open(options.datadir + "/proven.sqlite", *checker, *node, view));
        proofs = std::make_unique<ProofPoll>(executor, *proven, followed);
        follower = std::make_unique<Follower>(executor, *node, std::move(followed));
        BOWLINE_TRY(role,
                    factory(RoleContext{options, network, keys, executor, *node, *bitcoin, *seals, *proven}));

        net::Dispatcher dispatcher;
        addNodeMethods(dispatcher, executor, *node);
        dispatcher.add("node_info", executor, [this](const json::object& params) -> Result<json::value> {
            BOWLINE_CHECK(net::onlyFields(params, {}));
            return nodeInfo();
        });
        dispatcher.add("chain_seal", executor, [this](const json::object& params) -> Result<json::value> {
            BOWLINE_CHECK(net::onlyFields(params, {"n"}));
            BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "n"));
            BOWLINE_CHECK(node->store().header({number})); // kNotHere above the head
            return json::value(sealJson(seals->verdictOf(base::BatchNumber{number})));
        });
        addProofMethod(dispatcher, executor);
        addAdminMethods(
            dispatcher, executor, [this] { return server->statistics(); }, [this] { stopSoon(); });
        role->addMethods(dispatcher);
        BOWLINE_CHECK(openProving(dispatcher));
        BOWLINE_TRY(net::ServerAccess access, openAccess(options));
        server = std::make_unique<net::Server>(sockets.get_executor(), std::move(dispatcher),
                                               std::vector<std::string>{"heads", "relay"},
                                               net::ServerLimits{}, std::move(access));
        proven->onChange([this] {
            const auto head = proven->head();
            if (!head) return;
            server->publish("heads", "proven", {{"n", head->batch.value}, {"hash", head->hash.hex()}});
        });
        node->onHead(
            [this](const HeadChange& change) { server->publish("heads", "head", headJson(change.head)); });
        BOWLINE_TRY(endpoint, server->listen(options.listen));
        return success();
    }

    void addProofMethod(net::Dispatcher& dispatcher, const asio::any_io_executor& executor)
    {
        constexpr std::uint32_t kCost = 4; // as a batch: hundreds of kilobytes
        const auto answer = [this](const json::object& params) -> Result<json::value> {
            BOWLINE_CHECK(net::onlyFields(params, {"after"}));
            std::optional<base::BatchNumber> after;
            if (net::hasField(params, "after")) {
                BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "after"));
                after = base::BatchNumber{number};
            }
            BOWLINE_TRY(json::object out, proven->answer(after));
            return json::value(std::move(out));
        };
        dispatcher.add("chain_proof", executor, answer, {.cost = kCost});
    }

    /// From the coordinator's thread.
    void offer(base::Bytes file)
    {
        asio::post(work, [this, file = std::move(file)]() mutable {
            const Status taken = proven->offerOwn(std::move(file));
            if (taken.ok() || taken.error().code == proven::kNotNewer) return;
            base::logWarning("proven", "own proof: " + std::string(taken.error().code.name()) + ' ' +
                                           taken.error().detail);
        });
    }

    Status openProving(net::Dispatcher& dispatcher)
    {
        if (options.proving.empty()) return success();
        BOWLINE_TRY(const stf::ProgramPin pin, stf::pinOf(network.params.bitcoinNetwork));
        BOWLINE_TRY(proving, Coordinator::open({options.proving, options.datadir, image, pin.imageDigest,
                                                [this](base::Bytes file) { offer(std::move(file)); }},
                                               *node, work.get_executor()));
        proving->addMethods(dispatcher);
        return success();
    }

    Status run(const std::function<void()>& onReady)
    {
        std::optional<base::Error> failure;
        signals.async_wait([this](const boost::system::error_code&, int) { sockets.stop(); });
        asio::post(work, [&] {
            const Status started =
                role->start([this](std::string_view topic, std::string_view method,
                                   const json::value& params) { server->publish(topic, method, params); });
            if (!started.ok()) {
                failure = started.error();
                sockets.stop();
                return;
            }
            seals->start();
            follower->start();
            proofs->start();
            if (proving) proving->start();
            onReady();
        });
        auto guard = asio::make_work_guard(work);
        std::thread worker([this] { work.run(); });
        sockets.run();
        // No request comes in any more. What the worker does now it finishes: a batch is kept whole.
        asio::post(work, [this] {
            role->stop();
            seals->stop();
            follower->stop();
            proofs->stop();
            work.stop();
        });
        worker.join();
        if (proving) proving->stop();
        return failure ? Status(*failure) : success();
    }

    void stopSoon()
    {
        asio::post(sockets, [this] {
            stopping.expires_after(kLastAnswer);
            stopping.async_wait([this](const boost::system::error_code&) { sockets.stop(); });
        });
    }

    [[nodiscard]] json::value nodeInfo()
    {
        const chain::StatusPtr status = bitcoin->status();
        const l2::SignedHeader& head = node->head();
        json::object l1{{"height", status->tip.height.value},
                        {"hash", status->tip.hash.displayHex()},
                        {"peers", status->progress.peers.done},
                        {"synced", status->progress.synced}};
        json::array upstream;
        for (const UpstreamStatus& source : follower->status()) {
            upstream.push_back({{"endpoint", source.endpoint.text()},
                                {"connected", source.connected},
                                {"head", source.head.value},
                                {"error", source.lastError}});
        }
        json::object out{{"role", roleName(options.role)},
                         {"version", versionText()},
                         {"chain_id", node->chainId().hex()},
                         {"l1", std::move(l1)},
                         {"head", headJson(head)},
                         {"head_stands", node->placeOf(head.header) == L1Place::Stands},
                         {"equivocations", node->store().equivocations().valueOr(0)},
                         {"seal", seals->describe()},
                         {"proof", proven->describe()},
                         {"upstream", std::move(upstream)},
                         {"connections", server->connections()}};
        role->describe(out);
        return out;
    }

    Options options;
    base::FolderLock folder;
    l2::Network network;
    NodeKeys keys;
    stf::ImageProgramPtr image;
    std::shared_ptr<const proven::Checker> checker;
    StfEngine engine;
    std::unique_ptr<chain::Backend> bitcoin;
    BackendView view;
    asio::io_context sockets{1};
    asio::io_context work{1};
    asio::signal_set signals;
    asio::steady_timer stopping;
    std::unique_ptr<L2Node> node;
    std::unique_ptr<Seals> seals;
    std::unique_ptr<ProvenChain> proven;
    std::unique_ptr<Coordinator> proving;
    std::unique_ptr<net::Server> server;
    std::unique_ptr<Follower> follower;
    std::unique_ptr<ProofPoll> proofs;
    RolePtr role;
    net::Endpoint endpoint;
};

Daemon::Daemon(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::open(const Options& options, const RoleFactory& factory,
                                             std::shared_ptr<const proven::Checker> checker)
{
    BOWLINE_TRY(l2::Network network, readNetworkFile(options.networkFile));
    BOWLINE_TRY(NodeKeys keys, NodeKeys::load(options.datadir, options.role));
    BOWLINE_TRY(base::FolderLock lock, lockFolder(options.datadir));
    BOWLINE_TRY(stf::ImageProgramPtr image, stfImage(options, network.params));
    BOWLINE_TRY(l2::StfProgramPtr program, stfProgram(options, image));
    BOWLINE_TRY(const stf::ProgramPin pin, stf::pinOf(network.params.bitcoinNetwork));
    if (!checker) checker = std::make_shared<proven::LazyChecker>(network.params);
    auto impl = std::make_unique<Impl>(options, std::move(lock), std::move(network), std::move(keys),
                                       std::move(image), std::move(program), base::Digest{pin.id.bytes},
                                       std::move(checker));
    BOWLINE_CHECK(impl->open(factory));
    return std::unique_ptr<Daemon>(new Daemon(std::move(impl)));
}

const net::Endpoint& Daemon::endpoint() const { return m_impl->endpoint; }

std::string Daemon::readyLine() const
{
    return json::serialize(json::object{{"ready", true},
                                        {"role", roleName(m_impl->options.role)},
                                        {"endpoint", m_impl->endpoint.text()},
                                        {"port", m_impl->endpoint.port},
                                        {"url", m_impl->endpoint.url()},
                                        {"chain_id", m_impl->node->chainId().hex()}});
}

Status Daemon::run(const std::function<void()>& onReady) { return m_impl->run(onReady); }

} // namespace bowline::daemon
