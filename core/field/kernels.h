// SPDX-License-Identifier: MIT
// The heavy loops over field elements, once per back end: AVX-512 (16 lanes), AVX2 (8 lanes) and portable.
// The best one the processor has is chosen at run time; all give the same words.
//
// Elements travel as their Montgomery words (Element::residue), columns as contiguous words. Nothing here
// checks its arguments: callers are ntt.h and core/stark.
#pragma once

#include "core/field/koalabear.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace bowline::field {

enum class Backend { Portable, Avx2, Avx512 };

/// Powers of a root of unity in bit-reversed order: roots[0][k] = w^bitreverse(k), and roots[s][k] =
/// roots[0][k * 2^s], which the last layers of a transform read side by side.
struct TwiddleView {
    const std::uint32_t* roots[4];
};

struct Kernels {
    Backend backend;
    const char* name;
    std::size_t lanes;

    /// Poseidon2-16 on `count` states: word w of state j is at words[w * count + j].
    void (*permute)(std::uint32_t* words, std::size_t count);
    /// Poseidon2-16 in a table: input w of row j is inputs[w][j]; round value k of poseidon2_rounds.h goes to rounds[k][j], and
    /// nowhere if that is null. kRoundValues pointers.
    void (*permuteRows)(const std::uint32_t* const* inputs, std::uint32_t* const* rounds, std::size_t rows);
    /// The sponge of sponge.h over rows [0, rows) of `width` columns: word w of row j's digest goes to
    /// out[w * stride + j]. tag and length are words of the capacity.
    void (*hashRows)(const std::uint32_t* const* columns, std::size_t width, std::size_t rows,
                     std::uint32_t tag, std::uint32_t length, std::uint32_t* out, std::size_t stride);
    /// The node function of mmcs.h on `count` pairs; word w of an input is `inStride` apart.
    void (*compress)(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                     std::uint32_t* out, std::size_t outStride, std::size_t count);
    /// The same on pairs that lie anywhere, 8 words side by side each; out gets 8 words a pair.
    void (*compressPairs)(const std::uint32_t* const* left, const std::uint32_t* const* right,
                          std::size_t count, std::uint32_t* out);
    /// Rows to columns: element c of row i goes to out[c * stride + i]. `stride` is `rows` filled up to whole registers;
    /// what comes there is anything. At least one row.
    void (*turnRows)(const std::uint32_t* const* from, std::size_t rows, std::size_t width,
                     std::uint32_t* out, std::size_t stride);
    /// Little-endian words of four bytes as Montgomery words. Whether all are below p; otherwise `out` holds anything.
    bool (*readWords)(const std::uint8_t* from, std::size_t count, std::uint32_t* out);
    /// Values at the powers of w, natural order -> n times the coefficients, bit-reversed. `roots` of 1/w.
    void (*toCoefficients)(std::uint32_t* data, unsigned log, const TwiddleView& roots);
    /// Coefficients, bit-reversed -> values at the powers of w, natural order. `roots` of w.
    void (*toValues)(std::uint32_t* data, unsigned log, const TwiddleView& roots);
    /// out[i] = a[i] * b[i].
    void (*multiply)(std::uint32_t* out, const std::uint32_t* a, const std::uint32_t* b, std::size_t count);
    /// The least n in [from, to) such that the permutation of `state` with the element n at `position` starts
    /// with an element whose value is zero in the bits of `mask`; `to` if there is none.
    std::uint32_t (*grind)(const std::uint32_t* state, std::size_t position, std::uint32_t mask,
                           std::uint32_t from, std::uint32_t to);
};

/// What this processor can run, best first; Portable is always there.
[[nodiscard]] std::span<const Backend> availableBackends();
/// The kernels of a back end out of availableBackends().
[[nodiscard]] const Kernels& kernelsOf(Backend backend);
/// Those of the best back end. BOWLINE_FIELD_BACKEND=portable|avx2|avx512 asks for another that is there.
[[nodiscard]] const Kernels& kernels();

/// Montgomery words of elements that lie side by side.
[[nodiscard]] inline const std::uint32_t* wordsOf(const Element* elements)
{
    static_assert(sizeof(Element) == sizeof(std::uint32_t));
    return reinterpret_cast<const std::uint32_t*>(elements);
}
[[nodiscard]] inline std::uint32_t* wordsOf(Element* elements)
{
    return reinterpret_cast<std::uint32_t*>(elements);
}

} // namespace bowline::field
