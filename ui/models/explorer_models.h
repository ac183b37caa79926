// SPDX-License-Identifier: MIT
// Rows of the explorer that lead somewhere: transactions, deposits, withdrawals.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "ui/models/rows_model.h"

namespace bowline::ui {

struct EntryTraits {
    static constexpr int kColumns = 6;
    static std::string keyOf(const services::EntryView& row) { return row.query; }
    static bool same(const services::EntryView& a, const services::EntryView& b);
};
class EntriesModel final : public RowsModel<services::EntryView, EntryTraits> {
    Q_OBJECT

public:
    enum Column { Kind, Trust, State, Place, Id, Money };
    explicit EntriesModel(QObject* parent = nullptr);
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace bowline::ui
