// SPDX-License-Identifier: MIT
#include "app/services/local/node_link.h"

#include "app/services/local/evidence.h"
#include "core/base/log.h"
#include "core/base/serial.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/json.hpp>

namespace bowline::services {

namespace json = boost::json;

namespace {
constexpr std::chrono::seconds kSafetyPoll{10}; // notifications do the work; this finds a dead subscription
constexpr std::size_t kRecentHeaders = 20;
constexpr std::size_t kRestoredAtOnce = 256;
constexpr std::uint64_t kHeadersAtOnce = 200; // that chain_headers gives at most

constexpr const char* kSchemaSteps[] = {
    "CREATE TABLE header(number INTEGER PRIMARY KEY, header BLOB NOT NULL, signature BLOB NOT NULL) STRICT",
    kEquivocationTable, kSealedOtherwiseTable, ChainProof::kTables, ChainProof::kProviderStep};
constexpr store::Schema kSchema{0x426c4c32 /* "BlL2" */, kSchemaSteps};
} // namespace

base::Error badAnswer(std::string what) { return base::makeError(kNodeBadAnswer, std::move(what)); }

base::Result<std::uint64_t> numberField(const json::value& value, std::string_view key)
{
    const json::object* object = value.if_object();
    const json::value* field = object == nullptr ? nullptr : object->if_contains(key);
    if (field == nullptr || !field->is_number()) return badAnswer("no number " + std::string(key));
    boost::system::error_code failure;
    const auto number = field->to_number<std::uint64_t>(failure);
    if (failure) return badAnswer("bad number " + std::string(key));
    return number;
}

base::Result<l2::StateAnswer> stateAnswerOf(const json::value& value, const std::string& provider)
{
    l2::StateAnswer answer;
    answer.provider = provider;
    BOWLINE_TRY(answer.batch, signedHeaderOf(value));
    BOWLINE_TRY(const base::Bytes proof, hexField(value, "proof"));
    BOWLINE_TRY(answer.proof, l2::parseStateProof(proof));
    const json::value* held = value.as_object().if_contains("value");
    if (held != nullptr && !held->is_null()) {
        BOWLINE_TRY(answer.value, hexField(value, "value"));
    }
    return answer;
}

base::Result<std::vector<l2::HistoryEntry>> historyOf(const json::value& value)
{
    const json::object* object = value.if_object();
    const json::value* field = object == nullptr ? nullptr : object->if_contains("entries");
    if (field == nullptr || !field->is_array()) return badAnswer("no entries");
    std::vector<l2::HistoryEntry> out;
    for (const json::value& entry : field->get_array()) {
        l2::HistoryEntry read;
        BOWLINE_TRY(const base::Bytes hash, hexField(entry, "hash"));
        BOWLINE_TRY(read.transaction.bytes, base::toArray<32>(hash));
        BOWLINE_TRY(read.batch.value, numberField(entry, "batch"));
        BOWLINE_TRY(const std::uint64_t index, numberField(entry, "index"));
        read.index = static_cast<std::uint32_t>(index);
        out.push_back(read);
    }
    return out;
}

base::Result<base::Bytes> hexField(const json::value& value, std::string_view key)
{
    const json::object* object = value.if_object();
    const json::value* field = object == nullptr ? nullptr : object->if_contains(key);
    if (field == nullptr || !field->is_string()) return badAnswer("no text " + std::string(key));
    return base::fromHex(field->get_string());
}

base::Result<l2::SignedHeader> signedHeaderOf(const json::value& value)
{
    l2::SignedHeader out;
    BOWLINE_TRY(const base::Bytes header, hexField(value, "header"));
    BOWLINE_TRY(out.header, l2::parseBatchHeader(header));
    BOWLINE_TRY(const base::Bytes signature, hexField(value, "signature"));
    BOWLINE_TRY(out.signature, base::toArray<64>(signature));
    return out;
}

Verdict verdictView(const l2::Verdict& verdict, const std::string& provider)
{
    Verdict out;
    out.provider = provider;
    if (const auto* verified = std::get_if<l2::Verified>(&verdict)) {
        out.kind = Verdict::Kind::Verified;
        out.root = verified->root.hex();
        out.batch = verified->batch.value;
        out.finality =
            verified->finality.rootProof == l2::RootProof::Proven ? "root-proven" : "root-not-proven";
    } else if (const auto* unverified = std::get_if<l2::Unverified>(&verdict)) {
        out.reason = unverified->reason;
    } else {
        const auto& invalid = std::get<l2::Invalid>(verdict);
        out.kind = Verdict::Kind::Invalid;
        out.reason = invalid.reason;
        out.provider = invalid.provider;
    }
    return out;
}

/// The wallet's own header chain, as the layer 2's light client asks for it.
class NodeLink::HeaderView final : public proven::WorkChain {
public:
    explicit HeaderView(const chain::Backend& backend) : m_backend(backend) {}
    [[nodiscard]] base::Height tip() const override { return m_backend.tip().height; }
    [[nodiscard]] std::optional<base::BlockHash> hashAt(base::Height height) const override
    {
        const auto block = m_backend.headerAt(height);
        if (!block) return std::nullopt;
        return block->hash;
    }
    [[nodiscard]] std::optional<Block> blockAt(base::Height height) const override
    {
        const auto block = m_backend.headerAt(height);
        if (!block) return std::nullopt;
        return Block{block->hash, block->work.littleEndian()};
    }

private:
    const chain::Backend& m_backend;
};

base::Result<std::unique_ptr<NodeLink>> NodeLink::open(const std::string& databasePath,
                                                       const l2::Network& network,
                                                       const chain::Backend& backend, net::Endpoint node,
                                                       Worker& owner, Events events,
                                                       std::shared_ptr<const proven::Checker> checker)
{
    BOWLINE_TRY(store::Database db,
                store::Database::open(databasePath, kSchema, {.durability = store::Durability::Normal}));
    std::unique_ptr<NodeLink> link(new NodeLink(std::move(db), network, backend, std::move(node), owner,
                                                std::move(events), std::move(checker)));
    return link;
}

NodeLink::NodeLink(store::Database db, const l2::Network& network, const chain::Backend& backend,
                   net::Endpoint node, Worker& owner, Events events,
                   std::shared_ptr<const proven::Checker> checker)
    : m_db(std::move(db)), m_params(network.params), m_endpoint(std::move(node)),
      m_headers(std::make_unique<HeaderView>(backend)), m_client(network.params, *m_headers),
      m_proof(m_db, std::move(checker), *m_headers, m_client), m_rpc(m_endpoint), m_owner(owner),
      m_events(std::move(events))
{
}

NodeLink::~NodeLink() { stop(); }

/// Before anything is asked: what is kept continues the light client's genesis, and nothing else.
void NodeLink::loadOnce()
{
    if (std::exchange(m_isLoaded, true)) return;
    const base::Status loaded = loadHeaders();
    if (!loaded.ok()) base::logWarning("services", "kept layer-2 headers: " + loaded.error().detail);
    const base::Status proof = m_proof.load(provider());
    if (!proof.ok()) base::logWarning("services", "kept proof: " + proof.error().detail);
}

base::Status NodeLink::loadHeaders()
{
    std::vector<l2::SignedHeader> headers;
    BOWLINE_TRY(store::Statement rows, m_db.query("SELECT header, signature FROM header ORDER BY number"));
    BOWLINE_CHECK(rows.forEach([&](store::Statement& row) -> base::Status {
        l2::SignedHeader header;
        BOWLINE_TRY(header.header, l2::parseBatchHeader(row.blobView(0)));
        header.signature = row.array<64>(1);
        headers.push_back(header);
        return base::success();
    }));
    // In pieces: every signature is checked again, and nobody who wants to quit waits for all of them.
    for (std::span<const l2::SignedHeader> rest = headers; !rest.empty() && !m_stopped;) {
        const auto piece = rest.first(std::min(rest.size(), kRestoredAtOnce));
        rest = rest.subspan(piece.size());
        if (m_client.restore(piece).ok()) continue;
        // Headers can be fetched again: from the first that does not fit (another network, a damaged file) on.
        base::logWarning("services", "kept layer-2 headers do not fit and are fetched again");
        return m_db.run("DELETE FROM header WHERE number > ?",
                        static_cast<std::int64_t>(m_client.head().header.height.value));
    }
    return base::success();
}

void NodeLink::start()
{
    m_worker.post([this] {
        loadOnce();
        publish({});
    });
    subscribe();
    poll();
}

void NodeLink::poll()
{
    refreshLater();
    onOwner([this] { m_events.relay(); });
    m_worker.postAfter(kSafetyPoll, [this] { poll(); });
}

void NodeLink::onOwner(std::function<void()> task)
{
    m_owner.post([alive = m_alive, task = std::move(task)] {
        if (*alive) task();
    });
}

void NodeLink::subscribe()
{
    net::Subscriber::Events events;
    events.onConnected = [this] {
        refreshLater();
        onOwner([this] { m_events.relay(); });
    };
    events.onNotification = [this](std::string_view method, const json::object&) {
        if (method == "relay") {
            onOwner([this] { m_events.relay(); });
        } else {
            refreshLater();
        }
    };
    events.onDisconnected = [this](const base::Error&) { refreshLater(); };
    m_subscriber.emplace(m_io.get_executor(), m_endpoint, std::vector<std::string>{"heads", "relay"},
                         std::move(events));
    m_subscriber->start();
    m_ioThread = std::thread([this] {
        const auto guard = boost::asio::make_work_guard(m_io);
        m_io.run();
    });
}

void NodeLink::stop()
{
    if (m_stopped.exchange(true)) return;
    m_rpc.cancel();
    {
        const std::lock_guard lock(m_othersMutex);
        for (const auto& each : m_others) {
            if (const auto other = each.lock()) other->cancel();
        }
    }
    if (m_subscriber) m_subscriber->stop();
    m_io.stop();
    if (m_ioThread.joinable()) m_ioThread.join();
    m_worker.stop();
    *m_alive = false;
}

template <typename T>
void NodeLink::work(std::function<base::Result<T>()> task, Answer<T> done)
{
    m_worker.post([this, task = std::move(task), done = std::move(done)] {
        onOwner([done, result = std::make_shared<base::Result<T>>(task())] { done(std::move(*result)); });
    });
}

void NodeLink::call(std::string method, json::object params, Answer<json::value> done)
{
    work<json::value>(
        [this, method = std::move(method), params = std::move(params)]() -> base::Result<json::value> {
            return m_rpc.call(method, params);
        },
        std::move(done));
}

void NodeLink::state(l2::ObjectId object, Answer<StateValue> done)
{
    work<StateValue>(
        [this, object = std::move(object)]() -> base::Result<StateValue> {
            // Older than what is known already would be a way to hide what happened since.
            const base::BatchNumber atLeast = m_client.head().header.height;
            BOWLINE_TRY(const json::value answer,
                        m_rpc.call("state_get", {{"kind", static_cast<int>(object.kind)},
                                                 {"id", base::toHex(object.id)}}));
            BOWLINE_TRY(l2::StateAnswer read, stateAnswerOf(answer, provider()));
            // The answer may be about a batch that came since the last refresh.
            if (read.batch.header.height > m_client.head().header.height) BOWLINE_CHECK(catchUp());
            l2::Verdict verdict = m_client.checkState(read, object, atLeast);
            return StateValue{std::move(read), std::move(verdict)};
        },
        std::move(done));
}

void NodeLink::provenState(l2::ObjectId object, Answer<StateValue> done)
{
    work<StateValue>(
        [this, object = std::move(object)]() -> base::Result<StateValue> {
            m_proof.look();
            const std::optional<ProvenHead> proven = m_proof.head();
            if (!proven) return base::makeError(kNothingProven);
            const base::BatchNumber batch = proven->head.batch;
            BOWLINE_TRY(const json::value answer,
                        m_rpc.call("state_get", {{"kind", static_cast<int>(object.kind)},
                                                 {"id", base::toHex(object.id)},
                                                 {"batch", batch.value}}));
            BOWLINE_TRY(l2::StateAnswer read, stateAnswerOf(answer, provider()));
            if (read.batch.header.height != batch) return badAnswer("another batch");
            l2::Verdict verdict = m_client.checkState(read, object);
            return StateValue{std::move(read), std::move(verdict)};
        },
        std::move(done));
}

void NodeLink::history(base::XOnlyPublicKey key,
                       Answer<std::pair<StateValue, std::vector<l2::HistoryEntry>>> done)
{
    using Both = std::pair<StateValue, std::vector<l2::HistoryEntry>>;
    work<Both>(
        [this, key]() -> base::Result<Both> {
            // As for state(): an old history would hide withdrawals.
            const base::BatchNumber atLeast = m_client.head().header.height;
            BOWLINE_TRY(const json::value answer, m_rpc.call("account_history", {{"key", key.hex()}}));
            BOWLINE_TRY(l2::StateAnswer read, stateAnswerOf(answer, provider()));
            BOWLINE_TRY(auto entries, historyOf(answer));
            if (read.batch.header.height > m_client.head().header.height) BOWLINE_CHECK(catchUp());
            l2::Verdict verdict = m_client.checkHistory(read, key, entries, atLeast);
            return Both{StateValue{std::move(read), std::move(verdict)}, std::move(entries)};
        },
        std::move(done));
}

void NodeLink::batch(base::BatchNumber number, Answer<std::pair<l2::SignedBatch, l2::Verdict>> done)
{
    using Both = std::pair<l2::SignedBatch, l2::Verdict>;
    work<Both>(
        [this, number]() -> base::Result<Both> {
            BOWLINE_TRY(const json::value answer, m_rpc.call("chain_batch", {{"n", number.value}}));
            if (!answer.is_string()) return badAnswer("no batch");
            BOWLINE_TRY(const base::Bytes bytes, base::fromHex(answer.get_string()));
            BOWLINE_TRY(l2::SignedBatch batch, l2::parseSignedBatch(bytes));
            if (batch.head.header.height != number) return badAnswer("another batch");
            if (number > m_client.head().header.height) BOWLINE_CHECK(catchUp());
            l2::Verdict verdict = m_client.addBatch(batch, provider());
            return Both{std::move(batch), std::move(verdict)};
        },
        std::move(done));
}

void NodeLink::sealOf(base::BatchNumber number, Answer<seal::SealVerdict> done)
{
    work<seal::SealVerdict>(
        [this, number]() -> base::Result<seal::SealVerdict> {
            lookAtSeals();
            if (m_client.headerAt(number) == nullptr) return seal::SealVerdict{};
            return m_sealed.verdictOf(number, *m_headers);
        },
        std::move(done));
}

void NodeLink::setSeals(std::vector<seal::Link> links)
{
    m_worker.post([this, links = std::move(links)]() mutable {
        m_seals = std::move(links);
        refreshLater();
    });
}

void NodeLink::lookAtSeals()
{
    m_sealed.update(m_seals, *m_headers, [this](base::BatchNumber number) -> std::optional<l2::BatchHeader> {
        const l2::SignedHeader* held = m_client.headerAt(number);
        return held == nullptr ? std::nullopt : std::optional(held->header);
    });
}

/// Once for each head. Without a good answer what was known stands.
void NodeLink::lookAtProgram()
{
    const l2::SignedHeader head = m_client.head();
    if (head.header.hash() == m_programAt || m_client.verifiedHead() != head.header.height) return;
    const l2::ObjectId object = l2::chainObjectId();
    const auto answer =
        m_rpc.call("state_get", {{"kind", static_cast<int>(object.kind)}, {"id", std::string()}});
    if (!answer.ok()) return;
    const auto read = stateAnswerOf(*answer, provider());
    if (!read.ok()) return;
    const l2::Verdict verdict = m_client.checkState(*read, object, head.header.height);
    if (!std::holds_alternative<l2::Verified>(verdict) || !read->value) return;
    const auto program = l2::parseChainObject(*read->value);
    if (!program.ok()) return;
    m_program = *program;
    m_programAt = read->batch.header.hash();
}

void NodeLink::poke() { refreshLater(); }

void NodeLink::refreshLater()
{
    if (m_stopped || m_refreshWaits.exchange(true)) return;
    m_worker.post([this] { refresh(); });
}

void NodeLink::refresh()
{
    m_refreshWaits = false;
    base::Status status = catchUp();
    if (status.ok()) lookAtProgram();
    if (status.ok()) status = askProof();
    NodeView view;
    view.asked = true;
    view.reachable = status.ok() || !(status.error().code == kNodeUnreachable);
    if (!status.ok()) {
        view.problem = status.error().code.name();
        if (status.error().code == kNodeInvalid) view.invalid = status.error().detail;
    }
    publish(std::move(view));
}

base::Status NodeLink::catchUp()
{
    loadOnce();
    const auto answer = m_rpc.call("chain_head");
    if (!answer.ok()) {
        // A foreign certificate is more than no connection: who reads the log shall know.
        const std::string why = std::string(answer.error().code.name()) + ' ' + answer.error().detail;
        if (answer.error().code == net::kWrongPin || answer.error().code == net::kBadCertificate)
            base::logWarning("services", why);
        return base::makeError(kNodeUnreachable, why);
    }
    BOWLINE_TRY(const l2::SignedHeader head, signedHeaderOf(*answer));
    if (head == m_client.head()) return base::success();
    const std::uint64_t claimed = head.header.height.value;
    BOWLINE_TRY(const std::uint64_t ancestor,
                commonAncestor(std::min(claimed, m_client.head().header.height.value)));
    return addHeaders(ancestor + 1, claimed);
}

/// The proof that the node has, if it is newer than the one held here.
base::Status NodeLink::askProof()
{
    m_proof.look();
    const auto answer = m_rpc.call("chain_proof", m_proof.question());
    if (!answer.ok()) {
        // A node of an older version; or one that is gone by now, which the next question notices.
        return base::success();
    }
    return m_proof.take(*answer, provider());
}

base::Result<l2::SignedHeader> NodeLink::fetchHeader(std::uint64_t number)
{
    BOWLINE_TRY(const json::value answer, m_rpc.call("chain_header", {{"n", number}}));
    BOWLINE_TRY(l2::SignedHeader header, signedHeaderOf(answer));
    // Else a node that shows one header for every number would be asked for ever.
    if (header.header.height.value != number) return badAnswer("another header");
    return header;
}

/// At least one; the node may have fewer than it was asked for.
base::Result<std::vector<l2::SignedHeader>> NodeLink::fetchHeaders(std::uint64_t first, std::uint64_t count)
{
    if (count == 1) {
        BOWLINE_TRY(l2::SignedHeader only, fetchHeader(first));
        return std::vector{std::move(only)};
    }
    BOWLINE_TRY(const json::value answer, m_rpc.call("chain_headers", {{"first", first}, {"count", count}}));
    if (!answer.is_string()) return badAnswer("no headers");
    BOWLINE_TRY(const base::Bytes bytes, base::fromHex(answer.get_string()));
    BOWLINE_TRY(std::vector<l2::SignedHeader> headers, l2::parseHeaders(bytes));
    if (headers.empty() || headers.size() > count) return badAnswer("another number of headers");
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (headers[i].header.height.value != first + i) return badAnswer("another header");
    }
    return headers;
}

