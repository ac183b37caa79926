// SPDX-License-Identifier: MIT
// What the user set about how amounts are shown, in one place for all widgets: the unit, and whether amounts are
// hidden from somebody who looks over the shoulder.
#pragma once

#include "ui/design/format.h"

#include <QObject>

namespace bowline::ui {

class Display final : public QObject {
    Q_OBJECT

public:
    /// Made on first use; belongs to the application. GUI thread only.
    static Display& current();

    [[nodiscard]] Unit unit() const { return m_unit; }
    [[nodiscard]] bool hidesAmounts() const { return m_hide; }
    void setUnit(Unit unit);
    void setHidesAmounts(bool hide);

    /// An amount as it may be shown now.
    [[nodiscard]] QString text(base::Amount amount, bool showPlus = false) const;
    /// Where hiding would be dangerous: what is about to be signed.
    [[nodiscard]] QString plainText(base::Amount amount) const { return amountText(amount, m_unit); }

signals:
    void changed();

private:
    using QObject::QObject;
    Unit m_unit = Unit::Btc;
    bool m_hide = false;
};

} // namespace bowline::ui
