// SPDX-License-Identifier: MIT
// Words for the stable codes of the services: steps, notes, actors, states, warnings, checks. A code that this
// window does not know is shown as it is: better an odd word than a wrong one.
#pragma once

#include "app/services/interfaces/views.h"
#include "ui/design/tokens.h"

namespace bowline::ui {

[[nodiscard]] QString stepTitle(const std::string& id);
/// What the step means for whoever waits for it.
[[nodiscard]] QString stepExplanation(const std::string& id);
[[nodiscard]] QString noteText(const std::string& note);
[[nodiscard]] QString actorText(const std::string& actor);
[[nodiscard]] QString warningText(const std::string& code);
[[nodiscard]] bool isHighRisk(const std::string& warning);
[[nodiscard]] QString checkText(const std::string& code);
[[nodiscard]] QString fieldText(const std::string& code);
[[nodiscard]] QString finalityText(const std::string& code);
[[nodiscard]] QString verdictReasonText(const std::string& code);
[[nodiscard]] QString activityText(const std::string& kind);
[[nodiscard]] QString activityStateText(const std::string& state);
[[nodiscard]] QString peerVerdictText(const std::string& verdict);
[[nodiscard]] Tone peerVerdictTone(const services::PeerView& peer);

/// What is wrong with the layer 2 or its node, as far as it is known; without text when nothing is.
struct LayerTwoTrouble {
    Tone tone = Tone::Neutral;
    QString title;
    QString text;
};
/// For the middle of a line; empty while it is not known.
[[nodiscard]] QString sealText(const services::SealView& seal);
/// Likewise, of a batch that is proven; empty for others.
[[nodiscard]] QString levelText(const services::BatchView& batch);
[[nodiscard]] LayerTwoTrouble layerTwoTrouble(const services::SyncView& sync);

/// The state of a deposit or withdrawal in a word or two.
struct Standing {
    Tone tone = Tone::Neutral;
    QString text;
};
[[nodiscard]] Standing standingOf(const services::BridgeItem& item);
[[nodiscard]] QString bridgeKindText(services::BridgeItem::Kind kind);
/// Whether a step belongs to what the user waits for; the operator's settlement does not.
[[nodiscard]] bool isUsersBusiness(const std::string& stepId);

} // namespace bowline::ui
