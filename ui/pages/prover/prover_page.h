// SPDX-License-Identifier: MIT
// The user lends the processor: on and off, what the prover does, its limits, what this computer can do, the node that gives the
// tasks, what was done, the log. Follows the session's view of the prover; the process itself is the service's.
#pragma once

#include "ui/design/fields.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

#include <array>

class QCheckBox;
class QProgressBar;

namespace bowline::ui {

class ProverPage final : public Page {
    Q_OBJECT

public:
    explicit ProverPage(Session& session, QWidget* parent = nullptr);

protected:
    void refresh() override;

private:
    static constexpr std::size_t kKinds = 6;

    void addState();
    void addLimits();
    void addComputer();
    void addNode();
    void addDone();
    void addLog();
    void showState();
    void showProgress();
    void showLimits();
    void showComputer();
    void showNode();
    void showDone();
    void turn();
    void measure();
    void applyNode();
    /// The view's settings with this change.
    void configure(const std::function<void(services::ProverSettings&)>& change);
    [[nodiscard]] const services::ProverView& view() { return session().prover(); }
    [[nodiscard]] bool isOn();

    Badge* m_badge;
    QLabel* m_title;
    QLabel* m_text;
    QProgressBar* m_bar;
    QLabel* m_progress;
    QPushButton* m_turn;
    Banner* m_banner;
    ChoiceField* m_threads;
    ChoiceField* m_memory;
    QCheckBox* m_idle;
    QLabel* m_limitsNote;
    Banner* m_limitsBanner;
    QLabel* m_pace;
    QLabel* m_paceNote;
    QPushButton* m_measure;
    Banner* m_measureBanner;
    QLineEdit* m_node;
    QLineEdit* m_token;
    FieldBox* m_nodeBox;
    FieldBox* m_tokenBox;
    QPushButton* m_apply;
    Banner* m_nodeBanner;
    QLabel* m_queue;
    QLabel* m_accepted;
    std::array<QLabel*, kKinds> m_counts{};
    ProverEventsModel* m_model;
    RowsTable* m_table;
    EmptyState* m_empty;
    services::ProverSettings m_shown; // what the fields were filled with
    bool m_isFilled = false;
    bool m_isAsking = false; // on or off was asked for, and not answered yet
};

} // namespace bowline::ui
