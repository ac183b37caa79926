// SPDX-License-Identifier: MIT
#include "ui/design/tokens.h"

#include <QApplication>
#include <QFontDatabase>

namespace bowline::ui {

const ToneColours& Palette::tone(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral: return neutral;
    case Tone::Accent: return accent;
    case Tone::Success: return success;
    case Tone::Warning: return warning;
    case Tone::Danger: return danger;
    case Tone::Bitcoin: return bitcoin;
    case Tone::LayerTwo: return layerTwo;
    }
    return neutral;
}

const Palette& lightPalette()
{
    static const Palette palette{
        .window = QColor("#f4f6f9"),
        .rail = QColor("#ebeff4"),
        .card = QColor("#ffffff"),
        .field = QColor("#ffffff"),
        .hover = QColor("#eef1f6"),
        .border = QColor("#e1e6ed"),
        .borderStrong = QColor("#868f9e"),
        .text = QColor("#131820"),
        .textMuted = QColor("#535d6d"),
        .textDisabled = QColor("#8a93a1"),
        .accentHover = QColor("#0b4f6c"),
        .onAccent = QColor("#ffffff"),
        .focus = QColor("#0e7fae"),
        .selection = QColor("#d5e8f2"),
        .track = QColor("#e3e8ee"),
        .neutral = {QColor("#4a5464"), QColor("#edf0f4")},
        .accent = {QColor("#0b6286"), QColor("#e2f1f8")},
        .success = {QColor("#14703f"), QColor("#e1f4e9")},
        .warning = {QColor("#835200"), QColor("#fdf2d8")},
        .danger = {QColor("#a9231b"), QColor("#fde9e7")},
        .bitcoin = {QColor("#964800"), QColor("#fdeedd")},
        .layerTwo = {QColor("#5d3cb8"), QColor("#eeeafb")},
    };
    return palette;
}

const Palette& darkPalette()
{
    static const Palette palette{
        .window = QColor("#0f1318"),
        .rail = QColor("#0b0e12"),
        .card = QColor("#181d24"),
        .field = QColor("#12161c"),
        .hover = QColor("#202730"),
        .border = QColor("#262d37"),
        .borderStrong = QColor("#6d7887"),
        .text = QColor("#e9edf2"),
        .textMuted = QColor("#a1acbb"),
        .textDisabled = QColor("#6b7686"),
        .accentHover = QColor("#8ad6f7"),
        .onAccent = QColor("#06202c"),
        .focus = QColor("#57c1ee"),
        .selection = QColor("#1c3a49"),
        .track = QColor("#29313b"),
        .neutral = {QColor("#b7c0cd"), QColor("#252c36")},
        .accent = {QColor("#66c6ee"), QColor("#11303e")},
        .success = {QColor("#62d394"), QColor("#12301f")},
        .warning = {QColor("#f0bd55"), QColor("#34280e")},
        .danger = {QColor("#ff9387"), QColor("#3a1a18")},
        .bitcoin = {QColor("#f7a653"), QColor("#35230f")},
        .layerTwo = {QColor("#b9a3ff"), QColor("#272044")},
    };
    return palette;
}

QColor qrDark() { return QColor("#0b0e12"); }

QColor qrLight() { return QColor("#ffffff"); }

QList<ContrastPair> contrastPairs(const Palette& p)
{
    QList<ContrastPair> out{
        {"text on window", p.text, p.window},
        {"text on card", p.text, p.card},
        {"text on rail", p.text, p.rail},
        {"text on field", p.text, p.field},
        {"text on hover", p.text, p.hover},
        {"text on selection", p.text, p.selection},
        {"muted on window", p.textMuted, p.window},
        {"muted on card", p.textMuted, p.card},
        {"muted on rail", p.textMuted, p.rail},
        {"muted on field", p.textMuted, p.field},
        {"muted on hover", p.textMuted, p.hover},
        {"muted on selection", p.textMuted, p.selection},
        {"on accent", p.onAccent, p.accent.foreground},
        {"on accent hover", p.onAccent, p.accentHover},
        {"on danger", p.onAccent, p.danger.foreground},
    };
    for (const Tone tone : {Tone::Neutral, Tone::Accent, Tone::Success, Tone::Warning, Tone::Danger,
                            Tone::Bitcoin, Tone::LayerTwo}) {
        const ToneColours& colours = p.tone(tone);
        const QString name = QString("tone %1").arg(int(tone));
        out.append({name + " on soft", colours.foreground, colours.soft});
        out.append({name + " on card", colours.foreground, p.card});
        out.append({name + " on window", colours.foreground, p.window});
        out.append({"text on soft of " + name, p.text, colours.soft});
    }
    return out;
}

QFont fontFor(TextRole role)
{
    QFont font =
        role == TextRole::Mono ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QApplication::font();
    const qreal base = QApplication::font().pointSizeF();
    switch (role) {
    case TextRole::Display:
        font.setPointSizeF(base * 2.0);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Title:
        font.setPointSizeF(base * 1.55);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Heading:
        font.setPointSizeF(base * 1.12);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Strong: font.setWeight(QFont::DemiBold); break;
    case TextRole::Caption: font.setPointSizeF(base * 0.9); break;
    case TextRole::Mono: font.setPointSizeF(base); break;
    case TextRole::Body: break;
    }
    return font;
}

} // namespace bowline::ui
