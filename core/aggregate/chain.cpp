// SPDX-License-Identifier: MIT
#include "core/aggregate/chain.h"

#include "core/stark/verifier.h"
#include "core/zkvm/machine.h"

#include <algorithm>

namespace bowline::aggregate {

using base::makeError;
using recursion::Circuit;
using Felt = Circuit::Felt;

namespace {
constexpr std::uint32_t kLimb = 0x10000;
constexpr std::size_t kJournalLimbs = kJournalBytes / 2;
constexpr std::size_t kUnused = 14; // limbs of the result's second leaf behind the length
constexpr std::size_t kCarries = 3;
constexpr unsigned kFlags =
    2 + kCarries; // whether before is a genesis, whether another program is due, carries

[[nodiscard]] Felt minus(Circuit& circuit, const Felt& a, const Felt& b)
{
    return a + b * circuit.constant(-Element::from(1));
}
[[nodiscard]] Felt elementOf(Circuit& circuit, const Circuit::Bit& bit)
{
    return circuit.select(bit, circuit.constant(Element::from(1)), circuit.constant(Element{}));
}

// Both are equal if the flag, which is 0 or 1, is set.
void requireWhen(Circuit& circuit, const Felt& flag, const Felt& a, const Felt& b, const char* why)
{
    circuit.requireEqual(flag * minus(circuit, a, b), circuit.constant(Element{}), why);
}

// The lower 16 bits of the canonical value, and the upper ones.
[[nodiscard]] std::array<Felt, 2> limbsOf(Circuit& circuit, const Felt& x)
{
    Felt low = circuit.constant(Element{});
    std::uint32_t weight = 1;
    for (const Circuit::Bit& bit : circuit.bits(x, 16)) {
        low = low + elementOf(circuit, bit) * circuit.constant(Element::from(weight));
        weight *= 2;
    }
    return {low, minus(circuit, x, low) * circuit.constant(Element::from(kLimb).inverse())};
}

// A batch's part of the stream, and the rules between it and the states before and behind it.
class Step {
public:
    Step(Circuit& circuit, const std::vector<Felt>& own, const std::vector<Felt>& before, SpanWires span)
        : m_circuit(circuit), m_own(own), m_before(before), m_span(std::move(span)),
          m_flags(circuit.bits(circuit.nextElement(), kFlags)),
          m_journal(nextElements(circuit, kJournalLimbs)), m_unused(nextElements(circuit, kUnused))
    {
        for (unsigned i = 0; i < proving::ResultOpening::kPath; ++i) m_path.push_back(circuit.nextDigest());
    }

