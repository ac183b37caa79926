// SPDX-License-Identifier: MIT
// What people read when something fails: what happened, whether the money is safe, what to do. Codes that a person
// can cause or cure have a text of their own; codes of the machinery share that of their part. A test walks over
// every ErrorCode of the source and wants one or the other.
#pragma once

#include "core/base/result.h"

#include <QString>

namespace bowline::ui {

struct ErrorText {
    QString what;
    QString money;
    QString todo;
};

[[nodiscard]] ErrorText errorText(base::ErrorCode code);
[[nodiscard]] bool hasOwnErrorText(std::string_view code);
/// Whether the part before the first dot has a text for all of its codes.
[[nodiscard]] bool hasCategoryText(std::string_view code);

} // namespace bowline::ui
