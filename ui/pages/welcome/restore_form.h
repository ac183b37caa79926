// SPDX-License-Identifier: MIT
// Restoring a wallet from its words.
#pragma once

#include "ui/pages/welcome/create_flow.h"

class QComboBox;
class QPlainTextEdit;

namespace bowline::ui {

class RestoreForm final : public QWidget {
    Q_OBJECT

public:
    RestoreForm(Session& session, QWidget* parent = nullptr);
    void start();
    /// True while the wallet is being made.
    [[nodiscard]] bool goBack() const;

signals:
    void opened(const QString& name);

private:
    void restore();
    [[nodiscard]] base::SecureBytes takeWords();

    Session& m_session;
    Banner* m_banner;
    QPlainTextEdit* m_words;
    FieldBox* m_wordsBox;
    PasswordField* m_passphrase;
    QComboBox* m_age;
    NewWalletForm* m_form;
    QPushButton* m_restore;
};

} // namespace bowline::ui
