// SPDX-License-Identifier: MIT
// The small things that pages are made of: labels by role, buttons by kind, cards, badges, rows of facts.
#pragma once

#include "ui/design/display.h"
#include "ui/design/icons.h"

#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

class QButtonGroup;
class QCheckBox;
class QTableView;

namespace bowline::ui {

[[nodiscard]] QLabel* makeLabel(const QString& text, TextRole role = TextRole::Body,
                                QWidget* parent = nullptr);
/// Wrapping, in the muted colour.
[[nodiscard]] QLabel* makeHint(const QString& text, QWidget* parent = nullptr);
/// "muted", "success", "warning", "danger", "accent" or none.
void setTone(QWidget* widget, const char* tone);
void setInvalid(QWidget* field, bool invalid);

[[nodiscard]] QPushButton* makePrimary(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QPushButton* makeButton(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QPushButton* makeQuiet(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QToolButton* makeIconButton(Glyph glyph, const QString& name, QWidget* parent = nullptr);
[[nodiscard]] QCheckBox* makeCheck(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QFrame* makeLine(QWidget* parent = nullptr);

/// Of buttons that exclude each other Tab visits the chosen one, and arrows go between them; Qt alone begins with
/// the first.
void keepTabOnChecked(QButtonGroup* group);

/// Removes and deletes what the layout holds.
void clearLayout(QLayout* layout);
/// Tells a screen reader about something that happened away from the focus.
void announce(QWidget* widget, const QString& text);

/// A surface with an optional heading.
class Card final : public QFrame {
    Q_OBJECT

public:
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);
    [[nodiscard]] QVBoxLayout* body() { return m_body; }
    void setTitle(const QString& title);
    /// At the right end of the heading.
    void addTrailing(QWidget* widget);

private:
    QHBoxLayout* m_head;
    QLabel* m_title;
    QVBoxLayout* m_body;
};

/// A pill of icon and word in the colours of a tone.
class Badge final : public QLabel {
    Q_OBJECT

public:
    explicit Badge(QWidget* parent = nullptr);
    void set(Tone tone, const QString& text);
    void set(Tone tone, Glyph glyph, const QString& text);
    [[nodiscard]] Tone tone() const { return m_tone; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone = Tone::Neutral;
    Glyph m_glyph = Glyph::Dot;
};
void paintBadge(QPainter& painter, const QRect& rect, Tone tone, Glyph glyph, const QString& text);
[[nodiscard]] QSize badgeSize(const QFontMetrics& metrics, const QString& text);

/// An amount that follows the display settings; digits stand at the right.
class AmountLabel final : public QLabel {
    Q_OBJECT

public:
    explicit AmountLabel(TextRole role = TextRole::Body, QWidget* parent = nullptr);
    void setAmount(base::Amount amount);
    void clearAmount();
    void setShowPlus(bool show) { m_showPlus = show; }
    /// For reviews: shown even while amounts are hidden.
    void setNeverHidden() { m_neverHidden = true; }

private:
    void refresh();
    std::optional<base::Amount> m_amount;
    bool m_showPlus = false;
    bool m_neverHidden = false;
};

/// Rows of a name and a value; values at the right.
class Facts final : public QWidget {
    Q_OBJECT

public:
    explicit Facts(QWidget* parent = nullptr);
    void clear();
    QLabel* addText(const QString& name, const QString& value);
    AmountLabel* addAmount(const QString& name, base::Amount amount, bool strong = false);
    void addWidget(const QString& name, QWidget* value);
    /// A full line, such as an address.
    void addWide(const QString& name, QWidget* value);
    void addRule();

private:
    QLabel* nameLabel(const QString& name);
    QGridLayout* m_grid;
    int m_row = 0;
};

/// One sentence and one action where nothing is to be shown yet.
class EmptyState final : public QWidget {
    Q_OBJECT

public:
    EmptyState(Glyph glyph, const QString& text, const QString& action = {}, QWidget* parent = nullptr);

signals:
    void actionRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Glyph m_glyph;
};

/// Row heights, selection and headers as all tables have them.
void prepareTable(QTableView* table);

} // namespace bowline::ui
