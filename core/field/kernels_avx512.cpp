// SPDX-License-Identifier: MIT
#define BOWLINE_BACKEND avx512
#define BOWLINE_BACKEND_AVX512
#include "core/field/kernels_impl.h"

namespace bowline::field {

extern const Kernels kKernelsAvx512;
const Kernels kKernelsAvx512{
    Backend::Avx512,        "avx512",         avx512::Packed::kLanes, avx512::permute,  avx512::permuteRows,
    avx512::hashRows,       avx512::compress, avx512::compressPairs,  avx512::turnRows, avx512::readWords,
    avx512::toCoefficients, avx512::toValues, avx512::multiply,       avx512::grind};

} // namespace bowline::field
