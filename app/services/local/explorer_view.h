// SPDX-License-Identifier: MIT
// What core/verify says, in the words of the explorer's views.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "core/verify/check.h"

namespace bowline::services {

[[nodiscard]] std::vector<FactView> factViews(const verify::Facts& facts);
[[nodiscard]] CheckView checkView(const verify::Check& check);
[[nodiscard]] FileReport fileReportOf(const verify::Report& report);
/// The value of a fact that is an amount.
[[nodiscard]] std::optional<Amount> amountIn(const verify::Facts& facts, std::string_view name);
[[nodiscard]] std::string valueIn(const verify::Facts& facts, std::string_view name);

} // namespace bowline::services
