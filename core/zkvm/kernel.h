// SPDX-License-Identifier: MIT
// The guest kernel (guest/kernel) as this build compiled it.
#pragma once

#include "core/base/bytes.h"

namespace bowline::zkvm {

/// An ELF file whose code begins at kKernelVector.
[[nodiscard]] base::ByteView kernelElf();

} // namespace bowline::zkvm
