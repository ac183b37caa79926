// SPDX-License-Identifier: MIT
#include "core/chips/tables.h"

#include "core/zkvm/layout.h"

#include <bit>

namespace bowline::chips {

namespace {
constexpr unsigned kLog = 16;
enum RangeColumn : std::size_t { kValue, kSmall, kCount, kIsAddress, kIsFieldHigh, kRangeColumns };
enum ByteColumn : std::size_t { kFirst, kSecond, kAnd, kOr, kXor, kNor, kByteColumns };
} // namespace

stark::Matrix RangeTable::preprocessed() const
{
    stark::Matrix out(kRangeColumns, kLog);
    for (std::uint32_t i = 0; i < out.rows(); ++i) {
        out.at(i, kValue) = Element::from(i);
        // Row 2^n + x holds x as a number of n bits. Rows 0 and 1 do so of none, which is true of 0 alone.
        const auto bits = i == 0 ? 0U : static_cast<unsigned>(std::bit_width(i)) - 1;
        out.at(i, kSmall) = Element::from(i == 0 ? 0 : i - (1U << bits));
        out.at(i, kCount) = Element::from(bits);
        const bool address = i >= zkvm::kMemoryBegin >> 16U && i < zkvm::kMemoryEnd >> 16U;
        out.at(i, kIsAddress) = Element::from(address ? 1 : 0);
        out.at(i, kIsFieldHigh) = Element::from(i <= Element::kModulus >> 16U ? 1 : 0);
    }
    return out;
}

void RangeTable::eval(AirBuilder& b) const
{
    const Expr value = b.preprocessed(kValue);
    b.receive(kLimbBus, b.main(kLimbs), {value}, "limb");
    b.receive(kBitsBus, b.main(kBits), {b.preprocessed(kSmall), b.preprocessed(kCount)}, "bits");
    b.receive(kAddressBus, b.main(kAddresses), {value}, "address");
    b.receive(kFieldBus, b.main(kFieldHighs), {value}, "field element");
    b.assertZero(b.main(kAddresses) * (1U - b.preprocessed(kIsAddress)), "only addresses");
    b.assertZero(b.main(kFieldHighs) * (1U - b.preprocessed(kIsFieldHigh)), "only field elements");
}

stark::Matrix ByteTable::preprocessed() const
{
    stark::Matrix out(kByteColumns, kLog);
    for (std::uint32_t i = 0; i < out.rows(); ++i) {
        const std::uint32_t a = i >> 8U;
        const std::uint32_t b = i & 0xffU;
        out.at(i, kFirst) = Element::from(a);
        out.at(i, kSecond) = Element::from(b);
        out.at(i, kAnd) = Element::from(a & b);
        out.at(i, kOr) = Element::from(a | b);
        out.at(i, kXor) = Element::from(a ^ b);
        out.at(i, kNor) = Element::from(~(a | b) & 0xffU);
    }
    return out;
}

void ByteTable::eval(AirBuilder& b) const
{
    const Expr first = b.preprocessed(kFirst);
    const Expr second = b.preprocessed(kSecond);
    const auto operation = [&](std::size_t multiplicity, ByteOperation which, std::size_t result,
                               const char* name) {
        b.receive(kByteBus, b.main(multiplicity),
                  {b.constant(std::uint32_t{which}), first, second, b.preprocessed(result)}, name);
    };
    b.receive(kPairBus, b.main(kPairs), {first, second}, "pair");
    operation(kAnds, kAndBytes, kAnd, "and");
    operation(kOrs, kOrBytes, kOr, "or");
    operation(kXors, kXorBytes, kXor, "xor");
    operation(kNors, kNorBytes, kNor, "nor");
}

} // namespace bowline::chips
