// SPDX-License-Identifier: MIT
// What the user set about the window itself. In a plain settings file; nothing about money, wallets or contacts.
#pragma once

#include "ui/design/display.h"
#include "ui/design/theme.h"

#include <QObject>
#include <QSettings>

namespace bowline::ui {

class Preferences final : public QObject {
    Q_OBJECT

public:
    explicit Preferences(const QString& file, QObject* parent = nullptr);
    /// Sets theme and display to what is kept.
    void apply();

    [[nodiscard]] Theme::Mode theme() const;
    void setTheme(Theme::Mode mode);
    [[nodiscard]] Unit unit() const;
    void setUnit(Unit unit);
    [[nodiscard]] bool hidesAmounts() const;
    void setHidesAmounts(bool hide);
    /// 0: never.
    [[nodiscard]] int autoLockMinutes() const;
    void setAutoLockMinutes(int minutes);
    /// Empty: that of the system. Else "en" or "de"; in force from the next start.
    [[nodiscard]] QString language() const;
    void setLanguage(const QString& language);

signals:
    void changed();

private:
    QSettings m_settings;
};

} // namespace bowline::ui
