// SPDX-License-Identifier: MIT
// Three fee rates and one of the user's own.
#pragma once

#include "ui/design/fields.h"

class QButtonGroup;

namespace bowline::ui {

class FeeChoice final : public QWidget {
    Q_OBJECT

public:
    explicit FeeChoice(QWidget* parent = nullptr);
    /// Empty while the user's own rate makes no sense.
    [[nodiscard]] std::optional<std::int64_t> satPerKvb() const;
    [[nodiscard]] bool check();

signals:
    void changed();

private:
    QButtonGroup* m_choices;
    QLineEdit* m_own;
    FieldBox* m_ownBox;
};

} // namespace bowline::ui
