// SPDX-License-Identifier: MIT
// Transactions, coins and history in the wallet's file.
#include "core/wallet/wallet_store_state.h"

namespace bowline::wallet {

using base::makeError;
using base::success;
using store::Statement;

namespace {

constexpr std::string_view kCoinQuery =
    "SELECT c.txid, c.vout, c.amount, s.script, s.type, s.branch, s.position, s.purpose, t.height, "
    "t.block_hash, t.coinbase, t.version, EXISTS (SELECT 1 FROM frozen f WHERE f.txid = c.txid AND "
    "f.vout = c.vout) FROM coin c JOIN tx t ON t.id = c.tx JOIN script s ON s.id = c.script ";

Coin coinFrom(Statement& row)
{
    Coin out;
    out.outpoint = {row.hash<Txid>(0), row.u32(1)};
    out.output = {row.amount(2), row.blob(3)};
    if (!row.isNull(4)) {
        out.key = OwnKey{row.u32(4) == 2 ? AddressType::SegwitV0 : AddressType::Taproot,
                         row.u32(5) == 1 ? Branch::Change : Branch::Receive, row.u32(6)};
    }
    out.purpose = row.text(7);
    if (!row.isNull(8)) out.confirmed = BlockRef{row.height(8), row.hash<BlockHash>(9)};
    out.coinbase = row.boolean(10);
    out.transactionVersion = row.u32(11);
    out.frozen = row.boolean(12);
    return out;
}

// Column 0 is the id of the transaction's row, the others are what HistoryEntry holds.
constexpr std::string_view kHistoryQuery =
    "SELECT t.id, t.txid, t.height, t.block_hash, t.first_seen, t.output_total, "
    "(SELECT coalesce(sum(c.amount), 0) FROM coin c JOIN script s ON s.id = c.script "
    " WHERE c.txid = t.txid AND s.type IS NOT NULL), "
    "(SELECT coalesce(sum(c.amount), 0) FROM spend p JOIN coin c ON c.txid = p.txid AND c.vout = p.vout "
    " JOIN script s ON s.id = c.script WHERE p.tx = t.id AND s.type IS NOT NULL), "
    "(SELECT count(*) FROM spend p WHERE p.tx = t.id) = (SELECT count(*) FROM spend p "
    " JOIN coin c ON c.txid = p.txid AND c.vout = p.vout JOIN script s ON s.id = c.script "
    " WHERE p.tx = t.id AND s.type IS NOT NULL) FROM tx t ";

HistoryEntry entryFrom(Statement& row, const CoinView& view)
{
    HistoryEntry out;
    out.row = row.i64(0);
    out.txid = row.hash<Txid>(1);
    if (!row.isNull(2)) out.confirmed = BlockRef{row.height(2), row.hash<BlockHash>(3)};
    out.firstSeen = row.i64(4);
    out.received = row.amount(6);
    out.spent = row.amount(7);
    if (row.boolean(8)) out.fee = out.spent - row.amount(5);
    const PendingTransaction* pending = out.confirmed ? nullptr : view.findPending(out.txid);
    out.state = out.confirmed ? TransactionState::Confirmed
                : pending     ? pending->state
                              : TransactionState::Pending;
    return out;
}

Amount outputTotal(const Transaction& transaction)
{
    Amount sum;
    for (const TxOut& output : transaction.outputs) sum += output.value;
    return sum;
}

} // namespace

Status WalletStore::putTransaction(const Transaction& transaction, const std::optional<BlockRef>& confirmed,
                                   UnixTime now, std::span<const std::uint32_t> outputs)
{
    // Also keeps sums within 21 million, in case a caller hands in what no node would.
    BOWLINE_CHECK(bitcoin::checkTransaction(transaction));
    const Txid txid = transaction.txid();
    BOWLINE_TRY(Batch batch, begin());
    BOWLINE_CHECK(db().run("INSERT INTO tx(txid, raw, version, coinbase, output_total, first_seen) "
                           "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(txid) DO NOTHING",
                           txid, transaction.serialize(), transaction.version,
                           transaction.isCoinbase() ? 1 : 0, outputTotal(transaction), now));
    BOWLINE_TRY(Statement idRow, db().query("SELECT id FROM tx WHERE txid = ?", txid));
    BOWLINE_TRY(const bool found, idRow.step());
    if (!found) return makeError(kWalletDamaged, "a transaction was not stored");
    const std::int64_t id = idRow.i64(0);
    idRow.reset();
    if (confirmed) {
        BOWLINE_CHECK(db().run("UPDATE tx SET height = ?, block_hash = ?, abandoned = 0 WHERE id = ?",
                               confirmed->height, confirmed->hash, id));
    }
    for (const std::uint32_t vout : outputs) {
        BOWLINE_CHECK(db().run(
            "INSERT INTO coin(txid, vout, tx, amount, script, spender) VALUES (?1, ?2, ?3, ?4, "
            "(SELECT id FROM script WHERE script = ?5), (SELECT p.tx FROM spend p JOIN tx t ON t.id = p.tx "
            "WHERE p.txid = ?1 AND p.vout = ?2 AND t.height IS NOT NULL LIMIT 1)) ON CONFLICT(txid, vout) DO "
            "NOTHING",
            txid, vout, id, transaction.outputs.at(vout).value, transaction.outputs.at(vout).scriptPubKey));
    }
    for (const bitcoin::TxIn& input : transaction.inputs) {
        BOWLINE_CHECK(db().run("INSERT OR IGNORE INTO spend(txid, vout, tx) VALUES (?, ?, ?)",
                               input.prevout.txid, input.prevout.index, id));
        if (!confirmed) continue;
        BOWLINE_CHECK(db().run("UPDATE coin SET spender = ? WHERE txid = ? AND vout = ?", id,
                               input.prevout.txid, input.prevout.index));
    }
    return batch.commit();
}

Status WalletStore::setAbandoned(const Txid& txid, bool abandoned)
{
    return db().run("UPDATE tx SET abandoned = ? WHERE txid = ? AND height IS NULL", abandoned ? 1 : 0, txid);
}

Result<std::optional<Coin>> WalletStore::coin(const OutPoint& outpoint)
{
    BOWLINE_TRY(Statement row, db().query(std::string(kCoinQuery) + "WHERE c.txid = ? AND c.vout = ?",
                                          outpoint.txid, outpoint.index));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::optional<Coin>();
    Coin out = coinFrom(row);
    BOWLINE_CHECK(row.rowStatus());
    return std::optional<Coin>(std::move(out));
}

Result<bool> WalletStore::hasCoin(const OutPoint& outpoint)
{
    std::optional<Statement>& statement = m_state->hasCoin;
    if (!statement) {
        BOWLINE_TRY(Statement prepared, db().prepare("SELECT 1 FROM coin WHERE txid = ? AND vout = ?"));
        statement = std::move(prepared);
    }
    statement->reset(); // it may have failed the last time
    BOWLINE_CHECK(statement->bind(outpoint.txid, outpoint.index));
    BOWLINE_TRY(const bool found, statement->step());
    statement->reset();
    return found;
}

Result<bool> WalletStore::isPaid(ByteView script)
{
    BOWLINE_TRY(Statement row, db().query("SELECT 1 FROM script s JOIN coin c ON c.script = s.id "
                                          "WHERE s.script = ? LIMIT 1",
                                          script));
    return row.step();
}

Result<std::vector<Script>> WalletStore::paidWatchedScripts()
{
    BOWLINE_TRY(Statement rows, db().query("SELECT s.script FROM script s WHERE s.type IS NULL AND EXISTS "
                                           "(SELECT 1 FROM coin c JOIN tx t ON t.id = c.tx "
                                           "WHERE c.script = s.id AND t.height IS NOT NULL)"));
    std::vector<Script> out;
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) { out.push_back(row.blob(0)); }));
    return out;
}

