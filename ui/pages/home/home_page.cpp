// SPDX-License-Identifier: MIT
#include "ui/pages/home/home_page.h"

#include "ui/design/code_texts.h"
#include "ui/design/progress_lines.h"
#include "ui/flows/verdict_view.h"

#include <QHBoxLayout>

namespace bowline::ui {

namespace {
constexpr int kActivityRows = 5;

struct NeedText {
    QString text;
    QString action;
    PageId page;
};

NeedText needText(const services::NeedsYou& need)
{
    if (need.kind == "backup") {
        return {HomePage::tr("The words of this wallet are not confirmed yet. Without them a broken disk "
                             "means lost money."),
                HomePage::tr("Confirm words"), PageId::Settings};
    }
    if (need.kind == "refund-available") {
        return {HomePage::tr("The committee did not finish a deposit. You can take it back now."),
                HomePage::tr("Look at refund"), PageId::Bridge};
    }
    if (need.kind == "reclaim-available") {
        return {HomePage::tr("Nobody paid a withdrawal in time. You can take escrow and bond now."),
                HomePage::tr("Look at reclaim"), PageId::Bridge};
    }
    if (need.kind == "layer2-gap") {
        return {
            HomePage::tr(
                "The layer 2 refused one of your transactions. One that you signed after it waits, and will "
                "be carried out as soon as you send something else on the layer 2."),
            HomePage::tr("Look at it"), PageId::LayerTwo};
    }
    return {HomePage::tr("A deposit or withdrawal waits for you."), HomePage::tr("Look at it"),
            PageId::Bridge};
}

QString availableText(const services::Snapshot& now)
{
    const QString batch = countText(now.layerTwo.verdict.batch);
    const auto& proven = now.sync.layerTwoProven;
    return proven ? HomePage::tr("Available in batch %1; proven up to batch %2")
                        .arg(batch, countText(proven->batch))
                  : HomePage::tr("Available in batch %1").arg(batch);
}

QString referenceOf(const services::NeedsYou& need)
{
    return need.kind == "backup" ? QStringLiteral("backup") : fromStd(need.referenceId);
}
} // namespace

BalanceCard::BalanceCard(Tone tone, const QString& name, const QStringList& rows, QWidget* parent)
    : QFrame(parent), m_head(new QHBoxLayout), m_main(new AmountLabel(TextRole::Title, this)),
      m_note(makeHint({}, this))
{
    setProperty("card", true);
    setAccessibleName(name);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge - 4, space::kNormal, space::kLarge - 4, space::kNormal);
    layout->setSpacing(space::kSmall);
    auto* badge = new Badge(this);
    badge->set(tone, name);
    m_head->addWidget(badge);
    m_head->addStretch();
    layout->addLayout(m_head);
    m_main->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(m_main);
    m_note->setAlignment(Qt::AlignRight);
    layout->addWidget(m_note);
    auto* grid = new QGridLayout;
    grid->setVerticalSpacing(space::kTiny);
    for (const QString& row : rows) {
        Row made{makeLabel(row, TextRole::Body, this), new AmountLabel(TextRole::Body, this)};
        setTone(made.name, "muted");
        const int at = int(m_rows.size());
        grid->addWidget(made.name, at, 0);
        grid->addWidget(made.amount, at, 1);
        m_rows.push_back(made);
    }
    layout->addLayout(grid);
    layout->addStretch();
}

void BalanceCard::setMain(std::optional<base::Amount> amount, const QString& note)
{
    if (amount)
        m_main->setAmount(*amount);
    else
        m_main->clearAmount();
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void BalanceCard::setRow(int row, base::Amount amount)
{
    Row& shown = m_rows[std::size_t(row)];
    shown.amount->setAmount(amount);
    shown.name->setVisible(amount.sat() != 0);
    shown.amount->setVisible(amount.sat() != 0);
}

HomePage::HomePage(Session& session, QWidget* parent) : Page(session, tr("Home"), parent)
{
    m_trouble = new Banner(this);
    m_trouble->setObjectName("layerTwoTrouble");
    column()->addWidget(m_trouble);
    addBalances();
    m_needs = new Card(tr("Needs you"), this);
    column()->addWidget(m_needs);
    m_sync = new Card(tr("Sync"), this);
    m_syncState = new Badge(m_sync);
    m_sync->addTrailing(m_syncState);
    m_progress = new ProgressLines(m_sync);
    m_syncNote = makeHint({}, m_sync);
    m_sync->body()->addWidget(m_progress);
    m_sync->body()->addWidget(m_syncNote);
    column()->addWidget(m_sync);
    addActivity();
}

void HomePage::addBalances()
{
    m_balances = new QBoxLayout(QBoxLayout::LeftToRight);
    m_balances->setSpacing(space::kNormal);
    m_bitcoin =
        new BalanceCard(Tone::Bitcoin, tr("Bitcoin"),
                        {tr("Incoming"), tr("Outgoing"), tr("Immature"), tr("Locked in the bridge")}, this);
    m_layerTwo = new BalanceCard(Tone::LayerTwo, tr("Layer 2"),
                                 {tr("In escrow"), tr("Staked"), tr("Available as proven")}, this);
    m_verdict = new Badge(m_layerTwo);
    m_layerTwo->head()->addWidget(m_verdict);
    m_balances->addWidget(m_bitcoin, 1);
    m_balances->addWidget(m_layerTwo, 1);
    column()->addLayout(m_balances);
}

void HomePage::resizeEvent(QResizeEvent* event)
{
    // With a large font in a small window the cards stand one below the other.
    const int needed = m_bitcoin->minimumSizeHint().width() + m_layerTwo->minimumSizeHint().width() +
                       space::kNormal + 2 * space::kLarge;
    const auto direction = viewport()->width() < needed ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight;
    if (m_balances->direction() != direction) m_balances->setDirection(direction);
    Page::resizeEvent(event);
}

void HomePage::addActivity()
{
    m_activity = new Card(tr("Last activity"), this);
    m_model = new ActivityModel(this);
    m_table = new RowsTable(tr("Last activity"), m_model, m_activity);
    m_table->setStretchColumn(ActivityModel::State);
    m_table->fitRows(kActivityRows);
    m_empty = new EmptyState(Glyph::Receive, tr("Nothing has happened yet. Receive some bitcoin to begin."),
                             tr("Receive"), m_activity);
    connect(m_empty, &EmptyState::actionRequested, this, [this] { session().goTo(PageId::Receive); });
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { follow(m_model->at(index.row())); });
    m_activity->body()->addWidget(m_table);
    m_activity->body()->addWidget(m_empty);
    column()->addWidget(m_activity);
}

