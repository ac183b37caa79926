// SPDX-License-Identifier: MIT
#include "app/daemon/node/l2_store.h"

#include <array>
#include <utility>

namespace bowline::daemon {

using base::BatchNumber;
using base::Bytes;
using base::makeError;
using base::Result;
using base::Status;
using base::success;
using store::Statement;
using store::Transaction;

namespace {

// "BWL2"
constexpr std::uint32_t kApplicationId = 0x42574c32;

// batch.. claim, undone_burn: the chain and its indexes, owned by this class. signing, pending, rejected, undone, hold,
// anchor, refill: the sequencer's (app/daemon/sequencer), here because they change together with batches.
constexpr std::array<const char*, 6> kSteps{R"(
CREATE TABLE batch(number INTEGER PRIMARY KEY, hash BLOB NOT NULL, header BLOB NOT NULL, signature BLOB NOT NULL,
                   body BLOB NOT NULL) STRICT;
CREATE TABLE object(key BLOB PRIMARY KEY, kind INTEGER NOT NULL, id BLOB NOT NULL, value BLOB NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX object_by_kind ON object(kind, id);
CREATE TABLE undo(batch INTEGER NOT NULL, key BLOB NOT NULL, value BLOB, PRIMARY KEY(batch, key))
    STRICT, WITHOUT ROWID;
CREATE TABLE tx(hash BLOB PRIMARY KEY, batch INTEGER NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL,
                fee INTEGER NOT NULL, reference INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX tx_by_batch ON tx(batch);
CREATE TABLE history(account BLOB NOT NULL, position INTEGER NOT NULL, batch INTEGER NOT NULL,
                     number INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(account, position))
    STRICT, WITHOUT ROWID;
CREATE INDEX history_by_batch ON history(batch);
CREATE TABLE claim(number INTEGER PRIMARY KEY, batch INTEGER NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TABLE equivocation(first BLOB NOT NULL, first_signature BLOB NOT NULL, second BLOB NOT NULL,
                          second_signature BLOB NOT NULL, PRIMARY KEY(first, second)) STRICT, WITHOUT ROWID;
CREATE TABLE signing(number INTEGER NOT NULL, hash BLOB NOT NULL, header BLOB NOT NULL,
                     PRIMARY KEY(number, hash)) STRICT, WITHOUT ROWID;
CREATE TABLE pending(position INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, tx BLOB NOT NULL,
                     replay INTEGER NOT NULL) STRICT;
CREATE TABLE rejected(hash BLOB PRIMARY KEY, position INTEGER NOT NULL, reason TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX rejected_by_position ON rejected(position);
)",
                                            R"(
CREATE TABLE undone(number INTEGER NOT NULL, hash BLOB NOT NULL, batch BLOB NOT NULL, PRIMARY KEY(number, hash))
    STRICT, WITHOUT ROWID;
CREATE TABLE hold(only INTEGER PRIMARY KEY CHECK(only = 1), until INTEGER NOT NULL) STRICT;
ALTER TABLE pending ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE pending SET since = (SELECT max(number) FROM batch);
-- An object of kind 5 is a withdrawal and begins with its owner.
CREATE INDEX withdrawal_by_owner ON object(substr(value, 1, 32), id) WHERE kind = 5;
)",
                                            R"(
CREATE TABLE undone_burn(kickoff BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
)",
                                            R"(
CREATE INDEX tx_by_reference ON tx(kind, reference, batch);
CREATE TABLE anchor(position INTEGER PRIMARY KEY, seal BLOB NOT NULL UNIQUE, tx BLOB NOT NULL, fee INTEGER NOT NULL)
    STRICT;
CREATE TABLE sealed_otherwise(header BLOB NOT NULL, signature BLOB NOT NULL, commitment BLOB NOT NULL,
                              height INTEGER NOT NULL, block BLOB NOT NULL, txid BLOB NOT NULL,
                              PRIMARY KEY(header, commitment)) STRICT, WITHOUT ROWID;
)",
                                            R"(
CREATE TABLE refill(outpoint BLOB NOT NULL UNIQUE, value INTEGER NOT NULL, taken_by BLOB NOT NULL DEFAULT x'') STRICT;
)",
                                            R"(
-- Whoever named one before names it again: its block was not kept.
DROP TABLE refill;
CREATE TABLE refill(outpoint BLOB NOT NULL UNIQUE, value INTEGER NOT NULL, height INTEGER NOT NULL, block BLOB NOT NULL,
                    taken_by BLOB NOT NULL DEFAULT x'', tries INTEGER NOT NULL DEFAULT 0) STRICT;
)"};
constexpr store::Schema kSchema{kApplicationId, kSteps};

Result<l2::SignedHeader> readHeader(Statement& row, int column)
{
    const Bytes header = row.blob(column);
    const auto signature = row.array<64>(column + 1);
    BOWLINE_CHECK(row.rowStatus());
    BOWLINE_TRY(const l2::BatchHeader parsed, l2::parseBatchHeader(header));
    return l2::SignedHeader{parsed, signature};
}

Status expectRow(Statement& statement)
{
    BOWLINE_TRY(const bool found, statement.step());
    return found ? success() : Status(makeError(kNotHere));
}

Result<l2::StateObject> readObject(Statement& row)
{
    const std::uint32_t kind = row.u32(0);
    l2::StateObject out{{static_cast<l2::ObjectKind>(kind), row.blob(1)}, row.blob(2)};
    BOWLINE_CHECK(row.rowStatus());
    return out;
}

} // namespace

Result<L2Store> L2Store::open(const std::string& path, const BatchRecord& genesis)
{
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema));
    L2Store out(std::move(db));
    const auto first = out.header(BatchNumber{0});
    if (first.ok()) {
        if (first->header == genesis.batch.head.header) return out;
        return makeError(kOtherChain, path);
    }
    if (first.error().code != kNotHere) return first.error();
    BOWLINE_CHECK(out.append(genesis));
    return out;
}

