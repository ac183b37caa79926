// SPDX-License-Identifier: MIT
#define BOWLINE_BACKEND avx512
#define BOWLINE_BACKEND_AVX512
#include "core/stark/kernels_impl.h"

namespace bowline::stark {

extern const StarkKernels kStarkKernelsAvx512;
const StarkKernels kStarkKernelsAvx512 = avx512::kTable;

} // namespace bowline::stark