/// The newest batch, at most `from`, that the node and we agree on. As each header names the one before it, agreeing on one is
/// agreeing on all before it.
base::Result<std::uint64_t> NodeLink::commonAncestor(std::uint64_t from)
{
    std::uint64_t same = 0; // genesis is computed, not fetched
    for (std::uint64_t other = from + 1, asked = from; other - same > 1; asked = same + (other - same) / 2) {
        BOWLINE_TRY(const l2::SignedHeader theirs, fetchHeader(asked));
        const l2::SignedHeader* ours = m_client.headerAt({asked});
        (ours != nullptr && ours->header == theirs.header ? same : other) = asked;
    }
    return same;
}

base::Status NodeLink::addHeaders(std::uint64_t first, std::uint64_t last)
{
    while (first <= last && !m_stopped) {
        // While the own Bitcoin chain is behind or elsewhere no more than one is taken at a time.
        const bool isAtHome = m_client.verifiedHead() == m_client.head().header.height;
        const std::uint64_t count = isAtHome ? std::min(last - first + 1, kHeadersAtOnce) : 1;
        BOWLINE_TRY(const std::vector<l2::SignedHeader> piece, fetchHeaders(first, count));
        BOWLINE_TRY(const bool goesOn, addPiece(piece));
        if (!goesOn) break; // what comes after it waits for that chain (poke())
        first += piece.size();
    }
    return base::success();
}

