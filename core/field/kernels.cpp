// SPDX-License-Identifier: MIT
#include "core/field/kernels.h"

#include "core/field/kernels_tables.h"
#include "core/field/poseidon2_constants.h"

#include <cstdlib>
#include <string_view>
#include <vector>

namespace bowline::field {

extern const Kernels kKernelsPortable;
#if defined(__x86_64__)
extern const Kernels kKernelsAvx2;
extern const Kernels kKernelsAvx512;
#endif

namespace {
[[nodiscard]] constexpr tables::Rounds roundWords()
{
    tables::Rounds out{};
    std::size_t at = 0;
    for (const auto& row : constants::kExternalInitial) {
        for (const Element x : row) out.words[at++] = x.residue();
    }
    for (const Element x : constants::kInternal) out.words[at++] = x.residue();
    for (const auto& row : constants::kExternalFinal) {
        for (const Element x : row) out.words[at++] = x.residue();
    }
    return out;
}
} // namespace

constexpr tables::Rounds tables::kRounds = roundWords();

namespace {
[[nodiscard]] std::vector<Backend> detect()
{
    std::vector<Backend> out;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
        out.push_back(Backend::Avx512);
    }
    if (__builtin_cpu_supports("avx2")) out.push_back(Backend::Avx2);
#endif
    out.push_back(Backend::Portable);
    return out;
}

[[nodiscard]] const Kernels& chosen()
{
    const char* wish = std::getenv("BOWLINE_FIELD_BACKEND");
    for (const Backend backend : availableBackends()) {
        const Kernels& candidate = kernelsOf(backend);
        if (wish != nullptr && std::string_view(wish) == candidate.name) return candidate;
    }
    return kernelsOf(availableBackends().front());
}
} // namespace

std::span<const Backend> availableBackends()
{
    static const std::vector<Backend> found = detect();
    return found;
}

const Kernels& kernelsOf(Backend backend)
{
#if defined(__x86_64__)
    if (backend == Backend::Avx512) return kKernelsAvx512;
    if (backend == Backend::Avx2) return kKernelsAvx2;
#endif
    static_cast<void>(backend);
    return kKernelsPortable;
}

const Kernels& kernels()
{
    static const Kernels& best = chosen();
    return best;
}

} // namespace bowline::field
