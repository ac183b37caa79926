// SPDX-License-Identifier: MIT
#include "core/proving/recorder.h"

#include <algorithm>

namespace bowline::proving {

using chips::Access;
using chips::Kind;
using chips::Step;
using zkvm::Code;

namespace {
// Rough committed cells of a row, LogUp's and the quotient's included: enough to end a shard in time.
constexpr std::uint64_t kCellsOfStep = 64;
constexpr std::uint64_t kCellsOfWordInCall = 80;
constexpr std::uint64_t kCellsOfLeaf = 2048; // its path and its permutations too

constexpr std::uint32_t kRegisterLeaves = zkvm::kRegisterCount / zkvm::kLeafWords;

[[nodiscard]] bool isNegative(std::uint32_t x) { return x >> 31U != 0; }

[[nodiscard]] bool takes(Code code, std::uint32_t rs, std::uint32_t rt)
{
    switch (code) {
    case Code::Beq: return rs == rt;
    case Code::Bne: return rs != rt;
    case Code::Blez: return isNegative(rs) || rs == 0;
    case Code::Bgtz: return !isNegative(rs) && rs != 0;
    case Code::Bltz:
    case Code::Bltzal: return isNegative(rs);
    case Code::Bgez:
    case Code::Bgezal: return !isNegative(rs);
    default: return true; // a jump
    }
}

// The registers that results go to when the instruction does not name them.
[[nodiscard]] std::uint8_t resultOf(const chips::MicroOp& op)
{
    const Kind kind = chips::kindOf(op.code);
    return kind == Kind::MultiplyLong || kind == Kind::Divide ? zkvm::kLo : op.rd;
}
[[nodiscard]] std::uint8_t extraOf(const chips::MicroOp& op)
{
    return chips::kindOf(op.code) == Kind::Linked ? zkvm::kReservation : zkvm::kHi;
}
} // namespace

chips::Call ShardRecord::view(const Call& call) const
{
    const std::span<const Access> all(accesses);
    return {call.number,
            call.time,
            call.pointers,
            all.subspan(call.at, call.words.first),
            all.subspan(call.at + call.words.first, call.words.second),
            all.subspan(call.at + call.words.first + call.words.second, call.words.third)};
}

Recorder::Recorder(const chips::ProgramTable& program, const zkvm::Machine& machine)
    : m_program(&program), m_machine(&machine), m_firstRegisters(machine.registers()), m_npc(machine.npc())
{
    for (std::uint32_t i = 0; i < kRegisterLeaves; ++i) countNodes(zkvm::kFirstRegisterLeaf + i);
}

void Recorder::countNodes(std::uint32_t leaf)
{
    for (std::uint64_t level = 1; level <= zkvm::MemoryTree::kDepth; ++level) {
        if (!m_nodes.insert(level << 32U | leaf >> level).second) return; // so are those above
    }
}

RowCounts Recorder::rows() const
{
    RowCounts out;
    for (std::size_t i = 0; i < chips::kKinds; ++i) out.steps[i] = m_record.steps[i].size();
    out.calls = m_calls;
    out.accesses = m_record.accesses.size();
    out.leaves = m_record.leaves.size() + kRegisterLeaves;
    out.nodes = m_nodes.size();
    return out;
}

Access Recorder::accessRegister(std::uint8_t index, std::uint32_t time, std::uint32_t before,
                                std::uint32_t after)
{
    const Access out{before, after, m_registerTimes[index]};
    m_registerTimes[index] = time;
    return out;
}

std::uint32_t& Recorder::touch(std::uint32_t address, std::uint32_t before)
{
    const std::uint32_t page = address / zkvm::kPageBytes;
    if (page != m_lastPage) {
        std::unique_ptr<ShadowPage>& shadow = m_pages[page];
        if (!shadow) shadow = std::make_unique<ShadowPage>();
        m_lastPage = page;
        m_lastShadow = shadow.get();
    }
    const std::uint32_t word = address % zkvm::kPageBytes / 4;
    std::uint32_t& place = m_lastShadow->leaves[word / zkvm::kLeafWords];
    if (place == 0) {
        chips::TouchedLeaf leaf;
        leaf.index = address / zkvm::kLeafBytes;
        for (std::uint32_t i = 0; i < zkvm::kLeafWords; ++i)
            static_cast<void>(
                m_machine->memory().load(leaf.index * zkvm::kLeafBytes + 4 * i, leaf.before[i]));
        leaf.before[word % zkvm::kLeafWords] = before; // the machine tells after it has stored
        m_record.leaves.push_back(leaf);
        place = static_cast<std::uint32_t>(m_record.leaves.size());
        m_cells += kCellsOfLeaf;
        countNodes(leaf.index);
    }
    return m_lastShadow->times[word];
}

Access Recorder::accessMemory(std::uint32_t address, std::uint32_t time, std::uint32_t before,
                              std::uint32_t after)
{
    std::uint32_t& last = touch(address, before);
    const Access out{before, after, last};
    last = time;
    return out;
}

void Recorder::before(std::uint32_t pc, const zkvm::Op& /*op*/, const zkvm::Registers& registers)
{
    m_inSlot = m_slot;
    m_slot = false;
    if (m_inSlot) return;
    m_op = m_program->at(*m_program->rowOf(pc));
    const chips::Accesses accesses = chips::accessesOf(m_op.code);
    m_step = chips::stepOf(m_op, pc, m_npc, m_time);
    if (m_op.code == Code::Syscall) return startPrimitive(registers);
    const std::uint32_t rs = registers[m_op.rs];
    const std::uint32_t rt = registers[m_op.rt];
    if (accesses.rs) m_step.atRs = accessRegister(m_op.rs, m_time + chips::kAtRs, rs, rs);
    if (accesses.rt) m_step.atRt = accessRegister(m_op.rt, m_time + chips::kAtRt, rt, rt);
    if (accesses.memory) m_step.address = rs + m_op.immediate;
    m_oldResult = registers[resultOf(m_op)];
    m_oldExtra = registers[extraOf(m_op)];
    if (zkvm::isBranch(m_op.code)) {
        m_step.taken = takes(m_op.code, rs, rt);
        const bool byRegister = m_op.code == Code::Jr || m_op.code == Code::Jalr;
        const std::uint32_t target = byRegister ? rs : m_op.target;
        m_step.next = m_step.taken ? target : pc + 8;
    }
}

void Recorder::memory(std::uint32_t address, std::uint32_t before, std::uint32_t after)
{
    if (m_op.code == Code::Syscall) {
        touch(address,
              before); // now: the first to be told are reads, and behind them the leaf's other words change
        m_words.push_back({address, before, after});
    } else {
        m_step.atMemory = accessMemory(address, m_time + chips::kAtMemory, before, after);
    }
}

void Recorder::follow(const zkvm::Machine& machine)
{
    m_machine = &machine;
    m_npc = machine.npc();
}

// The state behind an instruction whose successor in time is at pc.
void Recorder::move(std::uint32_t pc)
{
    if (zkvm::isBranch(m_op.code) && !m_inSlot) {
        m_npc = m_step.next;
    } else if (pc == m_npc) {
        m_npc = pc + 4;
    } else { // the kernel's entry, or the end
        m_npc = pc == 0 ? 0 : pc + 4;
    }
}

void Recorder::after(std::uint32_t pc, const zkvm::Registers& registers)
{
    if (m_inSlot) {
        m_op = chips::MicroOp{Code::Nop};
        return move(pc);
    }
    const chips::Accesses accesses = chips::accessesOf(m_op.code);
    if (m_op.code == Code::Syscall) {
        finishPrimitive(registers);
    } else {
        const std::uint8_t result = resultOf(m_op);
        const std::uint8_t extra = extraOf(m_op);
        if (accesses.rd)
            m_step.atRd = accessRegister(result, m_time + chips::kAtRd, m_oldResult, registers[result]);
        if (accesses.extra)
            m_step.atExtra = accessRegister(extra, m_time + chips::kAtExtra, m_oldExtra, registers[extra]);
    }
    m_record.steps[static_cast<std::size_t>(chips::kindOf(m_op.code))].push_back(m_step);
    m_cells += kCellsOfStep;
    m_time += m_op.fused ? 2 * chips::kTimeStep : chips::kTimeStep;
    m_slot = m_op.fused;
    move(pc);
}

void Recorder::startPrimitive(const zkvm::Registers& registers)
{
    const std::uint32_t number = m_op.immediate;
    const bool calls = chips::operandsOf(number).has_value();
    const auto read = [&](std::uint8_t index, std::uint32_t subTime) {
        return accessRegister(index, m_time + subTime, registers[index], registers[index]);
    };
    if (calls || number == BOWLINE_HALT || number == BOWLINE_SET_USER_LOCAL)
        m_step.atRs = read(4, chips::kAtRs);
    if (calls) {
        m_step.atRt = read(5, chips::kAtRt);
        m_step.atMemory = read(6, chips::kAtMemory);
    }
    m_words.clear();
    m_oldExtra = registers[zkvm::kReservation];
    switch (number) {
    case 0: m_step.rd = 27; break;
    case BOWLINE_HINT_LEN:
    case BOWLINE_HINT_WORD: m_step.rd = 2; break;
    case BOWLINE_SET_USER_LOCAL: m_step.rd = zkvm::kUserLocal; break;
    default: m_step.rd = 0; break;
    }
    m_oldResult = registers[m_step.rd];
}

void Recorder::finishPrimitive(const zkvm::Registers& registers)
{
    if (m_step.rd != 0)
        m_step.atRd = accessRegister(m_step.rd, m_time + chips::kAtRd, m_oldResult, registers[m_step.rd]);
    if (m_op.immediate == 0)
        m_step.atExtra = accessRegister(zkvm::kReservation, m_time + chips::kAtExtra, m_oldExtra,
                                        registers[zkvm::kReservation]);
    if (chips::operandsOf(m_op.immediate)) finishCall();
}

// The machine reads the first operand, the second and the third, and then writes the first.
void Recorder::finishCall()
{
    const chips::OperandWords words = *chips::operandsOf(m_op.immediate);
    ShardRecord::Call call{m_op.immediate,
                           m_time,
                           {m_step.atRs.before, m_step.atRt.before, m_step.atMemory.before},
                           m_record.accesses.size(),
                           words};
    m_record.accesses.resize(call.at + words.first + words.second + words.third);
    Access* out = m_record.accesses.data() + call.at;
    const auto read = [&](std::size_t i, std::uint32_t callTime) {
        const WordAccess& word = m_words[i];
        return accessMemory(word.address, m_time + callTime, word.before, word.before);
    };
    const std::size_t second = words.first;
    const std::size_t third = second + words.second;
    for (std::size_t i = second; i < third; ++i) out[i] = read(i, chips::kAtSecond);
    for (std::size_t i = third; i < third + words.third; ++i) out[i] = read(i, chips::kAtThird);
    for (std::size_t i = 0; i < words.first; ++i) {
        const WordAccess& written = m_words[third + words.third + i];
        out[i] = accessMemory(written.address, m_time + chips::kAtFirst, m_words[i].before, written.after);
    }
    m_cells += kCellsOfWordInCall * m_words.size();
    m_record.calls.push_back(call);
    ++m_calls[call.number];
}

ShardRecord Recorder::finish(const zkvm::Registers& registers)
{
    for (chips::TouchedLeaf& leaf : m_record.leaves) {
        const std::uint32_t address = leaf.index * zkvm::kLeafBytes;
        const ShadowPage& page = *m_pages.at(address / zkvm::kPageBytes);
        for (std::uint32_t i = 0; i < zkvm::kLeafWords; ++i) {
            static_cast<void>(m_machine->memory().load(address + 4 * i, leaf.after[i]));
            leaf.times[i] = page.times[(address % zkvm::kPageBytes) / 4 + i];
        }
    }
    for (std::uint32_t i = 0; i < kRegisterLeaves; ++i) {
        chips::TouchedLeaf leaf;
        leaf.index = zkvm::kFirstRegisterLeaf + i;
        for (std::uint32_t j = 0; j < zkvm::kLeafWords; ++j) {
            const std::uint32_t index = i * zkvm::kLeafWords + j;
            leaf.before[j] = m_firstRegisters[index];
            leaf.after[j] = registers[index];
            leaf.times[j] = m_registerTimes[index];
        }
        m_record.leaves.push_back(leaf);
    }
    std::sort(m_record.leaves.begin(), m_record.leaves.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    m_record.timeAfter = m_time;
    return std::move(m_record);
}

} // namespace bowline::proving
