// SPDX-License-Identifier: MIT
#include "core/chips/memory.h"

#include "core/field/poseidon2_constants.h"

namespace bowline::chips {

namespace {
constexpr std::size_t kDigest = 8;

void appendColumns(AirBuilder& b, std::vector<Expr>& out, std::size_t first, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) out.push_back(b.main(first + i));
}

void setDigest(const Row& row, std::size_t first, const zkvm::NodeDigest& digest)
{
    for (std::size_t i = 0; i < digest.size(); ++i) row.set(first + i, digest[i]);
}

void setLimbs(const Row& row, std::size_t first, const zkvm::LeafWords& words)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        row.set(first + 2 * i, words[i] & 0xffffU);
        row.set(first + 2 * i + 1, words[i] >> 16U);
    }
}
} // namespace

LeafTable::LeafTable()
    : m_real(m_layout.take()), m_indexLow(m_layout.take()), m_indexHigh(m_layout.take()),
      m_before(m_layout.take(16)), m_after(m_layout.take(16)), m_times(m_layout.take(8)),
      m_digestBefore(m_layout.take(kDigest)), m_digestAfter(m_layout.take(kDigest))
{
}

void LeafTable::eval(AirBuilder& b) const
{
    const Expr real = b.main(m_real);
    b.assertBoolean(real, "real");
    const Expr low = b.main(m_indexLow);
    const Expr high = b.main(m_indexHigh);
    b.send(kBitsBus, real, {low, b.constant(11U)}, "index low");
    b.send(kLimbBus, real, {high}, "index high");
    std::vector<Expr> node{b.constant(0U), low + high * 2048U};
    appendColumns(b, node, m_digestBefore, kDigest);
    appendColumns(b, node, m_digestAfter, kDigest);
    b.receive(kNodeBus, real, node, "node");
    for (const auto& [limbs, digest] :
         {std::pair{m_before, m_digestBefore}, std::pair{m_after, m_digestAfter}}) {
        std::vector<Expr> hash;
        appendColumns(b, hash, limbs, 16);
        appendColumns(b, hash, digest, kDigest);
        b.send(kPermuteBus, real, hash, "digest");
    }
    for (std::uint32_t i = 0; i < zkvm::kLeafWords; ++i) {
        const Expr before[] = {b.main(m_before + 2 * i), b.main(m_before + 2 * i + 1)};
        const Expr after[] = {b.main(m_after + 2 * i), b.main(m_after + 2 * i + 1)};
        const Expr address = low * 32U + 4 * i;
        const std::string name = " " + std::to_string(i);
        b.send(kLimbBus, real, {before[0]}, "low limb" + name);
        b.send(kLimbBus, real, {before[1]}, "high limb" + name);
        b.send(kMemoryBus, real, {address, high, before[0], before[1], b.constant(0U)}, "word before" + name);
        b.receive(kMemoryBus, real, {address, high, after[0], after[1], b.main(m_times + i)},
                  "word after" + name);
    }
}

void LeafTable::fill(const Row& row, const TouchedLeaf& leaf) const
{
    row.set(m_real, 1U);
    row.set(m_indexLow, leaf.index & 2047U);
    row.set(m_indexHigh, leaf.index >> 11U);
    setLimbs(row, m_before, leaf.before);
    setLimbs(row, m_after, leaf.after);
    for (std::size_t i = 0; i < leaf.times.size(); ++i) row.set(m_times + i, leaf.times[i]);
    setDigest(row, m_digestBefore, leaf.digestBefore);
    setDigest(row, m_digestAfter, leaf.digestAfter);
}

NodeTable::NodeTable()
    : m_real(m_layout.take()), m_level(m_layout.take()), m_index(m_layout.take()),
      m_leftTouched(m_layout.take()),
      m_rightTouched(m_layout.take()), m_left{m_layout.take(kDigest), m_layout.take(kDigest)},
      m_right{m_layout.take(kDigest), m_layout.take(kDigest)}, m_parent{m_layout.take(kDigest),
                                                                        m_layout.take(kDigest)}
{
}

