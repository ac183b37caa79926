// SPDX-License-Identifier: MIT
#include "core/chips/machine.h"

#include "core/chips/instruction.h"
#include "core/chips/keccak.h"
#include "core/chips/mulmod.h"
#include "core/chips/poseidon.h"
#include "core/chips/secp256k1.h"
#include "core/chips/sha256.h"
#include "core/zkvm/abi.h"

namespace bowline::chips {

namespace {
enum PublicValue : std::size_t {
    kPcBefore,
    kNpcBefore,
    kRootBefore,
    kPcAfter = kRootBefore + 8,
    kNpcAfter,
    kRootAfter,
    kTimeAfter = kRootAfter + 8,
    kHalted,
    kExitLow,
    kExitHigh,
};

std::vector<std::unique_ptr<InstructionChip>> makeInstructions()
{
    std::vector<std::unique_ptr<InstructionChip>> out;
    // In the order of Kind.
    for (const auto make :
         {makeAddImmediate, makeAdd,        makeCheckedAdd, makeCompare,  makeLogic,        makeShift,
          makeBranch,       makeBranchLink, makeJump,       makeLoadWord, makeStoreWord,    makeLoadPart,
          makeStorePart,    makeUnaligned,  makeLinked,     makeMultiply, makeMultiplyLong, makeDivide,
          makeMoveIf,       makeTrap,       makeBits,       makeNop,      makePrimitive})
        out.push_back(make());
    return out;
}

std::vector<MachineTables::CallTable> makeCalls()
{
    std::vector<MachineTables::CallTable> out;
    out.push_back({BOWLINE_POSEIDON2, std::make_unique<PoseidonChip>()});
    out.push_back({BOWLINE_SHA256, std::make_unique<Sha256Chip>()});
    out.push_back({BOWLINE_MULMOD, std::make_unique<MulModChip>()});
    out.push_back({BOWLINE_SECP256K1_ADD, std::make_unique<Secp256k1AddChip>()});
    out.push_back({BOWLINE_SECP256K1_DOUBLE, std::make_unique<Secp256k1DoubleChip>()});
    out.push_back({BOWLINE_KECCAK_F, std::make_unique<KeccakChip>()});
    return out;
}

void boundary(AirBuilder& b)
{
    const auto value = [&b](std::size_t i) { return b.publicValue(i); };
    b.send(kStateBus, b.constant(1U), {value(kPcBefore), value(kNpcBefore), b.constant(kFirstTime)},
           "first state");
    b.receive(kStateBus, b.constant(1U), {value(kPcAfter), value(kNpcAfter), value(kTimeAfter)},
              "last state");
    std::vector<Expr> root{b.constant(zkvm::MemoryTree::kDepth), b.constant(0U)};
    for (const std::size_t first : {kRootBefore, kRootAfter}) {
        for (std::size_t i = 0; i < 8; ++i) root.push_back(value(first + i));
    }
    b.send(kNodeBus, b.constant(1U), root, "roots");
    b.receive(kHaltBus, value(kHalted), {value(kExitLow), value(kExitHigh)}, "exit code");
}
} // namespace

std::vector<Element> Statement::publicValues() const
{
    std::vector<Element> out;
    const auto number = [&out](std::uint32_t x) { out.push_back(Element::from(x)); };
    number(pcBefore);
    number(npcBefore);
    out.insert(out.end(), rootBefore.begin(), rootBefore.end());
    number(pcAfter);
    number(npcAfter);
    out.insert(out.end(), rootAfter.begin(), rootAfter.end());
    number(timeAfter);
    number(halted ? 1 : 0);
    number(exitCode & 0xffffU);
    number(exitCode >> 16U);
    return out;
}

std::optional<OperandWords> operandsOf(std::uint32_t number)
{
    switch (number) {
    case BOWLINE_POSEIDON2: return OperandWords{16, 0, 0};
    case BOWLINE_SHA256: return OperandWords{8, 16, 0};
    case BOWLINE_MULMOD: return OperandWords{8, 8, 8};
    case BOWLINE_SECP256K1_ADD: return OperandWords{16, 16, 0};
    case BOWLINE_SECP256K1_DOUBLE: return OperandWords{16, 0, 0};
    case BOWLINE_KECCAK_F: return OperandWords{50, 0, 0};
    default: return std::nullopt;
    }
}

MachineTables::MachineTables(ProgramTable program)
    : m_instructions(makeInstructions()), m_calls(makeCalls()), m_program(std::move(program))
{
}

MachineTables::MachineTables(const zkvm::Text& text) : MachineTables(ProgramTable(text)) {}

MachineTables::MachineTables(unsigned programLog) : MachineTables(ProgramTable(programLog)) {}

base::Result<stark::System> MachineTables::system(const stark::Parameters& parameters) const
{
    std::vector<const stark::Air*> airs;
    for (const auto& chip : m_instructions) airs.push_back(chip.get());
    for (const CallTable& table : m_calls) airs.push_back(table.chip.get());
    for (const stark::Air* air : std::initializer_list<const stark::Air*>{&m_leaf, &m_node, &m_permutation,
                                                                          &m_program, &m_range, &m_bytes})
        airs.push_back(air);
    return stark::System::make(parameters, Statement::kValues, airs, boundary);
}

bool timesAreSafe(const stark::Heights& heights)
{
    // Instructions alone move the time, by two steps at most.
    std::uint64_t time = kFirstTime;
    for (std::size_t i = 0; i < kKinds && i < heights.size(); ++i) {
        if (heights[i]) time += std::uint64_t{2} * kTimeStep << *heights[i];
    }
    // From 0 to `time` plus the sub-times, differences down to -time: none may look like a small positive one.
    return time + kTimeStep + kMaxGap < Element::kModulus;
}

} // namespace bowline::chips