/// What the client did not hold before is kept, also while our own Bitcoin chain is behind or elsewhere, and in one transaction.
/// Whether what follows may be asked for.
base::Result<bool> NodeLink::addPiece(std::span<const l2::SignedHeader> piece)
{
    std::vector<l2::SignedHeader> news;
    l2::Verdict verdict;
    for (const l2::SignedHeader& header : piece) {
        const l2::SignedHeader* before = m_client.headerAt(header.header.height);
        const bool isKnown = before != nullptr && before->header == header.header;
        verdict = m_client.addHeader(header, provider());
        if (!isKnown && holds(header)) news.push_back(header);
        if (!std::holds_alternative<l2::Verified>(verdict)) break;
    }
    if (!news.empty()) BOWLINE_CHECK(keep(news));
    if (const auto* invalid = std::get_if<l2::Invalid>(&verdict))
        return base::makeError(kNodeInvalid, invalid->reason);
    return std::holds_alternative<l2::Verified>(verdict);
}

bool NodeLink::holds(const l2::SignedHeader& header) const
{
    const l2::SignedHeader* held = m_client.headerAt(header.header.height);
    return held != nullptr && *held == header;
}

/// In place of all from the first one on.
base::Status NodeLink::keep(std::span<const l2::SignedHeader> headers)
{
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(m_db));
    BOWLINE_CHECK(m_db.run("DELETE FROM header WHERE number >= ?", headers.front().header.height.value));
    for (const l2::SignedHeader& each : headers) {
        const auto bytes = each.header.encode();
        BOWLINE_CHECK(m_db.run("INSERT INTO header(number, header, signature) VALUES (?, ?, ?)",
                               each.header.height.value, base::ByteView(bytes),
                               base::ByteView(each.signature)));
    }
    return transaction.commit();
}

