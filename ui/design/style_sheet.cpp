// SPDX-License-Identifier: MIT
// One style sheet for the whole application. Widgets say what they are by dynamic properties ("kind", "tone",
// "card", ...); what that looks like is written here and nowhere else.
#include "ui/design/theme.h"

#include <QPair>

namespace bowline::ui {

namespace {
constexpr const char* kBase = R"(
QWidget { color: @text; }
QToolTip { background: @card; color: @text; border: 1px solid @border; padding: 4px 6px; }
QWidget#window, QWidget#content, QScrollArea, QScrollArea > QWidget > QWidget[page="true"] { background: @window; }
QScrollArea { border: none; }
QWidget#rail { background: @rail; border-right: 1px solid @border; }
QWidget#topBar { background: @window; border-bottom: 1px solid @border; }
QWidget#statusBar { background: @rail; border-top: 1px solid @border; }
QFrame[card="true"] { background: @card; border: 1px solid @border; border-radius: 14px; }
QFrame[line="true"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
QFrame[inset="true"] { background: @window; border: 1px solid @border; border-radius: 10px; }
QLabel { background: transparent; }
QLabel[tone="muted"] { color: @muted; }
QLabel[tone="success"] { color: @success; }
QLabel[tone="warning"] { color: @warning; }
QLabel[tone="danger"] { color: @danger; }
QLabel[tone="accent"] { color: @accent; }
)";

constexpr const char* kButtons = R"(
QPushButton { background: @card; color: @text; border: 1px solid @strong; border-radius: 8px; padding: 7px 16px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selection; }
QPushButton:focus { border: 2px solid @focus; padding: 6px 15px; }
QPushButton:disabled { color: @disabled; border-color: @border; background: @window; }
QPushButton[kind="primary"] { background: @accent; color: @onAccent; border: 1px solid @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @track; color: @disabled; border-color: @track; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 5px 10px; }
QPushButton[kind="quiet"]:hover { background: @hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid @focus; padding: 4px 9px; }
QPushButton[kind="quiet"]:disabled { color: @disabled; }
QPushButton[kind="choice"] { background: @card; border: 1px solid @border; border-radius: 10px; padding: 10px 14px; }
QPushButton[kind="choice"]:hover { border-color: @strong; }
QPushButton[kind="choice"]:checked { background: @accentSoft; border: 2px solid @accent; padding: 9px 13px; }
QPushButton[kind="choice"]:focus { border: 2px solid @focus; padding: 9px 13px; }
QPushButton[kind="tab"] { background: transparent; border: none; border-bottom: 2px solid transparent; border-radius: 0;
  padding: 8px 4px; margin-right: 18px; color: @muted; }
QPushButton[kind="tab"]:hover { color: @text; }
QPushButton[kind="tab"]:checked { color: @text; border-bottom: 2px solid @accent; font-weight: 600; }
QPushButton[kind="tab"]:focus { border: 2px solid @focus; border-radius: 6px; padding: 6px 2px; }
QPushButton[kind="rail"] { background: transparent; border: 1px solid transparent; border-radius: 8px; text-align: left;
  padding: 8px 10px; color: @muted; }
QPushButton[kind="rail"]:hover { background: @hover; color: @text; }
QPushButton[kind="rail"]:checked { background: @card; color: @text; border: 1px solid @border; font-weight: 600; }
QPushButton[kind="rail"]:focus { border: 2px solid @focus; padding: 7px 9px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 5px; color: @accent; }
QToolButton:hover { background: @hover; }
QToolButton:focus { border: 2px solid @focus; padding: 4px; }
QToolButton:checked { background: @accentSoft; }
QToolButton:disabled { color: @disabled; }
)";

constexpr const char* kFields = R"(
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox { background: @field; color: @text; border: 1px solid @strong;
  border-radius: 8px; padding: 7px 10px; selection-background-color: @selection; selection-color: @text; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus { border: 2px solid @focus; padding: 6px 9px; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: @disabled; background: @window; border-color: @border; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border: 2px solid @danger; padding: 6px 9px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox QAbstractItemView { background: @card; color: @text; border: 1px solid @border;
  selection-background-color: @selection; selection-color: @text; padding: 4px; outline: none; }
QCheckBox, QRadioButton { spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid @focus; }
QRadioButton::indicator { width: 16px; height: 16px; border-radius: 9px; border: 1px solid @strong; background: @field; }
QRadioButton::indicator:checked { border: 5px solid @accent; width: 8px; height: 8px; background: @field; }
QProgressBar { background: @track; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QProgressBar[tone="success"]::chunk { background: @success; }
)";

constexpr const char* kViews = R"(
QTableView { background: @card; alternate-background-color: @card; border: none; gridline-color: transparent;
  selection-background-color: @selection; selection-color: @text; outline: none; }
QTableView::item { padding: 0 10px; border-bottom: 1px solid @border; }
QHeaderView { background: @card; border: none; }
QHeaderView::section { background: @card; color: @muted; border: none; border-bottom: 1px solid @border;
  padding: 8px 13px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: @handle; border-radius: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)";

QString toneRules(const QString& name, const ToneColours& colours)
{
    return QString("QFrame[banner=\"%1\"] { background: %2; border: 1px solid %3; border-radius: 10px; }\n"
                   "QFrame[banner=\"%1\"] QLabel[tone=\"title\"] { color: %3; }\n")
        .arg(name, colours.soft.name(), colours.foreground.name());
}

/// Longer names first, so that @accent does not eat @accentHover.
QList<QPair<QString, QColor>> variables(const Palette& p)
{
    return {{"@accentHover", p.accentHover},
            {"@accentSoft", p.accent.soft},
            {"@accent", p.accent.foreground},
            {"@onAccent", p.onAccent},
            {"@selection", p.selection},
            {"@disabled", p.textDisabled},
            {"@success", p.success.foreground},
            {"@warning", p.warning.foreground},
            {"@danger", p.danger.foreground},
            {"@window", p.window},
            {"@strong", p.borderStrong},
            {"@border", p.border},
            {"@handle", p.track},
            {"@track", p.track},
            {"@muted", p.textMuted},
            {"@hover", p.hover},
            {"@focus", p.focus},
            {"@field", p.field},
            {"@card", p.card},
            {"@rail", p.rail},
            {"@text", p.text}};
}
} // namespace

QString styleSheetFor(const Palette& palette)
{
    QString out = QString(kBase) + kButtons + kFields + kViews;
    for (const auto& [name, colour] : variables(palette)) out.replace(name, colour.name());
    out += toneRules("neutral", palette.neutral) + toneRules("accent", palette.accent) +
           toneRules("success", palette.success) + toneRules("warning", palette.warning) +
           toneRules("danger", palette.danger);
    return out;
}

} // namespace bowline::ui
