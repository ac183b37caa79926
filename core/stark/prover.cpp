// SPDX-License-Identifier: MIT
#include "core/stark/prover.h"

#include "core/stark/prover_steps.h"
#include "core/stark/transcript.h"

namespace bowline::stark {

using base::makeError;

base::Result<ProvingKey> ProvingKey::make(System system, const ProverOptions& options)
{
    BOWLINE_CHECK(system.check());
    ProvingKey out;
    out.m_system = std::move(system);
    const Parameters& parameters = out.m_system.parameters;
    Workshop workshop(parameters, options.backend, options.threads, options.cancel);
    for (std::size_t i = 0; i < out.m_system.chips.size(); ++i) {
        const Chip& chip = out.m_system.chips[i];
        if (!chip.hasPreprocessed()) continue;
        if (chip.preprocessed.data.size() != chip.preprocessed.width << chip.preprocessed.log)
            return makeError(kBadSystem, chip.name + ": preprocessed columns");
        if (chip.preprocessed.log < parameters.logFinal || chip.preprocessed.log > parameters.maxLogHeight())
            return makeError(kBadSystem, chip.name + ": rows of the preprocessed columns");
        out.m_preprocessed.matrices.push_back({i, workshop.extend(chip.preprocessed)});
    }
    std::optional<DigestWords> root;
    if (!out.m_preprocessed.matrices.empty()) {
        workshop.commit(out.m_preprocessed);
        root = out.m_preprocessed.tree->root();
    }
    if (workshop.canceled()) return makeError(kCanceled);
    BOWLINE_TRY(out.m_verifying, verifyingKeyOf(out.m_system, root));
    return out;
}

namespace {
template <typename Hash>
class Prover {
public:
    Prover(const ProvingKey& key, const Traces& traces, std::span<const Element> publicValues, Shape shape,
           const ProverOptions& options, const ProverHooks& hooks)
        : m_key(key), m_traces(traces), m_publicValues(publicValues), m_shape(std::move(shape)),
          m_workshop(key.verifying().parameters, options.backend, options.threads, options.cancel),
          m_hooks(hooks), m_challenger(m_native)
    {
        m_proof.heights = m_shape.heights;
    }

    base::Result<Proof> run()
    {
        absorbStatement(m_challenger, m_key.verifying(), m_shape,
                        std::vector<Element>(m_publicValues.begin(), m_publicValues.end()));
        commitMain();
        if (m_workshop.canceled()) return makeError(kCanceled);
        if (m_key.verifying().hasLogUp()) commitLogUp();
        if (m_workshop.canceled()) return makeError(kCanceled);
        commitQuotients(m_challenger.sample(Step::ConstraintChallenge));
        if (m_workshop.canceled()) return makeError(kCanceled);
        m_proof.deepWork = doWork(m_workshop, Step::DeepWork, parameters().deepWork, m_hooks, m_challenger);
        const Extension zeta = m_challenger.sample(Step::Point);
        std::vector<const CommittedBatch*> batches;
        for (const BatchShape& batch : m_shape.batches) {
            switch (batch.kind) {
            case BatchKind::Preprocessed: batches.push_back(&m_key.preprocessed()); break;
            case BatchKind::Main: batches.push_back(&m_main); break;
            case BatchKind::LogUp: batches.push_back(&m_logUp); break;
            case BatchKind::Quotient: batches.push_back(&m_quotient); break;
            }
        }
        openAndFold<Hash>(m_workshop, m_key.verifying(), m_shape, batches, zeta, m_challenger, m_hooks,
                          m_proof);
        if (m_workshop.canceled()) return makeError(kCanceled);
        return std::move(m_proof);
    }

private:
    [[nodiscard]] const Parameters& parameters() const { return m_key.verifying().parameters; }

