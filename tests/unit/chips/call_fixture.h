// SPDX-License-Identifier: MIT
// A precompile's table alone: the boundary plays the caller and the memory, the lookup tables are the real ones.
#pragma once

#include "core/chips/chip.h"
#include "core/chips/lookups.h"
#include "core/stark/prover.h"
#include "tests/unit/stark/example.h"

#include <map>

namespace bowline::test {

/// A call on a memory of words. Values are kept here, as chips::Call only looks at them.
struct OwnedCall {
    std::uint32_t number = 0;
    std::uint32_t time = 0;
    std::array<std::uint32_t, 3> pointers{};
    std::vector<chips::Access> first;
    std::vector<chips::Access> second;
    std::vector<chips::Access> third;

    [[nodiscard]] chips::Call view() const { return {number, time, pointers, first, second, third}; }
};

/// Makes the accesses of calls on a memory, in their order.
class CallMemory {
public:
    std::map<std::uint32_t, std::uint32_t> words;

    /// `after` are the words that the call leaves at its first pointer; sizes are numbers of words.
    [[nodiscard]] OwnedCall call(std::uint32_t number, std::uint32_t time,
                                 std::array<std::uint32_t, 3> pointers, std::span<const std::uint32_t> after,
                                 std::size_t second, std::size_t third)
    {
        OwnedCall out{number, time, pointers, {}, {}, {}};
        for (std::uint32_t i = 0; i < second; ++i)
            out.second.push_back(access(pointers[1] + 4 * i, time + chips::kAtSecond));
        for (std::uint32_t i = 0; i < third; ++i)
            out.third.push_back(access(pointers[2] + 4 * i, time + chips::kAtThird));
        for (std::uint32_t i = 0; i < after.size(); ++i) {
            chips::Access write = access(pointers[0] + 4 * i, time + chips::kAtFirst);
            write.after = words[pointers[0] + 4 * i] = after[i];
            out.first.push_back(write);
        }
        return out;
    }

private:
    [[nodiscard]] chips::Access access(std::uint32_t address, std::uint32_t time)
    {
        const chips::Access out{words[address], words[address], m_times[address]};
        m_times[address] = time;
        return out;
    }
    std::map<std::uint32_t, std::uint32_t> m_times;
};

struct CallExample {
    stark::System system;
    stark::Traces traces; // the chip, the ranges, the bytes
};

namespace detail {
inline std::vector<stark::Expr> constantsOf(stark::AirBuilder& b, std::initializer_list<std::uint32_t> values)
{
    std::vector<stark::Expr> out;
    for (const std::uint32_t value : values) out.push_back(b.constant(value));
    return out;
}

inline void playMemory(stark::AirBuilder& b, std::uint32_t pointer, std::uint32_t now,
                       const std::vector<chips::Access>& accesses)
{
    const auto message = [&b](std::uint32_t address, std::uint32_t value, std::uint32_t time) {
        return constantsOf(b, {address & 0xffffU, address >> 16U, value & 0xffffU, value >> 16U, time});
    };
    for (std::uint32_t i = 0; i < accesses.size(); ++i) {
        const chips::Access& access = accesses[i];
        b.send(chips::kMemoryBus, b.constant(1U),
               message(pointer + 4 * i, access.before, access.previousTime), "memory before");
        b.receive(chips::kMemoryBus, b.constant(1U), message(pointer + 4 * i, access.after, now),
                  "memory after");
    }
}

inline void playCalls(stark::AirBuilder& b, const std::vector<OwnedCall>& calls)
{
    for (const OwnedCall& call : calls) {
        std::vector<stark::Expr> fields = constantsOf(b, {call.number, call.time});
        for (const std::uint32_t pointer : call.pointers) {
            fields.push_back(b.constant(pointer & 0xffffU));
            fields.push_back(b.constant(pointer >> 16U));
        }
        b.send(chips::kCallBus, b.constant(1U), fields, "call");
        playMemory(b, call.pointers[1], call.time + chips::kAtSecond, call.second);
        playMemory(b, call.pointers[2], call.time + chips::kAtThird, call.third);
        playMemory(b, call.pointers[0], call.time + chips::kAtFirst, call.first);
    }
}
} // namespace detail

/// The chip's table for the calls.
inline stark::Matrix traceOf(const chips::CallChip& chip, const std::vector<OwnedCall>& calls)
{
    const std::size_t used = calls.size() * chip.rowsPerCall();
    unsigned log = stark::kLogFinal;
    while ((std::size_t{1} << log) < used) ++log;
    stark::Matrix trace(chip.width(), log);
    std::vector<std::uint32_t> raw(trace.data.size());
    for (std::size_t i = 0; i < calls.size(); ++i)
        chip.fill(raw.data(), log, i * chip.rowsPerCall(), calls[i].view());
    chip.fillRest(raw.data(), log, used);
    for (std::size_t i = 0; i < raw.size(); ++i) trace.data[i] = Element::from(raw[i]);
    return trace;
}

/// A table for these calls, right or wrong, and the lookup tables from its messages.
inline CallExample makeCallExample(const chips::CallChip& chip, const std::vector<OwnedCall>& calls,
                                   stark::Matrix trace, const stark::Parameters& parameters = kTestParameters)
{
    const chips::RangeTable range;
    const chips::ByteTable bytes;
    const std::vector<const stark::Air*> airs{&chip, &range, &bytes};
    auto system = stark::System::make(parameters, 0, airs,
                                      [&calls](stark::AirBuilder& b) { detail::playCalls(b, calls); });
    CallExample out{std::move(system).value(), {}};
    chips::LookupCounter counter;
    counter.count(out.system.chips[0], trace, field::kernels().backend);
    out.traces = {std::move(trace), counter.range(), counter.bytes()};
    return out;
}

inline CallExample makeCallExample(const chips::CallChip& chip, const std::vector<OwnedCall>& calls,
                                   const stark::Parameters& parameters = kTestParameters)
{
    return makeCallExample(chip, calls, traceOf(chip, calls), parameters);
}

} // namespace bowline::test
