// SPDX-License-Identifier: MIT
// The theme in force: palette and style sheet of the application, both made from the tokens. System follows the
// lightness of the palette that the desktop gave; Qt 6.4 has no other sign of a dark desktop.
#pragma once

#include "ui/design/tokens.h"

#include <QObject>

namespace bowline::ui {

class Theme final : public QObject {
    Q_OBJECT

public:
    enum class Mode { System, Light, Dark };

    /// Made on first use; belongs to the application. GUI thread only.
    static Theme& current();
    /// The fonts and the style: once, before the first window.
    static void prepareApplication();

    void setMode(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] bool isDark() const;
    [[nodiscard]] const Palette& palette() const { return isDark() ? darkPalette() : lightPalette(); }

signals:
    void changed();

private:
    explicit Theme(QObject* parent);
    void apply();

    Mode m_mode = Mode::System;
    bool m_systemIsDark = false;
};

/// The whole style sheet for a palette.
[[nodiscard]] QString styleSheetFor(const Palette& palette);

} // namespace bowline::ui
