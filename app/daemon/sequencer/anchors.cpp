// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/anchors.h"

#include "core/base/log.h"

#include <algorithm>

namespace bowline::daemon {

using base::Amount;
using base::FeeRate;
using base::Result;
using base::Status;
using base::success;
using seal::Seal;

namespace {

/// Blocks that an anchor may wait before it is replaced at twice the rate; and the time, since a node asks for what it is
/// told of only after seconds: blocks that come faster must not have it told of ever another one.
constexpr std::uint32_t kPatience = 2;
constexpr std::chrono::seconds kTimeToBeHeard{15};
constexpr std::int64_t kRateStep = 1'000;  // sat/kvB that nodes want on top of what is replaced
constexpr std::uint64_t kRowsKept = 1'000; // as deep as no reorganisation goes

std::int64_t sizeOf(std::size_t added)
{
    return seal::SealTerms::kAnchorSize + static_cast<std::int64_t>(added) * seal::SealTerms::kAddedSize;
}

FeeRate rateOf(Amount fee, std::size_t added) { return {fee.sat() * 1000 / sizeOf(added)}; }

base::Bytes idOf(const Seal& open)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, open.outpoint);
    return writer.take();
}

/// It holds more than what its own anchors make the sequencer put there: else each anchor would be followed by another.
bool isWorthAnAnchor(L2Store& store, base::BatchNumber number)
{
    const auto header = store.header(number);
    if (!header.ok() || header->header.gasUsed == 0) return false;
    const auto batch = store.batch(number);
    if (!batch.ok()) return false;
    const auto& all = batch->body.transactions;
    return std::any_of(all.begin(), all.end(), [](const base::Bytes& encoded) {
        const auto transaction = l2::parseTransaction(encoded);
        return transaction.ok() && transaction->type() != l2::TxType::Seal;
    });
}

} // namespace

std::optional<base::Txid> Anchors::pending() const { return m_sent; }

Status Anchors::turn()
{
    Seals& seals = m_context.seals;
    const std::optional<Seal> open = seals.chain().open();
    if (!seals.isCurrent() || !open) return success();
    BOWLINE_TRY(const std::optional<Row> row, rowFor(*open));
    if (row) return follow(*open, *row);
    m_sent.reset();
    // A copy of the folder that another history was sealed behind must not seal what it signed.
    if (seals.hasConflict()) return success();
    BOWLINE_TRY(const std::vector<Seal> added, m_refills.usable());
    if (!isDue(!added.empty())) return success();
    const Amount fee = m_context.options.feeRate.feeFor(sizeOf(added.size()));
    return make(*open, m_context.node.head().header, fee, added);
}

/// Batches with transactions wait for a seal; empty ones only for half of the time after which the committee may take a seal
/// that stands still.
bool Anchors::isDue(bool withRefill)
{
    L2Node& node = m_context.node;
    const l2::BatchHeader& head = node.head().header;
    if (node.placeOf(head) != L1Place::Stands) return false;
    const std::uint64_t done = m_context.seals.sealedTo().value_or(base::BatchNumber{0}).value;
    if (head.height.value <= done) return false;
    if (withRefill) return true;
    const auto& links = m_context.seals.chain().links();
    const base::Height since = links.empty() ? node.params().checkpointHeight : links.back().height;
    if (m_context.bitcoin.tip().height >= since + m_context.network.seal.recoveryBlocks / 2) return true;
    if (m_idleHead == head.hash()) return false;
    for (std::uint64_t number = head.height.value; number > done; --number) {
        if (isWorthAnAnchor(node.store(), {number})) return true;
    }
    m_idleHead = head.hash();
    return false;
}

Status Anchors::make(const Seal& open, const l2::BatchHeader& batch, Amount fee,
                     const std::vector<Seal>& added)
{
    BOWLINE_TRY(const seal::Commitment commitment, seal::Commitment::of(batch));
    Row row{{}, commitment, fee};
    BOWLINE_TRY(row.transaction, m_context.seals.chain().terms().makeAnchor(
                                     open, commitment, fee, m_context.keys.key("sequencer"), added));
    BOWLINE_CHECK(keep(open, row));
    send(row);
    return success();
}