void HomePage::follow(const services::ActivityView& activity)
{
    const bool bridged = activity.kind == "deposit" || activity.kind == "withdrawal";
    if (bridged) session().goTo(PageId::Bridge, fromStd(activity.id));
}

void HomePage::refresh()
{
    const services::Snapshot& now = snapshot();
    if (session().hasWallet()) {
        m_bitcoin->setMain(now.bitcoin.confirmed, now.bitcoin.partial
                                                      ? tr("Partial: blocks are still being scanned")
                                                      : tr("Confirmed"));
        const bool known = now.layerTwo.verdict.kind == services::Verdict::Kind::Verified;
        m_layerTwo->setMain(known ? std::optional(now.layerTwo.available) : std::nullopt,
                            known ? availableText(now) : verdictReasonText(now.layerTwo.verdict.reason));
    }
    m_bitcoin->setRow(0, now.bitcoin.pendingIncoming);
    m_bitcoin->setRow(1, now.bitcoin.pendingOutgoing);
    m_bitcoin->setRow(2, now.bitcoin.immature);
    m_bitcoin->setRow(3, now.bitcoin.lockedInBridge);
    m_layerTwo->setRow(0, now.layerTwo.inEscrow);
    m_layerTwo->setRow(1, now.layerTwo.staked);
    m_layerTwo->setRow(2, now.layerTwo.proven ? now.layerTwo.proven->available : base::Amount{});
    m_verdict->set(verdictTone(now.layerTwo.verdict),
                   now.layerTwo.verdict.kind == services::Verdict::Kind::Verified
                       ? now.layerTwo.verdict.finality == "root-proven" ? tr("Proven") : tr("Verified")
                       : verdictText(now.layerTwo.verdict));
    showTrouble();
    showNeeds();
    showSync();
    std::vector<services::ActivityView> rows = now.recentActivity;
    if (rows.size() > kActivityRows) rows.resize(kActivityRows);
    m_model->setRows(rows);
    m_table->setVisible(!rows.empty());
    m_empty->setVisible(rows.empty());
}

/// What nobody may overlook; a node that is only silent is told with the sync.
void HomePage::showTrouble()
{
    const LayerTwoTrouble trouble = layerTwoTrouble(snapshot().sync);
    const QString shown = trouble.tone == Tone::Danger ? trouble.title + trouble.text : QString();
    if (shown == m_shownTrouble) return;
    m_shownTrouble = shown;
    if (shown.isEmpty()) return m_trouble->clear();
    m_trouble->showMessage(trouble.tone, trouble.title, trouble.text);
}

void HomePage::showNeeds()
{
    const auto& needs = snapshot().needsYou;
    m_needs->setVisible(!needs.empty());
    const bool same = std::equal(
        needs.begin(), needs.end(), m_shownNeeds.begin(), m_shownNeeds.end(),
        [](const auto& a, const auto& b) { return a.kind == b.kind && a.referenceId == b.referenceId; });
    if (same) return;
    m_shownNeeds = needs;
    clearLayout(m_needs->body());
    for (const services::NeedsYou& need : needs) {
        const NeedText text = needText(need);
        auto* banner = new Banner(m_needs);
        banner->showMessage(Tone::Warning, text.text);
        banner->setAction(text.action, [this, page = text.page, reference = referenceOf(need)] {
            session().goTo(page, reference);
        });
        m_needs->body()->addWidget(banner);
    }
}

void HomePage::showSync()
{
    const services::SyncView& sync = snapshot().sync;
    m_progress->setLines(sync.lines);
    m_progress->setVisible(!sync.synced);
    m_syncState->set(sync.synced ? Tone::Success : Tone::Accent, sync.synced ? Glyph::Check : Glyph::Refresh,
                     sync.synced ? tr("Synced") : tr("In progress"));
    QStringList notes;
    if (sync.synced)
        notes << tr("Everything up to block %1 is checked on this computer.").arg(countText(sync.tipHeight));
    if (sync.clockSuspect)
        notes << tr("A peer shows blocks of the future: is the clock of this computer right?");
    if (sync.filterHeadersFromOnePeer)
        notes << tr("Filter headers come from one peer only and could not be compared.");
    const LayerTwoTrouble trouble = layerTwoTrouble(sync);
    if (trouble.tone == Tone::Warning) notes << trouble.title;
    m_syncNote->setText(notes.join(' '));
    m_syncNote->setVisible(!notes.isEmpty());
}

} // namespace bowline::ui
