// SPDX-License-Identifier: MIT
// One deposit, withdrawal or claim of a vault: what it is, where it stands, its timeline, and the single thing to do
// next. The button appears only when the services say that the step is possible, which they check on our own chain.
// A deposit shows the claim of the vault it made as well, aside: nobody waits for it.
#pragma once

#include "ui/flows/fee_choice.h"
#include "ui/flows/timeline_view.h"
#include "ui/session.h"

namespace bowline::ui {

class BridgeItemView final : public QWidget {
    Q_OBJECT

public:
    explicit BridgeItemView(Session& session, QWidget* parent = nullptr);
    void setItem(const services::BridgeItem& item);
    [[nodiscard]] QString itemId() const { return m_id; }

private:
    void showFacts(const services::BridgeItem& item);
    void showAction(const services::BridgeItem& item);
    void showRefundFee();
    void showClaim(const services::BridgeItem& item);
    void act();

    Session& m_session;
    QString m_id;
    std::string m_nextAction;
    Card* m_card;
    Badge* m_badge;
    Facts* m_facts;
    QString m_shownFacts;
    Banner* m_banner;
    QLabel* m_hint;
    QPushButton* m_action;
    QWidget* m_refund; // choice of its fee, and what is left
    FeeChoice* m_fee;
    QLabel* m_refundFee;
    std::optional<std::int64_t> m_refundVirtualBytes;
    base::Amount m_refundValue;
    TimelineView* m_timeline;
    QWidget* m_claim; // of the vault that this deposit made
    Badge* m_claimBadge;
    TimelineView* m_claimTimeline;
};

/// Where the refund of a deposit stands: empty when none is on.
[[nodiscard]] QString refundText(const services::BridgeItem& item, const services::Snapshot& snapshot);

} // namespace bowline::ui
