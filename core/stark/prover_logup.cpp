// SPDX-License-Identifier: MIT
// LogUp's columns and the quotient: what runs over every row with the chip's program.
#include "core/field/batch_inverse.h"
#include "core/stark/prover_steps.h"

namespace bowline::stark {

namespace {
// The kernels' view of a program's messages, with alpha + bus worked out.
struct MessageViews {
    std::vector<MessageView> views;

    MessageViews(const Program& program, const LogUpChallenges& challenges)
    {
        for (const Program::Message& message : program.messages) {
            MessageView view{
                message.fields.data(), message.fields.size(), message.multiplicity, message.send, {}};
            const auto base = wordsOf(challenges.alpha + Extension::from(message.bus));
            std::copy(base.begin(), base.end(), view.base);
            views.push_back(view);
        }
    }
};

[[nodiscard]] std::vector<std::uint32_t> betaWords(const LogUpChallenges& challenges)
{
    std::vector<std::uint32_t> out;
    for (const Extension& power : challenges.betaPowers) {
        const auto words = wordsOf(power);
        out.insert(out.end(), words.begin(), words.end());
    }
    return out;
}

[[nodiscard]] std::vector<const Element*> columnsOf(const Matrix* matrix, std::size_t offset)
{
    std::vector<const Element*> out;
    for (std::size_t c = 0; matrix != nullptr && c < matrix->width; ++c)
        out.push_back(matrix->column(c) + offset);
    return out;
}

// FirstRow, LastRow and Transition on the trace's own rows.
struct TraceSelectors {
    std::vector<Element> first;
    std::vector<Element> last;
    std::vector<Element> transition;

    TraceSelectors(unsigned log, bool wanted)
    {
        if (!wanted) return;
        first.resize(std::size_t{1} << log);
        last.resize(first.size());
        transition.resize(first.size());
        first.front() = Element::from(1);
        last.back() = Element::from(1);
        const Element root = Element::rootOfUnity(log);
        Element x = Element::from(1);
        for (Element& t : transition) {
            t = x - root.inverse();
            x *= root;
        }
    }
    [[nodiscard]] BlockRunner::Selectors at(std::size_t i) const
    {
        if (first.empty()) return {};
        return {first.data() + i, last.data() + i, transition.data() + i};
    }
};

[[nodiscard]] Extension extensionAt(const Matrix& columns, std::size_t first, std::size_t row)
{
    return Extension{{columns.at(row, first), columns.at(row, first + 1), columns.at(row, first + 2),
                      columns.at(row, first + 3)}};
}

// From each row's total to the running sum: s(i + 1) = s(i) + total(i) - sum / n, which closes on itself.
[[nodiscard]] Extension sumUp(Matrix& columns)
{
    const std::size_t first = columns.width - 4;
    Extension sum;
    for (std::size_t i = 0; i < columns.rows(); ++i) sum += extensionAt(columns, first, i);
    const Extension share = sum * Element::from(static_cast<std::uint32_t>(columns.rows())).inverse();
    Extension running;
    for (std::size_t i = 0; i < columns.rows(); ++i) {
        const Extension total = extensionAt(columns, first, i);
        for (std::size_t c = 0; c < 4; ++c) columns.at(i, first + c) = running[c];
        running += total - share;
    }
    return sum;
}
} // namespace

std::vector<std::uint32_t> powerWords(const Extension& first, const Extension& x, std::size_t count)
{
    std::vector<std::uint32_t> out;
    out.reserve(4 * count);
    Extension power = first;
    for (std::size_t i = 0; i < count; ++i, power *= x) {
        const auto words = wordsOf(power);
        out.insert(out.end(), words.begin(), words.end());
    }
    return out;
}

LogUpTrace logUpTrace(Workshop& workshop, const Chip& chip, const Matrix& trace,
                      std::span<const Element> publicValues, const LogUpChallenges& challenges)
{
    const Program program = Program::compile(chip.constraints, false);
    const MessageViews messages(program, challenges);
    const std::vector<std::uint32_t> betas = betaWords(challenges);
    const TraceSelectors selectors(trace.log, program.rowSelectors);
    LogUpTrace out{Matrix::unset(4 * program.batchSizes.size(), trace.log), {}};
    const BlockRunner::Table table{columnsOf(&trace, 0), columnsOf(&chip.preprocessed, 0), trace.rows()};
    const std::size_t rows = std::min(kBlockRows, trace.rows());
    parallelFor(workshop.threads(), trace.rows(), rows, [&](std::size_t begin, std::size_t end) {
        BlockRunner runner(program, publicValues);
        for (std::size_t at = begin; at < end && !workshop.canceled(); at += rows) {
            runner.load(table, at, rows, selectors.at(at));
            workshop.starkKernels().runProgram(
                {program.code.data(), program.code.size(), runner.cells(), rows, nullptr, nullptr});
            std::vector<std::uint32_t*> outputs;
            for (std::size_t c = 0; c < out.columns.width; ++c)
                outputs.push_back(field::wordsOf(out.columns.column(c) + at));
            LogUpJob job{};
            job.messages = messages.views.data();
            job.batchSizes = program.batchSizes.data();
            job.batches = program.batchSizes.size();
            job.cells = runner.cells();
            job.rows = rows;
            job.betaPowers = betas.data();
            job.outputs = outputs.data();
            workshop.starkKernels().logUpTrace(job);
        }
    });
    out.sum = sumUp(out.columns);
    return out;
}

namespace {
// FirstRow, LastRow and Transition on one coset of the larger domain, and 1 over the vanishing polynomial.
struct CosetSelectors {
    std::vector<Element> first;
    std::vector<Element> last;
    std::vector<Element> transition;
    Element inverseVanishing;

