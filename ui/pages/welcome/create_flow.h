// SPDX-License-Identifier: MIT
// Making a wallet: name and password, the words to write down, and the proof that they were written down. Only then
// does the wallet exist. The words never touch the clipboard and are wiped when the flow ends.
#pragma once

#include "ui/design/feedback.h"
#include "ui/design/fields.h"
#include "ui/flows/timeline_view.h"
#include "ui/session.h"

#include <QStackedWidget>

namespace bowline::ui {

/// The words in numbered cells, painted: no text that could be selected or copied.
class WordsView final : public QWidget {
    Q_OBJECT

public:
    explicit WordsView(QWidget* parent = nullptr);
    void setWords(const base::SecureBytes& words);
    void wipe();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    base::SecureBytes m_words;
    int m_count = 0;
};

/// The n-th word, from 0.
[[nodiscard]] std::string_view wordAt(const base::SecureBytes& words, int index);
[[nodiscard]] int countWords(const base::SecureBytes& words);

/// Name, password twice; says what is missing.
class NewWalletForm final : public QWidget {
    Q_OBJECT

public:
    explicit NewWalletForm(QWidget* parent = nullptr);
    [[nodiscard]] bool check();
    [[nodiscard]] QString name() const;
    [[nodiscard]] base::SecureBytes takePassword();
    void reset();

private:
    QLineEdit* m_name;
    PasswordField* m_password;
    PasswordField* m_again;
    FieldBox* m_nameBox;
    FieldBox* m_passwordBox;
    FieldBox* m_againBox;
};

class CreateFlow final : public QWidget {
    Q_OBJECT

public:
    CreateFlow(Session& session, QWidget* parent = nullptr);
    ~CreateFlow() override;
    void start();
    /// True also while the wallet is being made: nobody leaves a wallet that opens a moment later.
    [[nodiscard]] bool goBack();

signals:
    void opened(const QString& name);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeNameStep();
    QWidget* makeWordsStep();
    QWidget* makeCheckStep();
    void showStep(int step);
    void askWords();
    void takeWords(base::Result<base::SecureBytes> words);
    void chooseQuestions();
    void checkAnswers();
    void create();
    void created(const base::Result<services::WalletInfo>& result);
    void wipe();

    Session& m_session;
    FlowHeader* m_header;
    Banner* m_banner;
    QStackedWidget* m_steps;
    NewWalletForm* m_form;
    WordsView* m_wordsView;
    QPushButton* m_next;
    QPushButton* m_create;
    std::vector<int> m_questions;
    std::vector<QLineEdit*> m_answers;
    std::vector<FieldBox*> m_boxes;
    base::SecureBytes m_words;
    base::SecureBytes m_password;
};

} // namespace bowline::ui
