// SPDX-License-Identifier: MIT
// The vertical timeline of one deposit, withdrawal or claim: every step with its state, who acts, its transaction
// and its block clock. No clock is shown before it runs.
#pragma once

#include "ui/design/address_view.h"

namespace bowline::ui {

/// One step of the timeline.
class StepRow final : public QWidget {
    Q_OBJECT

public:
    explicit StepRow(QWidget* parent = nullptr);
    void setStep(const services::TimelineStep& step, services::NetworkKind network, bool isFirst,
                 bool isLast);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    services::StepState m_state = services::StepState::Future;
    bool m_isFirst = false;
    bool m_isLast = false;
    QLabel* m_title;
    QLabel* m_actor;
    QLabel* m_text;
    QLabel* m_clock;
    QLabel* m_note;
    IdLabel* m_id;
};

class TimelineView final : public QWidget {
    Q_OBJECT

public:
    explicit TimelineView(QWidget* parent = nullptr);
    void setItem(const services::BridgeItem& item, services::NetworkKind network);

private:
    QVBoxLayout* m_rows;
    QLabel* m_aside;
    QVBoxLayout* m_others;
    std::vector<StepRow*> m_steps;
};

/// "1 Amount, 2 Review, 3 Follow" above a flow.
class FlowHeader final : public QWidget {
    Q_OBJECT

public:
    explicit FlowHeader(const QStringList& names, QWidget* parent = nullptr);
    void setCurrent(int index);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList m_names;
    int m_current = 0;
};

} // namespace bowline::ui
