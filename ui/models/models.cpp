// SPDX-License-Identifier: MIT
#include "ui/models/models.h"

#include "ui/design/display.h"
#include "ui/design/explorer_texts.h"
#include "ui/design/prover_texts.h"
#include "ui/flows/verdict_view.h"

namespace bowline::ui {

namespace {
QVariant rightAligned() { return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter)); }

QVariant headerText(const QStringList& names, int section, Qt::Orientation orientation, int role,
                    int rightColumn)
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section == rightColumn) return rightAligned();
    return role == Qt::DisplayRole ? QVariant(names.value(section)) : QVariant();
}

Tone activityTone(const services::ActivityView& row)
{
    if (row.state == "pending" || row.state == "refused") return Tone::Warning;
    for (const char* good : {"confirmed", "sequenced", "deposit.credited", "withdrawal.payment-confirmed",
                             "withdrawal.settled"}) {
        if (row.state == good) return Tone::Success;
    }
    return Tone::Neutral;
}

Glyph activityGlyph(const std::string& kind)
{
    if (kind == "received" || kind == "layer2-received") return Glyph::Receive;
    if (kind == "deposit") return Glyph::Deposit;
    if (kind == "withdrawal") return Glyph::Withdraw;
    return Glyph::Send;
}

Glyph bridgeGlyph(services::BridgeItem::Kind kind)
{
    switch (kind) {
    case services::BridgeItem::Kind::Deposit: return Glyph::Deposit;
    case services::BridgeItem::Kind::Withdrawal: return Glyph::Withdraw;
    case services::BridgeItem::Kind::VaultClaim: return Glyph::Bridge;
    }
    return Glyph::Bridge;
}

/// Hidden or another unit: all amounts of a column change at once.
template <typename Model>
void followDisplay(Model* model, int column)
{
    QObject::connect(&Display::current(), &Display::changed, model, [model, column] {
        if (model->rowCount() == 0) return;
        emit model->dataChanged(model->index(0, column), model->index(model->rowCount() - 1, column));
    });
}
} // namespace

bool ActivityTraits::same(const services::ActivityView& a, const services::ActivityView& b)
{
    return a.delta == b.delta && a.time == b.time && a.state == b.state && a.note == b.note;
}

ActivityModel::ActivityModel(QObject* parent) : RowsModel(parent) { followDisplay(this, Delta); }

QVariant ActivityModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const services::ActivityView& row = at(index.row());
    if (role == kKeyRole) return fromStd(row.id);
    switch (index.column()) {
    case Kind:
        if (role == Qt::DisplayRole) return activityText(row.kind);
        if (role == Qt::DecorationRole) return glyphIcon(activityGlyph(row.kind), Ink::Muted);
        if (role == kSortRole) return fromStd(row.kind);
        break;
    case State:
        if (role == Qt::DisplayRole) return activityStateText(row.state);
        if (role == Qt::ToolTipRole && !row.note.empty()) return fromStd(row.note); // the layer 2's reason
        if (role == kToneRole) return int(activityTone(row));
        if (role == kSortRole) return fromStd(row.state);
        break;
    case Time:
        if (role == Qt::DisplayRole) return timeText(row.time);
        if (role == kSortRole) return qlonglong(row.time);
        break;
    case Delta:
        if (role == Qt::DisplayRole) return Display::current().text(row.delta, true);
        if (role == kSortRole) return qlonglong(row.delta.sat());
        if (role == Qt::TextAlignmentRole) return rightAligned();
        break;
    default: break;
    }
    return {};
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return headerText({tr("What"), tr("State"), tr("When"), tr("Amount")}, section, orientation, role, Delta);
}

bool BridgeTraits::same(const services::BridgeItem& a, const services::BridgeItem& b)
{
    return a.amount == b.amount && a.state == b.state && a.finished == b.finished && a.failed == b.failed &&
           a.created == b.created && a.nextAction == b.nextAction;
}

BridgeModel::BridgeModel(QObject* parent) : RowsModel(parent) { followDisplay(this, Money); }

QVariant BridgeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const services::BridgeItem& row = at(index.row());
    if (role == kKeyRole) return fromStd(row.id);
    switch (index.column()) {
    case Kind:
        if (role == Qt::DisplayRole) return bridgeKindText(row.kind);
        if (role == Qt::DecorationRole) return glyphIcon(bridgeGlyph(row.kind), Ink::Muted);
        if (role == kSortRole) return int(row.kind);
        break;
    case State:
        if (role == Qt::DisplayRole) return standingOf(row).text;
        if (role == kToneRole) return int(standingOf(row).tone);
        if (role == kSortRole) return fromStd(row.state);
        break;
    case Created:
        if (role == Qt::DisplayRole) return timeText(row.created);
        if (role == kSortRole) return qlonglong(row.created);
        break;
    case Money:
        if (role == Qt::DisplayRole) return Display::current().text(row.amount);
        if (role == kSortRole) return qlonglong(row.amount.sat());
        if (role == Qt::TextAlignmentRole) return rightAligned();
        break;
    default: break;
    }
    return {};
}

QVariant BridgeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return headerText({tr("What"), tr("State"), tr("Started"), tr("Amount")}, section, orientation, role,
                      Money);
}

namespace {
/// What is held against the peer, before what it says of itself.
QString remarksOn(const services::PeerView& peer)
{
    QStringList out;
    for (const std::string& remark : {peer.reason, peer.userAgent}) {
        if (!remark.empty()) out << fromStd(remark);
    }
    return out.join(QStringLiteral(" · "));
}
} // namespace

