// SPDX-License-Identifier: MIT
// Settings of the window and of the open wallet; about Bowline.
#pragma once

#include "ui/design/fields.h"
#include "ui/pages/page.h"

class QComboBox;
class QPlainTextEdit;

namespace bowline::ui {

class SettingsPage final : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(Session& session, QWidget* parent = nullptr);
    /// "backup" leads to the confirmation of the words.
    void open(const QString& reference) override;

protected:
    void refresh() override;

private:
    void addLooks();
    void addBackup();
    void addPassword();
    void addAbout();
    void confirmBackup();
    void changePassword();

    Card* m_backup;
    QPlainTextEdit* m_words;
    FieldBox* m_wordsBox;
    Banner* m_backupBanner;
    QPushButton* m_confirm;
    PasswordField* m_before;
    PasswordField* m_after;
    PasswordField* m_again;
    FieldBox* m_afterBox;
    FieldBox* m_againBox;
    Banner* m_passwordBanner;
    QPushButton* m_change;
};

} // namespace bowline::ui
