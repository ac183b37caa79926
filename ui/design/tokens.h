// SPDX-License-Identifier: MIT
// The design's vocabulary: colours, spaces, radii and type. The only place where a raw colour is written; all
// other code asks for a role. Lengths are device independent pixels, type sizes are factors of the system's font,
// so that a user's larger font enlarges everything.
#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QString>

namespace bowline::ui {

namespace space {
inline constexpr int kTiny = 4;
inline constexpr int kSmall = 8;
inline constexpr int kMedium = 12;
inline constexpr int kNormal = 16;
inline constexpr int kLarge = 24;
inline constexpr int kHuge = 32;
} // namespace space

namespace radius {
inline constexpr int kControl = 8;
inline constexpr int kCard = 14;
inline constexpr int kSmall = 5;
} // namespace radius

/// What a coloured thing means. Colour never stands alone: an icon or a word says the same.
enum class Tone { Neutral, Accent, Success, Warning, Danger, Bitcoin, LayerTwo };

struct ToneColours {
    QColor foreground; // readable on `soft` and on cards
    QColor soft;       // a quiet background
};

struct Palette {
    QColor window;
    QColor rail;
    QColor card;
    QColor field;
    QColor hover;
    QColor border;
    QColor borderStrong; // of fields and buttons: 3:1 against the card
    QColor text;
    QColor textMuted;
    QColor textDisabled;
    QColor accentHover;
    QColor onAccent;
    QColor focus;
    QColor selection;
    QColor track; // of progress bars
    ToneColours neutral;
    ToneColours accent;
    ToneColours success;
    ToneColours warning;
    ToneColours danger;
    ToneColours bitcoin;
    ToneColours layerTwo;

    [[nodiscard]] const ToneColours& tone(Tone tone) const;
};

[[nodiscard]] const Palette& lightPalette();
[[nodiscard]] const Palette& darkPalette();

/// A QR code is dark on light in both themes: many readers know nothing else.
[[nodiscard]] QColor qrDark();
[[nodiscard]] QColor qrLight();

/// A text colour and what it is put on; a test holds every pair against 4.5:1.
struct ContrastPair {
    QString name;
    QColor foreground;
    QColor background;
};
[[nodiscard]] QList<ContrastPair> contrastPairs(const Palette& palette);

enum class TextRole { Display, Title, Heading, Body, Strong, Caption, Mono };
[[nodiscard]] QFont fontFor(TextRole role);

} // namespace bowline::ui
