// SPDX-License-Identifier: MIT
// The first page: what there is on Bitcoin and on the layer 2, what waits for the user, how far syncing is, and what
// happened last.
#pragma once

#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

namespace bowline::ui {

class ProgressLines;

/// One side's balance: the large figure and the rows below it.
class BalanceCard final : public QFrame {
    Q_OBJECT

public:
    BalanceCard(Tone tone, const QString& name, const QStringList& rows, QWidget* parent = nullptr);
    void setMain(std::optional<base::Amount> amount, const QString& note);
    /// Rows of zero are left out.
    void setRow(int row, base::Amount amount);
    [[nodiscard]] QHBoxLayout* head() { return m_head; }

private:
    struct Row {
        QLabel* name;
        AmountLabel* amount;
    };
    QHBoxLayout* m_head;
    AmountLabel* m_main;
    QLabel* m_note;
    std::vector<Row> m_rows;
};

class HomePage final : public Page {
    Q_OBJECT

public:
    explicit HomePage(Session& session, QWidget* parent = nullptr);

protected:
    void refresh() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addBalances();
    void addActivity();
    void showNeeds();
    void showSync();
    void showTrouble();
    void follow(const services::ActivityView& activity);

    QBoxLayout* m_balances;
    BalanceCard* m_bitcoin;
    BalanceCard* m_layerTwo;
    Badge* m_verdict;
    Banner* m_trouble;
    QString m_shownTrouble;
    Card* m_needs;
    std::vector<services::NeedsYou> m_shownNeeds;
    Card* m_sync;
    Badge* m_syncState;
    ProgressLines* m_progress;
    QLabel* m_syncNote;
    Card* m_activity;
    ActivityModel* m_model;
    RowsTable* m_table;
    EmptyState* m_empty;
};

} // namespace bowline::ui
