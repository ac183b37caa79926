// SPDX-License-Identifier: MIT
#include "app/daemon/proving/proving_api.h"

#include "core/crypto/hash.h"
#include "core/net/params.h"
#include "core/prover/work.h"

namespace bowline::daemon {

namespace json = net::json;
using base::Bytes;
using base::ByteView;
using base::makeError;
using base::Result;
using base::success;
using tasks::Kind;
using tasks::LeaseToken;
using tasks::State;

namespace {
constexpr std::uint32_t kShownBatches = 50;
// Of a caller's budget (net::MethodRules): a megabyte of a proof, put together once and then kept.
constexpr std::uint32_t kProofCost = 20;

Result<LeaseToken> leaseIn(const json::object& params)
{
    BOWLINE_TRY(const auto raw, net::fieldHex32(params, "lease"));
    return LeaseToken{raw};
}

Result<tasks::KindSet> kindsIn(const json::object& params)
{
    BOWLINE_TRY(const json::array names, net::fieldArray(params, "kinds"));
    tasks::KindSet out = 0;
    for (const json::value& name : names) {
        if (!name.is_string()) return makeError(net::kInvalidParams, "kinds");
        BOWLINE_TRY(const Kind kind, tasks::kindFromName(std::string_view(name.get_string())));
        out |= tasks::setOf({kind});
    }
    return out;
}

json::value pieceOf(ByteView whole, std::uint64_t offset)
{
    const std::size_t at = std::min<std::uint64_t>(offset, whole.size());
    const ByteView piece = whole.subspan(at, std::min(ProvingApi::kPiece, whole.size() - at));
    return json::value{{"size", whole.size()}, {"hex", base::toHex(piece)}};
}

std::uint64_t countOf(const tasks::BatchRow& batch, Kind kind, std::optional<State> state = std::nullopt)
{
    const auto counts = batch.tasks.find(kind);
    if (counts == batch.tasks.end()) return 0;
    std::uint64_t out = 0;
    for (const auto& [which, count] : counts->second) out += !state || which == *state ? count : 0;
    return out;
}

/// How far it has come: the last kind of which all tasks are done; "proven" when a wrapped proof speaks of it, its own or that
/// of a later batch.
std::string_view stageOf(const tasks::BatchRow& batch, std::uint64_t provenThrough)
{
    if (batch.dropped) return "dropped";
    std::string_view out = "planned";
    constexpr std::pair<Kind, std::string_view> kStages[] = {{Kind::Execute, "executed"},
                                                             {Kind::Shard, "proven-in-shards"},
                                                             {Kind::Lift, "lifted"},
                                                             {Kind::Join, "joined"},
                                                             {Kind::Chain, "chained"}};
    for (const auto& [kind, name] : kStages) {
        const std::uint64_t all = countOf(batch, kind);
        if (all == 0 || countOf(batch, kind, State::Done) != all) return out;
        out = name;
    }
    return batch.job.number <= provenThrough ? "proven" : out;
}

json::object batchJson(const tasks::BatchRow& batch, std::uint64_t provenThrough)
{
    json::object kinds;
    bool hasFailed = false;
    for (const auto& [kind, counts] : batch.tasks) {
        json::object states;
        for (const auto& [state, count] : counts) states[tasks::stateName(state)] = count;
        hasFailed = hasFailed || countOf(batch, kind, State::Failed) != 0;
        kinds[tasks::kindName(kind)] = std::move(states);
    }
    return {{"batch", batch.job.number},
            {"hash", batch.job.hash.hex()},
            {"stage", stageOf(batch, provenThrough)},
            {"failed", hasFailed},
            {"tasks", std::move(kinds)}};
}
} // namespace

void ProvingApi::addMethods(net::Dispatcher& dispatcher, const asio::any_io_executor& executor)
{
    struct Named {
        const char* name;
        Answer (ProvingApi::*method)(const json::object&);
        net::MethodRules rules;
    };
    const net::MethodRules owner{.admin = true};
    for (const Named& entry :
         std::initializer_list<Named>{{"proving_take", &ProvingApi::take, owner},
                                      {"proving_heartbeat", &ProvingApi::heartbeat, owner},
                                      {"proving_blob", &ProvingApi::blob, owner},
                                      {"proving_upload", &ProvingApi::upload, owner},
                                      {"proving_result", &ProvingApi::result, owner},
                                      {"proving_fail", &ProvingApi::fail, owner},
                                      {"proving_status", &ProvingApi::status, owner},
                                      {"proving_reopen", &ProvingApi::reopen, owner},
                                      {"proof_status", &ProvingApi::proofStatus, {.cost = 2}},
                                      {"proof_get", &ProvingApi::proofGet, {.cost = kProofCost}}}) {
        dispatcher.add(
            entry.name, executor,
            [this, method = entry.method](const json::object& params) { return (this->*method)(params); },
            entry.rules);
    }
}

ProvingApi::Answer ProvingApi::take(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"prover", "kinds", "memory_mib", "started"}));
    tasks::TakeRequest request;
    BOWLINE_TRY(request.prover, net::fieldText(params, "prover"));
    BOWLINE_TRY(request.kinds, kindsIn(params));
    BOWLINE_TRY(request.memoryMib, net::fieldU32(params, "memory_mib"));
    const json::value* started = params.if_contains("started");
    request.started = started != nullptr && started->is_bool() && started->get_bool();
    BOWLINE_TRY(const auto lease, m_service.take(request));
    if (!lease) return json::value(json::object{});
    json::array inputs;
    for (const base::Digest& digest : lease->inputs) inputs.emplace_back(digest.hex());
    return json::value{{"task",
                        {{"lease", lease->token.hex()},
                         {"lease_seconds", m_leaseSeconds},
                         {"deadline", lease->deadline},
                         {"id", lease->task.id.hex()},
                         {"kind", tasks::kindName(lease->task.kind)},
                         {"place", lease->task.place},
                         {"batch", lease->job.number},
                         {"hash", lease->job.hash.hex()},
                         {"image", m_image.hex()},
                         {"network", base::toHex(m_network)},
                         {"input", lease->job.input.hex()},
                         {"inputs", std::move(inputs)}}}};
}

