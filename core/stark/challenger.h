// SPDX-License-Identifier: MIT
// The transcript of a proof. What the prover sends is absorbed, what the verifier would choose is sampled; each sample
// depends on everything absorbed before it. How is the sponge's matter, a template argument: a duplex sponge over
// Poseidon2, or BLAKE3 (blake3.h).
//
// Of Poseidon2: words 0 .. 7 of the state are the rate, 8 .. 15 the capacity. Absorbed elements overwrite the rate and never
// touch the capacity; samples are taken from the rate alone. Before each permutation the number of elements absorbed
// since the last one is added to word 9, so that a short block and one filled up with zeros differ. Word 8
// starts as the tag.
#pragma once

#include "core/field/sponge.h"

#include <vector>

namespace bowline::stark {

/// What an absorbed or sampled value is. Numbers of the golden transcript in the tests.
enum class Step : std::uint8_t {
    ParametersAndKey,
    PublicValues,
    ChipHeights,
    MainRoot,
    LogUpWork,
    LogUpChallenge,
    Sums,
    LogUpRoot,
    ConstraintChallenge,
    QuotientRoot,
    DeepWork,
    Point,
    Values,
    BatchWork,
    BatchChallenge,
    FoldRoot,
    FoldWork,
    FoldChallenge,
    FinalPolynomial,
    QueryWork,
    QueryPosition,
};

/// One call with the values it took or gave, lengths included: tests hold the order against the specification.
template <typename Felt>
struct TranscriptEntry {
    Step step{};
    bool sampled = false;
    std::vector<Felt> values;
};
template <typename Felt>
using TranscriptLog = std::vector<TranscriptEntry<Felt>>;

/// The duplex sponge. Elements are pushed and pulled one by one.
template <typename B>
class Poseidon2Sponge {
public:
    using Felt = typename B::Felt;

    explicit Poseidon2Sponge(B& backend) : m_backend(&backend)
    {
        for (Felt& word : m_state) word = backend.constant(field::Element{});
        m_state[kRate] =
            backend.constant(field::Element::from(std::uint32_t(field::SpongeTag::ProofTranscript)));
    }

    void push(const Felt& x)
    {
        m_available = 0;
        m_state[m_pending++] = x;
        if (m_pending == kRate) permute();
    }
    [[nodiscard]] Felt pull()
    {
        if (m_pending != 0 || m_available == 0) permute();
        return m_state[kRate - m_available--];
    }
    /// Before the nonce of a work is pushed.
    void startWork() {}
    /// The state as a nonce would be permuted with, without it, and where the nonce goes: for the search.
    struct WorkState {
        std::array<Felt, 16> state;
        std::size_t position;
    };
    [[nodiscard]] WorkState workState() const
    {
        WorkState out{m_state, m_pending};
        out.state[kRate + 1] = out.state[kRate + 1] + number(m_pending + 1);
        return out;
    }

private:
    static constexpr std::size_t kRate = 8;

    [[nodiscard]] Felt number(std::size_t n) const
    {
        return m_backend->constant(field::Element::from(static_cast<std::uint32_t>(n)));
    }
    void permute()
    {
        m_state[kRate + 1] = m_state[kRate + 1] + number(m_pending);
        m_backend->permute(m_state);
        m_pending = 0;
        m_available = kRate;
    }

    B* m_backend;
    std::array<Felt, 16> m_state{};
    std::size_t m_pending = 0;
    std::size_t m_available = 0;
};

template <typename B, typename Sponge = Poseidon2Sponge<B>>
class Challenger {
public:
    using Felt = typename B::Felt;
    using Ext = typename B::Ext;
    using Digest = typename B::Digest;

    explicit Challenger(B& backend, TranscriptLog<Felt>* log = nullptr)
        : m_backend(&backend), m_log(log), m_sponge(backend)
    {
    }

    [[nodiscard]] B& backend() const { return *m_backend; }
    void absorb(Step step, const Digest& digest)
    {
        note(step, false);
        for (const Felt& word : digest) push(word);
    }
    /// The number of elements first.
    void absorb(Step step, const std::vector<Felt>& list)
    {
        note(step, false);
        push(number(list.size()));
        for (const Felt& x : list) push(x);
    }
    void absorb(Step step, const std::vector<Ext>& list)
    {
        note(step, false);
        push(number(list.size()));
        for (const Ext& x : list) {
            for (const Felt& c : m_backend->coefficients(x)) push(c);
        }
    }
    [[nodiscard]] Ext sample(Step step)
    {
        note(step, true);
        std::array<Felt, 4> out{};
        for (Felt& c : out) c = pull();
        return Ext{out};
    }
    /// A number below 2^bits, bits <= 24, least bit first. Its distance from uniform is below 2^-30.
    [[nodiscard]] std::vector<typename B::Bit> sampleBits(Step step, unsigned bits)
    {
        note(step, true);
        return m_backend->bits(pull(), bits);
    }
    /// Absorbs a nonce and requires the next sample to end in `bits` zero bits, as many as Parameters allow. Nothing at
    /// all happens for 0 bits but the absorption.
    void checkWork(Step step, Felt nonce, unsigned bits)
    {
        note(step, false);
        m_sponge.startWork();
        push(nonce);
        const Felt sampled = pull();
        for (const auto& bit : m_backend->bits(sampled, bits)) m_backend->requireClear(bit, "work");
    }
    [[nodiscard]] Sponge& sponge() { return m_sponge; }
    [[nodiscard]] auto workState() const { return m_sponge.workState(); }

private:
    [[nodiscard]] Felt number(std::size_t n) const
    {
        return m_backend->constant(field::Element::from(static_cast<std::uint32_t>(n)));
    }
    void note(Step step, bool sampled)
    {
        if (m_log != nullptr) m_log->push_back({step, sampled, {}});
    }
    void push(const Felt& x)
    {
        if (m_log != nullptr) m_log->back().values.push_back(x);
        m_sponge.push(x);
    }
    [[nodiscard]] Felt pull()
    {
        const Felt out = m_sponge.pull();
        if (m_log != nullptr) m_log->back().values.push_back(out);
        return out;
    }

    B* m_backend;
    TranscriptLog<Felt>* m_log;
    Sponge m_sponge;
};

} // namespace bowline::stark
