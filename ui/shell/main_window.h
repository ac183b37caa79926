// SPDX-License-Identifier: MIT
// The window: the welcome page while locked, the shell with its pages while a wallet is open. Locking destroys the
// shell, and with it every page, model and pending question; nothing is merely covered.
#pragma once

#include "ui/session.h"

#include <QPointer>
#include <QWidget>

class QStackedWidget;
class QTimer;

namespace bowline::ui {

class Shell;
class WelcomePage;

class MainWindow final : public QWidget {
    Q_OBJECT

public:
    MainWindow(services::Services& services, Preferences& preferences);
    ~MainWindow() override;

    [[nodiscard]] Session& session() { return m_session; }
    [[nodiscard]] Shell* shell() const;
    [[nodiscard]] WelcomePage* welcome() const { return m_welcome; }
    void lock();
    /// For tests: minutes are long.
    void setIdleLockMilliseconds(int milliseconds);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void openedChanged();
    void preferencesChanged();
    void addShortcuts();

    Session m_session;
    QStackedWidget* m_stack;
    WelcomePage* m_welcome;
    QPointer<Shell> m_shell;
    QTimer* m_idle;
};

} // namespace bowline::ui
