// SPDX-License-Identifier: MIT
#include "app/daemon/node/proven_chain.h"

#include "app/daemon/node/api.h"
#include "app/daemon/node/evidence.h"
#include "core/base/log.h"

#include <array>

namespace bowline::daemon {

namespace json = net::json;
using base::BatchNumber;
using base::makeError;
using base::Result;
using base::Status;
using base::success;
using store::Statement;

namespace {

constexpr std::uint32_t kApplicationId = 0x42574c50; // "BWLP"
constexpr std::array<const char*, 1> kSteps{R"(
CREATE TABLE proof(only INTEGER PRIMARY KEY CHECK(only = 1), file BLOB NOT NULL) STRICT;
CREATE TABLE other_history(header BLOB NOT NULL, signature BLOB NOT NULL, hash BLOB NOT NULL, file BLOB NOT NULL,
                           PRIMARY KEY(header, hash)) STRICT, WITHOUT ROWID;
)"};
constexpr store::Schema kSchema{kApplicationId, kSteps};

std::string nameOf(const proven::Head& head)
{
    return "batch " + std::to_string(head.batch.value) + ' ' + head.hash.hex().substr(0, 16);
}

} // namespace

ProvenChain::ProvenChain(store::Database db, const proven::Checker& checker, L2Node& node,
                         const proven::WorkChain& bitcoin)
    : m_db(std::move(db)), m_follower(checker), m_node(node), m_bitcoin(bitcoin)
{
}

Result<std::unique_ptr<ProvenChain>> ProvenChain::open(const std::string& path,
                                                       const proven::Checker& checker, L2Node& node,
                                                       const proven::WorkChain& bitcoin)
{
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema));
    std::unique_ptr<ProvenChain> out(new ProvenChain(std::move(db), checker, node, bitcoin));
    BOWLINE_CHECK(out->load());
    node.onHead([self = out.get()](const HeadChange&) { self->lookAgain(); });
    return out;
}

Status ProvenChain::load()
{
    base::Bytes file;
    {
        BOWLINE_TRY(Statement row, m_db.query("SELECT file FROM proof"));
        BOWLINE_TRY(const bool found, row.step());
        if (!found) return success();
        file = row.blob(0);
        BOWLINE_CHECK(row.rowStatus());
    }
    const Status good = m_follower.restore(std::move(file));
    if (!good.ok()) {
        if (good.error().code == proven::kNoKeys) return success();
        base::logWarning("proven", "the kept proof is none and is dropped: " + good.error().detail);
        return m_db.run("DELETE FROM proof");
    }
    pin();
    return success();
}

proven::Surroundings ProvenChain::around() const
{
    return {m_bitcoin, [this](BatchNumber number) -> std::optional<l2::BatchHash> {
                const auto own = m_node.store().header(number);
                return own.ok() ? std::optional(own->header.hash()) : std::nullopt;
            }};
}

Status ProvenChain::offer(base::Bytes file, const std::optional<l2::SignedHeader>& theirs)
{
    if (file.size() > kMaxProofFile) return makeError(proven::kNotProven, "too long");
    BOWLINE_TRY(proven::CheckedFile checked, m_follower.check(std::move(file)));
    const Status good = m_follower.mayTake(checked.head, around());
    if (!good.ok()) {
        if (good.error().code == proven::kOtherHistory) judgeOther(checked, theirs);
        return good;
    }
    BOWLINE_CHECK(keep(checked.file)); // what is held is on disk
    base::logInfo("proven", "everything up to " + nameOf(checked.head) + " is proven");
    BOWLINE_CHECK(m_follower.take(std::move(checked), around()));
    pin();
    for (const auto& listener : m_listeners) listener();
    return success();
}

Status ProvenChain::offerOwn(base::Bytes file)
{
    const Status taken = offer(file);
    const auto is = [&taken](base::ErrorCode code) { return !taken.ok() && taken.error().code == code; };
    m_early.reset();
    if (is(proven::kL1Behind) || is(proven::kL1Elsewhere) || is(proven::kNoHeader)) m_early = std::move(file);
    return taken;
}

/// After the own batches have changed.
void ProvenChain::lookAgain()
{
    pin();
    if (auto early = std::exchange(m_early, std::nullopt)) static_cast<void>(offerOwn(std::move(*early)));
}

