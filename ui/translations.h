// SPDX-License-Identifier: MIT
// The language of the window: that of the system, or the one that was set. English is in the source; its file holds
// plural forms only.
#pragma once

#include <QString>

class QCoreApplication;

namespace bowline::ui {

/// Before the first text is shown. `language`: empty for the system's, or such as "de".
void installTranslations(QCoreApplication& application, const QString& language);

} // namespace bowline::ui
