// SPDX-License-Identifier: MIT
// Which program is the state transition of a network: resources/guests/stf.json, compiled in.
#pragma once

#include "core/l2/params.h"

namespace bowline::stf {

/// What is pinned for one network.
struct ProgramPin {
    base::Digest imageDigest;   // SHA-256 of the image file
    field::FieldDigest id;      // of the program, as proofs name it
    std::string compiler;       // of Go, such as "go1.19.8"
    std::string kernelCompiler; // the cross compiler of guest/kernel
};

inline constexpr base::ErrorCode kNotPinned{"stf.not-pinned"};

/// Fails with kNotPinned for a network that has no state transition yet.
[[nodiscard]] base::Result<ProgramPin> pinOf(bitcoin::Network network);
/// The same from another text of that form.
[[nodiscard]] base::Result<ProgramPin> pinIn(std::string_view json, bitcoin::Network network);

} // namespace bowline::stf