    CosetSelectors(std::span<const Element> points, unsigned log, bool wanted)
    {
        const Element vanishing =
            points[0].power(1U << log) - Element::from(1); // the same all over the coset
        inverseVanishing = vanishing.inverse();
        if (!wanted) return;
        const std::size_t n = points.size();
        first.resize(n);
        for (std::size_t i = 0; i < n; ++i) first[i] = points[i] - Element::from(1);
        field::invertAll<Element>(first);
        const Element scale = vanishing * Element::from(static_cast<std::uint32_t>(n)).inverse();
        for (Element& x : first) x *= scale; // (x^n - 1) / (n (x - 1)): 1 in the first row
        last.assign(first.begin() + 1, first.end());
        last.push_back(first.front()); // the row after
        transition.resize(n);
        const Element end = Element::rootOfUnity(log).inverse();
        for (std::size_t i = 0; i < n; ++i) transition[i] = points[i] - end;
    }
    [[nodiscard]] BlockRunner::Selectors at(std::size_t i) const
    {
        if (first.empty()) return {};
        return {first.data() + i, last.data() + i, transition.data() + i};
    }
};

// Evaluates one chip's combined constraints on one coset.
class QuotientCoset {
public:
    QuotientCoset(Workshop& workshop, const Chip& chip, const LogUpChallenges& challenges,
                  const Extension& sum, const Extension& alpha, unsigned log)
        : m_workshop(workshop), m_program(Program::compile(chip.constraints, true)),
          m_messages(m_program, challenges), m_betas(betaWords(challenges)),
          m_alphas(powerWords(Extension::from(1), alpha,
                              chip.constraints.assertions.size() + m_program.batchSizes.size())),
          m_share(wordsOf(sum * Element::from(1U << log).inverse())),
          m_assertions(chip.constraints.assertions.size())
    {
    }

