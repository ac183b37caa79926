// SPDX-License-Identifier: MIT
#include "ui/models/explorer_models.h"

#include "ui/design/display.h"
#include "ui/design/explorer_texts.h"
#include "ui/flows/verdict_view.h"

namespace bowline::ui {

namespace {
QVariant rightAligned() { return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter)); }

/// Of "vault:9a1b…:0" what stands behind the first colon.
QString idOf(const services::EntryView& row)
{
    const QString id = fromStd(row.query.substr(row.query.find(':') + 1));
    return id.size() > 24 ? shortened(id, 8, 6) : id;
}
} // namespace

bool EntryTraits::same(const services::EntryView& a, const services::EntryView& b)
{
    return a.kind == b.kind && a.status == b.status && a.amount == b.amount && a.batch == b.batch &&
           a.place == b.place && a.verdict.kind == b.verdict.kind && a.verdict.finality == b.verdict.finality;
}

EntriesModel::EntriesModel(QObject* parent) : RowsModel(parent)
{
    connect(&Display::current(), &Display::changed, this, [this] {
        if (rowCount() > 0) emit dataChanged(index(0, Money), index(rowCount() - 1, Money));
    });
}

QVariant EntriesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const services::EntryView& row = at(index.row());
    if (role == kKeyRole) return fromStd(row.query);
    switch (index.column()) {
    case Kind:
        if (role == Qt::DisplayRole) return entryKindText(row.kind);
        if (role == kSortRole) return fromStd(row.kind);
        break;
    case Trust:
        if (role == Qt::DisplayRole) return verdictWord(row.verdict);
        if (role == Qt::ToolTipRole) return verdictText(row.verdict);
        if (role == kToneRole) return int(verdictTone(row.verdict));
        if (role == kSortRole) return int(row.verdict.kind);
        break;
    case State:
        if (role == Qt::DisplayRole) return factWord(row.status);
        if (role == kSortRole) return fromStd(row.status);
        break;
    case Place:
        if (role == Qt::DisplayRole)
            return row.place == 0 ? countText(row.batch)
                                  : countText(row.batch) + QStringLiteral(" · ") + countText(row.place);
        if (role == kSortRole) return qulonglong(row.batch << 16U | row.place);
        break;
    case Id:
        if (role == Qt::DisplayRole) return idOf(row);
        if (role == kSortRole) return fromStd(row.query);
        break;
    case Money:
        if (role == Qt::DisplayRole) return row.amount ? Display::current().text(*row.amount) : QString();
        if (role == kSortRole) return row.amount ? qlonglong(row.amount->sat()) : qlonglong(-1);
        if (role == Qt::TextAlignmentRole) return rightAligned();
        break;
    default: break;
    }
    return {};
}

QVariant EntriesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section == Money) return rightAligned();
    if (role != Qt::DisplayRole) return {};
    const QStringList names{tr("What"), tr("Trust"), tr("State"), tr("Batch"), tr("Id"), tr("Amount")};
    return names.value(section);
}

} // namespace bowline::ui
