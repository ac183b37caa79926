// SPDX-License-Identifier: MIT
// Fields with their label, their error line and what they know about their content.
#pragma once

#include "core/base/secure.h"
#include "ui/design/widgets.h"

#include <QComboBox>
#include <QLineEdit>

namespace bowline::ui {

/// A label above a field, a line for what is wrong below it. The error is part of the field's description, so that
/// a screen reader says it.
class FieldBox final : public QWidget {
    Q_OBJECT

public:
    FieldBox(const QString& label, QWidget* field, QWidget* parent = nullptr);
    void setLabel(const QString& text);
    void setError(const QString& text);
    void setHint(const QString& text);
    [[nodiscard]] QString error() const;

private:
    void refresh();
    QLabel* m_name;
    QWidget* m_field;
    QLabel* m_below;
    QString m_error;
    QString m_hint;
};

/// An amount in the unit of the display settings, with the unit beside it.
class AmountField final : public QWidget {
    Q_OBJECT

public:
    explicit AmountField(const QString& name, QWidget* parent = nullptr);
    [[nodiscard]] std::optional<base::Amount> amount() const;
    void setAmount(base::Amount amount);
    void clear() { m_edit->clear(); }
    [[nodiscard]] QString text() const { return m_edit->text(); }
    /// What to say about the present text; empty when it is fine or not there yet.
    [[nodiscard]] QString problem() const;
    [[nodiscard]] QLineEdit* edit() const { return m_edit; }

signals:
    void edited();

private:
    void unitChanged();
    QLineEdit* m_edit;
    QLabel* m_unitLabel;
    Unit m_unit;
};

/// A choice; draws its own arrow, since a styled combo box has none.
class ChoiceField final : public QComboBox {
    Q_OBJECT

public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A password; its text leaves through takeSecret(), which empties the field.
class PasswordField final : public QLineEdit {
    Q_OBJECT

public:
    explicit PasswordField(QWidget* parent = nullptr);
    [[nodiscard]] base::SecureBytes takeSecret();
    /// Without the input method, undo and clipboard copies that an ordinary field makes.
    [[nodiscard]] bool isEmpty() const { return text().isEmpty(); }
};

[[nodiscard]] base::SecureBytes toSecret(const QString& text);
/// Overwrites the characters if nobody else shares them.
void wipe(QString& text);

} // namespace bowline::ui