Result<std::optional<TransactionRow>> WalletStore::transaction(const Txid& txid)
{
    BOWLINE_TRY(Statement row, db().query("SELECT raw, height, block_hash, first_seen, abandoned FROM tx "
                                          "WHERE txid = ?",
                                          txid));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::optional<TransactionRow>();
    TransactionRow out;
    out.txid = txid;
    const Bytes raw = row.blob(0);
    if (!row.isNull(1)) out.confirmed = BlockRef{row.height(1), row.hash<BlockHash>(2)};
    out.firstSeen = row.i64(3);
    out.abandoned = row.boolean(4);
    BOWLINE_CHECK(row.rowStatus());
    BOWLINE_TRY(out.transaction, bitcoin::parseTransaction(raw));
    return std::optional<TransactionRow>(std::move(out));
}

Result<std::vector<Txid>> WalletStore::spendersOf(const OutPoint& outpoint)
{
    BOWLINE_TRY(Statement rows,
                db().query("SELECT t.txid FROM spend p JOIN tx t ON t.id = p.tx WHERE p.txid = ? "
                           "AND p.vout = ? ORDER BY t.height IS NULL, t.id",
                           outpoint.txid, outpoint.index));
    std::vector<Txid> out;
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) { out.push_back(row.hash<Txid>(0)); }));
    return out;
}