bool PeerTraits::same(const services::PeerView& a, const services::PeerView& b)
{
    return a.userAgent == b.userAgent && a.height == b.height && a.connected == b.connected &&
           a.verdict == b.verdict && a.reason == b.reason && a.pingMilliseconds == b.pingMilliseconds;
}

QVariant PeersModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const services::PeerView& row = at(index.row());
    if (role == kKeyRole) return fromStd(row.address);
    switch (index.column()) {
    case Address:
        if (role == Qt::DisplayRole || role == kSortRole) return fromStd(row.address);
        break;
    case State:
        if (role == Qt::DisplayRole)
            return row.verdict.empty() && !row.connected ? tr("Connecting") : peerVerdictText(row.verdict);
        if (role == kToneRole) return int(peerVerdictTone(row));
        if (role == kSortRole) return int(peerVerdictTone(row));
        break;
    case HeightColumn:
        if (role == Qt::DisplayRole) return countText(row.height);
        if (role == kSortRole) return qulonglong(row.height);
        break;
    case Ping:
        if (role == Qt::DisplayRole)
            return row.pingMilliseconds ? tr("%1 ms").arg(*row.pingMilliseconds) : QString(QChar(0x2013));
        if (role == kSortRole) return qulonglong(row.pingMilliseconds.value_or(UINT32_MAX));
        break;
    case Remarks:
        if (role == Qt::DisplayRole || role == kSortRole || role == Qt::ToolTipRole) return remarksOn(row);
        break;
    default: break;
    }
    return {};
}

QVariant PeersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return headerText({tr("Address"), tr("State"), tr("Height"), tr("Ping"), tr("Remarks")}, section,
                      orientation, role, -1);
}

bool BatchTraits::same(const services::BatchView& a, const services::BatchView& b)
{
    return a.number == b.number && a.time == b.time && a.transactions == b.transactions &&
           a.bitcoinHeight == b.bitcoinHeight && a.verdict.kind == b.verdict.kind &&
           a.verdict.finality == b.verdict.finality && a.verdict.reason == b.verdict.reason &&
           a.finality == b.finality && a.seal.state == b.seal.state &&
           a.seal.confirmations == b.seal.confirmations;
}

QVariant BatchesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const services::BatchView& row = at(index.row());
    if (role == kKeyRole) return fromStd(row.hash);
    switch (index.column()) {
    case Number:
        if (role == Qt::DisplayRole) return countText(row.number);
        if (role == kSortRole) return qulonglong(row.number);
        break;
    case Trust:
        if (role == Qt::DisplayRole) return verdictWord(row.verdict);
        if (role == Qt::ToolTipRole) return verdictText(row.verdict);
        if (role == kToneRole) return int(verdictTone(row.verdict));
        if (role == kSortRole) return int(row.verdict.kind);
        break;
    case Finality:
        if (role == Qt::DisplayRole) return finalityLevelText(row);
        if (role == Qt::ToolTipRole) return finalityLevelMeaning(row.finality);
        if (role == kToneRole) return int(finalityLevelTone(row.finality));
        if (role == kSortRole) return fromStd(row.finality);
        break;
    case Transactions:
        if (role == Qt::DisplayRole) return countText(row.transactions);
        if (role == kSortRole) return qulonglong(row.transactions);
        break;
    case Time:
        if (role == Qt::DisplayRole) return timeText(row.time);
        if (role == kSortRole) return qlonglong(row.time);
        break;
    case Block:
        if (role == Qt::DisplayRole) return countText(row.bitcoinHeight);
        if (role == kSortRole) return qulonglong(row.bitcoinHeight);
        break;
    case Hash:
        if (role == Qt::DisplayRole) return shortened(fromStd(row.hash), 8, 6);
        if (role == kSortRole) return fromStd(row.hash);
        break;
    default: break;
    }
    return {};
}

QVariant BatchesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return headerText({tr("Batch"), tr("Trust"), tr("Finality"), tr("Transactions"), tr("When"),
                       tr("Bitcoin block"), tr("Hash")},
                      section, orientation, role, -1);
}

std::string ProverEventTraits::keyOf(const services::ProverEvent& row)
{
    return std::to_string(row.time) + row.code + row.task.kind + std::to_string(row.task.batch) + '/' +
           std::to_string(row.task.place);
}

bool ProverEventTraits::same(const services::ProverEvent& a, const services::ProverEvent& b)
{
    return a.detail == b.detail && a.task.seconds == b.task.seconds;
}

QVariant ProverEventsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const services::ProverEvent& row = at(index.row());
    if (role == kKeyRole) return fromStd(ProverEventTraits::keyOf(row));
    switch (index.column()) {
    case Time:
        if (role == Qt::DisplayRole) return timeText(row.time);
        if (role == kSortRole) return qlonglong(row.time);
        break;
    case Event:
        if (role == Qt::DisplayRole) return proverEventText(row.code);
        if (role == kToneRole) return int(proverEventTone(row.code));
        if (role == kSortRole) return fromStd(row.code);
        break;
    case What:
        if (role == Qt::DisplayRole) return row.task.kind.empty() ? QString() : proverTaskText(row.task);
        if (role == kSortRole) return qulonglong(row.task.batch);
        break;
    case Remarks:
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole || role == kSortRole)
            return !row.detail.empty()    ? fromStd(row.detail)
                   : row.task.seconds > 0 ? tr("after %1").arg(durationText(row.task.seconds))
                                          : QString();
        break;
    default: break;
    }
    return {};
}

QVariant ProverEventsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return headerText({tr("Time"), tr("Event"), tr("Task"), tr("Remarks")}, section, orientation, role, -1);
}

} // namespace bowline::ui
