// SPDX-License-Identifier: MIT
// "How this was checked": each check as a sentence with its outcome, and behind a button what it means and every hash that
// was compared, ready to be copied.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "ui/design/address_view.h"

namespace bowline::ui {

/// Fields of an object or a check, each in its own form.
void addFacts(Facts& into, const std::vector<services::FactView>& facts);

class CheckRow final : public QWidget {
    Q_OBJECT

public:
    CheckRow(const services::CheckView& check, QWidget* parent);

private:
    void showHashes(bool shown);
    services::CheckView m_check;
    QPushButton* m_button;
    QWidget* m_below;
    bool m_isFilled = false;
};

class ChecksPanel final : public QFrame {
    Q_OBJECT

public:
    explicit ChecksPanel(QWidget* parent = nullptr);
    void setChecks(const std::vector<services::CheckView>& checks, const QString& provider = {});

private:
    QVBoxLayout* m_rows;
};

} // namespace bowline::ui
