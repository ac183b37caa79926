// SPDX-License-Identifier: MIT
// Words for what the explorer shows: kinds of things, names of fields, checks and why one was not passed, levels of
// finality, and what a proof file does not show. A code without words is shown as it is.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "ui/design/tokens.h"

namespace bowline::ui {

/// "Account", "Transaction", "Vault" ...
[[nodiscard]] QString foundKindText(const std::string& kind);
/// What a transaction does, or what an object is: for a cell of a table.
[[nodiscard]] QString entryKindText(const std::string& kind);
[[nodiscard]] QString factName(const std::string& name);
/// Of codes only; other values are shown as they are.
[[nodiscard]] QString factWord(const std::string& value);
/// What the check says when it is passed, as a sentence.
[[nodiscard]] QString explorerCheckText(const std::string& name);
/// How a person could make this check by hand, or what it guards against.
[[nodiscard]] QString explorerCheckMeaning(const std::string& name);
[[nodiscard]] QString explorerReasonText(const std::string& reason);
[[nodiscard]] QString outcomeText(services::CheckView::Outcome outcome);
[[nodiscard]] Tone outcomeTone(services::CheckView::Outcome outcome);
/// "Sequenced", "Sealed (3)", "Proven", "Withdrawable".
[[nodiscard]] QString finalityLevelText(const services::BatchView& batch);
[[nodiscard]] QString finalityLevelText(const std::string& finality);
[[nodiscard]] Tone finalityLevelTone(const std::string& finality);
/// What each level rests on.
[[nodiscard]] QString finalityLevelMeaning(const std::string& finality);
/// What a proof file does not show.
[[nodiscard]] QString notShownText(const std::string& code);
[[nodiscard]] QString comparisonText(const std::string& outcome);
[[nodiscard]] Tone comparisonTone(const std::string& outcome);

} // namespace bowline::ui
