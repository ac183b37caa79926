// SPDX-License-Identifier: MIT
// The tables that others look things up in. Their rows are part of the verifying key; a row's multiplicity says how often
// the shard asks for it.
#pragma once

#include "core/chips/columns.h"

#include <memory>

namespace bowline::chips {

/// 2^16 rows: each x as a limb, as a number of so many bits, as an address's and a field element's upper limb.
class RangeTable : public stark::Air {
public:
    enum Column : std::size_t { kLimbs, kBits, kAddresses, kFieldHighs, kColumns };
    [[nodiscard]] std::string name() const override { return "range"; }
    [[nodiscard]] std::size_t width() const override { return kColumns; }
    [[nodiscard]] stark::Matrix preprocessed() const override;
    void eval(AirBuilder& b) const override;
    /// The row of (x, n) of kBitsBus.
    [[nodiscard]] static std::size_t bitsRow(std::uint32_t x, std::uint32_t n) { return (1U << n) + x; }
};

/// 2^16 rows: each pair of bytes with its and, or, xor and nor.
class ByteTable : public stark::Air {
public:
    enum Column : std::size_t { kPairs, kAnds, kOrs, kXors, kNors, kColumns };
    [[nodiscard]] std::string name() const override { return "bytes"; }
    [[nodiscard]] std::size_t width() const override { return kColumns; }
    [[nodiscard]] stark::Matrix preprocessed() const override;
    void eval(AirBuilder& b) const override;
    [[nodiscard]] static std::size_t row(std::uint32_t a, std::uint32_t b) { return a * 256U + b; }
};

} // namespace bowline::chips
