// SPDX-License-Identifier: MIT
// The wallet's line to a layer-2 node, and the light client that believes none of its answers.
//
// Calls to the node block a thread of its own; verified headers are kept in a small database, so that a restart
// goes on where it stopped. Everything handed out is immutable, and comes on the services' thread.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "app/services/local/chain_proof.h"
#include "app/services/local/worker.h"
#include "core/chain/backend.h"
#include "core/l2/light_client.h"
#include "core/net/client.h"
#include "core/net/subscriber.h"
#include "core/seal/history.h"
#include "core/store/database.h"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <mutex>

namespace bowline::services {

/// No node of the layer 2 could be reached.
inline constexpr base::ErrorCode kNodeUnreachable{"services.node-unreachable"};
/// The node's answer has not the form of an answer.
inline constexpr base::ErrorCode kNodeBadAnswer{"services.node-bad-answer"};
/// The answer was shown to be wrong; the detail is the reason code of l2::Invalid.
inline constexpr base::ErrorCode kNodeInvalid{"services.node-invalid"};

/// No batch is proven at the moment.
inline constexpr base::ErrorCode kNothingProven{"services.nothing-proven"};

/// A header with what the own view of Bitcoin says of it at one moment.
struct JudgedHeader {
    l2::SignedHeader header;
    l2::Verdict verdict;
    seal::SealVerdict seal;
};

/// What is known of the layer 2's chain at one moment.
struct NodeView {
    bool asked = false; // whether the node was tried at all
    bool reachable = false;
    std::string problem; // why not, or what was wrong with the last answer; an error code
    std::string invalid; // the reason code, when that answer was shown to be wrong
    l2::SignedHeader head;
    base::BatchNumber verifiedHead; // the newest batch whose verdict is Verified; the head may be ahead of it
    std::vector<JudgedHeader> recent; // newest first, at most 20
    std::size_t equivocations = 0;
    std::optional<base::BatchNumber> sealedTo; // the newest of the batches held here that Bitcoin has sealed
    bool sealConflict = false;                 // Bitcoin has sealed another history
    std::optional<ProvenHead> proven;          // what the chain's proof reaches now
    std::optional<l2::ChainObject> program;    // what the program says of seals and of its successor, checked
    bool programInDoubt = false; // it takes for sealed what the blocks looked at so far do not show

    /// The layer 2 is another one than in `before`: a new head, or one that is believed now or no longer.
    [[nodiscard]] bool movedSince(const NodeView& before) const
    {
        return !(head == before.head) || verifiedHead != before.verifiedHead;
    }
};
using NodeViewPtr = std::shared_ptr<const NodeView>;

/// An object of the state, checked.
struct StateValue {
    l2::StateAnswer answer;
    l2::Verdict verdict;
};

/// l2::Verdict in the words of the window.
[[nodiscard]] Verdict verdictView(const l2::Verdict& verdict, const std::string& provider);

/// What a task on the node thread has at hand, for as long as it runs.
struct NodeAccess {
    net::BlockingClient& rpc;
    const l2::NetworkParams& params;
    l2::LightClient& client;
    const ChainProof& proof;
    const seal::SealedHistory& sealed;     // held against the headers of the client
    const std::vector<seal::Link>& seals;  // the chain of seals in the own blocks
    const proven::WorkChain& bitcoin;      // the own best chain
    std::string provider;                  // that rpc asks
    std::function<base::Status()> catchUp; // asks for headers that came meanwhile
    std::function<void()> keep;            // writes new evidence down
    std::function<base::Result<std::vector<EvidenceView>>()> evidence; // all that is kept
};

class NodeLink {
public:
    template <typename T>
    using Answer = std::function<void(base::Result<T>)>;

    struct Events {
        /// The view was looked at again; it may be the same.
        std::function<void(NodeViewPtr)> view;
        /// The relay has a new message, or messages may have been missed.
        std::function<void()> relay;
    };

    /// Events run on `owner`. `backend` outlives this object. Without `checker` nothing is taken for proven.
    static base::Result<std::unique_ptr<NodeLink>>
    open(const std::string& databasePath, const l2::Network& network, const chain::Backend& backend,
         net::Endpoint node, Worker& owner, Events events,
         std::shared_ptr<const proven::Checker> checker = nullptr);
    ~NodeLink();
    NodeLink(const NodeLink&) = delete;
    NodeLink& operator=(const NodeLink&) = delete;

    void start();
    /// No answer comes after it returned.
    void stop();
    [[nodiscard]] std::string provider() const { return m_endpoint.text(); }

