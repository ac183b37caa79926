// SPDX-License-Identifier: MIT
#include "ui/pages/network/network_page.h"

#include "ui/design/progress_lines.h"

#include <QDateTime>
#include <QHBoxLayout>

namespace bowline::ui {

namespace {
constexpr int kShownPeers = 8;
}

NetworkPage::NetworkPage(Session& session, QWidget* parent) : Page(session, tr("Network"), parent)
{
    m_stale = new Banner(this);
    column()->addWidget(m_stale);
    auto* sync = new Card(tr("Syncing"), this);
    m_synced = new Badge(sync);
    sync->addTrailing(m_synced);
    m_progress = new ProgressLines(sync);
    sync->body()->addWidget(m_progress);
    column()->addWidget(sync);
    addTip();
    auto* peers = new Card(tr("Bitcoin peers"), this);
    m_model = new PeersModel(this);
    m_table = new RowsTable(tr("Bitcoin peers"), m_model, peers);
    m_table->setStretchColumn(PeersModel::Remarks);
    m_table->fitRows(kShownPeers);
    m_empty = new EmptyState(Glyph::Network, tr("No peer yet. Bowline goes on looking for one."), {}, peers);
    peers->body()->addWidget(m_table);
    peers->body()->addWidget(m_empty);
    column()->addWidget(peers);
}

void NetworkPage::addTip()
{
    auto* card = new Card(tr("Bitcoin tip"), this);
    m_height = makeLabel({}, TextRole::Title, card);
    m_age = makeHint({}, card);
    m_hash = new IdLabel(tr("Copy block hash"), card);
    auto* row = new QHBoxLayout;
    row->addWidget(makeLabel(tr("Layer-2 node"), TextRole::Body, card), 1);
    m_layerTwo = new Badge(card);
    row->addWidget(m_layerTwo);
    card->body()->addWidget(m_height);
    card->body()->addWidget(m_age);
    card->body()->addWidget(m_hash);
    card->body()->addWidget(makeLine(card));
    card->body()->addLayout(row);
    m_layerTwoNote = makeLabel({}, TextRole::Body, card);
    m_layerTwoNote->setWordWrap(true);
    m_layerTwoNote->setObjectName("layerTwoNote");
    card->body()->addWidget(m_layerTwoNote);
    column()->addWidget(card);
}

void NetworkPage::refresh()
{
    const services::Snapshot& now = snapshot();
    m_progress->setLines(now.sync.lines);
    m_synced->set(now.sync.synced ? Tone::Success : Tone::Accent,
                  now.sync.synced ? Glyph::Check : Glyph::Refresh,
                  now.sync.synced ? tr("Synced") : tr("In progress"));
    showTip();
    showLayerTwo();
    m_model->setRows(now.peers);
    m_table->setVisible(!now.peers.empty());
    m_empty->setVisible(now.peers.empty());
}

void NetworkPage::showLayerTwo()
{
    const services::SyncView& sync = snapshot().sync;
    const LayerTwoTrouble trouble = layerTwoTrouble(sync);
    if (!sync.layerTwoReachable)
        m_layerTwo->set(Tone::Warning, tr("Does not answer"));
    else if (!trouble.title.isEmpty())
        m_layerTwo->set(trouble.tone, tr("Do not rely on it"));
    else
        m_layerTwo->set(Tone::Success, tr("Answers, batch %1").arg(countText(sync.layerTwoHead)));
    const bool told = sync.layerTwoReachable || trouble.tone == Tone::Danger;
    m_layerTwoNote->setText(
        QStringList{trouble.title, trouble.text}.join(trouble.text.isEmpty() ? "" : ". "));
    setTone(m_layerTwoNote, trouble.tone == Tone::Danger ? "danger" : "warning");
    m_layerTwoNote->setVisible(told && !trouble.title.isEmpty());
}

void NetworkPage::showTip()
{
    const services::SyncView& sync = snapshot().sync;
    const services::UnixTime now = QDateTime::currentSecsSinceEpoch();
    m_height->setText(tr("Block %1").arg(countText(sync.tipHeight)));
    m_age->setText(tr("Found %1").arg(ageText(now - sync.tipTime)));
    m_hash->setId(fromStd(sync.tipHash));
    const bool stale = isStale(sync.tipTime, now, session().network());
    if (stale == m_isStale) return;
    m_isStale = stale;
    setTone(m_age, stale ? "warning" : "muted");
    if (!stale) return m_stale->clear();
    m_stale->showMessage(
        Tone::Warning, tr("No block for 90 minutes"),
        tr("That is rare. Balances may be out of date; your connection or all of your peers may be stuck."));
}

} // namespace bowline::ui