    // out: 4 columns of the coset's points, the constraints over the vanishing polynomial.
    void run(const ChipColumns& columns, std::size_t coset, std::span<const Element> publicValues,
             Matrix& out)
    {
        const std::size_t n = std::size_t{1} << columns.log;
        const std::span<const Element> points =
            std::span<const Element>(m_workshop.points(columns.log)).subspan(coset * n, n);
        const CosetSelectors selectors(points, columns.log, m_program.rowSelectors);
        const BlockRunner::Table table{columnsOf(columns.main, coset * n),
                                       columnsOf(columns.preprocessed, coset * n), n};
        const std::vector<const Element*> logUp = columnsOf(columns.logUp, coset * n);
        const std::size_t rows = std::min(kBlockRows, n);
        parallelFor(m_workshop.threads(), n, rows, [&](std::size_t begin, std::size_t end) {
            BlockRunner runner(m_program, publicValues);
            for (std::size_t at = begin; at < end && !m_workshop.canceled(); at += rows) {
                runner.load(table, at, rows, selectors.at(at));
                block(runner, logUp, at, rows, n, selectors.inverseVanishing, out);
            }
        });
    }

private:
    void block(const BlockRunner& runner, const std::vector<const Element*>& logUp, std::size_t at,
               std::size_t rows, std::size_t n, Element scale, Matrix& out) const
    {
        std::array<Element, 4 * kBlockRows> accumulator{};
        m_workshop.starkKernels().runProgram({m_program.code.data(), m_program.code.size(), runner.cells(),
                                              rows, m_alphas.data(), field::wordsOf(accumulator.data())});
        if (!logUp.empty()) addLogUp(runner, logUp, at, rows, n, accumulator);
        for (std::size_t c = 0; c < 4; ++c) {
            for (std::size_t i = 0; i < rows; ++i)
                out.at(at + i, c) = accumulator[c * kBlockRows + i] * scale;
        }
    }
    void addLogUp(const BlockRunner& runner, const std::vector<const Element*>& logUp, std::size_t at,
                  std::size_t rows, std::size_t n, std::array<Element, 4 * kBlockRows>& accumulator) const
    {
        std::vector<const std::uint32_t*> columns;
        for (const Element* column : logUp) columns.push_back(field::wordsOf(column + at));
        std::array<Element, 4 * kBlockRows> next{};
        for (std::size_t c = 0; c < 4; ++c) {
            const Element* sum = logUp[logUp.size() - 4 + c];
            for (std::size_t i = 0; i < rows; ++i) next[c * kBlockRows + i] = sum[(at + i + 1) & (n - 1)];
        }
        LogUpJob job{};
        job.messages = m_messages.views.data();
        job.batchSizes = m_program.batchSizes.data();
        job.batches = m_program.batchSizes.size();
        job.cells = runner.cells();
        job.rows = rows;
        job.betaPowers = m_betas.data();
        job.columns = columns.data();
        job.nextSum = field::wordsOf(next.data());
        job.share = m_share.data();
        job.powers = m_alphas.data() + 4 * m_assertions;
        job.accumulator = field::wordsOf(accumulator.data());
        m_workshop.starkKernels().logUpQuotient(job);
    }

    Workshop& m_workshop;
    Program m_program;
    MessageViews m_messages;
    std::vector<std::uint32_t> m_betas;
    std::vector<std::uint32_t> m_alphas;
    std::array<std::uint32_t, 4> m_share;
    std::size_t m_assertions;
};
} // namespace

Matrix quotientCoefficients(Workshop& workshop, const Chip& chip, const ChipColumns& columns,
                            std::span<const Element> publicValues, const LogUpChallenges& challenges,
                            const Extension& sum, const Extension& alpha)
{
    // On the coset of shift s, where x^n = s^n =: c, the quotient q0 + x^n q1 is q0 + c q1. A second coset with
    // x^n = -c gives q0 - c q1, and so both.
    const std::size_t second = std::size_t{1} << (workshop.keptLogBlowup() - 1);
    Matrix values[2] = {Matrix::unset(4, columns.log), Matrix::unset(4, columns.log)};
    QuotientCoset evaluator(workshop, chip, challenges, sum, alpha, columns.log);
    const std::vector<Element>& points = workshop.points(columns.log);
    for (std::size_t k = 0; k < 2; ++k) {
        evaluator.run(columns, k * second, publicValues, values[k]);
        parallelFor(workshop.threads(), 4, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t c = begin; c < end; ++c) {
                field::coefficientsOf({values[k].column(c), values[k].rows()},
                                      points[(k * second) << columns.log], workshop.kernels());
            }
        });
    }
    Matrix out = Matrix::unset(kQuotientWidth, columns.log);
    const Element half = Element::from(2).inverse();
    const Element halfOverC = half * points[0].power(1U << columns.log).inverse();
    parallelFor(workshop.threads(), out.rows(), kBlockRows, [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = 0; c < 4; ++c) {
            for (std::size_t i = begin; i < end; ++i) {
                out.at(i, c) = (values[0].at(i, c) + values[1].at(i, c)) * half;
                out.at(i, 4 + c) = (values[0].at(i, c) - values[1].at(i, c)) * halfOverC;
            }
        }
    });
    return out;
}

} // namespace bowline::stark