    // In the order of advanced().
    void require()
    {
        requireKeys();
        requireEnd();
        requireResult();
        m_circuit.requireEqual(m_journal[kVersionField.at / 2], one(), reasons::kVersion);
        for (const Kept field : {Kept::ChainId, Kept::GenesisHash})
            requireField(kKeptFields[std::size_t(field)], field, reasons::kNetwork);
        requireNumber();
        requireField(kPrevHashField, Kept::BatchHash, reasons::kState);
        requireField(kPrevStateField, Kept::State, reasons::kState);
        requireProgram();
        requireKept();
    }
    // The chain's own key, or a genesis, which has another key of the set and batch 0.
    void requireKey(const Circuit::Digest& key)
    {
        const Felt genesis = elementOf(m_circuit, m_flags[0]);
        const Felt chained = elementOf(m_circuit, m_circuit.opposite(m_flags[0]));
        for (std::size_t i = 0; i < key.size(); ++i)
            requireWhen(m_circuit, chained, key[i], m_own[ChainState::kChainKey + i], reasons::kNotGenesis);
        for (std::size_t i = 0; i < 4; ++i)
            requireWhen(m_circuit, genesis, limb(m_before, Kept::Batch, i), m_circuit.constant(Element{}),
                        reasons::kNotGenesis);
    }

private:
    [[nodiscard]] Felt number(std::uint32_t x) { return m_circuit.constant(Element::from(x)); }
    [[nodiscard]] Felt one() { return number(1); }
    [[nodiscard]] static const Felt& limb(const std::vector<Felt>& state, Kept field, std::size_t i)
    {
        return state[ChainState::kLimbs + keptOffset(field) / 2 + i];
    }
    void requireField(const JournalField& from, Kept field, const char* why)
    {
        for (std::size_t i = 0; i < from.bytes / 2; ++i)
            m_circuit.requireEqual(m_journal[from.at / 2 + i], limb(m_before, field, i), why);
    }
    void requireKeys()
    {
        for (std::size_t i = 0; i < 8; ++i) {
            m_circuit.requireEqual(m_before[ChainState::kKeySet + i], m_own[ChainState::kKeySet + i],
                                   reasons::kKeySet);
            m_circuit.requireEqual(m_span.at(Span::kKeySet + i), m_own[ChainState::kKeySet + i],
                                   reasons::kKeySet);
            m_circuit.requireEqual(m_before[ChainState::kChainKey + i], m_own[ChainState::kChainKey + i],
                                   reasons::kChainKey);
        }
    }
    void requireEnd()
    {
        m_circuit.requireEqual(m_span.at(Span::kHalted), one(), reasons::kUnfinished);
        for (const std::size_t i : {Span::kExitLow, Span::kExitHigh})
            m_circuit.requireEqual(m_span.at(i), number(0), reasons::kUnfinished);
    }
    // As proving::checkResult: the journal's digest and length are the result's leaves, whose path leads to the root.
    void requireResult()
    {
        std::vector<Felt> elements{number(kJournalBytes), number(0)};
        elements.insert(elements.end(), m_journal.begin(), m_journal.end());
        const Circuit::Digest digest = m_circuit.spongeOf(zkvm::kJournalTag, elements);
        std::array<Felt, 16> first;
        for (std::size_t i = 0; i < 8; ++i) {
            const auto limbs = limbsOf(m_circuit, digest[i]);
            std::copy(limbs.begin(), limbs.end(), first.begin() + std::ptrdiff_t(2 * i));
        }
        std::array<Felt, 16> second{number(kJournalBytes), number(0)};
        std::copy(m_unused.begin(), m_unused.end(), second.begin() + 2);
        Circuit::Digest node = nodeOf(hashed(first), hashed(second));
        std::uint32_t index = proving::ResultOpening::kLeaf / 2;
        for (const Circuit::Digest& sibling : m_path) {
            node = index % 2 == 0 ? nodeOf(node, sibling) : nodeOf(sibling, node);
            index /= 2;
        }
        m_circuit.requireEqual(node, m_span.digest(Span::kRootAfter), reasons::kResult);
    }
    [[nodiscard]] Circuit::Digest hashed(std::array<Felt, 16> state)
    {
        m_circuit.permute(state);
        Circuit::Digest out;
        std::copy_n(state.begin(), 8, out.begin());
        return out;
    }
    [[nodiscard]] Circuit::Digest nodeOf(const Circuit::Digest& left, const Circuit::Digest& right)
    {
        std::array<Felt, 16> state;
        std::copy(left.begin(), left.end(), state.begin());
        std::copy(right.begin(), right.end(), state.begin() + 8);
        return hashed(state);
    }
    // first = last = the number before and one, limb by limb: limbs of a journal are below 2^16, so carries have one value.
    void requireNumber()
    {
        Felt carry = one();
        for (std::size_t i = 0; i < 4; ++i) {
            const Felt& first = m_journal[kFirstField.at / 2 + i];
            Felt sum = limb(m_before, Kept::Batch, i) + carry;
            if (i < kCarries) {
                carry = elementOf(m_circuit, m_flags[2 + i]);
                sum = minus(m_circuit, sum, carry * number(kLimb));
            }
            m_circuit.requireEqual(sum, first, reasons::kNumber);
            m_circuit.requireEqual(m_journal[kKeptFields[std::size_t(Kept::Batch)].at / 2 + i], first,
                                   reasons::kNumber);
        }
    }
    // The id is that of the execution's start. It is the announced one if this batch is the one named with it, else the old one.
    void requireProgram()
    {
        std::array<Felt, 4> difference;
        for (std::size_t i = 0; i < 4; ++i)
            difference[i] =
                minus(m_circuit, limb(m_before, Kept::Activation, i), m_journal[kFirstField.at / 2 + i]);
        const Circuit::Ext unlike(difference);
        const Felt due = elementOf(m_circuit, m_flags[1]);
        const Felt same = elementOf(m_circuit, m_circuit.opposite(m_flags[1]));
        m_circuit.requireEqual(unlike * due, m_circuit.constant(field::Extension{}), reasons::kProgram);
        m_circuit.requireNotZero(
            m_circuit.select(m_flags[1], m_circuit.constant(field::Extension::from(1)), unlike),
            reasons::kProgram);
        for (std::size_t i = 0; i < 8; ++i) {
            const Felt& element = m_own[ChainState::kProgram + i];
            requireWhen(m_circuit, same, element, m_before[ChainState::kProgram + i], reasons::kProgram);
            const auto limbs = limbsOf(m_circuit, element);
            for (std::size_t k = 0; k < 2; ++k)
                requireWhen(m_circuit, due, limbs[k], limb(m_before, Kept::NextProgram, 2 * i + k),
                            reasons::kProgram);
        }
        m_circuit.requireEqual(idOfStart(), ownProgram(), reasons::kProgram);
    }
    // programOf.
    [[nodiscard]] Circuit::Digest idOfStart()
    {
        std::vector<Felt> elements;
        const auto digest = [&](std::size_t first) {
            for (const Felt& x : m_span.digest(first)) elements.push_back(x);
        };
        digest(Span::kTables);
        elements.push_back(m_span.at(Span::kProgramLog)); // below 2^16: lifts compare it with a constant
        elements.push_back(number(0));
        digest(Span::kRootBefore);
        for (const std::size_t i : {Span::kPcBefore, Span::kNpcBefore}) {
            for (const Felt& x : limbsOf(m_circuit, m_span.at(i))) elements.push_back(x);
        }
        elements.push_back(number(zkvm::kKernelVersion % kLimb));
        elements.push_back(number(zkvm::kKernelVersion / kLimb));
        return m_circuit.spongeOf(proving::kProgramTag, elements);
    }
    [[nodiscard]] Circuit::Digest ownProgram() const
    {
        Circuit::Digest out;
        std::copy_n(m_own.begin() + ChainState::kProgram, 8, out.begin());
        return out;
    }
    void requireKept()
    {
        for (std::size_t field = 0; field < kKeptFields.size(); ++field) {
            for (std::size_t i = 0; i < kKeptFields[field].bytes / 2; ++i)
                m_circuit.requireEqual(m_journal[kKeptFields[field].at / 2 + i], limb(m_own, Kept(field), i),
                                       reasons::kKept);
        }
    }

