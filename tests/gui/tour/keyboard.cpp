// SPDX-License-Identifier: MIT
#include "tests/gui/tour/keyboard.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QTest>
#include <QWidget>

namespace bowline::test {

namespace {
constexpr int kMostPresses = 120; // more than any page has places

/// Of buttons that exclude each other Tab visits the chosen one; arrows go to the others.
bool isOneOfAGroup(const QWidget* widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    if (button == nullptr || button->isChecked()) return false;
    return button->autoExclusive() || (button->group() != nullptr && button->group()->exclusive());
}

bool takesTab(const QWidget* widget)
{
    if (isOneOfAGroup(widget)) return false;
    return widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0 &&
           widget->focusProxy() == nullptr;
}

/// The arrow that leads from `from` to `to` when they exclude each other, else Tab.
Qt::Key keyTowards(const QWidget* from, const QWidget* to)
{
    const auto* here = qobject_cast<const QAbstractButton*>(from);
    const auto* there = qobject_cast<const QAbstractButton*>(to);
    if (here == nullptr || there == nullptr || here->group() == nullptr || here->group() != there->group())
        return Qt::Key_Tab;
    const auto buttons = here->group()->buttons();
    const auto indexOf = [&](const QAbstractButton* button) {
        return buttons.indexOf(const_cast<QAbstractButton*>(button));
    };
    return indexOf(there) > indexOf(here) ? Qt::Key_Right : Qt::Key_Left;
}
} // namespace

QList<QWidget*> tabStops(const QWidget* root)
{
    QList<QWidget*> out;
    for (QWidget* widget : root->findChildren<QWidget*>()) {
        if (takesTab(widget)) out.append(widget);
    }
    return out;
}

QString describe(const QWidget* widget)
{
    return QString("%1 '%2' '%3'")
        .arg(widget->metaObject()->className(), widget->objectName(), widget->accessibleName());
}

QString namelessPlace(const QWidget* root)
{
    for (QWidget* widget : tabStops(root)) {
        QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
        if (accessible == nullptr || accessible->text(QAccessible::Name).isEmpty()) return describe(widget);
    }
    return {};
}

bool reachByKeys(QWidget* window, QWidget* widget)
{
    for (int press = 0; press < kMostPresses; ++press) {
        QWidget* at = QApplication::focusWidget();
        if (at == widget) return true;
        QTest::keyClick(at != nullptr ? at : window, at != nullptr ? keyTowards(at, widget) : Qt::Key_Tab);
    }
    return false;
}

} // namespace bowline::test
