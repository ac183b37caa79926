// SPDX-License-Identifier: MIT
#define BOWLINE_BACKEND avx2
#define BOWLINE_BACKEND_AVX2
#include "core/field/kernels_impl.h"

namespace bowline::field {

extern const Kernels kKernelsAvx2;
const Kernels kKernelsAvx2{Backend::Avx2,     "avx2",          avx2::Packed::kLanes, avx2::permute,
                           avx2::permuteRows, avx2::hashRows,  avx2::compress,       avx2::compressPairs,
                           avx2::turnRows,    avx2::readWords, avx2::toCoefficients, avx2::toValues,
                           avx2::multiply,    avx2::grind};

} // namespace bowline::field
