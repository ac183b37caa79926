// SPDX-License-Identifier: MIT
// Polynomials over KoalaBear as columns of values: interpolation, and evaluation on the larger domain a proof
// commits to.
//
// The domain of 2^log points is {w^i}, w = Element::rootOfUnity(log), in the order of i. The larger domain of
// blowup * 2^log points is {shift * v^e}, v = rootOfUnity(log + logBlowup), and is stored coset by coset: the
// point of exponent e = r + i * blowup is at r * 2^log + i. So the next row of the trace is the next word, the
// points x and -x are half a coset apart, and the points of degree-halved domains are prefixes of each coset.
#pragma once

#include "core/field/kernels.h"

#include <memory>
#include <vector>

namespace bowline::field {

/// The factors of the transforms up to 2^log points; built once a process and size.
class Twiddles {
public:
    [[nodiscard]] static std::shared_ptr<const Twiddles> upTo(unsigned log);
    [[nodiscard]] TwiddleView forward() const;
    [[nodiscard]] TwiddleView inverse() const;

private:
    using Table = std::vector<Element>;
    explicit Twiddles(unsigned log);
    std::vector<Table> m_forward;
    std::vector<Table> m_inverse;
};

/// Evaluation of columns of 2^log values on the larger domain, with the factors of the cosets kept.
class LowDegreeExtension {
public:
    LowDegreeExtension(unsigned log, unsigned logBlowup, Element shift, const Kernels& kernels);

    [[nodiscard]] unsigned log() const { return m_log; }
    [[nodiscard]] unsigned logBlowup() const { return m_logBlowup; }
    /// values: 2^log of them, natural order. out: 2^(log + logBlowup), coset by coset. scratch: 2^log.
    void extend(std::span<const Element> values, std::span<Element> out, std::span<Element> scratch) const;
    /// The same from the coefficients as coefficientsOf gives them.
    void extendCoefficients(std::span<const Element> coefficients, std::span<Element> out) const;
    /// Of that only coset number r. out: 2^log values.
    void extendToCoset(std::size_t r, std::span<const Element> coefficients, std::span<Element> out) const;

private:
    unsigned m_log;
    unsigned m_logBlowup;
    const Kernels& m_kernels;
    std::shared_ptr<const Twiddles> m_twiddles;
    std::vector<std::vector<Element>> m_factors; // of coset r: (shift * v^r)^k at bitreverse(k)
};

/// Values at shift * w^i, natural order -> coefficients, bit-reversed, in place.
void coefficientsOf(std::span<Element> values, Element shift, const Kernels& kernels);
/// (factor^k) at bitreverse(k), times `first`, for k < 2^log.
[[nodiscard]] std::vector<Element> reversedPowers(Element factor, Element first, unsigned log);
/// The last `bits` bits of `index` in reverse.
[[nodiscard]] constexpr std::size_t bitReverse(std::size_t index, unsigned bits)
{
    std::size_t out = 0;
    for (unsigned i = 0; i < bits; ++i) out = out << 1U | ((index >> i) & 1U);
    return out;
}

} // namespace bowline::field
