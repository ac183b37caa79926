// SPDX-License-Identifier: MIT
// All deposits and withdrawals, and the timeline of the one that is selected.
#pragma once

#include "ui/flows/bridge_item_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

namespace bowline::ui {

class BridgePage final : public Page {
    Q_OBJECT

public:
    explicit BridgePage(Session& session, QWidget* parent = nullptr);
    void open(const QString& reference) override;
    bool goBack() override;

protected:
    void refresh() override;

private:
    void select(const QString& id);

    BridgeModel* m_model;
    RowsTable* m_table;
    Card* m_card;
    EmptyState* m_empty;
    BridgeItemView* m_detail;
    QString m_selected;
};

} // namespace bowline::ui