Status ProvenChain::keep(const base::Bytes& file)
{
    return m_db.run("INSERT INTO proof(only, file) VALUES (1, ?) "
                    "ON CONFLICT(only) DO UPDATE SET file = excluded.file",
                    file);
}

/// Clients ask for values under the proven root, however old that is.
void ProvenChain::pin()
{
    const std::optional<proven::Head> proven = head();
    if (!proven) return;
    const Status pinned = m_node.pin(proven->batch);
    if (!pinned.ok()) base::logError("proven", "the proven state is not kept: " + pinned.error().detail);
}

/// The proof is good and its Bitcoin block stands, and yet it is not of what was executed here.
void ProvenChain::judgeOther(const proven::CheckedFile& file, const std::optional<l2::SignedHeader>& theirs)
{
    const auto own = m_node.store().header(file.head.batch);
    if (!own.ok() || own->header.hash() == file.head.hash)
        return; // another batch of the history is the other one
    if (m_node.placeOf(own->header) != L1Place::Stands) return; // ours is the one that will go
    const bool isSigned = theirs && theirs->header.hash() == file.head.hash &&
                          l2::checkHeaderSignature(*theirs, m_node.params().sequencerKey).ok();
    if (isSigned) {
        const Result<bool> fresh = keepEquivocation(m_node.store(), {*own, *theirs});
        if (!fresh.ok()) return base::logError("proven", "evidence is not kept: " + fresh.error().detail);
        if (*fresh)
            base::logError("proven", "the sequencer signed another " + nameOf(file.head) +
                                         ", which is proven; the evidence is kept");
        return;
    }
    const Status kept = keepOther(*own, file);
    if (!kept.ok()) base::logError("proven", "evidence is not kept: " + kept.error().detail);
}

Status ProvenChain::keepOther(const l2::SignedHeader& own, const proven::CheckedFile& file)
{
    BOWLINE_TRY(const std::uint64_t known, otherHistories());
    if (known >= kMaxOtherHistories) return success();
    BOWLINE_CHECK(
        m_db.run("INSERT OR IGNORE INTO other_history(header, signature, hash, file) VALUES (?, ?, ?, ?)",
                 own.header.encode(), own.signature, file.head.hash, file.file));
    if (m_db.changes() > 0)
        base::logError("proven", "a proof of another history than the executed one: " + nameOf(file.head) +
                                     "; nobody has shown that the sequencer signed it; it is kept");
    return success();
}

Result<std::uint64_t> ProvenChain::otherHistories()
{
    BOWLINE_TRY(Statement row, m_db.query("SELECT count(*) FROM other_history"));
    BOWLINE_TRY(const bool found, row.step());
    const std::uint64_t out = found ? row.u64(0) : 0;
    BOWLINE_CHECK(row.rowStatus());
    return out;
}

std::optional<proven::Head> ProvenChain::head() const { return m_follower.head(around()); }

bool ProvenChain::isProven(BatchNumber batch) const
{
    const std::optional<proven::Head> proven = head();
    return proven && batch <= proven->batch;
}

bool ProvenChain::isProven(l2::TxType kind, std::uint64_t reference) const
{
    const auto batch = m_node.store().newestOf(kind, reference);
    return batch.ok() && *batch && isProven(**batch);
}

json::object ProvenChain::describe()
{
    const std::optional<proven::Head> proven = head();
    json::object out{{"batch", nullptr}, {"other_histories", otherHistories().valueOr(0)}};
    if (!proven) return out;
    const proven::CheckedFile& held = *m_follower.held();
    out["batch"] = proven->batch.value;
    out["hash"] = proven->hash.hex();
    out["bytes"] = held.file.size();
    out["check_microseconds"] = held.checkTime.count();
    return out;
}

Result<json::object> ProvenChain::answer(std::optional<BatchNumber> after)
{
    const std::optional<proven::Head> proven = head();
    if (!proven || (after && proven->batch <= *after)) return json::object{};
    BOWLINE_TRY(const l2::SignedHeader header, m_node.store().header(proven->batch));
    json::object out = headJson(header);
    out.erase("number");
    out["n"] = proven->batch.value;
    out["proof"] = base::toHex(m_follower.held()->file);
    return out;
}

} // namespace bowline::daemon
