// SPDX-License-Identifier: MIT
#include "app/daemon/signer/signer_store.h"

#include "core/crypto/hash.h"

namespace bowline::daemon {

using base::Bytes;
using base::Result;
using base::Status;
using store::Statement;

namespace {

// "BWSG"
constexpr std::uint32_t kApplicationId = 0x42575347;
constexpr std::array<const char*, 2> kSteps{
    R"(
CREATE TABLE deposit(request BLOB PRIMARY KEY, terms BLOB NOT NULL, joined INTEGER NOT NULL DEFAULT 0,
                     bound_root BLOB, own_proposal BLOB, signed_graph BLOB, confirm_signature BLOB) STRICT;
CREATE TABLE released(session BLOB NOT NULL, confirm INTEGER NOT NULL, attempt INTEGER NOT NULL,
                      graph_root BLOB NOT NULL, request BLOB NOT NULL, PRIMARY KEY(session, confirm)) STRICT;
CREATE TABLE evidence(digest BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE veto(kickoff BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
)",
    // A stranger can name somebody else's outpoint: the terms are the key.
    R"(
CREATE TABLE kept(terms BLOB PRIMARY KEY, joined INTEGER NOT NULL DEFAULT 0, bound_root BLOB, own_proposal BLOB,
                  signed_graph BLOB, confirm_signature BLOB) STRICT;
INSERT INTO kept SELECT terms, joined, bound_root, own_proposal, signed_graph, confirm_signature FROM deposit;
DROP TABLE deposit;
CREATE TABLE funding(outpoint BLOB PRIMARY KEY, request BLOB NOT NULL) STRICT;
)"};
constexpr store::Schema kSchema{kApplicationId, kSteps};

Bytes termsBytes(const bridge::DepositTerms& terms)
{
    base::Writer writer;
    bridge::writeTerms(writer, terms);
    return writer.take();
}

Bytes outpointBytes(const bitcoin::OutPoint& outpoint)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, outpoint);
    return writer.take();
}

constexpr std::string_view kColumns =
    "SELECT terms, joined, bound_root, own_proposal, signed_graph, confirm_signature FROM kept";

Result<bitcoin::OutPoint> readOutpoint(const Bytes& bytes)
{
    base::Reader reader(bytes);
    const bitcoin::OutPoint out = bitcoin::readOutPoint(reader);
    BOWLINE_CHECK(reader.finish());
    return out;
}

Result<KeptDeposit> readDeposit(Statement& row)
{
    KeptDeposit out;
    const Bytes terms = row.blob(0);
    base::Reader reader(terms);
    out.terms = bridge::readTerms(reader);
    BOWLINE_CHECK(reader.finish());
    out.memory.joinedAttempt = row.u32(1);
    if (!row.isNull(2)) out.memory.boundRoot = row.hash<base::Digest>(2);
    if (!row.isNull(3)) out.memory.ownProposal = row.blob(3);
    if (!row.isNull(4)) {
        BOWLINE_TRY(out.memory.signedGraph, bridge::SignedGraph::parse(row.blob(4)));
    }
    if (!row.isNull(5)) out.memory.confirmSignature = row.array<64>(5);
    BOWLINE_CHECK(row.rowStatus());
    return out;
}

} // namespace

Result<SignerStore> SignerStore::open(const std::string& path)
{
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema));
    return SignerStore(std::move(db));
}

Result<std::vector<KeptDeposit>> SignerStore::deposits()
{
    BOWLINE_TRY(Statement rows, m_db.prepare(kColumns));
    std::vector<KeptDeposit> out;
    BOWLINE_CHECK(rows.forEach([&](Statement& row) -> Status {
        BOWLINE_TRY(KeptDeposit deposit, readDeposit(row));
        out.push_back(std::move(deposit));
        return base::success();
    }));
    return out;
}

Result<bridge::MemberMemory> SignerStore::memoryOf(const bridge::DepositTerms& terms)
{
    BOWLINE_TRY(Statement row, m_db.query(std::string(kColumns) + " WHERE terms = ?", termsBytes(terms)));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return bridge::MemberMemory{};
    BOWLINE_TRY(KeptDeposit deposit, readDeposit(row));
    return std::move(deposit.memory);
}