void NodeTable::eval(AirBuilder& b) const
{
    const Expr real = b.main(m_real);
    b.assertBoolean(real, "real");
    const Expr level = b.main(m_level);
    const Expr index = b.main(m_index);
    std::vector<Expr> node{level, index};
    appendColumns(b, node, m_parent[0], kDigest);
    appendColumns(b, node, m_parent[1], kDigest);
    b.receive(kNodeBus, real, node, "node");
    const auto child = [&](Expr touched, const std::array<std::size_t, 2>& digests, std::uint32_t side,
                           const std::string& name) {
        b.assertBoolean(touched, name + " touched");
        b.assertZero(touched * (1U - real), name + " of a real node");
        for (std::size_t i = 0; i < kDigest; ++i)
            b.assertZero((real - touched) * (b.main(digests[0] + i) - b.main(digests[1] + i)),
                         name + " unchanged " + std::to_string(i));
        std::vector<Expr> message{level - 1, index * 2U + side};
        appendColumns(b, message, digests[0], kDigest);
        appendColumns(b, message, digests[1], kDigest);
        b.send(kNodeBus, touched, message, name);
    };
    child(b.main(m_leftTouched), m_left, 0, "left");
    child(b.main(m_rightTouched), m_right, 1, "right");
    for (std::size_t when = 0; when < 2; ++when) {
        std::vector<Expr> hash;
        appendColumns(b, hash, m_left[when], kDigest);
        appendColumns(b, hash, m_right[when], kDigest);
        appendColumns(b, hash, m_parent[when], kDigest);
        b.send(kPermuteBus, real, hash, when == 0 ? "digest before" : "digest after");
    }
}

void NodeTable::fill(const Row& row, const TouchedNode& node) const
{
    row.set(m_real, 1U);
    row.set(m_level, node.level);
    row.set(m_index, node.index);
    row.set(m_leftTouched, node.leftTouched ? 1U : 0U);
    row.set(m_rightTouched, node.rightTouched ? 1U : 0U);
    for (std::size_t when = 0; when < 2; ++when) {
        setDigest(row, m_left[when], node.left[when]);
        setDigest(row, m_right[when], node.right[when]);
        setDigest(row, m_parent[when], node.parent[when]);
    }
}

void PermutationTable::eval(AirBuilder& b) const
{
    std::vector<Expr> input;
    appendColumns(b, input, 0, kWidth);
    std::size_t column = kWidth;
    std::vector<Expr> output = input;
    field::permuteRounds(
        output, [&b](Element x) { return b.constant(x); },
        [&](Expr computed) {
            const Expr out = b.main(column);
            b.assertEqual(out, computed, "round value " + std::to_string(column - kWidth));
            ++column;
            return out;
        });
    std::vector<Expr> half = input;
    half.insert(half.end(), output.begin(), output.begin() + kDigest);
    std::vector<Expr> whole = input;
    whole.insert(whole.end(), output.begin(), output.end());
    b.receive(kPermuteBus, b.main(kHalves), half, "first half");
    b.receive(kPermuteAllBus, b.main(kWholes), whole, "all of it");
}

void PermutationTable::fill(const Row& row, const std::array<std::uint32_t, kWidth>& input,
                            std::uint32_t halves, std::uint32_t wholes)
{
    field::State state;
    for (std::size_t i = 0; i < kWidth; ++i) {
        row.set(i, input[i]);
        state[i] = Element::from(input[i]);
    }
    std::size_t column = kWidth;
    field::permuteRounds(
        state, [](Element x) { return x; },
        [&](Element computed) {
            row.set(column++, computed);
            return computed;
        });
    row.set(kHalves, halves);
    row.set(kWholes, wholes);
}

} // namespace bowline::chips
