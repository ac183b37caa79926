// SPDX-License-Identifier: MIT
// What surrounds the pages of an open wallet: the rail with the places, the bar at the top, the status line. Pages are
// made when they are first shown.
#pragma once

#include "ui/design/widgets.h"
#include "ui/session.h"

#include <array>

class QStackedWidget;

namespace bowline::ui {

class Page;

class Shell final : public QWidget {
    Q_OBJECT

public:
    explicit Shell(Session& session, QWidget* parent = nullptr);

    /// Shows the first page, unless another was asked for meanwhile, then makes the others one by one while nothing
    /// else is to be done, so that going to one of them only shows it. Once, when the shell is shown.
    void start();
    void goTo(PageId page, const QString& reference = {});
    [[nodiscard]] Page* page(PageId page);
    [[nodiscard]] PageId current() const { return m_current; }
    [[nodiscard]] bool goBack();

private:
    QWidget* makeRail();
    QWidget* makeTopBar();
    QWidget* makeStatusBar();
    Page* makePage(PageId page);
    void prepareNext(int index);
    void refresh();
    void refreshTop();
    void refreshProver();

    Session& m_session;
    QStackedWidget* m_stack;
    std::array<QPushButton*, kPageCount> m_places{};
    std::array<Page*, kPageCount> m_pages{};
    std::vector<PageId> m_history;
    PageId m_current = PageId::Home;
    QLabel* m_wallet;
    Badge* m_network;
    QToolButton* m_hide;
    QToolButton* m_theme;
    QLabel* m_peers;
    QLabel* m_tip;
    QLabel* m_head;
    QLabel* m_prover;
};

} // namespace bowline::ui
