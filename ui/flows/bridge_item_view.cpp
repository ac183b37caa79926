// SPDX-License-Identifier: MIT
#include "ui/flows/bridge_item_view.h"

#include "ui/design/code_texts.h"

#include <QHBoxLayout>

#include <algorithm>

namespace bowline::ui {

using services::BridgeItem;

namespace {
const services::TimelineStep* findStep(const BridgeItem& item, std::string_view id)
{
    for (const services::TimelineStep& step : item.steps) {
        if (step.id == id) return &step;
    }
    return nullptr;
}

struct Action {
    QString button;
    QString hint;
};

QString claimHint(const BridgeItem& item)
{
    const QString aside = BridgeItemView::tr("Not part of your deposit; your money is not touched by it.");
    if (item.failed)
        return aside + ' ' + BridgeItemView::tr("The claim came to nothing; the vault waits for another.");
    if (item.finished)
        return aside + ' ' + BridgeItemView::tr("The operator has what it had paid for on the layer 2.");
    return aside + ' ' +
           BridgeItemView::tr(
               "An operator turns what it burned on the layer 2 into the bitcoin of the vault.");
}

Action actionFor(const BridgeItem& item)
{
    if (item.nextAction == "refund") {
        return {
            BridgeItemView::tr("Take the &refund"),
            BridgeItemView::tr("The committee did not finish in time. You can take the deposit back alone.")};
    }
    if (item.nextAction == "reclaim") {
        return {BridgeItemView::tr("&Reclaim"),
                BridgeItemView::tr("The operator did not pay in time. Escrow and bond are yours.")};
    }
    if (item.nextAction == "cancel") {
        return {
            BridgeItemView::tr("&Cancel the withdrawal"),
            BridgeItemView::tr("No operator has accepted yet. You can wait, or take the escrow back now.")};
    }
    if (item.nextAction == "unlock")
        return {{}, BridgeItemView::tr("Your key is needed for the next step; it goes on by itself now.")};
    if (item.finished && !item.failed && item.kind == BridgeItem::Kind::Withdrawal) {
        return {{}, BridgeItemView::tr("You are done: the operator's payment is confirmed on Bitcoin.")};
    }
    if (item.finished && !item.failed && item.kind == BridgeItem::Kind::Deposit) {
        return {{}, BridgeItemView::tr("You are done: the amount is on your layer-2 account.")};
    }
    if (item.failed && item.state == "withdrawal.requested") {
        return {{}, BridgeItemView::tr("The layer 2 refused the request. Nothing has left your account.")};
    }
    if (item.kind == BridgeItem::Kind::VaultClaim) return {{}, claimHint(item)};
    if (item.finished) return {{}, BridgeItemView::tr("It ended, and the money is yours again.")};
    return {{},
            BridgeItemView::tr("Nothing to do now. You may close Bowline; it goes on when you are back.")};
}
} // namespace

QString refundText(const BridgeItem& item, const services::Snapshot& snapshot)
{
    if (item.kind != BridgeItem::Kind::Deposit || item.finished) return {};
    const services::TimelineStep* refund = findStep(item, "deposit.refund");
    if (refund == nullptr || !refund->clock) return {};
    if (refund->clock->passedBlocks >= refund->clock->lengthBlocks) return BridgeItemView::tr("possible now");
    const QString clock = clockText(*refund->clock, snapshot.wallet.network);
    if (!item.refundHeight) return clock;
    //: %1: a clock such as "3 / 40 blocks"; %2: a block height
    return BridgeItemView::tr("%1 (after block %2)").arg(clock, countText(*item.refundHeight));
}

BridgeItemView::BridgeItemView(Session& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    m_card = new Card(QStringLiteral(" "), this);
    m_badge = new Badge(m_card);
    m_card->addTrailing(m_badge);
    m_facts = new Facts(m_card);
    m_banner = new Banner(m_card);
    auto* row = new QHBoxLayout;
    m_hint = makeHint({}, m_card);
    m_action = makePrimary({}, m_card);
    m_action->setObjectName("bridgeAction");
    row->addWidget(m_hint, 1);
    row->addWidget(m_action);
    m_refund = new QWidget(m_card);
    auto* refund = new QVBoxLayout(m_refund);
    refund->setContentsMargins(0, 0, 0, 0);
    refund->setSpacing(space::kSmall);
    m_fee = new FeeChoice(m_refund);
    m_refundFee = makeLabel({}, TextRole::Body, m_refund);
    m_refundFee->setObjectName("refundFee");
    m_refundFee->setWordWrap(true);
    refund->addWidget(m_fee);
    refund->addWidget(m_refundFee);
    m_timeline = new TimelineView(m_card);
    m_claim = new QWidget(m_card);
    auto* claim = new QVBoxLayout(m_claim);
    claim->setContentsMargins(0, 0, 0, 0);
    claim->setSpacing(space::kMedium);
    auto* claimHead = new QHBoxLayout;
    claimHead->addWidget(makeLabel(tr("Claim of the vault"), TextRole::Heading, m_claim), 1);
    m_claimBadge = new Badge(m_claim);
    claimHead->addWidget(m_claimBadge);
    m_claimTimeline = new TimelineView(m_claim);
    claim->addWidget(makeLine(m_claim));
    claim->addLayout(claimHead);
    claim->addWidget(makeHint(tr("Not part of your deposit; your money is not touched by it."), m_claim));
    claim->addWidget(m_claimTimeline);
    m_card->body()->addWidget(m_facts);
    m_card->body()->addWidget(m_banner);
    m_card->body()->addWidget(m_refund);
    m_card->body()->addLayout(row);
    m_card->body()->addWidget(makeLine(m_card));
    m_card->body()->addWidget(m_timeline);
    m_card->body()->addWidget(m_claim);
    layout->addWidget(m_card);
    connect(m_action, &QPushButton::clicked, this, &BridgeItemView::act);
    connect(m_fee, &FeeChoice::changed, this, &BridgeItemView::showRefundFee);
}

void BridgeItemView::setItem(const BridgeItem& item)
{
    if (m_id != fromStd(item.id)) {
        m_id = fromStd(item.id);
        m_banner->clear();
        m_shownFacts.clear();
        m_action->setEnabled(true);
    }
    if (m_nextAction != item.nextAction) m_action->setEnabled(true);
    m_nextAction = item.nextAction;
    m_card->setTitle(bridgeKindText(item.kind));
    const Standing standing = standingOf(item);
    m_badge->set(standing.tone, standing.text);
    showFacts(item);
    showAction(item);
    m_timeline->setItem(item, m_session.network());
    showClaim(item);
}

void BridgeItemView::showFacts(const BridgeItem& item)
{
    const QString refund = refundText(item, m_session.snapshot());
    const QString shown = QStringList{m_id, refund, QString::number(item.amount.sat())}.join('|');
    if (shown == m_shownFacts) return;
    m_shownFacts = shown;
    m_facts->clear();
    m_facts->addAmount(tr("Amount"), item.amount, true);
    m_facts->addText(tr("Started"), timeText(item.created));
    auto* id = new IdLabel(tr("Copy id"), m_facts);
    id->setId(m_id);
    m_facts->addWidget(item.kind == BridgeItem::Kind::VaultClaim ? tr("Kickoff") : tr("Id"), id);
    if (!item.depositId.empty()) {
        auto* deposit = new IdLabel(tr("Copy id of the deposit"), m_facts);
        deposit->setId(fromStd(item.depositId));
        m_facts->addWidget(tr("Made by deposit"), deposit);
    }
    if (!refund.isEmpty()) m_facts->addText(tr("Refund"), refund)->setObjectName("refundClock");
    if (item.destination.empty()) return;
    auto* to = new AddressRow(tr("Copy destination"), m_facts);
    to->setAddress(fromStd(item.destination));
    m_facts->addWide(tr("Paid to"), to);
}

void BridgeItemView::showAction(const BridgeItem& item)
{
    const Action action = actionFor(item);
    m_hint->setText(action.hint);
    m_action->setText(action.button);
    m_action->setVisible(!action.button.isEmpty());
    m_refundVirtualBytes = item.refundVirtualBytes;
    m_refundValue = item.refundValue;
    m_refund->setVisible(item.nextAction == "refund");
    showRefundFee();
}

void BridgeItemView::showRefundFee()
{
    const auto rate = m_fee->satPerKvb();
    if (!rate || !m_refundVirtualBytes) return m_refundFee->clear();
    const base::Amount fee = base::FeeRate{*rate}.feeFor(*m_refundVirtualBytes);
    const Display& display = Display::current();
    if (fee >= m_refundValue) return m_refundFee->setText(tr("The fee would be more than what comes back."));
    m_refundFee->setText(tr("Fee %1; %2 comes back to your wallet.")
                             .arg(display.text(fee), display.text(m_refundValue - fee)));
}

void BridgeItemView::showClaim(const BridgeItem& item)
{
    const auto& items = m_session.snapshot().bridge;
    const auto claim = std::find_if(items.begin(), items.end(), [&](const BridgeItem& other) {
        return other.kind == BridgeItem::Kind::VaultClaim && other.depositId == item.id;
    });
    m_claim->setVisible(claim != items.end());
    if (claim == items.end()) return;
    const Standing standing = standingOf(*claim);
    m_claimBadge->set(standing.tone, standing.text);
    m_claimTimeline->setItem(*claim, m_session.network());
}

void BridgeItemView::act()
{
    if (m_nextAction == "refund" && !m_fee->check()) return;
    m_action->setEnabled(false);
    const std::string id = m_id.toStdString();
    auto done =
        m_session.deliver<std::string>(this, [this, id = m_id](const base::Result<std::string>& result) {
            if (id != m_id) return;
            if (!result.ok()) {
                m_action->setEnabled(true);
                return m_banner->showError(result.error());
            }
            m_banner->showMessage(Tone::Success, tr("Sent. The timeline follows it."));
        });
    if (m_nextAction == "refund")
        m_session.services().bridge().refund(id, *m_fee->satPerKvb(), std::move(done));
    else
        m_session.services().bridge().reclaim(id, std::move(done));
}

} // namespace bowline::ui
