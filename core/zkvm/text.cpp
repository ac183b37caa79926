// SPDX-License-Identifier: MIT
#include "core/zkvm/text.h"

namespace bowline::zkvm {

namespace {

[[nodiscard]] std::string hexAddress(std::uint32_t address)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out = "0x";
    for (int shift = 28; shift >= 0; shift -= 4)
        out += kDigits[address >> static_cast<unsigned>(shift) & 15U];
    return out;
}

[[nodiscard]] base::Error refused(Refusal why, std::uint32_t pc)
{
    std::string_view text;
    switch (why) {
    case Refusal::BranchLikely: text = "a branch-likely instruction (compile with -mno-branch-likely)"; break;
    case Refusal::FloatingPoint: text = "a floating-point instruction (compile with soft float)"; break;
    case Refusal::BranchInSlot: text = "a branch in the delay slot of another"; break;
    case Refusal::None: break;
    }
    return base::makeError(kRefusedInstruction, std::string(text) + " at " + hexAddress(pc));
}

[[nodiscard]] Result<std::vector<Op>> decodeRange(const TextRange& range)
{
    std::vector<Op> ops;
    ops.reserve(range.words.size() + 1);
    std::uint32_t pc = range.base;
    for (const std::uint32_t word : range.words) {
        const Refusal refusal = refusalOf(word);
        if (refusal != Refusal::None) return refused(refusal, pc);
        ops.push_back(decode(word, pc));
        const bool afterBranch = ops.size() > 1 && isBranch(ops[ops.size() - 2].code);
        if (afterBranch && isBranch(ops.back().code)) return refused(Refusal::BranchInSlot, pc);
        pc += 4;
    }
    // A branch without a slot cannot be executed.
    if (!ops.empty() && isBranch(ops.back().code)) ops.back() = Op{};
    ops.push_back(Op{Code::End});
    for (std::size_t i = ops.size() - 1; i-- > 0;) {
        if (isBranch(ops[i].code)) {
            ops[i].run = 2;
        } else if (!endsBlock(ops[i].code)) {
            ops[i].run = ops[i + 1].run + 1;
        }
    }
    return ops;
}

} // namespace

Result<Text> Text::decoded(std::vector<TextRange> ranges)
{
    Text out;
    std::uint64_t end = kMemoryBegin;
    std::size_t total = 0;
    for (const TextRange& range : ranges) {
        total += range.words.size();
        const std::uint64_t rangeEnd = range.base + std::uint64_t{range.words.size()} * 4;
        if (range.words.empty() || range.base % 4 != 0 || range.base < end || rangeEnd > kMemoryEnd ||
            total > kMaxTextWords) {
            return base::makeError(kBadText, "range at " + hexAddress(range.base));
        }
        end = rangeEnd;
        BOWLINE_TRY(auto ops, decodeRange(range));
        out.m_decoded.push_back(std::move(ops));
    }
    out.m_ranges = std::move(ranges);
    return out;
}

const Op* Text::findElsewhere(std::uint32_t pc) const
{
    if (pc % 4 != 0) return nullptr;
    for (std::size_t i = 0; i < m_ranges.size(); ++i) {
        const TextRange& range = m_ranges[i];
        if (pc < range.base || pc >= range.end()) continue;
        m_base = range.base;
        m_size = range.end() - range.base;
        m_ops = m_decoded[i].data();
        return m_ops + (pc - m_base) / 4;
    }
    return nullptr;
}

bool Text::overlaps(std::uint32_t begin, std::uint32_t size) const
{
    for (const TextRange& range : m_ranges) {
        if (begin < range.end() && range.base < std::uint64_t{begin} + size) return true;
    }
    return false;
}

} // namespace bowline::zkvm
