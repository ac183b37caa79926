// SPDX-License-Identifier: MIT
#define BOWLINE_BACKEND avx2
#define BOWLINE_BACKEND_AVX2
#include "core/stark/kernels_impl.h"

namespace bowline::stark {

extern const StarkKernels kStarkKernelsAvx2;
const StarkKernels kStarkKernelsAvx2 = avx2::kTable;

} // namespace bowline::stark