    /// Answers come on `owner`.
    void call(std::string method, boost::json::object params, Answer<boost::json::value> done);
    void state(l2::ObjectId object, Answer<StateValue> done);
    /// As it was after the newest proven batch: the verdict's root is proven, or it is not Verified.
    void provenState(l2::ObjectId object, Answer<StateValue> done);
    /// The account with its complete history; the verdict covers both.
    void history(base::XOnlyPublicKey key, Answer<std::pair<StateValue, std::vector<l2::HistoryEntry>>> done);
    void batch(base::BatchNumber number, Answer<std::pair<l2::SignedBatch, l2::Verdict>> done);
    /// Runs `task` on the node thread; the answer comes on `owner`.
    template <typename T>
    void ask(std::function<base::Result<T>(NodeAccess&)> task, Answer<T> done)
    {
        onNode([this, task = std::move(task), done = std::move(done)](NodeAccess& access) {
            auto result = std::make_shared<base::Result<T>>(task(access));
            onOwner([done, result] { done(std::move(*result)); });
        });
    }
    /// The same with another node at hand; stop() does not wait for that one's answers.
    template <typename T>
    void askWith(const std::shared_ptr<net::BlockingClient>& other,
                 std::function<base::Result<T>(NodeAccess&, net::BlockingClient&)> task, Answer<T> done)
    {
        {
            const std::lock_guard lock(m_othersMutex);
            std::erase_if(m_others, [](const auto& each) { return each.expired(); });
            m_others.push_back(other);
        }
        ask<T>([other, task = std::move(task)](NodeAccess& access) { return task(access, *other); },
               std::move(done));
    }
    /// Of a batch that is held here.
    void sealOf(base::BatchNumber number, Answer<seal::SealVerdict> done);
    /// The chain of seals as the own blocks show it now.
    void setSeals(std::vector<seal::Link> links);
    /// Called when the own header chain changed: headers that waited for it are looked at again, and all verdicts.
    void poke();

private:
    class HeaderView;
    NodeLink(store::Database db, const l2::Network& network, const chain::Backend& backend,
             net::Endpoint node, Worker& owner, Events events,
             std::shared_ptr<const proven::Checker> checker);
    void loadOnce();
    base::Status loadHeaders();
    void subscribe();
    void onOwner(std::function<void()> task);
    void onNode(std::function<void(NodeAccess&)> task);
    std::size_t keepNews();
    void poll();
    void refreshLater();
    void refresh();
    base::Status catchUp();
    base::Status askProof();
    base::Result<l2::SignedHeader> fetchHeader(std::uint64_t number);
    base::Result<std::vector<l2::SignedHeader>> fetchHeaders(std::uint64_t first, std::uint64_t count);
    base::Result<std::uint64_t> commonAncestor(std::uint64_t from);
    base::Status addHeaders(std::uint64_t first, std::uint64_t last);
    base::Result<bool> addPiece(std::span<const l2::SignedHeader> piece);
    [[nodiscard]] bool holds(const l2::SignedHeader& header) const;
    base::Status keep(std::span<const l2::SignedHeader> headers);
    void publish(NodeView view);
    void lookAtSeals();
    void lookAtProgram();
    template <typename T>
    void work(std::function<base::Result<T>()> task, Answer<T> done);

    store::Database m_db;
    l2::NetworkParams m_params;
    net::Endpoint m_endpoint;
    std::unique_ptr<HeaderView> m_headers;
    l2::LightClient m_client;                 // node thread only
    ChainProof m_proof;                       // likewise
    std::vector<seal::Link> m_seals;          // likewise
    seal::SealedHistory m_sealed;             // likewise
    std::optional<l2::ChainObject> m_program; // likewise; of the newest batch for which it was checked
    l2::BatchHash m_programAt;                // that batch
    net::BlockingClient m_rpc;
    std::mutex m_othersMutex;
    std::vector<std::weak_ptr<net::BlockingClient>> m_others; // that tasks may be waiting for
    Worker& m_owner;
    Events m_events;
    bool m_isLoaded = false; // node thread only
    std::atomic<bool> m_refreshWaits = false;
    std::atomic<bool> m_stopped = false;
    std::shared_ptr<std::atomic<bool>> m_alive = std::make_shared<std::atomic<bool>>(true);
    boost::asio::io_context m_io;
    std::optional<net::Subscriber> m_subscriber;
    std::thread m_ioThread;
    Worker m_worker; // the node thread; last, so that it ends first
};

/// The answer has not the form of one.
[[nodiscard]] base::Error badAnswer(std::string what);
[[nodiscard]] base::Result<std::uint64_t> numberField(const boost::json::value& value, std::string_view key);
/// {header, signature, proof, value} of state_get and account_history.
[[nodiscard]] base::Result<l2::StateAnswer> stateAnswerOf(const boost::json::value& value,
                                                          const std::string& provider);
/// {entries} of account_history.
[[nodiscard]] base::Result<std::vector<l2::HistoryEntry>> historyOf(const boost::json::value& value);
/// {header, signature} of an answer, both hex.
[[nodiscard]] base::Result<l2::SignedHeader> signedHeaderOf(const boost::json::value& value);
[[nodiscard]] base::Result<base::Bytes> hexField(const boost::json::value& value, std::string_view key);

} // namespace bowline::services
