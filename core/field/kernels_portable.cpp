// SPDX-License-Identifier: MIT
#define BOWLINE_BACKEND portable
#include "core/field/kernels_impl.h"

namespace bowline::field {

extern const Kernels kKernelsPortable;
const Kernels kKernelsPortable{
    Backend::Portable,     "portable",          portable::Packed::kLanes, portable::permute,
    portable::permuteRows, portable::hashRows,  portable::compress,       portable::compressPairs,
    portable::turnRows,    portable::readWords, portable::toCoefficients, portable::toValues,
    portable::multiply,    portable::grind};

} // namespace bowline::field