ProvingApi::Answer ProvingApi::heartbeat(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"lease"}));
    BOWLINE_TRY(const LeaseToken token, leaseIn(params));
    BOWLINE_TRY(const base::UnixTime deadline, m_service.store().heartbeat(token));
    return json::value{{"deadline", deadline}};
}

ProvingApi::Answer ProvingApi::blob(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"digest", "offset"}));
    BOWLINE_TRY(const auto digest, net::fieldHex32(params, "digest"));
    BOWLINE_TRY(const std::uint64_t offset, net::fieldU64(params, "offset"));
    BOWLINE_TRY(const Bytes whole, m_service.store().blob(base::Digest{digest}));
    return pieceOf(whole, offset);
}

ProvingApi::Answer ProvingApi::upload(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"lease", "offset", "hex"}));
    BOWLINE_TRY(const LeaseToken token, leaseIn(params));
    BOWLINE_TRY(const std::uint64_t offset, net::fieldU64(params, "offset"));
    BOWLINE_TRY(const Bytes piece, net::fieldHex(params, "hex", kPiece));
    // Whoever uploads is alive; and whoever has no lease has no room here. Of leases that are over nothing stays.
    BOWLINE_CHECK(m_service.store().heartbeat(token));
    for (auto it = m_uploads.begin(); it != m_uploads.end();) {
        const bool isOver = it->first != token && !m_service.store().lease(it->first).ok();
        if (isOver) m_uploaded -= it->second.size();
        it = isOver ? m_uploads.erase(it) : std::next(it);
    }
    Bytes& whole = m_uploads[token];
    if (offset == 0) {
        m_uploaded -= whole.size();
        whole.clear();
    }
    if (offset != whole.size()) return makeError(kBadUpload, "pieces out of order");
    if (whole.size() + piece.size() > tasks::kMaxResult || m_uploaded + piece.size() > kMaxUploads)
        return makeError(kBadUpload, "too much");
    base::append(whole, piece);
    m_uploaded += piece.size();
    return json::value{{"size", whole.size()}};
}

ProvingApi::Answer ProvingApi::result(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"lease", "digest"}));
    BOWLINE_TRY(const LeaseToken token, leaseIn(params));
    BOWLINE_TRY(const auto digest, net::fieldHex32(params, "digest"));
    const auto found = m_uploads.find(token);
    if (found == m_uploads.end()) return makeError(kBadUpload, "nothing was uploaded");
    if (crypto::sha256(found->second) != base::Digest{digest}) return makeError(kBadUpload, "other bytes");
    const base::Status taken = m_service.deliver(token, found->second);
    // The prover may ask again when the store was out of reach.
    const bool isOver =
        taken.ok() || taken.error().code == tasks::kWrongResult || taken.error().code == tasks::kLeaseLost;
    if (isOver) {
        m_uploaded -= found->second.size();
        m_uploads.erase(found);
    }
    if (!taken.ok()) return taken.error();
    m_onDone();
    return json::value{{"accepted", true}};
}

ProvingApi::Answer ProvingApi::fail(const json::object& params)
{
    constexpr std::size_t kMaxReason = 1024;
    BOWLINE_CHECK(net::onlyFields(params, {"lease", "reason"}));
    BOWLINE_TRY(const LeaseToken token, leaseIn(params));
    BOWLINE_TRY(const std::string reason, net::fieldText(params, "reason", kMaxReason));
    BOWLINE_CHECK(m_service.store().giveUp(token, reason));
    return json::value(json::object{});
}

