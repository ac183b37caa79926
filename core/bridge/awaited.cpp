// SPDX-License-Identifier: MIT
#include "core/bridge/awaited.h"

namespace bowline::bridge {

namespace {

bool hasSpoken(const MemberCeremony& ceremony, std::size_t member)
{
    const CeremonyLog& log = ceremony.log();
    const std::uint32_t number = ceremony.memory().joinedAttempt;
    if (ceremony.phase() == CeremonyPhase::Joining) {
        // Who joined for another graph has not joined this member's attempt.
        const auto join = log.joinOf(number, member);
        const Proposal* proposal = log.latestProposal();
        return join && proposal != nullptr && join->graphRoot == proposal->graph->root();
    }
    const Attempt* attempt = log.attempt(number);
    if (attempt == nullptr) return true;
    switch (ceremony.phase()) {
    case CeremonyPhase::Nonces: return attempt->hasNonces(member);
    case CeremonyPhase::Partials: return attempt->hasPartials(member);
    case CeremonyPhase::Holding: return attempt->memberHolds(member);
    case CeremonyPhase::Confirming: return attempt->hasConfirmPartial(member);
    default: return true;
    }
}

} // namespace

std::vector<std::size_t> awaitedMembers(const MemberCeremony& ceremony)
{
    std::vector<std::size_t> out;
    const std::size_t size = ceremony.log().deposit().context().committee.size();
    for (std::size_t member = 0; member < size; ++member) {
        if (!hasSpoken(ceremony, member)) out.push_back(member);
    }
    return out;
}

} // namespace bowline::bridge
