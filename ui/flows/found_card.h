// SPDX-License-Identifier: MIT
// What the explorer found: what it says, how far it can be relied on and why, where it leads on to, and what can be done with
// it: save it as a proof file, or ask another node for the same.
#pragma once

#include "ui/design/fields.h"
#include "ui/flows/checks_panel.h"
#include "ui/flows/verdict_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/explorer_models.h"
#include "ui/session.h"

namespace bowline::ui {

class FoundCard final : public QWidget {
    Q_OBJECT

public:
    FoundCard(Session& session, QWidget* parent = nullptr);
    void setFound(const services::FoundView& found);

signals:
    /// A row was opened: look for this.
    void queryRequested(const QString& query);

private:
    void addTop();
    void addActions();
    void compare();
    void showComparison(const base::Result<services::ComparisonView>& result);
    void chooseFile();
    void save(const QString& path);
    void openRow(const QModelIndex& index);

    Session& m_session;
    Card* m_card;
    services::FoundView m_found;
    VerdictBadge* m_verdict;
    Badge* m_finality;
    QLabel* m_where;
    Facts* m_facts;
    QLabel* m_entriesTitle;
    EntriesModel* m_entries;
    RowsTable* m_table;
    ChecksPanel* m_checks;
    QPushButton* m_save;
    QLineEdit* m_other;
    QPushButton* m_compare;
    Banner* m_banner;
    Facts* m_rows; // of the comparison
};

} // namespace bowline::ui
