// SPDX-License-Identifier: MIT
#include "core/aggregate/chain.h"
#include "core/aggregate/join.h"
#include "core/aggregate/lift.h"
#include "core/proven/keys.h"

namespace bowline::proven {

using aggregate::kForms;

Result<std::size_t> liftFormOf(const recursion::Program& lift)
{
    const recursion::MachineHeights least = recursion::heightsOf(lift);
    for (std::size_t i = 0; i < kForms.size(); ++i) {
        const recursion::MachineHeights& heights = *kForms[i].heights;
        bool fits = true;
        for (std::size_t t = 0; t < least.size(); ++t) fits = fits && least[t] <= heights[t];
        if (fits) return i;
    }
    return base::makeError(recursion::kTooTall, "a lift that fits no form");
}

Result<ProofKeys> makeKeys(unsigned programLog, const proving::ShardShapes& shapes,
                           const stark::ProverOptions& options)
{
    ProofKeys out;
    out.programLog = programLog;
    for (const stark::Heights& heights : shapes) {
        const aggregate::ShardShape shape{programLog, heights, stark::kCoreParameters};
        BOWLINE_TRY(const recursion::Program program, aggregate::liftProgram(shape));
        BOWLINE_TRY(const std::size_t form, liftFormOf(program));
        BOWLINE_TRY(const auto lift, aggregate::Lift::make(shape, kForms[form], options));
        out.lifts.push_back({heights, form, lift->key().digest});
    }
    for (std::size_t left = 0; left < kForms.size(); ++left) {
        for (std::size_t right = 0; right < kForms.size(); ++right) {
            BOWLINE_TRY(const auto join,
                        aggregate::Join::make({kForms[left], kForms[right], aggregate::kJoinForm}, options));
            out.joins[ProofKeys::joinIndex(left, right)] = join->key().digest;
        }
    }
    BOWLINE_TRY(const auto chain, aggregate::Chain::make({}, options));
    out.chain = chain->key().digest;
    const recursion::MachineHeights& heights = *aggregate::kChainForm.heights;
    BOWLINE_TRY(const auto wrap,
                aggregate::Wrap::make(chain->key(), stark::Heights(heights.begin(), heights.end()),
                                      aggregate::kWrapParameters, options));
    out.wrap = wrap->wrapKey();
    return out;
}

} // namespace bowline::proven
