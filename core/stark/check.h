// SPDX-License-Identifier: MIT
// Looks at traces row by row, without any proof: says which constraint fails where, and which bus does not
// balance. For tests and for authors of chips; a second reading of the constraints, apart from the prover's.
#pragma once

#include "core/stark/key.h"

namespace bowline::stark {

struct Violation {
    std::string chip; // empty for a bus
    std::string what; // the constraint's name, or the message that does not balance
    std::size_t row = 0;
};

/// At most `limit` of them; none means that an honest proof of these traces is accepted.
[[nodiscard]] std::vector<Violation> findViolations(const System& system,
                                                    const std::vector<std::optional<Matrix>>& traces,
                                                    std::span<const Element> publicValues,
                                                    std::size_t limit = 16);

} // namespace bowline::stark
