// SPDX-License-Identifier: MIT
// What every page is: a column of cards in a scroll area, with a title, that follows the session's snapshots while it
// is visible.
#pragma once

#include "ui/design/feedback.h"
#include "ui/session.h"

#include <QScrollArea>

class QButtonGroup;

namespace bowline::ui {

class Page : public QScrollArea {
    Q_OBJECT

public:
    Page(Session& session, const QString& title, QWidget* parent = nullptr);

    /// Shows one thing on the page, such as a bridge id.
    virtual void open(const QString& reference);
    /// Esc: false when there is nothing to go back from.
    virtual bool goBack() { return false; }

protected:
    /// The session has a new snapshot, or the page came into view.
    virtual void refresh() {}
    void showEvent(QShowEvent* event) override;

    [[nodiscard]] Session& session() { return m_session; }
    [[nodiscard]] const services::Snapshot& snapshot() const { return m_session.snapshot(); }
    [[nodiscard]] QVBoxLayout* column() { return m_column; }
    [[nodiscard]] QHBoxLayout* head() { return m_head; }
    void setTitle(const QString& title);

private:
    Session& m_session;
    QLabel* m_title;
    QHBoxLayout* m_head;
    QVBoxLayout* m_column;
};

/// Buttons of which one is chosen, as tabs.
class TabRow final : public QWidget {
    Q_OBJECT

public:
    explicit TabRow(const QStringList& names, QWidget* parent = nullptr);
    [[nodiscard]] int current() const;
    void setCurrent(int index);

signals:
    void currentChanged(int index);

private:
    std::vector<QPushButton*> m_buttons;
};

} // namespace bowline::ui
