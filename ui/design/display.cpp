// SPDX-License-Identifier: MIT
#include "ui/design/display.h"

#include <QCoreApplication>

namespace bowline::ui {

Display& Display::current()
{
    static Display* display = nullptr;
    if (display == nullptr) {
        display = new Display(QCoreApplication::instance());
        connect(display, &QObject::destroyed, [] { display = nullptr; });
    }
    return *display;
}

void Display::setUnit(Unit unit)
{
    if (m_unit == unit) return;
    m_unit = unit;
    emit changed();
}

void Display::setHidesAmounts(bool hide)
{
    if (m_hide == hide) return;
    m_hide = hide;
    emit changed();
}

QString Display::text(base::Amount amount, bool showPlus) const
{
    return m_hide ? hiddenAmount() : amountText(amount, m_unit, showPlus);
}

} // namespace bowline::ui
