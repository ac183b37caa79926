// SPDX-License-Identifier: MIT
#include "app/services/local/chain_proof.h"

#include "app/services/local/node_link.h"
#include "core/base/log.h"
#include "core/proven/no_checker.h"

namespace bowline::services {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxFile = 1U << 20U;
constexpr std::uint64_t kMaxOtherwise = 5; // hundreds of kilobytes each, and one is enough

base::Error invalid(std::string_view reason) { return base::makeError(kNodeInvalid, std::string(reason)); }

struct Shown {
    base::Bytes file;
    std::optional<l2::SignedHeader> header; // that the node has for the proven batch
};

base::Result<std::optional<Shown>> shownIn(const json::value& answer)
{
    const json::object* object = answer.if_object();
    if (object == nullptr) return base::makeError(kNodeBadAnswer, "chain_proof");
    if (object->empty()) return std::optional<Shown>();
    Shown out;
    BOWLINE_TRY(out.file, hexField(answer, "proof"));
    if (out.file.size() > kMaxFile) return base::makeError(kNodeBadAnswer, "chain_proof: too long");
    if (object->contains("header")) {
        BOWLINE_TRY(out.header, signedHeaderOf(answer));
    }
    return std::optional(std::move(out));
}

} // namespace

ChainProof::ChainProof(store::Database& db, std::shared_ptr<const proven::Checker> checker,
                       const proven::WorkChain& bitcoin, l2::LightClient& client)
    : m_db(db), m_checker(checker ? std::move(checker) : std::make_shared<proven::NoChecker>()),
      m_follower(*m_checker), m_bitcoin(bitcoin), m_client(client)
{
}

proven::Surroundings ChainProof::around() const
{
    return {m_bitcoin, [this](base::BatchNumber number) -> std::optional<l2::BatchHash> {
                const l2::SignedHeader* held = m_client.headerAt(number);
                return held == nullptr ? std::nullopt : std::optional(held->header.hash());
            }};
}

base::Status ChainProof::load(const std::string& provider)
{
    BOWLINE_CHECK(loadProof());
    return loadContradictions(provider);
}

base::Status ChainProof::loadContradictions(const std::string& provider)
{
    BOWLINE_TRY(store::Statement rows,
                m_db.query("SELECT header, file FROM proven_otherwise WHERE provider = ?", provider));
    return rows.forEach([this, &provider](store::Statement& row) -> base::Status {
        BOWLINE_TRY(const l2::BatchHeader shown, l2::parseBatchHeader(row.blobView(0)));
        const l2::SignedHeader* own = m_client.headerAt(shown.height);
        if (own == nullptr || own->header != shown) return base::success(); // it was replaced
        const auto file = m_follower.check(row.blob(1));
        BOWLINE_CHECK(row.rowStatus());
        if (file.ok() && file->head.batch == shown.height)
            m_client.contradict({file->head.batch, file->head.hash}, provider);
        return base::success();
    });
}

base::Status ChainProof::loadProof()
{
    base::Bytes file;
    {
        BOWLINE_TRY(store::Statement row, m_db.query("SELECT file FROM proof"));
        BOWLINE_TRY(const bool found, row.step());
        if (!found) return base::success();
        file = row.blob(0);
        BOWLINE_CHECK(row.rowStatus());
    }
    const base::Status good = m_follower.restore(std::move(file));
    if (!good.ok()) {
        if (good.error().code == proven::kNoKeys) return base::success();
        base::logWarning("services", "the kept proof is none and is dropped: " + good.error().detail);
        return m_db.run("DELETE FROM proof");
    }
    look();
    return base::success();
}

void ChainProof::look()
{
    const std::optional<proven::Head> proven = m_follower.head(around());
    m_client.setProven(proven ? std::optional(l2::ProvenBatch{proven->batch, proven->hash}) : std::nullopt);
}

std::optional<ProvenHead> ChainProof::head() const
{
    const std::optional<proven::Head> proven = m_follower.head(around());
    if (!proven) return std::nullopt;
    return ProvenHead{*proven, m_follower.held()->file.size(), m_follower.held()->checkTime};
}

base::Bytes ChainProof::file() const
{
    return m_follower.head(around()) ? m_follower.held()->file : base::Bytes{};
}

json::object ChainProof::question() const
{
    const std::optional<proven::Head> proven = m_follower.head(around());
    return proven ? json::object{{"after", proven->batch.value}} : json::object{};
}

base::Status ChainProof::take(const json::value& answer, const std::string& provider)
{
    BOWLINE_TRY(std::optional<Shown> shown, shownIn(answer));
    if (!shown) return base::success();
    auto checked = m_follower.check(std::move(shown->file));
    if (!checked.ok()) {
        if (checked.error().code == proven::kNotProven) return invalid("bad-chain-proof");
        if (checked.error().code == proven::kNoKeys) return base::success(); // no fault of the node's
        return checked.error();
    }
    const base::Status good = m_follower.mayTake(checked->head, around());
    if (good.ok()) {
        BOWLINE_CHECK(keep(checked->file)); // what is held is on disk
        BOWLINE_CHECK(m_follower.take(std::move(*checked), around()));
        look();
        return base::success();
    }
    const base::ErrorCode code = good.error().code;
    if (code == proven::kOtherHistory) return contradict(*checked, shown->header, provider);
    if (code == proven::kLessWork || code == proven::kMoreWork) return invalid("bad-chain-proof");
    if (code == proven::kL1Elsewhere) return good;
    return base::success();
}

base::Status ChainProof::keep(const base::Bytes& file)
{
    return m_db.run("INSERT INTO proof(only, file) VALUES (1, ?) "
                    "ON CONFLICT(only) DO UPDATE SET file = excluded.file",
                    file);
}

/// Headers of one history and a proof of another one, both good.
base::Status ChainProof::contradict(const proven::CheckedFile& file,
                                    const std::optional<l2::SignedHeader>& theirs,
                                    const std::string& provider)
{
    const l2::SignedHeader* own = m_client.headerAt(file.head.batch);
    if (own == nullptr || own->header.hash() == file.head.hash) return base::success();
    // While its block stands no reorganisation explains it; after one, the header held here is the one that goes.
    if (m_bitcoin.hashAt(own->header.l1Height) != own->header.l1Hash) return base::success();
    if (theirs && theirs->header.hash() == file.head.hash) {
        const l2::Verdict verdict = m_client.addHeader(*theirs, provider);
        const auto* wrong = std::get_if<l2::Invalid>(&verdict);
        if (wrong != nullptr && wrong->reason == l2::kReasonEquivocation) return invalid(wrong->reason);
    }
    m_client.contradict({file.head.batch, file.head.hash}, provider);
    BOWLINE_CHECK(m_db.run("INSERT OR IGNORE INTO proven_otherwise(header, signature, hash, file, provider) "
                           "SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM proven_otherwise) < ?",
                           own->header.encode(), own->signature, file.head.hash, file.file, provider,
                           kMaxOtherwise));
    return invalid(l2::kReasonProvenOtherwise);
}

} // namespace bowline::services
