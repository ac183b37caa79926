// SPDX-License-Identifier: MIT
#include "ui/pages/bridge/bridge_page.h"

namespace bowline::ui {

namespace {
constexpr int kShownRows = 6;
}

BridgePage::BridgePage(Session& session, QWidget* parent) : Page(session, tr("Bridge"), parent)
{
    m_card = new Card(tr("Deposits and withdrawals"), this);
    m_model = new BridgeModel(this);
    m_table = new RowsTable(tr("Deposits and withdrawals"), m_model, m_card);
    m_table->setObjectName("bridgeTable");
    m_table->setStretchColumn(BridgeModel::State);
    m_table->fitRows(kShownRows);
    m_empty =
        new EmptyState(Glyph::Bridge, tr("No deposits yet. Start a deposit."), tr("Start a deposit"), m_card);
    connect(m_empty, &EmptyState::actionRequested, this, [this] { this->session().goTo(PageId::Deposit); });
    m_card->body()->addWidget(m_table);
    m_card->body()->addWidget(m_empty);
    m_detail = new BridgeItemView(session, this);
    m_detail->hide();
    column()->addWidget(m_card);
    column()->addWidget(m_detail);
    connect(m_table, &RowsTable::keySelected, this, &BridgePage::select);
}

void BridgePage::open(const QString& reference)
{
    if (reference.isEmpty()) return;
    m_selected = reference;
    refresh();
    m_table->selectKey(reference);
    ensureWidgetVisible(m_detail);
}

bool BridgePage::goBack()
{
    if (m_selected.isEmpty()) return false;
    m_selected.clear();
    m_table->setCurrentIndex({});
    m_table->clearSelection();
    m_detail->hide();
    return true;
}

void BridgePage::select(const QString& id)
{
    m_selected = id;
    refresh();
}

void BridgePage::refresh()
{
    const auto& items = snapshot().bridge;
    m_model->setRows(items);
    m_table->setVisible(!items.empty());
    m_empty->setVisible(items.empty());
    if (m_selected.isEmpty() && items.size() == 1) m_selected = fromStd(items.front().id);
    const int row = m_selected.isEmpty() ? -1 : m_model->rowOf(m_selected.toStdString());
    if (row >= 0) m_detail->setItem(items[std::size_t(row)]);
    m_detail->setVisible(row >= 0);
}

} // namespace bowline::ui
