// SPDX-License-Identifier: MIT
// Deposits, withdrawals, operators and claims of the layer 2, a page at a time, each row checked under the state root.
#pragma once

#include "ui/models/badge_delegate.h"
#include "ui/models/explorer_models.h"
#include "ui/pages/page.h"

namespace bowline::ui {

class ListsCard final : public QWidget {
    Q_OBJECT

public:
    ListsCard(Session& session, QWidget* parent = nullptr);

signals:
    void queryRequested(const QString& query);

private:
    void choose(int tab);
    void ask(const std::string& after);
    void take(const base::Result<services::ListView>& result);

    Session& m_session;
    Card* m_card;
    TabRow* m_tabs;
    EntriesModel* m_model;
    RowsTable* m_table;
    QLabel* m_hint;
    QPushButton* m_show;
    QPushButton* m_more;
    Banner* m_banner;
    std::vector<services::EntryView> m_rows;
    std::string m_next;
};

} // namespace bowline::ui
