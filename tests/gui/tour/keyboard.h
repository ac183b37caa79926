// SPDX-License-Identifier: MIT
// What somebody without a mouse and without a screen has: the places where Tab stops, and their names.
#pragma once

#include <QList>
#include <QString>

class QWidget;

namespace bowline::test {

/// Where Tab stops below `root`, in no order.
[[nodiscard]] QList<QWidget*> tabStops(const QWidget* root);
/// Class, object name and accessible name.
[[nodiscard]] QString describe(const QWidget* widget);
/// The first place below `root` that takes the keyboard and has no name for a screen reader; empty: none.
[[nodiscard]] QString namelessPlace(const QWidget* root);
/// Tab until `widget` has the keyboard, and arrows within buttons that exclude each other. False when Tab came round
/// without reaching it.
[[nodiscard]] bool reachByKeys(QWidget* window, QWidget* widget);

} // namespace bowline::test