Status Anchors::follow(const Seal& open, const Row& row)
{
    if (m_sent != row.transaction.txid()) {
        send(row);
        return success();
    }
    const auto own = m_context.node.store().header(row.commitment.batch);
    const bool isUndone = !own.ok() || !row.commitment.speaksOf(own->header);
    const bool isStuck = m_context.bitcoin.tip().height >= m_sentAt + kPatience &&
                         std::chrono::steady_clock::now() >= m_sentWhen + kTimeToBeHeard;
    if (!isStuck && !isUndone) return success();
    const l2::BatchHeader& head = m_context.node.head().header;
    if (isUndone && (head.height.value == 0 || m_context.node.placeOf(head) != L1Place::Stands))
        return success();
    const FeeRate rate = rateOf(row.fee, row.transaction.inputs.size() - 1);
    const FeeRate next{std::min(rate.satPerKvb * 2, m_context.options.maxFeeRate.satPerKvb)};
    m_sentAt = m_context.bitcoin.tip().height;
    m_sentWhen = std::chrono::steady_clock::now();
    if (next.satPerKvb < rate.satPerKvb + kRateStep) return success(); // it is not handed on
    base::logInfo("sequencer", "a higher rate for the anchor " + row.transaction.txid().displayHex());
    // Without what was added: should that be gone from the chain, the anchor would be nobody's. Nodes compare whole fees
    // as well, and the one that was longer paid more.
    const Amount least = row.fee + FeeRate{kRateStep}.feeFor(sizeOf(0));
    return make(open, isUndone ? head : own->header, std::max(next.feeFor(sizeOf(0)), least), {});
}

void Anchors::send(const Row& row)
{
    if (m_sent && *m_sent != row.transaction.txid()) m_context.bitcoin.forget(*m_sent);
    m_sent = row.transaction.txid();
    m_sentAt = m_context.bitcoin.tip().height;
    m_sentWhen = std::chrono::steady_clock::now();
    base::logInfo("sequencer", "sealing batch " + std::to_string(row.commitment.batch.value) + " by " +
                                   m_sent->displayHex());
    m_context.bitcoin.broadcast({row.transaction});
}

Result<std::optional<Anchors::Row>> Anchors::rowFor(const Seal& open)
{
    store::Database& db = m_context.node.store().database();
    BOWLINE_TRY(store::Statement found, db.query("SELECT tx, fee FROM anchor WHERE seal = ?", idOf(open)));
    BOWLINE_TRY(const bool isThere, found.step());
    if (!isThere) return std::optional<Row>();
    Row row;
    BOWLINE_TRY(row.transaction, bitcoin::parseTransaction(found.blobView(0)));
    row.fee = found.amount(1);
    BOWLINE_CHECK(found.rowStatus());
    const auto said = m_context.seals.chain().terms().judge(row.transaction, 0).commitment;
    if (!said) return base::makeError(kStoreDamaged, "an anchor that is none");
    row.commitment = *said;
    return std::optional(std::move(row));
}

Status Anchors::keep(const Seal& open, const Row& row)
{
    store::Database& db = m_context.node.store().database();
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(db));
    BOWLINE_CHECK(db.run("INSERT INTO anchor(seal, tx, fee) VALUES (?, ?, ?) "
                         "ON CONFLICT(seal) DO UPDATE SET tx = excluded.tx, fee = excluded.fee",
                         idOf(open), row.transaction.serialize(), row.fee));
    BOWLINE_CHECK(Refills::noteTaken(db, row.transaction));
    BOWLINE_CHECK(
        db.run("DELETE FROM anchor WHERE position <= (SELECT max(position) FROM anchor) - ?", kRowsKept));
    return transaction.commit();
}

} // namespace bowline::daemon
