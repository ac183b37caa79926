// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/sequencer_store.h"

namespace bowline::daemon {

using base::Result;
using base::Status;
using base::success;
using store::Database;
using store::Statement;

namespace {
// Positions begin in the middle, so that replays find room before the others.
constexpr std::uint64_t kFirstPosition = std::uint64_t{1} << 48U;
constexpr std::uint64_t kRejectedKept = 10'000;

Result<std::uint64_t> number(Database& db, std::string_view sql)
{
    BOWLINE_TRY(Statement statement, db.query(sql));
    BOWLINE_TRY(const bool found, statement.step());
    const std::uint64_t out = found && !statement.isNull(0) ? statement.u64(0) : kFirstPosition;
    BOWLINE_CHECK(statement.rowStatus());
    return out;
}
} // namespace

Result<std::vector<PendingRow>> loadPending(Database& db)
{
    BOWLINE_TRY(Statement statement,
                db.query("SELECT position, hash, tx, replay, since FROM pending ORDER BY position"));
    std::vector<PendingRow> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) {
        out.push_back({row.u64(0), row.hash<l2::TxHash>(1), row.blob(2), row.boolean(3), row.u64(4)});
    }));
    return out;
}

Result<std::uint64_t> addPending(Database& db, const l2::TxHash& hash, base::ByteView encoded,
                                 base::BatchNumber head)
{
    BOWLINE_TRY(const std::uint64_t last, number(db, "SELECT max(position) FROM pending"));
    BOWLINE_CHECK(db.run("INSERT INTO pending(position, hash, tx, replay, since) VALUES (?, ?, ?, 0, ?)",
                         last + 1, hash, encoded, head.value));
    return last + 1;
}

Status addReplays(Database& db, const std::vector<base::Bytes>& transactions)
{
    BOWLINE_TRY(const std::uint64_t first, number(db, "SELECT min(position) FROM pending"));
    std::uint64_t position = first - transactions.size();
    for (const base::Bytes& encoded : transactions) {
        BOWLINE_CHECK(db.run("INSERT INTO pending(position, hash, tx, replay) VALUES (?, ?, ?, 1)",
                             position++, l2::hashOfEncoded(encoded), encoded));
    }
    return success();
}

Status removePending(Database& db, const l2::TxHash& hash)
{
    return db.run("DELETE FROM pending WHERE hash = ?", hash);
}

Status addRejected(Database& db, const l2::TxHash& hash, std::string_view reason)
{
    BOWLINE_TRY(const std::uint64_t last, number(db, "SELECT max(position) FROM rejected"));
    BOWLINE_CHECK(
        db.run("INSERT INTO rejected(hash, position, reason) VALUES (?, ?, ?) "
               "ON CONFLICT(hash) DO UPDATE SET position = excluded.position, reason = excluded.reason",
               hash, last + 1, reason));
    return db.run("DELETE FROM rejected WHERE position <= ?", last + 1 - kRejectedKept);
}

Status removeRejected(Database& db, const l2::TxHash& hash)
{
    return db.run("DELETE FROM rejected WHERE hash = ?", hash);
}

Result<std::optional<std::string>> rejectionOf(Database& db, const l2::TxHash& hash)
{
    BOWLINE_TRY(Statement statement, db.query("SELECT reason FROM rejected WHERE hash = ?", hash));
    BOWLINE_TRY(const bool found, statement.step());
    if (!found) return std::optional<std::string>{};
    std::optional<std::string> out = statement.text(0);
    BOWLINE_CHECK(statement.rowStatus());
    return out;
}

Status addSigned(Database& db, const l2::BatchHeader& header)
{
    return db.run("INSERT INTO signing(number, hash, header) VALUES (?, ?, ?)", header.height.value,
                  header.hash(), header.encode());
}

Result<std::vector<l2::BatchHeader>> signedAt(Database& db, base::BatchNumber batch)
{
    BOWLINE_TRY(Statement statement, db.query("SELECT header FROM signing WHERE number = ?", batch.value));
    std::vector<l2::BatchHeader> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) -> Status {
        BOWLINE_TRY(const l2::BatchHeader header, l2::parseBatchHeader(row.blobView(0)));
        out.push_back(header);
        return success();
    }));
    return out;
}

Status addUndone(Database& db, const l2::SignedBatch& batch)
{
    return db.run("INSERT INTO undone(number, hash, batch) VALUES (?, ?, ?)", batch.head.header.height.value,
                  batch.head.header.hash(), batch.encode());
}

Status removeUndone(Database& db, const l2::BatchHeader& header)
{
    return db.run("DELETE FROM undone WHERE number = ? AND hash = ?", header.height.value, header.hash());
}

Result<std::vector<l2::SignedBatch>> undoneAt(Database& db, base::BatchNumber batch)
{
    BOWLINE_TRY(Statement statement, db.query("SELECT batch FROM undone WHERE number = ?", batch.value));
    std::vector<l2::SignedBatch> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) -> Status {
        BOWLINE_TRY(l2::SignedBatch undone, l2::parseSignedBatch(row.blobView(0)));
        out.push_back(std::move(undone));
        return success();
    }));
    return out;
}

Status putHold(Database& db, base::Height until)
{
    return db.run(
        "INSERT INTO hold(only, until) VALUES (1, ?) ON CONFLICT(only) DO UPDATE SET until = excluded.until",
        until.value);
}

Result<base::Height> holdUntil(Database& db)
{
    BOWLINE_TRY(Statement statement, db.query("SELECT until FROM hold"));
    BOWLINE_TRY(const bool found, statement.step());
    const base::Height out{found ? statement.u32(0) : 0};
    if (found) BOWLINE_CHECK(statement.rowStatus());
    return out;
}

} // namespace bowline::daemon
