// SPDX-License-Identifier: MIT
#include "ui/preferences.h"

#include <algorithm>

namespace bowline::ui {

namespace {
constexpr int kDefaultAutoLockMinutes = 10;
constexpr int kMostAutoLockMinutes = 24 * 60;
} // namespace

Preferences::Preferences(const QString& file, QObject* parent)
    : QObject(parent), m_settings(file, QSettings::IniFormat)
{
}

void Preferences::apply()
{
    Theme::current().setMode(theme());
    Display::current().setUnit(unit());
    Display::current().setHidesAmounts(hidesAmounts());
}

Theme::Mode Preferences::theme() const
{
    const QString text = m_settings.value("theme").toString();
    return text == "light" ? Theme::Mode::Light : text == "dark" ? Theme::Mode::Dark : Theme::Mode::System;
}

void Preferences::setTheme(Theme::Mode mode)
{
    m_settings.setValue("theme", mode == Theme::Mode::Light  ? "light"
                                 : mode == Theme::Mode::Dark ? "dark"
                                                             : "system");
    apply();
    emit changed();
}

Unit Preferences::unit() const
{
    return m_settings.value("unit").toString() == "sat" ? Unit::Sat : Unit::Btc;
}

void Preferences::setUnit(Unit unit)
{
    m_settings.setValue("unit", unit == Unit::Sat ? "sat" : "btc");
    apply();
    emit changed();
}

bool Preferences::hidesAmounts() const { return m_settings.value("hideAmounts").toBool(); }

void Preferences::setHidesAmounts(bool hide)
{
    m_settings.setValue("hideAmounts", hide);
    apply();
    emit changed();
}

int Preferences::autoLockMinutes() const
{
    return std::clamp(m_settings.value("autoLockMinutes", kDefaultAutoLockMinutes).toInt(), 0,
                      kMostAutoLockMinutes);
}

void Preferences::setAutoLockMinutes(int minutes)
{
    m_settings.setValue("autoLockMinutes", minutes);
    emit changed();
}

QString Preferences::language() const
{
    const QString text = m_settings.value("language").toString();
    return text == "en" || text == "de" ? text : QString();
}

void Preferences::setLanguage(const QString& language)
{
    m_settings.setValue("language", language);
    emit changed();
}

} // namespace bowline::ui
