// SPDX-License-Identifier: MIT
// What a proof file shows, what was checked in it, and what it does not show.
#pragma once

#include "ui/flows/checks_panel.h"

namespace bowline::ui {

class FileCard final : public QWidget {
    Q_OBJECT

public:
    explicit FileCard(QWidget* parent = nullptr);
    void setReport(const QString& path, const services::FileReport& report);

signals:
    void closed();

private:
    Card* m_card;
    Badge* m_verdict;
    Badge* m_finality;
    QLabel* m_path;
    QLabel* m_what;
    Facts* m_facts;
    ChecksPanel* m_checks;
    QLabel* m_openTitle;
    QVBoxLayout* m_open;
};

} // namespace bowline::ui
