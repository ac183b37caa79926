// SPDX-License-Identifier: MIT
#include "ui/shell/main_window.h"

#include "ui/pages/welcome/welcome_page.h"
#include "ui/shell/shell.h"

#include <QApplication>
#include <QKeyEvent>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>

namespace bowline::ui {

namespace {
constexpr QSize kLeastSize(900, 600);
constexpr QSize kFirstSize(1160, 780);

/// From resources/, in the sizes that task bars and switchers ask for.
QIcon applicationIcon()
{
    QIcon out;
    for (const int size : {16, 22, 24, 32, 48, 64, 128, 256}) {
        out.addFile(QStringLiteral(":/icons/hicolor/%1x%1/apps/bowline.png").arg(size), QSize(size, size));
    }
    return out;
}

bool isActivity(QEvent::Type type)
{
    return type == QEvent::KeyPress || type == QEvent::MouseButtonPress || type == QEvent::MouseMove ||
           type == QEvent::Wheel || type == QEvent::TouchBegin;
}
} // namespace

MainWindow::MainWindow(services::Services& services, Preferences& preferences)
    : m_session(services, preferences), m_stack(new QStackedWidget(this)), m_idle(new QTimer(this))
{
    setObjectName("window");
    setWindowTitle(QStringLiteral("Bowline"));
    setWindowIcon(applicationIcon());
    setMinimumSize(kLeastSize);
    resize(kFirstSize);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    m_welcome = new WelcomePage(m_session, m_stack);
    m_stack->addWidget(m_welcome);
    connect(m_welcome, &WelcomePage::opened, &m_session, &Session::opened);
    connect(&m_session, &Session::openedChanged, this, &MainWindow::openedChanged);
    m_idle->setSingleShot(true);
    connect(m_idle, &QTimer::timeout, this, &MainWindow::lock);
    connect(&preferences, &Preferences::changed, this, &MainWindow::preferencesChanged);
    preferencesChanged();
    addShortcuts();
    qApp->installEventFilter(this);
    m_welcome->reload();
}

MainWindow::~MainWindow()
{
    qApp->removeEventFilter(this);
    delete m_shell; // before the session it speaks to
}

Shell* MainWindow::shell() const { return m_shell; }

void MainWindow::addShortcuts()
{
    for (int i = 0; i < kPageCount; ++i) {
        auto* shortcut =
            new QShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + digitOf(PageId(i)))), this);
        connect(shortcut, &QShortcut::activated, this, [this, i] { m_session.goTo(PageId(i)); });
    }
    auto* lockKey = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_L), this);
    connect(lockKey, &QShortcut::activated, this, &MainWindow::lock);
}

void MainWindow::lock() { m_session.lock(); }

void MainWindow::openedChanged()
{
    if (m_session.isOpen()) {
        m_shell = new Shell(m_session, m_stack);
        m_stack->addWidget(m_shell);
        preferencesChanged();
        // Making, showing and filling the shell are turns of their own, so that none of them is long. Bound to the
        // shell: a lock in between takes the turn away with it.
        QTimer::singleShot(0, m_shell, [this] {
            m_stack->setCurrentWidget(m_shell);
            m_shell->setFocus();
            m_shell->start();
        });
        return;
    }
    m_idle->stop();
    m_stack->setCurrentWidget(m_welcome);
    const QString name = m_session.walletName();
    if (m_shell) {
        // The lock may have been asked for by one of the shell's own buttons, which is still on the stack.
        m_stack->removeWidget(m_shell);
        m_shell->hide();
        m_shell->close();
        m_shell->deleteLater();
        m_shell = nullptr;
    }
    m_welcome->reload(name);
}

void MainWindow::preferencesChanged()
{
    setIdleLockMilliseconds(m_session.preferences().autoLockMinutes() * 60 * 1000);
}

void MainWindow::setIdleLockMilliseconds(int milliseconds)
{
    m_idle->setInterval(milliseconds);
    if (milliseconds > 0 && m_session.isOpen())
        m_idle->start();
    else
        m_idle->stop();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (m_idle->isActive() && isActivity(event->type())) m_idle->start();
    return QWidget::eventFilter(watched, event);
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        const bool went = m_shell ? m_shell->goBack() : m_welcome->goBack();
        if (went) return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace bowline::ui
