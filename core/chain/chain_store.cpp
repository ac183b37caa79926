// SPDX-License-Identifier: MIT
#include "core/chain/chain_store.h"

namespace bowline::chain {

using base::Height;
using base::makeError;
using base::Result;
using base::Status;
using store::Statement;
using store::Transaction;

namespace {

constexpr std::array<const char*, 1> kSteps{R"sql(
CREATE TABLE network(
    id INTEGER PRIMARY KEY CHECK (id = 1),
    genesis BLOB NOT NULL CHECK (length(genesis) = 32),
    vouched INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE header(
    height INTEGER PRIMARY KEY,
    header BLOB NOT NULL CHECK (length(header) = 80)
) STRICT;
CREATE TABLE side_header(
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    height INTEGER NOT NULL,
    header BLOB NOT NULL CHECK (length(header) = 80)
) STRICT, WITHOUT ROWID;
CREATE TABLE filter_header(
    height INTEGER PRIMARY KEY,
    header BLOB NOT NULL CHECK (length(header) = 32)
) STRICT;
CREATE TABLE ban(
    address TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    reason TEXT NOT NULL,
    evidence BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql"};

constexpr store::Schema kSchema{0x42576368 /* "BWch" */, kSteps};

Result<bitcoin::BlockHeader> headerOf(Statement& row, int column)
{
    const base::ByteView bytes = row.blobView(column);
    BOWLINE_CHECK(row.rowStatus());
    return bitcoin::parseBlockHeader(bytes);
}

} // namespace

Result<ChainStore> ChainStore::open(const std::string& path, const bitcoin::ChainParams& params)
{
    store::OpenOptions options;
    options.durability = store::Durability::Normal;
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema, options));
    ChainStore out(std::move(db));
    BOWLINE_CHECK(out.bindNetwork(params));
    return out;
}

Status ChainStore::bindNetwork(const bitcoin::ChainParams& params)
{
    BOWLINE_CHECK(m_db.run("INSERT OR IGNORE INTO network(id, genesis) VALUES (1, ?)", params.genesisHash));
    BOWLINE_TRY(Statement row, m_db.prepare("SELECT genesis FROM network"));
    BOWLINE_TRY(const bool found, row.step());
    const auto genesis = found ? row.hash<base::BlockHash>(0) : base::BlockHash{};
    BOWLINE_CHECK(row.rowStatus());
    if (genesis != params.genesisHash) return makeError(kWrongNetwork, "genesis " + genesis.displayHex());
    return m_db.run("INSERT OR IGNORE INTO header(height, header) VALUES (0, ?)", params.genesis.serialize());
}

Result<StoredChain> ChainStore::load()
{
    StoredChain out;
    BOWLINE_TRY(Statement best, m_db.prepare("SELECT height, header FROM header ORDER BY height"));
    BOWLINE_CHECK(best.forEach([&](Statement& row) -> Status {
        if (row.u32(0) != out.best.size()) return makeError(store::kBadRow, "gap in the header chain");
        BOWLINE_TRY(bitcoin::BlockHeader header, headerOf(row, 1));
        out.best.push_back(header);
        return base::success();
    }));
    BOWLINE_TRY(Statement side, m_db.prepare("SELECT height, hash, header FROM side_header ORDER BY height"));
    BOWLINE_CHECK(side.forEach([&](Statement& row) -> Status {
        BOWLINE_TRY(const bitcoin::BlockHeader header, headerOf(row, 2));
        out.side.push_back({row.height(0), row.hash<base::BlockHash>(1), header});
        return row.rowStatus();
    }));
    BOWLINE_TRY(Statement filters, m_db.prepare("SELECT height, header FROM filter_header ORDER BY height"));
    BOWLINE_CHECK(filters.forEach([&](Statement& row) -> Status {
        if (row.u32(0) != out.filters.size()) return makeError(store::kBadRow, "gap in the filter headers");
        out.filters.push_back(row.hash<base::FilterHeader>(1));
        return row.rowStatus();
    }));
    BOWLINE_TRY(Statement vouched, m_db.prepare("SELECT vouched FROM network"));
    BOWLINE_TRY(const bool found, vouched.step());
    if (found) out.vouched = vouched.height(0);
    BOWLINE_CHECK(vouched.rowStatus());
    return out;
}

Status ChainStore::insertSide(const std::vector<StoredHeader>& headers)
{
    BOWLINE_TRY(Statement insert,
                m_db.prepare("INSERT OR REPLACE INTO side_header(hash, height, header) VALUES (?, ?, ?)"));
    for (const StoredHeader& side : headers) {
        BOWLINE_CHECK(insert.bind(side.hash, side.height, side.header.serialize()));
        BOWLINE_CHECK(insert.run());
    }
    return base::success();
}

Status ChainStore::apply(const ChainChange& change)
{
    BOWLINE_TRY(Transaction transaction, Transaction::begin(m_db));
    BOWLINE_CHECK(m_db.run("DELETE FROM header WHERE height > ?", change.fork));
    BOWLINE_CHECK(m_db.run("DELETE FROM filter_header WHERE height > ?", change.fork));
    BOWLINE_CHECK(m_db.run("UPDATE network SET vouched = min(vouched, ?)", change.fork + 1));
    BOWLINE_CHECK(insertSide(change.toSide));
    BOWLINE_TRY(Statement forgetSide, m_db.prepare("DELETE FROM side_header WHERE hash = ?"));
    for (const base::BlockHash& hash : change.fromSide) {
        BOWLINE_CHECK(forgetSide.bind(hash));
        BOWLINE_CHECK(forgetSide.run());
    }
    BOWLINE_TRY(Statement insert, m_db.prepare("INSERT INTO header(height, header) VALUES (?, ?)"));
    Height height = change.fork;
    for (const bitcoin::BlockHeader& header : change.connected) {
        height = height + 1;
        BOWLINE_CHECK(insert.bind(height, header.serialize()));
        BOWLINE_CHECK(insert.run());
    }
    return transaction.commit();
}

Status ChainStore::addSide(const std::vector<StoredHeader>& headers)
{
    BOWLINE_TRY(Transaction transaction, Transaction::begin(m_db));
    BOWLINE_CHECK(insertSide(headers));
    return transaction.commit();
}

Status ChainStore::appendFilters(Height first, const std::vector<base::FilterHeader>& headers)
{
    BOWLINE_TRY(Transaction transaction, Transaction::begin(m_db));
    BOWLINE_TRY(Statement insert, m_db.prepare("INSERT INTO filter_header(height, header) VALUES (?, ?)"));
    Height height = first;
    for (const base::FilterHeader& header : headers) {
        BOWLINE_CHECK(insert.bind(height, header));
        BOWLINE_CHECK(insert.run());
        height = height + 1;
    }
    return transaction.commit();
}

Status ChainStore::setVouched(Height vouched) { return m_db.run("UPDATE network SET vouched = ?", vouched); }

Status ChainStore::addBan(const BanRecord& ban)
{
    const base::ByteView evidence =
        base::ByteView(ban.evidence).first(std::min(ban.evidence.size(), kMaxEvidence));
    return m_db.run("INSERT OR REPLACE INTO ban(address, until, reason, evidence) VALUES (?, ?, ?, ?)",
                    ban.address, ban.until, ban.reason, evidence);
}

Result<std::vector<BanRecord>> ChainStore::activeBans(base::UnixTime now)
{
    std::vector<BanRecord> out;
    BOWLINE_TRY(Statement rows,
                m_db.query("SELECT address, until, reason, evidence FROM ban WHERE until > ?", now));
    BOWLINE_CHECK(rows.forEach([&](Statement& row) {
        out.push_back({row.text(0), row.i64(1), row.text(2), row.blob(3)});
    }));
    return out;
}

} // namespace bowline::chain
