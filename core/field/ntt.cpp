// SPDX-License-Identifier: MIT
#include "core/field/ntt.h"

#include <array>
#include <bit>
#include <mutex>

namespace bowline::field {

namespace {
// w^bitreverse(k) for k < 2^(log - 1), then every 2nd, 4th and 8th of them.
[[nodiscard]] std::vector<std::vector<Element>> rootTables(unsigned log, bool inverse)
{
    const unsigned bits = log == 0 ? 0 : log - 1;
    const Element root = Element::rootOfUnity(log);
    std::vector<std::vector<Element>> out;
    out.push_back(reversedPowers(inverse ? root.inverse() : root, Element::from(1), bits));
    for (unsigned s = 1; s < 4; ++s) {
        std::vector<Element> table;
        for (std::size_t k = 0; k < out[0].size(); k += std::size_t{1} << s) table.push_back(out[0][k]);
        out.push_back(std::move(table));
    }
    return out;
}

[[nodiscard]] TwiddleView viewOf(const std::vector<std::vector<Element>>& tables)
{
    TwiddleView out{};
    for (std::size_t s = 0; s < 4; ++s) out.roots[s] = wordsOf(tables[s].data());
    return out;
}
} // namespace

std::vector<Element> reversedPowers(Element factor, Element first, unsigned log)
{
    std::vector<Element> out(std::size_t{1} << log);
    out[0] = first;
    for (unsigned bit = 0; bit < log; ++bit) {
        // Position bit of the index is exponent 2^(log - 1 - bit).
        const Element step = factor.power(1U << (log - 1 - bit));
        const std::size_t known = std::size_t{1} << bit;
        for (std::size_t j = 0; j < known; ++j) out[known + j] = out[j] * step;
    }
    return out;
}

Twiddles::Twiddles(unsigned log) : m_forward(rootTables(log, false)), m_inverse(rootTables(log, true)) {}

std::shared_ptr<const Twiddles> Twiddles::upTo(unsigned log)
{
    static std::mutex mutex;
    static std::array<std::shared_ptr<const Twiddles>, Element::kTwoAdicity + 1> kept;
    const std::lock_guard lock(mutex);
    // A larger table starts with every smaller one.
    for (unsigned i = log; i < kept.size(); ++i) {
        if (kept[i] != nullptr) return kept[i];
    }
    kept[log] = std::shared_ptr<const Twiddles>(new Twiddles(log));
    return kept[log];
}

TwiddleView Twiddles::forward() const { return viewOf(m_forward); }
TwiddleView Twiddles::inverse() const { return viewOf(m_inverse); }

LowDegreeExtension::LowDegreeExtension(unsigned log, unsigned logBlowup, Element shift,
                                       const Kernels& kernels)
    : m_log(log), m_logBlowup(logBlowup), m_kernels(kernels), m_twiddles(Twiddles::upTo(log))
{
    const Element root = Element::rootOfUnity(log + logBlowup);
    Element coset = shift;
    for (std::size_t r = 0; r < std::size_t{1} << logBlowup; ++r, coset *= root) {
        m_factors.push_back(reversedPowers(coset, Element::from(1), log));
    }
}

void LowDegreeExtension::extendCoefficients(std::span<const Element> coefficients,
                                            std::span<Element> out) const
{
    const std::size_t n = coefficients.size();
    for (std::size_t r = 0; r < m_factors.size(); ++r) extendToCoset(r, coefficients, out.subspan(r * n, n));
}

void LowDegreeExtension::extendToCoset(std::size_t r, std::span<const Element> coefficients,
                                       std::span<Element> out) const
{
    m_kernels.multiply(wordsOf(out.data()), wordsOf(coefficients.data()), wordsOf(m_factors[r].data()),
                       coefficients.size());
    m_kernels.toValues(wordsOf(out.data()), m_log, m_twiddles->forward());
}

void LowDegreeExtension::extend(std::span<const Element> values, std::span<Element> out,
                                std::span<Element> scratch) const
{
    std::copy(values.begin(), values.end(), scratch.begin());
    coefficientsOf(scratch, Element::from(1), m_kernels);
    extendCoefficients(scratch, out);
}

void coefficientsOf(std::span<Element> values, Element shift, const Kernels& kernels)
{
    const auto log = static_cast<unsigned>(std::countr_zero(values.size()));
    kernels.toCoefficients(wordsOf(values.data()), log, Twiddles::upTo(log)->inverse());
    const Element scale = Element::from(static_cast<std::uint32_t>(values.size())).inverse();
    if (shift == Element::from(1)) {
        for (Element& x : values) x *= scale;
        return;
    }
    const std::vector<Element> factors = reversedPowers(shift.inverse(), scale, log);
    kernels.multiply(wordsOf(values.data()), wordsOf(values.data()), wordsOf(factors.data()), values.size());
}

} // namespace bowline::field