/// Writes new evidence down; how much of it is kept.
std::size_t NodeLink::keepNews()
{
    std::optional<SealedOtherwise> otherwise;
    // Where the own batch's block stands, no reorganisation explains it.
    if (const auto& anchor = m_sealed.conflict();
        anchor && anchor->commitment.batch <= m_client.verifiedHead()) {
        if (const auto* own = m_client.headerAt(anchor->commitment.batch)) otherwise = {*own, *anchor};
    }
    const auto kept = keepEvidence(m_db, m_client.evidence(), otherwise);
    if (!kept.ok()) base::logWarning("services", "evidence is not kept: " + kept.error().detail);
    return kept.valueOr(m_client.evidence().size());
}

void NodeLink::onNode(std::function<void(NodeAccess&)> task)
{
    m_worker.post([this, task = std::move(task)] {
        loadOnce();
        m_proof.look();
        lookAtSeals();
        const auto keep = [this] {
            keepNews();
            refreshLater(); // everybody shall see it
        };
        NodeAccess access{m_rpc,
                          m_params,
                          m_client,
                          m_proof,
                          m_sealed,
                          m_seals,
                          *m_headers,
                          provider(),
                          [this] { return catchUp(); },
                          keep,
                          [this] { return evidenceIn(m_db); }};
        task(access);
    });
}

/// With what the light client knows.
void NodeLink::publish(NodeView news)
{
    auto view = std::make_shared<NodeView>(std::move(news));
    m_proof.look();
    view->head = m_client.head();
    view->proven = m_proof.head();
    view->verifiedHead = m_client.verifiedHead();
    lookAtSeals();
    view->equivocations = keepNews();
    view->sealedTo = m_sealed.sealedTo();
    view->sealConflict = m_sealed.hasConflict();
    view->program = m_program;
    view->programInDoubt = m_program && !m_sealed.bearsOut(*m_program);
    for (std::uint64_t number = view->head.header.height.value; view->recent.size() < kRecentHeaders;
         --number) {
        if (const auto* header = m_client.headerAt({number}))
            view->recent.push_back(
                {*header, m_client.verdictOf({number}), m_sealed.verdictOf({number}, *m_headers)});
        if (number == 0) break;
    }
    onOwner([this, view] { m_events.view(view); });
}

} // namespace bowline::services
