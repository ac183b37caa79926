// SPDX-License-Identifier: MIT
#include "core/seal/watch.h"

#include <array>

namespace bowline::seal {

using base::makeError;
using base::success;
using store::Statement;

namespace {

constexpr std::uint32_t kApplicationId = 0x42574c41; // "BWLA"
constexpr std::array<const char*, 2> kSteps{R"(
CREATE TABLE first(only INTEGER PRIMARY KEY CHECK(only = 1), txid BLOB NOT NULL, vout INTEGER NOT NULL) STRICT;
CREATE TABLE link(number INTEGER PRIMARY KEY, height INTEGER NOT NULL, block BLOB NOT NULL, txid BLOB NOT NULL,
                  kind INTEGER NOT NULL, value INTEGER NOT NULL, commitment BLOB) STRICT;
)",
                                            R"(
CREATE TABLE paid(txid BLOB NOT NULL, vout INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY(txid, vout))
    STRICT, WITHOUT ROWID;
ALTER TABLE link ADD COLUMN added BLOB;
DELETE FROM link; -- all blocks are read again, for what was paid beside the seals
)"};
constexpr store::Schema kSchema{kApplicationId, kSteps};
/// Blocks that a restart names to the backend; a deeper reorganisation is read from the birthday.
constexpr std::size_t kBlocksNamed = 200;

base::Bytes encodeAdded(const std::vector<base::Amount>& added)
{
    base::Writer writer;
    for (const base::Amount value : added) writer.amountLe(value);
    return writer.take();
}

std::vector<base::Amount> readAdded(ByteView bytes)
{
    base::Reader reader(bytes);
    std::vector<base::Amount> out;
    while (reader.remaining() > 0 && !reader.failed()) out.push_back(reader.amountLe());
    return out;
}

Result<Link> readLink(Statement& row)
{
    Link out;
    out.height = row.height(0);
    out.block = row.hash<BlockHash>(1);
    out.txid = row.hash<Txid>(2);
    const std::uint32_t kind = row.u32(3);
    out.value = row.amount(4);
    if (kind == static_cast<std::uint32_t>(SpendKind::Anchor)) {
        BOWLINE_TRY(out.commitment, parseCommitment(row.blobView(5)));
    } else if (kind != static_cast<std::uint32_t>(SpendKind::Recovery) &&
               kind != static_cast<std::uint32_t>(SpendKind::Foreign) &&
               kind != static_cast<std::uint32_t>(SpendKind::Move)) {
        return makeError(store::kBadRow, "kind of a link");
    }
    out.added.reset();
    if (!row.isNull(6)) out.added = readAdded(row.blobView(6));
    BOWLINE_CHECK(row.rowStatus());
    out.kind = static_cast<SpendKind>(kind);
    return out;
}

Status writeLink(store::Database& db, std::size_t number, const Link& link)
{
    const auto kind = static_cast<std::uint8_t>(link.kind);
    BOWLINE_CHECK(
        db.run("INSERT INTO link(number, height, block, txid, kind, value) VALUES (?, ?, ?, ?, ?, ?)", number,
               link.height, link.block, link.txid, kind, link.value));
    if (link.kind == SpendKind::Anchor) {
        BOWLINE_CHECK(
            db.run("UPDATE link SET commitment = ? WHERE number = ?", link.commitment.encode(), number));
    }
    if (!link.added) return success();
    return db.run("UPDATE link SET added = ? WHERE number = ?", encodeAdded(*link.added), number);
}

Result<SealFollower::Paid> readPaid(store::Database& db)
{
    SealFollower::Paid out;
    BOWLINE_TRY(Statement rows, db.query("SELECT txid, vout, value FROM paid"));
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) -> Status {
        out.emplace(bitcoin::OutPoint{row.hash<Txid>(0), row.u32(1)}, row.amount(2));
        return row.rowStatus();
    }));
    return out;
}

Status writePaid(store::Database& db, const SealFollower::Paid& paid)
{
    for (const auto& [outpoint, value] : paid) {
        BOWLINE_CHECK(db.run("INSERT OR IGNORE INTO paid(txid, vout, value) VALUES (?, ?, ?)", outpoint.txid,
                             outpoint.index, value));
    }
    return success();
}

Status bindTo(store::Database& db, const bitcoin::OutPoint& first)
{
    BOWLINE_CHECK(
        db.run("INSERT OR IGNORE INTO first(only, txid, vout) VALUES (1, ?, ?)", first.txid, first.index));
    BOWLINE_TRY(Statement row, db.query("SELECT txid, vout FROM first"));
    BOWLINE_TRY(const bool found, row.step());
    const bool same = found && row.hash<Txid>(0) == first.txid && row.u32(1) == first.index;
    BOWLINE_CHECK(row.rowStatus());
    return same ? success() : Status(makeError(kOtherSeals, bitcoin::toString(first)));
}

} // namespace

