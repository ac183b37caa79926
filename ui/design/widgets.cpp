// SPDX-License-Identifier: MIT
#include "ui/design/widgets.h"

#include "ui/design/theme.h"

#include <QAccessible>
#include <QButtonGroup>
#include <QCheckBox>
#include <QHeaderView>
#include <QPainter>
#include <QStyle>
#include <QTableView>

namespace bowline::ui {

namespace {
constexpr int kBadgeIcon = 14;
constexpr int kBadgePadding = 9;

QPushButton* makeKind(const QString& text, const char* kind, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setProperty("kind", kind);
    button->setCursor(Qt::PointingHandCursor);
    button->setAutoDefault(true);
    return button;
}

/// Fusion derives the frame of its box from the window's colour, which is too faint on a dark card.
class CheckBox final : public QCheckBox {
public:
    using QCheckBox::QCheckBox;

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Palette& p = Theme::current().palette();
        const QRectF box(4.5, height() / 2.0 - 8.5, 17, 17);
        painter.setPen(QPen(isChecked() ? p.accent.foreground : p.borderStrong, 1.2));
        painter.setBrush(isChecked() ? p.accent.foreground : p.field);
        painter.drawRoundedRect(box, 4, 4);
        if (isChecked()) paintGlyph(painter, Glyph::Check, box.adjusted(2, 2, -2, -2), p.onAccent);
        painter.setPen(isEnabled() ? p.text : p.textDisabled);
        const QRect words(30, 0, width() - 32, height());
        style()->drawItemText(&painter, words, Qt::AlignVCenter | Qt::TextShowMnemonic, palette(),
                              isEnabled(), text());
        if (!hasFocus()) return;
        painter.setPen(QPen(p.focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::kSmall, radius::kSmall);
    }
};

void repolish(QWidget* widget)
{
    const QFont font = widget->font(); // polishing forgets what setFont() said
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->setFont(font);
    widget->update();
}
} // namespace

QLabel* makeLabel(const QString& text, TextRole role, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setFont(fontFor(role));
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel* makeHint(const QString& text, QWidget* parent)
{
    QLabel* label = makeLabel(text, TextRole::Body, parent);
    label->setWordWrap(true);
    setTone(label, "muted");
    return label;
}

void setTone(QWidget* widget, const char* tone)
{
    if (widget->property("tone").toByteArray() == tone) return;
    widget->setProperty("tone", tone);
    repolish(widget);
}

void setInvalid(QWidget* field, bool invalid)
{
    if (field->property("invalid").toBool() == invalid) return;
    field->setProperty("invalid", invalid);
    repolish(field);
}

QPushButton* makePrimary(const QString& text, QWidget* parent) { return makeKind(text, "primary", parent); }

QPushButton* makeButton(const QString& text, QWidget* parent) { return makeKind(text, "secondary", parent); }

QPushButton* makeQuiet(const QString& text, QWidget* parent) { return makeKind(text, "quiet", parent); }

QToolButton* makeIconButton(Glyph glyph, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(glyphIcon(glyph, Ink::Muted));
    button->setIconSize(QSize(20, 20));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setCursor(Qt::PointingHandCursor);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QCheckBox* makeCheck(const QString& text, QWidget* parent)
{
    auto* check = new CheckBox(text, parent);
    check->setMinimumHeight(check->fontMetrics().height() + 10);
    check->setMinimumWidth(check->fontMetrics().horizontalAdvance(text) + 40);
    return check;
}

QFrame* makeLine(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("line", true);
    return line;
}

void keepTabOnChecked(QButtonGroup* group)
{
    const auto update = [group] {
        for (QAbstractButton* button : group->buttons()) {
            button->setFocusPolicy(button->isChecked() ? Qt::StrongFocus : Qt::ClickFocus);
        }
    };
    QObject::connect(group, &QButtonGroup::idToggled, group, update);
    update();
}

void clearLayout(QLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        if (QLayout* inner = item->layout()) clearLayout(inner);
        delete item;
    }
}

void announce(QWidget* widget, const QString& text)
{
    widget->setAccessibleDescription(text);
    QAccessibleEvent event(widget, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

Card::Card(const QString& title, QWidget* parent) : QFrame(parent)
{
    setProperty("card", true);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(space::kLarge - 4, space::kNormal + 2, space::kLarge - 4, space::kNormal + 2);
    outer->setSpacing(space::kMedium);
    m_head = new QHBoxLayout;
    m_title = makeLabel(title, TextRole::Heading, this);
    m_title->setVisible(!title.isEmpty());
    m_head->addWidget(m_title);
    m_head->addStretch();
    outer->addLayout(m_head);
    m_body = new QVBoxLayout;
    m_body->setSpacing(space::kMedium);
    outer->addLayout(m_body);
    if (title.isEmpty()) outer->setSpacing(0);
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
}

void Card::addTrailing(QWidget* widget) { m_head->addWidget(widget); }

QSize badgeSize(const QFontMetrics& metrics, const QString& text)
{
    return {metrics.horizontalAdvance(text) + kBadgeIcon + kBadgePadding * 2 + 5, metrics.height() + 7};
}

void paintBadge(QPainter& painter, const QRect& rect, Tone tone, Glyph glyph, const QString& text)
{
    const ToneColours& colours = Theme::current().palette().tone(tone);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.soft);
    painter.drawRoundedRect(rect, rect.height() / 2.0, rect.height() / 2.0);
    const QRectF icon(rect.left() + kBadgePadding, rect.center().y() - kBadgeIcon / 2.0 + 0.5, kBadgeIcon,
                      kBadgeIcon);
    paintGlyph(painter, glyph, icon, colours.foreground);
    painter.setPen(colours.foreground);
    const QRect words = rect.adjusted(kBadgePadding + kBadgeIcon + 5, 0, -4, 0);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, words.width()));
    painter.restore();
}

Badge::Badge(QWidget* parent) : QLabel(parent)
{
    setFont(fontFor(TextRole::Caption));
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::set(Tone tone, const QString& text) { set(tone, glyphForTone(tone), text); }

void Badge::set(Tone tone, Glyph glyph, const QString& text)
{
    m_tone = tone;
    m_glyph = glyph;
    setText(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const { return badgeSize(fontMetrics(), text()); }

void Badge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(font());
    paintBadge(painter, rect(), m_tone, m_glyph, text());
}

AmountLabel::AmountLabel(TextRole role, QWidget* parent) : QLabel(parent)
{
    setFont(fontFor(role));
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(&Display::current(), &Display::changed, this, &AmountLabel::refresh);
    refresh();
}

void AmountLabel::setAmount(base::Amount amount)
{
    m_amount = amount;
    refresh();
}

void AmountLabel::clearAmount()
{
    m_amount.reset();
    refresh();
}

void AmountLabel::refresh()
{
    const Display& display = Display::current();
    if (!m_amount)
        setText(QString(QChar(0x2013)));
    else
        setText(m_neverHidden ? amountText(*m_amount, display.unit(), m_showPlus)
                              : display.text(*m_amount, m_showPlus));
}

Facts::Facts(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::kNormal);
    m_grid->setVerticalSpacing(space::kSmall);
    m_grid->setColumnStretch(1, 1);
}

void Facts::clear()
{
    clearLayout(m_grid);
    m_row = 0;
}

QLabel* Facts::nameLabel(const QString& name)
{
    QLabel* label = makeLabel(name, TextRole::Body, this);
    setTone(label, "muted");
    return label;
}

QLabel* Facts::addText(const QString& name, const QString& value)
{
    QLabel* label = makeLabel(value, TextRole::Body, this);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    label->setAccessibleName(name + QStringLiteral(": ") + value);
    m_grid->addWidget(nameLabel(name), m_row, 0);
    m_grid->addWidget(label, m_row++, 1);
    return label;
}

AmountLabel* Facts::addAmount(const QString& name, base::Amount amount, bool strong)
{
    auto* label = new AmountLabel(strong ? TextRole::Strong : TextRole::Body, this);
    label->setNeverHidden();
    label->setAmount(amount);
    m_grid->addWidget(strong ? makeLabel(name, TextRole::Strong, this) : nameLabel(name), m_row, 0);
    m_grid->addWidget(label, m_row++, 1);
    return label;
}

void Facts::addWidget(const QString& name, QWidget* value)
{
    m_grid->addWidget(nameLabel(name), m_row, 0);
    m_grid->addWidget(value, m_row++, 1, Qt::AlignRight);
}

void Facts::addWide(const QString& name, QWidget* value)
{
    m_grid->addWidget(nameLabel(name), m_row++, 0, 1, 2);
    m_grid->addWidget(value, m_row++, 0, 1, 2);
}

void Facts::addRule() { m_grid->addWidget(makeLine(this), m_row++, 0, 1, 2); }

EmptyState::EmptyState(Glyph glyph, const QString& text, const QString& action, QWidget* parent)
    : QWidget(parent), m_glyph(glyph)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kNormal, 76, space::kNormal, space::kLarge);
    layout->setSpacing(space::kMedium);
    QLabel* label = makeHint(text, this);
    label->setAlignment(Qt::AlignHCenter);
    layout->addWidget(label);
    if (!action.isEmpty()) {
        QPushButton* button = makeButton(action, this);
        connect(button, &QPushButton::clicked, this, &EmptyState::actionRequested);
        layout->addWidget(button, 0, Qt::AlignHCenter);
    }
}

void EmptyState::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Palette& p = Theme::current().palette();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.hover);
    const QPointF centre(width() / 2.0, 42);
    painter.drawEllipse(centre, 24, 24);
    paintGlyph(painter, m_glyph, QRectF(centre.x() - 12, centre.y() - 12, 24, 24), p.textMuted);
}

void prepareTable(QTableView* table)
{
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false); // Tab leaves the table, arrows move in it
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 24);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setStretchLastSection(false);
}

} // namespace bowline::ui