Result<CoinView> WalletStore::coinView()
{
    std::vector<Coin> coins;
    BOWLINE_TRY(Statement coinRows, db().query(std::string(kCoinQuery) + "WHERE c.spender IS NULL"));
    BOWLINE_CHECK(coinRows.forEach([&coins](Statement& row) { coins.push_back(coinFrom(row)); }));
    std::vector<PendingRow> pending;
    BOWLINE_TRY(Statement rows,
                db().query("SELECT t.txid, t.raw, t.first_seen, t.abandoned, EXISTS (SELECT 1 FROM spend p "
                           "JOIN spend o ON o.txid = p.txid AND o.vout = p.vout AND o.tx <> p.tx "
                           "JOIN tx w ON w.id = o.tx WHERE p.tx = t.id AND w.height IS NOT NULL) "
                           "FROM tx t WHERE t.height IS NULL ORDER BY t.id"));
    BOWLINE_CHECK(rows.forEach([&pending](Statement& row) -> Status {
        PendingRow entry;
        entry.txid = row.hash<Txid>(0);
        entry.firstSeen = row.i64(2);
        entry.abandoned = row.boolean(3);
        entry.conflictsWithConfirmed = row.boolean(4);
        BOWLINE_TRY(entry.transaction, bitcoin::parseTransaction(row.blobView(1)));
        pending.push_back(std::move(entry));
        return success();
    }));
    return CoinView(std::move(coins), std::move(pending));
}

Result<std::vector<HistoryEntry>>
WalletStore::history(const CoinView& view, const std::optional<HistoryCursor>& after, std::size_t limit)
{
    std::vector<HistoryEntry> out;
    constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
    const auto collect = [&out, &view](Statement& row) { out.push_back(entryFrom(row, view)); };
    if (!after || !after->height) {
        BOWLINE_TRY(Statement rows,
                    db().query(std::string(kHistoryQuery) +
                                   "WHERE t.height IS NULL AND t.id < ? ORDER BY t.id DESC LIMIT ?",
                               after ? after->row : kEnd, limit));
        BOWLINE_CHECK(rows.forEach(collect));
    }
    if (out.size() < limit) {
        const bool within = after && after->height;
        BOWLINE_TRY(Statement rows, db().query(std::string(kHistoryQuery) +
                                                   "WHERE t.height IS NOT NULL AND (t.height, t.id) < (?, ?) "
                                                   "ORDER BY t.height DESC, t.id DESC LIMIT ?",
                                               within ? std::int64_t{after->height->value} : kEnd,
                                               within ? after->row : kEnd, limit - out.size()));
        BOWLINE_CHECK(rows.forEach(collect));
    }
    for (HistoryEntry& entry : out) {
        BOWLINE_TRY(entry.label, label(LabelKind::Transaction, entry.txid.displayHex()));
    }
    return out;
}

Result<std::optional<HistoryEntry>> WalletStore::historyEntry(const CoinView& view, const Txid& txid)
{
    BOWLINE_TRY(Statement row, db().query(std::string(kHistoryQuery) + "WHERE t.txid = ?", txid));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::optional<HistoryEntry>();
    HistoryEntry out = entryFrom(row, view);
    BOWLINE_CHECK(row.rowStatus());
    BOWLINE_TRY(out.label, label(LabelKind::Transaction, txid.displayHex()));
    return std::optional<HistoryEntry>(std::move(out));
}

Result<std::uint64_t> WalletStore::transactionCount()
{
    BOWLINE_TRY(Statement row, db().query("SELECT count(*) FROM tx"));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::uint64_t{0};
    return row.u64(0);
}

} // namespace bowline::wallet
