// SPDX-License-Identifier: MIT
// Our own icons: strokes on a grid of 24, drawn when they are shown, so that they are sharp at any scale and take
// the colour of the theme in force.
#pragma once

#include "ui/design/tokens.h"

#include <QIcon>
#include <QRectF>

class QPainter;

namespace bowline::ui {

enum class Glyph {
    Knot,
    Home,
    Receive,
    Send,
    Deposit,
    Withdraw,
    Bridge,
    Layers,
    Network,
    Prover,
    Settings,
    Lock,
    Unlock,
    Eye,
    EyeOff,
    Sun,
    Moon,
    Copy,
    Check,
    Cross,
    Warning,
    Info,
    Clock,
    Dot,
    Key,
    Shield,
    Refresh,
    Back,
    Plus,
    Down
};

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& into, const QColor& colour);

enum class Ink { Text, Muted, Accent, OnAccent };
[[nodiscard]] QIcon glyphIcon(Glyph glyph, Ink ink = Ink::Text);
[[nodiscard]] Glyph glyphForTone(Tone tone);

} // namespace bowline::ui
