// SPDX-License-Identifier: MIT
#define BOWLINE_BACKEND portable
#include "core/stark/kernels_impl.h"

namespace bowline::stark {

extern const StarkKernels kStarkKernelsPortable;
const StarkKernels kStarkKernelsPortable = portable::kTable;

} // namespace bowline::stark
