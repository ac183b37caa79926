// SPDX-License-Identifier: MIT
#include "core/chips/poseidon.h"

#include "core/zkvm/abi.h"

namespace bowline::chips {

namespace {
constexpr std::uint32_t kTopLimb = Element::kModulus >> 16U;

[[nodiscard]] Element inverseOfRoom(std::uint32_t word)
{
    return (Element::from(kTopLimb) - Element::from(word >> 16U)).inverse();
}
} // namespace

PoseidonChip::PoseidonChip() : m_real(layout().take()), m_time(layout().take())
{
    for (std::size_t i = 0; i < 3; ++i) m_pointers.emplace_back(layout());
    m_carries = layout().take(kWords - 1);
    for (std::size_t i = 0; i < kWords; ++i) {
        m_ports.emplace_back(layout());
        m_after.emplace_back(layout());
    }
    m_inverses = layout().take(2 * kWords);
}

void PoseidonChip::constrainElement(RowConstraints& row, WordExpr word, Expr inverse,
                                    const std::string& name) const
{
    AirBuilder& b = row.builder();
    b.send(kFieldBus, row.real(), {word.hi}, name + " high");
    b.assertZero(word.lo * (1U - (kTopLimb - word.hi) * inverse), name + " below p");
}

void PoseidonChip::eval(AirBuilder& b) const
{
    const Expr real = b.main(m_real);
    b.assertBoolean(real, "real");
    RowConstraints row(b, real, b.main(m_time));
    std::vector<Expr> call{b.constant(std::uint32_t{BOWLINE_POSEIDON2}), row.time()};
    for (const Word& pointer : m_pointers) {
        call.push_back(b.main(pointer.lo));
        call.push_back(b.main(pointer.hi));
    }
    b.receive(kCallBus, real, call, "call");
    const WordExpr base = row.word(m_pointers[0]);
    Expr carry = b.constant(0U);
    std::vector<Expr> permutation;
    std::vector<Expr> output;
    for (std::uint32_t i = 0; i < kWords; ++i) {
        const std::string name = "word " + std::to_string(i);
        // A wrong carry makes an address that is on nobody's bus (memory.h, LeafTable).
        if (i > 0) {
            carry = b.main(m_carries + i - 1);
            b.assertBoolean(carry, name + " carry");
        }
        const WordExpr before = row.word(m_ports[i].before);
        const WordExpr after = row.word(m_after[i]);
        row.write(m_ports[i], kAtFirst, {base.lo + 4 * i - carry * 0x10000U, base.hi + carry}, after, real,
                  name);
        row.limb(after.lo, name + " after, low");
        constrainElement(row, before, b.main(m_inverses + 2 * i), name + " before");
        constrainElement(row, after, b.main(m_inverses + 2 * i + 1), name + " after");
        permutation.push_back(before.lo + before.hi * 0x10000U);
        output.push_back(after.lo + after.hi * 0x10000U);
    }
    // Some word's carry is 1 only if the last one's is.
    b.send(kAddressBus, real, {base.hi}, "first address");
    b.send(kAddressBus, real, {base.hi + carry}, "last address");
    permutation.insert(permutation.end(), output.begin(), output.end());
    b.send(kPermuteAllBus, real, permutation, "permutation");
    row.finish();
}

void PoseidonChip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const
{
    const Row row(data, log, first);
    row.set(m_real, 1U);
    row.set(m_time, call.time);
    for (std::size_t i = 0; i < m_pointers.size(); ++i) m_pointers[i].set(row, call.pointers[i]);
    for (std::uint32_t i = 0; i < kWords; ++i) {
        const Access& access = call.first[i];
        const std::uint32_t address = call.pointers[0] + 4 * i;
        if (i > 0) row.set(m_carries + i - 1, (address >> 16U) - (call.pointers[0] >> 16U));
        m_ports[i].set(row, call.time + kAtFirst, access);
        m_after[i].set(row, access.after);
        row.set(m_inverses + 2 * i, inverseOfRoom(access.before));
        row.set(m_inverses + 2 * i + 1, inverseOfRoom(access.after));
    }
}

} // namespace bowline::chips