Status L2Store::append(const BatchRecord& record, const Also& also)
{
    BOWLINE_TRY(Transaction transaction, Transaction::begin(m_db));
    BOWLINE_CHECK(insert(record));
    if (also) BOWLINE_CHECK(also(m_db));
    return transaction.commit();
}

Status L2Store::insert(const BatchRecord& record)
{
    const l2::BatchHeader& header = record.batch.head.header;
    const std::uint64_t number = header.height.value;
    BOWLINE_CHECK(m_db.run("INSERT INTO batch(number, hash, header, signature, body) VALUES (?, ?, ?, ?, ?)",
                           number, header.hash(), header.encode(), record.batch.head.signature,
                           record.batch.body.encode()));
    for (const l2::StateObject& object : record.changes) BOWLINE_CHECK(change(header.height, object));
    for (std::size_t i = 0; i < record.receipts.size(); ++i) {
        const l2::Receipt& receipt = record.receipts[i];
        BOWLINE_CHECK(
            m_db.run("INSERT INTO tx(hash, batch, number, kind, fee, reference) VALUES (?, ?, ?, ?, ?, ?)",
                     receipt.transaction, number, i, static_cast<std::uint8_t>(receipt.kind), receipt.fee,
                     receipt.reference));
    }
    for (const HistoryRow& row : record.history) {
        BOWLINE_CHECK(
            m_db.run("INSERT INTO history(account, position, batch, number, hash) VALUES (?1, "
                     "(SELECT coalesce(max(position) + 1, 0) FROM history WHERE account = ?1), ?2, ?3, ?4)",
                     row.account, number, row.entry.index, row.entry.transaction));
    }
    for (const base::Digest& leaf : record.claimLeaves) {
        BOWLINE_CHECK(m_db.run("INSERT INTO claim(number, batch, leaf) VALUES "
                               "((SELECT coalesce(max(number) + 1, 0) FROM claim), ?, ?)",
                               number, leaf));
    }
    return success();
}

