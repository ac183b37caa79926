// SPDX-License-Identifier: MIT
#include "core/stark/kernels.h"

namespace bowline::stark {

extern const StarkKernels kStarkKernelsPortable;
#if defined(__x86_64__)
extern const StarkKernels kStarkKernelsAvx2;
extern const StarkKernels kStarkKernelsAvx512;
#endif

const StarkKernels& starkKernelsOf(field::Backend backend)
{
#if defined(__x86_64__)
    if (backend == field::Backend::Avx512) return kStarkKernelsAvx512;
    if (backend == field::Backend::Avx2) return kStarkKernelsAvx2;
#endif
    static_cast<void>(backend);
    return kStarkKernelsPortable;
}

} // namespace bowline::stark