ProvingApi::Answer ProvingApi::status(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {}));
    BOWLINE_TRY(const auto all, m_service.store().batches(0, UINT32_MAX));
    json::object queue;
    for (const State state : {State::Waiting, State::Ready, State::Leased, State::Done, State::Failed}) {
        std::uint64_t sum = 0;
        for (const tasks::BatchRow& batch : all) {
            for (const Kind kind : tasks::kKinds) sum += batch.dropped ? 0 : countOf(batch, kind, state);
        }
        queue[tasks::stateName(state)] = sum;
    }
    json::array batches;
    BOWLINE_TRY(const std::uint64_t proven, provenThrough());
    const std::size_t first = all.size() - std::min<std::size_t>(all.size(), kShownBatches);
    for (std::size_t i = first; i < all.size(); ++i) batches.push_back(batchJson(all[i], proven));
    BOWLINE_TRY(const auto rows, m_service.store().provers());
    json::array provers;
    for (const tasks::ProverRow& row : rows) {
        const auto tries = [&row](tasks::Outcome outcome) {
            const auto found = row.tries.find(outcome);
            return found == row.tries.end() ? std::uint64_t{0} : found->second;
        };
        provers.push_back({{"name", row.name},
                           {"seen", row.seen},
                           {"running", tries(tasks::Outcome::Running)},
                           {"accepted", tries(tasks::Outcome::Accepted)},
                           {"rejected", tries(tasks::Outcome::Rejected)},
                           {"given_up", tries(tasks::Outcome::GivenUp)},
                           {"lapsed", tries(tasks::Outcome::Lapsed)}});
    }
    BOWLINE_TRY(const auto wrapped, m_service.store().newest(Kind::Wrap));
    json::value newest = nullptr;
    if (wrapped) newest = {{"batch", wrapped->number}, {"digest", wrapped->result.hex()}};
    return json::value{{"queue", std::move(queue)},
                       {"provers", std::move(provers)},
                       {"batches", std::move(batches)},
                       {"proven", std::move(newest)}};
}

Result<tasks::BatchRow> ProvingApi::batchIn(const json::object& params)
{
    BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "n"));
    // Of one number there may be several that were undone, and one that was not.
    constexpr std::uint32_t kOfOneNumber = 100;
    BOWLINE_TRY(const auto rows, m_service.store().batches(number, kOfOneNumber));
    for (const tasks::BatchRow& row : rows) {
        if (row.job.number == number && !row.dropped) return row;
    }
    return makeError(tasks::kNotFound, "batch " + std::to_string(number));
}

ProvingApi::Answer ProvingApi::reopen(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"n"}));
    BOWLINE_TRY(const tasks::BatchRow batch, batchIn(params));
    BOWLINE_CHECK(m_service.store().reopenBatch(batch.job.hash));
    return json::value(json::object{});
}

ProvingApi::Answer ProvingApi::proofStatus(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"n"}));
    BOWLINE_TRY(const tasks::BatchRow batch, batchIn(params));
    BOWLINE_TRY(const std::uint64_t proven, provenThrough());
    return json::value(batchJson(batch, proven));
}

Result<std::uint64_t> ProvingApi::provenThrough()
{
    BOWLINE_TRY(const auto newest, m_service.store().newest(Kind::Wrap));
    return newest ? newest->number : 0;
}

Result<Bytes> ProvingApi::proofOf(const base::Digest& batch)
{
    BOWLINE_TRY(const auto rows, m_service.store().tasks(batch));
    std::optional<proving::ExecutionProof> proof;
    for (const tasks::TaskRow& row : rows) { // the execution first, then shards by place
        if (row.task.kind != Kind::Execute && row.task.kind != Kind::Shard) continue;
        if (!row.result) return makeError(kNotProven, std::string(tasks::kindName(row.task.kind)));
        BOWLINE_TRY(Bytes bytes, m_service.store().blob(*row.result));
        if (row.task.kind == Kind::Execute) {
            BOWLINE_TRY(proof, prover::decodePlan(bytes));
        } else if (proof && row.task.place < proof->shards.size()) {
            proof->shards[row.task.place].proof = std::move(bytes);
        }
    }
    if (!proof) return makeError(kNotProven, "execute");
    return proof->encode();
}

ProvingApi::Answer ProvingApi::proofGet(const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"n", "offset"}));
    BOWLINE_TRY(const std::uint64_t offset, net::fieldU64(params, "offset"));
    BOWLINE_TRY(const tasks::BatchRow batch, batchIn(params));
    if (!m_proof || m_proof->first != batch.job.hash) {
        BOWLINE_TRY(Bytes whole, proofOf(batch.job.hash));
        m_proof.emplace(batch.job.hash, std::move(whole));
    }
    return pieceOf(m_proof->second, offset);
}

} // namespace bowline::daemon