    void commit(BatchKind kind, CommittedBatch& batch)
    {
        if (m_hooks.columns) m_hooks.columns(kind, batch);
        m_workshop.commit(batch);
    }
    void commitMain()
    {
        for (std::size_t i = 0; i < m_traces.size(); ++i) {
            if (m_traces[i]) m_main.matrices.push_back({i, m_workshop.extend(*m_traces[i])});
        }
        commit(BatchKind::Main, m_main);
        m_proof.mainRoot = m_main.tree->root();
        m_challenger.absorb(Step::MainRoot, m_proof.mainRoot);
    }
    void commitLogUp()
    {
        m_proof.logUpWork =
            doWork(m_workshop, Step::LogUpWork, parameters().logUpWork, m_hooks, m_challenger);
        const Extension alpha = m_challenger.sample(Step::LogUpChallenge);
        const Extension beta = m_challenger.sample(Step::LogUpChallenge);
        m_challenges = LogUpChallenges::make(alpha, beta, longestMessage(m_key.verifying()));
        for (const std::size_t i : m_shape.logUpChips) {
            LogUpTrace trace =
                logUpTrace(m_workshop, m_key.system().chips[i], *m_traces[i], m_publicValues, m_challenges);
            m_proof.sums.push_back(trace.sum);
            m_logUp.matrices.push_back({i, m_workshop.extend(trace.columns)});
        }
        if (m_hooks.sums) m_hooks.sums(m_proof.sums);
        m_challenger.absorb(Step::Sums, m_proof.sums);
        if (m_logUp.matrices.empty()) return;
        commit(BatchKind::LogUp, m_logUp);
        m_proof.logUpRoot = m_logUp.tree->root();
        m_challenger.absorb(Step::LogUpRoot, m_proof.logUpRoot);
    }
    void commitQuotients(const Extension& alpha)
    {
        std::size_t sum = 0;
        for (const CommittedMatrix& main : m_main.matrices) {
            const std::size_t i = main.chip;
            ChipColumns columns{&main.columns, nullptr, nullptr, *m_shape.heights[i]};
            if (const CommittedMatrix* found = m_key.preprocessed().of(i))
                columns.preprocessed = &found->columns;
            Extension total;
            if (const CommittedMatrix* found = m_logUp.of(i)) {
                columns.logUp = &found->columns;
                total = m_proof.sums[sum++];
            }
            const Matrix coefficients = quotientCoefficients(m_workshop, m_key.system().chips[i], columns,
                                                             m_publicValues, m_challenges, total, alpha);
            m_quotient.matrices.push_back({i, m_workshop.extendCoefficients(coefficients)});
        }
        commit(BatchKind::Quotient, m_quotient);
        m_proof.quotientRoot = m_quotient.tree->root();
        m_challenger.absorb(Step::QuotientRoot, m_proof.quotientRoot);
    }

    const ProvingKey& m_key;
    const Traces& m_traces;
    std::span<const Element> m_publicValues;
    Shape m_shape;
    Workshop m_workshop;
    const ProverHooks& m_hooks;
    Native m_native;
    NativeChallenger<Hash> m_challenger;
    LogUpChallenges m_challenges;
    CommittedBatch m_main;
    CommittedBatch m_logUp;
    CommittedBatch m_quotient;
    Proof m_proof;
};
} // namespace

base::Result<Proof> prove(const ProvingKey& key, const Traces& traces, std::span<const Element> publicValues,
                          const ProverOptions& options)
{
    return proveWith(key, traces, publicValues, options, {});
}

base::Result<Proof> proveWith(const ProvingKey& key, const Traces& traces,
                              std::span<const Element> publicValues, const ProverOptions& options,
                              const ProverHooks& hooks)
{
    const VerifyingKey& verifying = key.verifying();
    if (publicValues.size() != verifying.publicValues) return makeError(kBadTrace, "number of public values");
    if (traces.size() != verifying.chips.size()) return makeError(kBadTrace, "number of chips");
    Heights heights;
    for (std::size_t i = 0; i < traces.size(); ++i) {
        heights.push_back(traces[i] ? std::optional<unsigned>(traces[i]->log) : std::nullopt);
        if (traces[i] && (traces[i]->width != verifying.chips[i].constraints.width ||
                          traces[i]->data.size() != traces[i]->width << traces[i]->log))
            return makeError(kBadTrace, verifying.chips[i].name + ": number of columns");
    }
    BOWLINE_TRY(Shape shape, Shape::make(verifying, heights));
    if (verifying.parameters.hash == HashKind::Blake3)
        return Prover<Blake3Hash<Native>>(key, traces, publicValues, std::move(shape), options, hooks).run();
    return Prover<Poseidon2Hash<Native>>(key, traces, publicValues, std::move(shape), options, hooks).run();
}

} // namespace bowline::stark