    Circuit& m_circuit;
    const std::vector<Felt>& m_own;
    const std::vector<Felt>& m_before;
    SpanWires m_span;
    std::vector<Circuit::Bit> m_flags;
    std::vector<Felt> m_journal;
    std::vector<Felt> m_unused;
    std::vector<Circuit::Digest> m_path;
};

[[nodiscard]] Result<recursion::Program> record(const ChildForm& chain, const ChildForm& batch)
{
    Circuit circuit(ChainState::kValues);
    std::vector<Felt> own;
    for (std::size_t i = 0; i < ChainState::kValues; ++i) own.push_back(circuit.publicValue(i));
    const ChildWires before = ChildWires::next(circuit, chain);
    const ChildWires next = ChildWires::next(circuit, batch);
    Step step(circuit, own, before.values, SpanWires(next.values));
    step.require();
    Circuit::Digest keySet;
    std::copy_n(own.begin() + ChainState::kKeySet, 8, keySet.begin());
    step.requireKey(before.verify(circuit, chain, keySet));
    static_cast<void>(next.verify(circuit, batch, keySet));
    return circuit.finish();
}

// Whether before is a genesis, whether another program is due, and what is carried from limb to limb when one is added.
[[nodiscard]] Element flagsOf(const ChainState& before, bool genesis)
{
    const std::uint64_t number = before.number(Kept::Batch);
    std::uint32_t out = genesis ? 1 : 0;
    if (before.number(Kept::Activation) == number + 1) out |= 2;
    for (unsigned i = 0; i < kCarries; ++i) {
        const std::uint64_t below = (std::uint64_t{1} << 16U * (i + 1)) - 1;
        if ((number & below) == below) out |= 4U << i;
    }
    return Element::from(out);
}
} // namespace

Result<recursion::Program> chainProgram(const ChainForms& forms)
{
    BOWLINE_TRY(const ChildForm chain, ChildForm::make(forms.chain, ChainState::kValues));
    BOWLINE_TRY(const ChildForm batch, ChildForm::make(forms.batch, Span::kValues));
    return record(chain, batch);
}

Result<std::unique_ptr<Chain>> Chain::make(const ChainForms& forms, const stark::ProverOptions& options)
{
    std::unique_ptr<Chain> out(new Chain);
    BOWLINE_TRY(out->m_chain, ChildForm::make(forms.chain, ChainState::kValues));
    BOWLINE_TRY(out->m_batch, ChildForm::make(forms.batch, Span::kValues));
    BOWLINE_TRY(out->m_program, record(out->m_chain, out->m_batch));
    BOWLINE_TRY(recursion::Machine machine, recursion::Machine::make(out->m_program, forms.chain, options));
    out->m_machine.emplace(std::move(machine));
    return out;
}

Result<recursion::Stream> Chain::stream(const KeySet& keys, const ChainProof& before,
                                        const BatchProof& batch) const
{
    recursion::Stream out;
    if (batch.journal.size() != kJournalBytes)
        return makeError(recursion::kBadWitness, "public values of another length");
    BOWLINE_CHECK(
        appendChild(out, m_chain, keys, {before.state.publicValues(), &before.program, &before.proof}));
    const SpanProof& span = batch.span;
    BOWLINE_CHECK(appendChild(out, m_batch, keys, {span.span.publicValues(), &span.program, &span.proof}));
    out.push_back(flagsOf(before.state, m_chain.keyDigest(before.program) != key().digest));
    const auto limb = [](std::uint32_t x) { return Element::from(x); };
    std::vector<Element> journal;
    for (std::size_t i = 0; i < kJournalBytes; i += 2)
        journal.push_back(limb(batch.journal[i] | std::uint32_t{batch.journal[i + 1]} << 8U));
    appendElements(out, journal);
    std::vector<Element> unused;
    for (std::size_t i = 1; i < zkvm::kLeafWords; ++i) {
        unused.push_back(limb(batch.result.leaves[1][i] % kLimb));
        unused.push_back(limb(batch.result.leaves[1][i] / kLimb));
    }
    appendElements(out, unused);
    for (const zkvm::NodeDigest& sibling : batch.result.path)
        out.insert(out.end(), sibling.begin(), sibling.end());
    return out;
}

Result<recursion::Execution> Chain::execute(const KeySet& keys, const ChainProof& before,
                                            const BatchProof& batch) const
{
    BOWLINE_TRY(const ChainState state, advanced(before.state, batch));
    BOWLINE_TRY(recursion::Stream filled, stream(keys, before, batch));
    return recursion::execute(m_program, std::move(filled), state.publicValues());
}

Result<ChainProof> Chain::prove(const KeySet& keys, const ChainProof& before, const BatchProof& batch,
                                const stark::ProverOptions& options) const
{
    BOWLINE_TRY(const ChainState state, advanced(before.state, batch));
    BOWLINE_TRY(const recursion::Execution execution, execute(keys, before, batch));
    BOWLINE_TRY(stark::Proof proof, m_machine->prove(execution, options));
    return ChainProof{state, *key().preprocessed, std::move(proof)};
}

Result<std::unique_ptr<Genesis>> Genesis::make(const ChainState& state, const recursion::MachineForm& form,
                                               const stark::ProverOptions& options)
{
    std::unique_ptr<Genesis> out(new Genesis);
    out->m_state = state;
    Circuit circuit(ChainState::kValues);
    const std::vector<Element> values = state.publicValues();
    for (std::size_t i = ChainState::kProgram; i < values.size(); ++i)
        circuit.requireEqual(circuit.publicValue(i), circuit.constant(values[i]), "not the genesis");
    BOWLINE_TRY(out->m_program, circuit.finish());
    BOWLINE_TRY(recursion::Machine machine, recursion::Machine::make(out->m_program, form, options));
    out->m_machine.emplace(std::move(machine));
    return out;
}

Result<ChainProof> Genesis::prove(const DigestWords& keySet, const DigestWords& chainKey,
                                  const stark::ProverOptions& options) const
{
    ChainProof out{m_state, *key().preprocessed, {}};
    out.state.keySet = keySet;
    out.state.chainKey = chainKey;
    BOWLINE_TRY(const recursion::Execution execution,
                recursion::execute(m_program, {}, out.state.publicValues()));
    BOWLINE_TRY(out.proof, m_machine->prove(execution, options));
    return out;
}

Result<ChainVerifier> ChainVerifier::make(const ChainPins& pins, const recursion::MachineForm& form)
{
    BOWLINE_TRY(ChildForm known, ChildForm::make(form, ChainState::kValues));
    return ChainVerifier(pins, std::move(known));
}

base::Status ChainVerifier::verify(const ChainProof& proof) const
{
    const auto fail = [](const char* why) { return makeError(kRejected, why); };
    const auto is = [&](Kept field, const base::ByteArray<32>& pinned) {
        const base::ByteView said = proof.state.field(field);
        return std::equal(said.begin(), said.end(), pinned.begin(), pinned.end());
    };
    if (proof.state.keySet != m_pins.keySet) return fail(reasons::kKeySet);
    if (proof.state.chainKey != m_pins.chainKey) return fail(reasons::kChainKey);
    if (!is(Kept::ChainId, m_pins.chainId) || !is(Kept::GenesisHash, m_pins.genesisHash))
        return fail(reasons::kNetwork);
    if (proof.proof.heights != m_form.shape.heights) return fail("a proof of another form");
    const stark::VerifyingKey key = recursion::withCommitment(m_form.key, proof.program);
    if (key.digest != m_pins.chainKey) return fail("a proof under another key than the chain's");
    const base::Status status = stark::verifyProof(key, proof.state.publicValues(), proof.proof);
    if (!status.ok()) return makeError(kRejected, status.error().detail);
    return base::success();
}

} // namespace bowline::aggregate