SealWatch::SealWatch(store::Database db, SealTerms terms, Surroundings around)
    : m_db(std::move(db)), m_follower(std::move(terms)), m_around(std::move(around)),
      m_self(std::make_shared<SealWatch*>(this))
{
}

SealWatch::~SealWatch() { stop(); }

Result<std::unique_ptr<SealWatch>> SealWatch::open(const std::string& path, SealTerms terms,
                                                   Surroundings around)
{
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema));
    BOWLINE_CHECK(bindTo(db, terms.first().outpoint));
    std::unique_ptr<SealWatch> out(new SealWatch(std::move(db), std::move(terms), std::move(around)));
    BOWLINE_CHECK(out->load());
    return out;
}

Status SealWatch::load()
{
    BOWLINE_TRY(Statement rows,
                m_db.query("SELECT height, block, txid, kind, value, commitment, added FROM link "
                           "ORDER BY number"));
    std::vector<Link> links;
    BOWLINE_CHECK(rows.forEach([&links](Statement& row) -> Status {
        BOWLINE_TRY(const Link link, readLink(row));
        links.push_back(link);
        return success();
    }));
    BOWLINE_TRY(SealFollower::Paid paid, readPaid(m_db));
    m_paidKept = paid.size();
    m_follower.restore(std::move(links), std::move(paid));
    return success();
}

/// Only the end of the chain ever changes: rows that are as they were are left alone.
Status SealWatch::keep()
{
    const std::vector<Link>& links = m_follower.links();
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(m_db));
    BOWLINE_TRY(Statement rows,
                m_db.query("SELECT height, block, txid, kind, value, commitment, added FROM link "
                           "ORDER BY number DESC"));
    BOWLINE_TRY(Statement last, m_db.query("SELECT coalesce(max(number) + 1, 0) FROM link"));
    BOWLINE_TRY(const bool counted, last.step());
    std::size_t kept = counted ? static_cast<std::size_t>(last.u64(0)) : 0;
    for (;; --kept) {
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) break;
        BOWLINE_TRY(const Link stored, readLink(rows));
        if (kept <= links.size() && stored == links[kept - 1]) break;
    }
    rows.reset();
    last.reset();
    BOWLINE_CHECK(m_db.run("DELETE FROM link WHERE number >= ?", kept));
    for (std::size_t i = kept; i < links.size(); ++i) BOWLINE_CHECK(writeLink(m_db, i, links[i]));
    if (m_follower.paid().size() != m_paidKept) BOWLINE_CHECK(writePaid(m_db, m_follower.paid()));
    BOWLINE_CHECK(transaction.commit());
    m_paidKept = m_follower.paid().size();
    return success();
}

void SealWatch::start()
{
    chain::FollowFrom from;
    from.birthday = m_around.birthday;
    from.scripts = {m_follower.terms().script()};
    const std::vector<Link>& links = m_follower.links();
    for (auto link = links.rbegin(); link != links.rend() && from.processed.size() < kBlocksNamed; ++link) {
        const chain::BlockRef block{link->height, link->block};
        if (from.processed.empty() || from.processed.back() != block) from.processed.push_back(block);
    }
    if (!links.empty()) m_seenTo = links.back().block;
    m_walk =
        m_around.backend->follow(std::move(from), [self = m_self, post = m_around.post](const auto& event) {
            post([self, event] {
                if (*self != nullptr) (*self)->onEvent(event);
            });
        });
}

void SealWatch::stop()
{
    *m_self = nullptr;
    m_walk.reset();
}

bool SealWatch::isCurrent() const { return m_seenTo && *m_seenTo == m_around.backend->tip().hash; }

void SealWatch::onEvent(const chain::BlockEvent& event)
{
    bool changed = false;
    if (const auto* connected = std::get_if<chain::BlockConnected>(&event)) {
        const std::span<const bitcoin::Transaction> transactions =
            connected->block ? std::span<const bitcoin::Transaction>(connected->block->transactions)
                             : std::span<const bitcoin::Transaction>();
        changed = m_follower.blockConnected(connected->height, connected->hash, transactions);
        m_seenTo = connected->hash;
    } else {
        changed = m_follower.blockDisconnected(std::get<chain::BlockDisconnected>(event).height);
        m_seenTo.reset();
    }
    const bool isPaid = m_follower.paid().size() != m_paidKept; // it is never less
    if (!changed && !isPaid) return;
    const Status kept = keep();
    if (!kept.ok() && m_around.failed) m_around.failed(kept.error());
    if (changed && m_around.changed) m_around.changed();
}

} // namespace bowline::seal