Status L2Store::change(BatchNumber batch, const l2::StateObject& object)
{
    const l2::StateKey key = object.id.key();
    // A missing row becomes NULL: the object did not exist before.
    BOWLINE_CHECK(m_db.run("INSERT INTO undo(batch, key, value) "
                           "VALUES (?1, ?2, (SELECT value FROM object WHERE key = ?2))",
                           batch.value, key));
    return m_db.run("INSERT INTO object(key, kind, id, value) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                    key, static_cast<std::uint8_t>(object.id.kind), object.id.id, object.value);
}

Status L2Store::rollbackTo(BatchNumber last, const Also& also)
{
    BOWLINE_TRY(Transaction transaction, Transaction::begin(m_db));
    if (also) BOWLINE_CHECK(also(m_db));
    BOWLINE_TRY(const l2::SignedHeader newest, head());
    for (std::uint64_t number = newest.header.height.value; number > last.value; --number) {
        BOWLINE_CHECK(rememberBurns(BatchNumber{number}));
        BOWLINE_CHECK(undo(BatchNumber{number}));
    }
    for (const char* sql : {"DELETE FROM tx WHERE batch > ?", "DELETE FROM history WHERE batch > ?",
                            "DELETE FROM claim WHERE batch > ?", "DELETE FROM batch WHERE number > ?"}) {
        BOWLINE_CHECK(m_db.run(sql, last.value));
    }
    return transaction.commit();
}

Status L2Store::rememberBurns(BatchNumber number)
{
    BOWLINE_TRY(const l2::SignedBatch undone, batch(number));
    for (const Bytes& encoded : undone.body.transactions) {
        BOWLINE_TRY(const l2::Transaction transaction, l2::parseTransaction(encoded));
        const auto* burn = std::get_if<l2::ClaimVault>(&transaction.payload);
        if (burn == nullptr) continue;
        BOWLINE_CHECK(m_db.run("INSERT OR IGNORE INTO undone_burn(kickoff) VALUES (?)", burn->kickoff));
    }
    return success();
}

Status L2Store::undo(BatchNumber batch)
{
    BOWLINE_CHECK(m_db.run("DELETE FROM object WHERE key IN "
                           "(SELECT key FROM undo WHERE batch = ? AND value IS NULL)",
                           batch.value));
    BOWLINE_CHECK(m_db.run("UPDATE object SET value = undo.value FROM undo "
                           "WHERE undo.batch = ? AND undo.key = object.key AND undo.value IS NOT NULL",
                           batch.value));
    return m_db.run("DELETE FROM undo WHERE batch = ?", batch.value);
}

Result<bool> L2Store::addEquivocation(const EquivocationRow& row)
{
    BOWLINE_CHECK(m_db.run(
        "INSERT OR IGNORE INTO equivocation(first, first_signature, second, second_signature) "
        "VALUES (?, ?, ?, ?)",
        row.first.header.encode(), row.first.signature, row.second.header.encode(), row.second.signature));
    return m_db.changes() > 0;
}

Result<bool> L2Store::addSealedOtherwise(const SealedOtherwiseRow& row)
{
    BOWLINE_CHECK(
        m_db.run("INSERT OR IGNORE INTO sealed_otherwise(header, signature, commitment, height, block, txid) "
                 "VALUES (?, ?, ?, ?, ?, ?)",
                 row.header.header.encode(), row.header.signature, row.anchor.commitment.encode(),
                 row.anchor.height, row.anchor.block, row.anchor.txid));
    return m_db.changes() > 0;
}

Result<std::uint64_t> L2Store::equivocations()
{
    BOWLINE_TRY(Statement statement, m_db.query("SELECT (SELECT count(*) FROM equivocation) + "
                                                "(SELECT count(*) FROM sealed_otherwise)"));
    BOWLINE_CHECK(expectRow(statement));
    return statement.u64(0);
}

Result<l2::SignedHeader> L2Store::head()
{
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT header, signature FROM batch ORDER BY number DESC LIMIT 1"));
    BOWLINE_CHECK(expectRow(statement));
    return readHeader(statement, 0);
}

Result<l2::SignedHeader> L2Store::header(BatchNumber number)
{
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT header, signature FROM batch WHERE number = ?", number.value));
    BOWLINE_CHECK(expectRow(statement));
    return readHeader(statement, 0);
}

Result<std::vector<l2::SignedHeader>> L2Store::headers(BatchNumber first, std::size_t limit)
{
    std::vector<l2::SignedHeader> out;
    if (!std::in_range<std::int64_t>(first.value)) return out; // SQLite has no such number
    BOWLINE_TRY(Statement rows,
                m_db.query("SELECT header, signature FROM batch WHERE number >= ? ORDER BY number LIMIT ?",
                           first.value, limit));
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) -> Status {
        BOWLINE_TRY(const l2::SignedHeader header, readHeader(row, 0));
        out.push_back(header);
        return success();
    }));
    return out;
}

Result<l2::SignedBatch> L2Store::batch(BatchNumber number)
{
    BOWLINE_TRY(const Bytes bytes, batchBytes(number));
    return l2::parseSignedBatch(bytes);
}

Result<Bytes> L2Store::batchBytes(BatchNumber number)
{
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT header, signature, body FROM batch WHERE number = ?", number.value));
    BOWLINE_CHECK(expectRow(statement));
    Bytes out = statement.blob(0);
    base::append(out, statement.blobView(1));
    base::append(out, statement.blobView(2));
    BOWLINE_CHECK(statement.rowStatus());
    return out;
}

Result<std::vector<l2::StateObject>> L2Store::objects()
{
    BOWLINE_TRY(Statement statement, m_db.query("SELECT kind, id, value FROM object"));
    std::vector<l2::StateObject> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) -> Status {
        BOWLINE_TRY(l2::StateObject object, readObject(row));
        out.push_back(std::move(object));
        return success();
    }));
    return out;
}

