// SPDX-License-Identifier: MIT
#include "ui/design/fields.h"

#include "ui/design/theme.h"

#include <QHBoxLayout>
#include <QPainter>

namespace bowline::ui {

FieldBox::FieldBox(const QString& label, QWidget* field, QWidget* parent) : QWidget(parent), m_field(field)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny + 1);
    QWidget* target = field->focusProxy() != nullptr ? field->focusProxy() : field;
    m_name = makeLabel(label, TextRole::Strong, this);
    m_name->setTextFormat(Qt::AutoText); // plain text has no mnemonics
    m_name->setBuddy(target);
    layout->addWidget(m_name);
    layout->addWidget(field);
    m_below = makeLabel({}, TextRole::Caption, this);
    m_below->setWordWrap(true);
    layout->addWidget(m_below);
    if (target->accessibleName().isEmpty()) target->setAccessibleName(QString(label).remove('&'));
    m_field = target;
    refresh();
}

void FieldBox::setLabel(const QString& text)
{
    m_name->setText(text);
    m_field->setAccessibleName(QString(text).remove('&'));
}

void FieldBox::setError(const QString& text)
{
    if (m_error == text) return;
    m_error = text;
    refresh();
}

void FieldBox::setHint(const QString& text)
{
    m_hint = text;
    refresh();
}

QString FieldBox::error() const { return m_error; }

void FieldBox::refresh()
{
    const QString& shown = m_error.isEmpty() ? m_hint : m_error;
    m_below->setText(shown);
    m_below->setVisible(!shown.isEmpty());
    setTone(m_below, m_error.isEmpty() ? "muted" : "danger");
    setInvalid(m_field, !m_error.isEmpty());
    m_field->setAccessibleDescription(shown);
}

AmountField::AmountField(const QString& name, QWidget* parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_unitLabel(makeLabel({}, TextRole::Strong, this)),
      m_unit(Display::current().unit())
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_unitLabel);
    m_edit->setAlignment(Qt::AlignRight);
    m_edit->setMaxLength(24);
    m_edit->setAccessibleName(name);
    m_edit->setPlaceholderText(m_unit == Unit::Btc ? QStringLiteral("0.00000000") : QStringLiteral("0"));
    m_unitLabel->setText(unitName(m_unit));
    setTone(m_unitLabel, "muted");
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &AmountField::edited);
    connect(&Display::current(), &Display::changed, this, &AmountField::unitChanged);
}

std::optional<base::Amount> AmountField::amount() const
{
    const auto parsed = parseAmount(m_edit->text(), m_unit);
    if (!parsed.ok() || parsed->sat() <= 0) return std::nullopt;
    return *parsed;
}

void AmountField::setAmount(base::Amount amount) { m_edit->setText(amountForEditing(amount, m_unit)); }

QString AmountField::problem() const
{
    const QString text = m_edit->text().trimmed();
    if (text.isEmpty() || amount()) return {};
    if (text.contains(',')) return tr("Write the decimal point as a point.");
    if (m_unit == Unit::Sat) return tr("A whole number of satoshi, at most 21 million BTC.");
    return tr("A number of BTC with at most 8 decimals, such as 0.015.");
}

void AmountField::unitChanged()
{
    const Unit next = Display::current().unit();
    if (next == m_unit) return;
    const auto value = amount();
    m_unit = next;
    m_unitLabel->setText(unitName(m_unit));
    m_edit->setPlaceholderText(m_unit == Unit::Btc ? QStringLiteral("0.00000000") : QStringLiteral("0"));
    if (value)
        m_edit->setText(amountForEditing(*value, m_unit));
    else
        m_edit->clear();
}

void ChoiceField::paintEvent(QPaintEvent* event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    paintGlyph(painter, Glyph::Down, QRectF(width() - 28, height() / 2.0 - 8, 16, 16),
               Theme::current().palette().textMuted);
}

PasswordField::PasswordField(QWidget* parent) : QLineEdit(parent)
{
    setEchoMode(QLineEdit::Password);
    setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    setMaxLength(512);
}

base::SecureBytes PasswordField::takeSecret()
{
    QString secret = text();
    clear(); // the field's own copy, with its undo history
    base::SecureBytes out = toSecret(secret);
    wipe(secret);
    return out;
}

base::SecureBytes toSecret(const QString& text)
{
    QByteArray utf8 = text.toUtf8();
    base::SecureBytes out(utf8.begin(), utf8.end());
    base::secureZero(utf8.data(), std::size_t(utf8.size()));
    return out;
}

void wipe(QString& text)
{
    if (text.isDetached()) base::secureZero(text.data(), std::size_t(text.size()) * sizeof(QChar));
    text.clear();
}

} // namespace bowline::ui
