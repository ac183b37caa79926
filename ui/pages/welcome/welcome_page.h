// SPDX-License-Identifier: MIT
// Before a wallet is open: choose and unlock one, make one, or restore one. Replaces everything else while locked.
#pragma once

#include "ui/design/fields.h"
#include "ui/session.h"

#include <QScrollArea>
#include <QStackedWidget>

class QComboBox;

namespace bowline::ui {

class CreateFlow;
class RestoreForm;
class Banner;

class UnlockForm final : public QWidget {
    Q_OBJECT

public:
    UnlockForm(Session& session, QWidget* parent = nullptr);
    void setWallets(const std::vector<services::WalletInfo>& wallets, const QString& preferred);

signals:
    void opened(const QString& name);

private:
    void unlock();
    void finish(const QString& name, const base::Result<services::WalletInfo>& result);

    Session& m_session;
    QComboBox* m_wallet;
    PasswordField* m_password;
    FieldBox* m_box;
    QPushButton* m_unlock;
    Banner* m_banner;
};

class WelcomePage final : public QScrollArea {
    Q_OBJECT

public:
    explicit WelcomePage(Session& session, QWidget* parent = nullptr);
    /// Looks for wallets again and shows the right form.
    void reload(const QString& preferred = {});
    bool goBack();

signals:
    void opened(const QString& name);

private:
    void showForm(QWidget* form);
    void takeWallets(const base::Result<std::vector<services::WalletInfo>>& result, const QString& preferred);
    QWidget* makeStart();

    Session& m_session;
    QStackedWidget* m_forms;
    QWidget* m_start;
    QLabel* m_noWallet; // shown once it is known
    UnlockForm* m_unlock;
    QPushButton* m_create;
    QPushButton* m_restore;
    QPushButton* m_back;
    Banner* m_banner;
    QWidget* m_home = nullptr; // where Back leads
};

} // namespace bowline::ui