Result<std::map<bitcoin::OutPoint, bitcoin::OutPoint>> SignerStore::boundFundings()
{
    BOWLINE_TRY(Statement rows, m_db.prepare("SELECT outpoint, request FROM funding"));
    std::map<bitcoin::OutPoint, bitcoin::OutPoint> out;
    BOWLINE_CHECK(rows.forEach([&](Statement& row) -> Status {
        BOWLINE_TRY(const bitcoin::OutPoint funding, readOutpoint(row.blob(0)));
        BOWLINE_TRY(out[funding], readOutpoint(row.blob(1)));
        return base::success();
    }));
    return out;
}

Status SignerStore::releaseFundings(const bitcoin::OutPoint& request)
{
    return m_db.run("DELETE FROM funding WHERE request = ?", outpointBytes(request));
}

Status SignerStore::keep(const bridge::DepositTerms& terms, const bridge::Effects& effects)
{
    const Bytes key = termsBytes(terms);
    const Bytes request = outpointBytes(terms.request);
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(m_db));
    BOWLINE_CHECK(m_db.run("INSERT INTO kept(terms) VALUES (?) ON CONFLICT(terms) DO NOTHING", key));
    if (effects.joinedAttempt) {
        BOWLINE_CHECK(m_db.run("UPDATE kept SET joined = ? WHERE terms = ?", *effects.joinedAttempt, key));
    }
    if (effects.ownProposal) {
        BOWLINE_CHECK(
            m_db.run("UPDATE kept SET own_proposal = ? WHERE terms = ?", *effects.ownProposal, key));
    }
    for (const bridge::ReleasedRecord& record : effects.released) {
        // The primary key is the last line of defence: a second release in one session fails here.
        BOWLINE_CHECK(m_db.run("INSERT INTO released(session, confirm, attempt, graph_root, request) "
                               "VALUES (?, ?, ?, ?, ?)",
                               record.session, record.confirm ? 1 : 0, record.attempt, record.graphRoot,
                               request));
        BOWLINE_CHECK(m_db.run("UPDATE kept SET bound_root = ? WHERE terms = ?", record.graphRoot, key));
        for (const bitcoin::OutPoint& funding : record.fundings) {
            BOWLINE_CHECK(m_db.run("INSERT OR REPLACE INTO funding(outpoint, request) VALUES (?, ?)",
                                   outpointBytes(funding), request));
        }
    }
    if (effects.signedGraph) {
        BOWLINE_CHECK(m_db.run("UPDATE kept SET signed_graph = ? WHERE terms = ?",
                               effects.signedGraph->serialize(), key));
    }
    if (effects.confirmSignature) {
        BOWLINE_CHECK(m_db.run("UPDATE kept SET confirm_signature = ? WHERE terms = ?",
                               *effects.confirmSignature, key));
    }
    for (const bridge::Evidence& evidence : effects.evidence) BOWLINE_CHECK(keepEvidence(evidence));
    return transaction.commit();
}

Status SignerStore::keepEvidence(const bridge::Evidence& evidence)
{
    const Bytes bytes = evidence.serialize();
    return m_db.run("INSERT INTO evidence(digest, bytes) VALUES (?, ?) ON CONFLICT(digest) DO NOTHING",
                    crypto::sha256(bytes), bytes);
}

Status SignerStore::keepVeto(const base::Txid& kickoff, const bitcoin::Transaction& veto)
{
    return m_db.run("INSERT INTO veto(kickoff, bytes) VALUES (?, ?) ON CONFLICT(kickoff) DO NOTHING", kickoff,
                    veto.serialize());
}

Result<std::vector<bridge::Evidence>> SignerStore::evidence()
{
    BOWLINE_TRY(Statement rows, m_db.prepare("SELECT bytes FROM evidence"));
    std::vector<bridge::Evidence> out;
    BOWLINE_CHECK(rows.forEach([&](Statement& row) -> Status {
        BOWLINE_TRY(bridge::Evidence evidence, bridge::Evidence::parse(row.blob(0)));
        out.push_back(std::move(evidence));
        return base::success();
    }));
    return out;
}

Result<std::uint64_t> SignerStore::countVetoes()
{
    BOWLINE_TRY(Statement rows, m_db.prepare("SELECT count(*) FROM veto"));
    BOWLINE_CHECK(rows.step());
    return rows.u64(0);
}

} // namespace bowline::daemon
