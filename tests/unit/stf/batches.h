// SPDX-License-Identifier: MIT
// Batches of each kind, as the frames that the state transition is given.
#pragma once

#include "tests/unit/l2/fixture.h"

namespace bowline::test {

struct NamedFrame {
    std::string name;
    Bytes frame;
};

/// The frame of the last run that a sequencer's proposal took.
[[nodiscard]] Bytes frameOf(const Layer& layer, const BatchBody& body);

/// Batches of 0, 1, 10, 100 transfers among 400 accounts, a mint, each step of a withdrawal, a claim, and 200 Bitcoin
/// headers. Every batch applies as a whole.
[[nodiscard]] std::vector<NamedFrame> framesOfEachKind();

} // namespace bowline::test
