// SPDX-License-Identifier: MIT
// Messages in the page, never in a dialog: what happened, whether the money is safe, what to do, with code and
// detail behind a fold. And the button that copies something and says so.
#pragma once

#include "core/base/result.h"
#include "ui/design/widgets.h"

#include <functional>

class QTimer;

namespace bowline::ui {

/// Copies a text that is asked for at the moment of the click.
class CopyButton final : public QToolButton {
    Q_OBJECT

public:
    /// `name`: what is copied, for the accessible name, such as "Copy address".
    explicit CopyButton(const QString& name, QWidget* parent = nullptr, bool showsText = true);
    void setText(const QString& text) { m_text = text; }

private:
    void copy();
    void rest();
    QString m_text;
    QString m_name;
    bool m_showsText;
    QTimer* m_timer;
};

class Banner final : public QFrame {
    Q_OBJECT

public:
    explicit Banner(QWidget* parent = nullptr);
    /// Looks the texts up by the error's code and shows the detail behind the fold.
    void showError(const base::Error& error);
    void showMessage(Tone tone, const QString& title, const QString& text = {});
    /// Adds a button to the message that is shown now.
    void setAction(const QString& text, std::function<void()> action);
    void clear();
    [[nodiscard]] QString title() const { return m_title->text(); }

private:
    void put(Tone tone, const QString& title, const QStringList& lines);
    void paintEvent(QPaintEvent* event) override;

    Tone m_tone = Tone::Neutral;
    QLabel* m_title;
    QLabel* m_lines;
    QWidget* m_details;
    QLabel* m_code;
    QPushButton* m_fold;
    CopyButton* m_copy;
    QPushButton* m_action;
    std::function<void()> m_onAction;
};

} // namespace bowline::ui
