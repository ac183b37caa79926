// SPDX-License-Identifier: MIT
// One deposit or withdrawal: what it is, where it stands, its timeline, and the single thing to do next. The button
// appears only when the services say that the step is possible, which they check on our own chain.
#pragma once

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
    TimelineView* m_timeline;
};

/// Where the refund of a deposit stands: empty when none is on.
[[nodiscard]] QString refundText(const services::BridgeItem& item, const services::Snapshot& snapshot);

} // namespace bowline::ui
