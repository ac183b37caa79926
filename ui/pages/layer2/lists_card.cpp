// SPDX-License-Identifier: MIT
#include "ui/pages/layer2/lists_card.h"

#include <QHBoxLayout>

namespace bowline::ui {

namespace {
constexpr int kShownRows = 10;
constexpr const char* kKinds[] = {"vault", "withdrawal", "operator", "claim"};
} // namespace

ListsCard::ListsCard(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_card(new Card(tr("Deposits and withdrawals"), this))
{
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_card);
    m_tabs = new TabRow({tr("Deposits"), tr("Withdrawals"), tr("Operators"), tr("Claims")}, this);
    m_tabs->setObjectName("listTabs");
    m_model = new EntriesModel(this);
    m_table = new RowsTable(tr("Deposits and withdrawals"), m_model, this);
    m_table->setObjectName("listTable");
    m_table->setStretchColumn(EntriesModel::Id);
    m_table->fitRows(kShownRows);
    m_hint = makeHint({}, this);
    m_show = makeButton(tr("Show &list"), this);
    m_show->setObjectName("showList");
    m_more = makeQuiet(tr("&More"), this);
    m_more->setObjectName("moreOfList");
    m_banner = new Banner(this);
    m_card->body()->addWidget(m_tabs);
    m_card->body()->addWidget(m_table);
    m_card->body()->addWidget(m_hint);
    auto* row = new QHBoxLayout;
    row->addWidget(m_show);
    row->addWidget(m_more);
    row->addStretch();
    m_card->body()->addLayout(row);
    m_card->body()->addWidget(m_banner);
    m_table->hide();
    m_more->hide();
    m_hint->setText(tr("Each row is checked under the state root. That no row is left out is not proven."));
    connect(m_tabs, &TabRow::currentChanged, this, &ListsCard::choose);
    connect(m_show, &QPushButton::clicked, this, [this] { choose(m_tabs->current()); });
    connect(m_more, &QPushButton::clicked, this, [this] { ask(m_next); });
    connect(m_table, &RowsTable::activated, this, [this](const QModelIndex& index) {
        if (index.isValid()) emit queryRequested(fromStd(m_model->at(index.row()).query));
    });
}

void ListsCard::choose(int)
{
    m_rows.clear();
    ask({});
}

void ListsCard::ask(const std::string& after)
{
    const int tab = m_tabs->current();
    m_more->setEnabled(false);
    m_session.services().explorer().list(
        kKinds[tab], after,
        m_session.deliver<services::ListView>(this,
                                              [this, tab](const base::Result<services::ListView>& result) {
                                                  if (tab == m_tabs->current()) take(result);
                                              }));
}

void ListsCard::take(const base::Result<services::ListView>& result)
{
    m_more->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_rows.insert(m_rows.end(), result->entries.begin(), result->entries.end());
    m_next = result->next;
    m_model->setRows(m_rows);
    m_show->hide();
    m_table->setVisible(!m_rows.empty());
    m_more->setVisible(!m_next.empty());
    m_hint->setText(
        m_rows.empty()
            ? tr("There are none.")
            : tr("Each row is checked under the state root. That no row is left out is not proven."));
}

} // namespace bowline::ui