Result<std::vector<l2::StateObject>> L2Store::objectsAfter(BatchNumber number)
{
    // The first change after that batch remembers what was there; SQLite takes `value` from the row of min().
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT kind, id, CASE WHEN first IS NULL THEN object.value ELSE was.value END "
                           "FROM object LEFT JOIN (SELECT key, value, min(batch) AS first FROM undo "
                           "WHERE batch > ? GROUP BY key) AS was ON was.key = object.key",
                           number.value));
    std::vector<l2::StateObject> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) -> Status {
        if (row.isNull(2)) return success(); // it did not exist yet
        BOWLINE_TRY(l2::StateObject object, readObject(row));
        out.push_back(std::move(object));
        return success();
    }));
    return out;
}

Result<std::vector<l2::StateObject>> L2Store::objectsOfKind(l2::ObjectKind kind)
{
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT kind, id, value FROM object WHERE kind = ? ORDER BY id",
                           static_cast<std::uint8_t>(kind)));
    std::vector<l2::StateObject> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) -> Status {
        BOWLINE_TRY(l2::StateObject object, readObject(row));
        out.push_back(std::move(object));
        return success();
    }));
    return out;
}

namespace {

Status visitRows(Statement& rows, const L2Store::Visit& visit)
{
    for (;;) {
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) return success();
        BOWLINE_TRY(const l2::StateObject object, readObject(rows));
        BOWLINE_TRY(const bool goOn, visit(object));
        if (!goOn) return success();
    }
}

} // namespace

Status L2Store::visitKind(l2::ObjectKind kind, const Bytes& after, const Visit& visit)
{
    BOWLINE_TRY(Statement rows,
                m_db.query("SELECT kind, id, value FROM object WHERE kind = ? AND id > ? ORDER BY id",
                           static_cast<std::uint8_t>(kind), after));
    return visitRows(rows, visit);
}

Status L2Store::visitWithdrawalsOf(const base::XOnlyPublicKey& owner, const Bytes& after, const Visit& visit)
{
    BOWLINE_TRY(Statement rows, m_db.query("SELECT kind, id, value FROM object WHERE kind = 5 AND "
                                           "substr(value, 1, 32) = ? AND id > ? ORDER BY id",
                                           owner, after));
    return visitRows(rows, visit);
}

Result<std::optional<TxPlace>> L2Store::find(const l2::TxHash& transaction)
{
    BOWLINE_TRY(Statement row,
                m_db.query("SELECT batch, number, kind, fee, reference FROM tx WHERE hash = ?", transaction));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::optional<TxPlace>{};
    const TxPlace place{BatchNumber{row.u64(0)}, row.u32(1), static_cast<l2::TxType>(row.u32(2)),
                        row.amount(3), row.u64(4)};
    BOWLINE_CHECK(row.rowStatus());
    return std::optional<TxPlace>{place};
}

Result<std::vector<l2::HistoryEntry>> L2Store::history(const base::XOnlyPublicKey& account, BatchNumber last,
                                                       std::size_t limit)
{
    BOWLINE_TRY(Statement statement, m_db.query("SELECT hash, batch, number FROM history "
                                                "WHERE account = ? AND batch <= ? ORDER BY position LIMIT ?",
                                                account, last.value, limit));
    std::vector<l2::HistoryEntry> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) {
        out.push_back({row.hash<l2::TxHash>(0), BatchNumber{row.u64(1)}, row.u32(2)});
    }));
    return out;
}

Result<std::optional<BatchNumber>> L2Store::newestOf(l2::TxType kind, std::uint64_t reference)
{
    BOWLINE_TRY(Statement row, m_db.query("SELECT max(batch) FROM tx WHERE kind = ? AND reference = ?",
                                          static_cast<std::uint8_t>(kind), reference));
    BOWLINE_TRY(const bool found, row.step());
    if (!found || row.isNull(0)) return std::optional<BatchNumber>();
    const BatchNumber out{row.u64(0)};
    BOWLINE_CHECK(row.rowStatus());
    return std::optional(out);
}

Result<bool> L2Store::wasBurnUndone(const base::Txid& kickoff)
{
    BOWLINE_TRY(Statement row, m_db.query("SELECT 1 FROM undone_burn WHERE kickoff = ?", kickoff));
    return row.step();
}

Result<std::vector<base::Digest>> L2Store::claimLeaves(BatchNumber last)
{
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT leaf FROM claim WHERE batch <= ? ORDER BY number", last.value));
    std::vector<base::Digest> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) { out.push_back(row.hash<base::Digest>(0)); }));
    return out;
}

Result<std::vector<base::Digest>> L2Store::claimLeavesFrom(std::uint64_t first)
{
    BOWLINE_TRY(Statement statement,
                m_db.query("SELECT leaf FROM claim WHERE number >= ? ORDER BY number", first));
    std::vector<base::Digest> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) { out.push_back(row.hash<base::Digest>(0)); }));
    return out;
}

} // namespace bowline::daemon
