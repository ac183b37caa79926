// SPDX-License-Identifier: MIT
// The four honest lines of syncing: peers, headers, filter headers, filters. Each says done of total, the rate, and
// the time left only once the services know it; nothing is added up to one flattering bar.
#pragma once

#include "ui/design/widgets.h"

class QProgressBar;

namespace bowline::ui {

class ProgressLines final : public QWidget {
    Q_OBJECT

public:
    explicit ProgressLines(QWidget* parent = nullptr);
    void setLines(const std::vector<services::ProgressLine>& lines);

private:
    struct Row {
        QLabel* name;
        QProgressBar* bar;
        QLabel* state;
    };
    Row& rowAt(std::size_t index);
    std::vector<Row> m_rows;
    QGridLayout* m_grid;
};

[[nodiscard]] QString progressName(services::ProgressLine::Kind kind);
[[nodiscard]] QString progressState(const services::ProgressLine& line);
[[nodiscard]] bool isDone(const services::ProgressLine& line);

} // namespace bowline::ui
