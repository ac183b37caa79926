// SPDX-License-Identifier: MIT
#include "ui/design/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>

namespace bowline::ui {

namespace {
QPalette paletteFrom(const Palette& p)
{
    QPalette out;
    out.setColor(QPalette::Window, p.window);
    out.setColor(QPalette::WindowText, p.text);
    out.setColor(QPalette::Base, p.field);
    out.setColor(QPalette::AlternateBase, p.hover);
    out.setColor(QPalette::Text, p.text);
    out.setColor(QPalette::PlaceholderText, p.textMuted);
    out.setColor(QPalette::Button, p.card);
    out.setColor(QPalette::ButtonText, p.text);
    out.setColor(QPalette::Highlight, p.selection);
    out.setColor(QPalette::HighlightedText, p.text);
    out.setColor(QPalette::ToolTipBase, p.card);
    out.setColor(QPalette::ToolTipText, p.text);
    out.setColor(QPalette::Link, p.accent.foreground);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        out.setColor(QPalette::Disabled, role, p.textDisabled);
    }
    return out;
}
} // namespace

Theme& Theme::current()
{
    static Theme* theme = nullptr;
    if (theme == nullptr) {
        theme = new Theme(qApp);
        connect(theme, &QObject::destroyed, [] { theme = nullptr; });
    }
    return *theme;
}

Theme::Theme(QObject* parent) : QObject(parent)
{
    const QPalette system = QApplication::palette();
    m_systemIsDark =
        system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
}

void Theme::prepareApplication()
{
    static_cast<void>(current()); // looks at the desktop's palette before ours is set
    QApplication::setStyle(QStyleFactory::create("Fusion"));
    QFont font = QApplication::font();
    // A bare machine's fallback is wide and heavy; anything the user chose is left alone.
    if (font.family().startsWith("DejaVu") || font.family().startsWith("Sans") || font.family().isEmpty()) {
        const QStringList installed = QFontDatabase::families();
        for (const char* family : {"Inter", "Cantarell", "Noto Sans", "Open Sans", "Noto Sans CJK SC"}) {
            if (!installed.contains(QLatin1String(family))) continue;
            font.setFamily(QLatin1String(family));
            break;
        }
    }
    if (font.pointSizeF() < 10.5) font.setPointSizeF(10.5);
    QApplication::setFont(font);
    current().apply();
}

bool Theme::isDark() const { return m_mode == Mode::Dark || (m_mode == Mode::System && m_systemIsDark); }

void Theme::setMode(Mode mode)
{
    if (m_mode == mode) return;
    const bool before = isDark();
    m_mode = mode;
    if (isDark() != before) apply();
    emit changed();
}

void Theme::apply()
{
    QApplication::setPalette(paletteFrom(palette()));
    qApp->setStyleSheet(styleSheetFor(palette()));
}

} // namespace bowline::ui
