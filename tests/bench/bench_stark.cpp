// SPDX-License-Identifier: MIT
// The proof system: field, Poseidon2 and transform per back end with the ratio to plain code and to what the processor's
// multipliers allow, and a proof of 2^17 Poseidon2 permutations under the core parameters. Prints JSON.
#include "core/field/ntt.h"
#include "core/field/poseidon2_constants.h"
#include "core/stark/prover.h"
#include "core/stark/verifier.h"
#include "tests/bench/timing.h"

#include <cstdio>
#include <fstream>
#include <string>

#include <immintrin.h>

using namespace bowline;
using bench::processorSecondsOf;
using bench::secondsOf;
using namespace bowline::stark;

namespace {
struct Rates {
    double multiplications = 0;
    double permutations = 0;
    double transformed = 0;
};

// Each for about a fifth of a second.
template <typename Fn>
double ratePerSecond(double units, const Fn& fn)
{
    fn();
    int rounds = 0;
    double seconds = 0;
    while (seconds < 0.2) {
        seconds += processorSecondsOf(fn);
        ++rounds;
    }
    return units * rounds / seconds;
}

Rates ratesOf(const field::Kernels& kernels)
{
    Rates out;
    std::vector<Element> a(1024, Element::from(3));
    const std::vector<Element> b(1024, Element::from(5));
    out.multiplications = ratePerSecond(1024 * 100, [&] {
        for (int i = 0; i < 100; ++i)
            kernels.multiply(field::wordsOf(a.data()), field::wordsOf(a.data()), field::wordsOf(b.data()),
                             1024);
    });
    std::vector<Element> states(16 * 1024, Element::from(7));
    out.permutations = ratePerSecond(1024, [&] { kernels.permute(field::wordsOf(states.data()), 1024); });
    constexpr unsigned kLog = 20;
    std::vector<Element> column(std::size_t{1} << kLog);
    for (std::size_t i = 0; i < column.size(); ++i)
        column[i] = Element::from(static_cast<std::uint32_t>(i * i));
    const auto twiddles = field::Twiddles::upTo(kLog);
    out.transformed = ratePerSecond(double(column.size()), [&] {
        kernels.toCoefficients(field::wordsOf(column.data()), kLog, twiddles->inverse());
    });
    return out;
}

// What the machine allows: instructions that multiply words, chained in as many places as keep the multipliers busy, and
// nothing else. kChains of them a round.
constexpr int kChains = 12;
constexpr int kRounds = 1 << 16;

__attribute__((target("avx512f"))) void multiplyWords512()
{
    __m512i x[kChains];
    for (int i = 0; i < kChains; ++i) x[i] = _mm512_set1_epi32(2 * i + 3);
    for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 12 // in registers, all of them
        for (__m512i& each : x) each = _mm512_mul_epu32(each, each);
    }
    for (__m512i& each : x) asm volatile("" : "+v"(each));
}

__attribute__((target("avx2"))) void multiplyWords256()
{
    __m256i x[kChains];
    for (int i = 0; i < kChains; ++i) x[i] = _mm256_set1_epi32(2 * i + 3);
    for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 12 // in registers, all of them
        for (__m256i& each : x) each = _mm256_mul_epu32(each, each);
    }
    for (__m256i& each : x) asm volatile("" : "+x"(each));
}

void multiplyWords128()
{
    __m128i x[kChains];
    for (int i = 0; i < kChains; ++i) x[i] = _mm_set1_epi32(2 * i + 3);
    for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 12 // in registers, all of them
        for (__m128i& each : x) each = _mm_mul_epu32(each, each);
    }
    for (__m128i& each : x) asm volatile("" : "+x"(each));
}

/// A product of elements is three products of words (core/field/packed.h), each instruction makes one of every second word.
/// A permutation has 8 * 16 + 20 cubes, and an element takes part in 20 / 2 products of a transform of 2^20.
Rates limitsOf(field::Backend backend)
{
    double words = 4; // of 32 bits in a register
    void (*multiply)() = multiplyWords128;
    if (backend == field::Backend::Avx2) {
        words = 8;
        multiply = multiplyWords256;
    } else if (backend == field::Backend::Avx512) {
        words = 16;
        multiply = multiplyWords512;
    }
    Rates out;
    out.multiplications = ratePerSecond(double{kRounds} * kChains, multiply) * words / 6;
    out.permutations = out.multiplications / (2 * (8 * 16 + 20));
    out.transformed = out.multiplications / 10;
    return out;
}

/// One permutation a row: 16 inputs, then after each full round its 16 outputs, after each partial round its one S-box.
struct Poseidon2Air : Air {
    static constexpr std::size_t kInputs = 16;
    static constexpr std::size_t kColumns = kInputs + 4 * 16 + 20 + 4 * 16;
    [[nodiscard]] std::string name() const override { return "poseidon2"; }
    [[nodiscard]] std::size_t width() const override { return kColumns; }
    void eval(AirBuilder& b) const override
    {
        using State = std::vector<Expr>;
        std::size_t column = 0;
        State state;
        while (column < kInputs) state.push_back(b.main(column++));
        const auto commit = [&](Expr computed) {
            const Expr out = b.main(column++);
            b.assertEqual(out, computed, "round");
            return out;
        };
        const auto cube = [](Expr x) { return x * x * x; };
        const auto external = [](State& s) {
            for (std::size_t g = 0; g < 16; g += 4) {
                const State in(s.begin() + std::ptrdiff_t(g), s.begin() + std::ptrdiff_t(g + 4));
                const Expr all = (in[0] + in[1]) + (in[2] + in[3]);
                for (std::size_t i = 0; i < 4; ++i) s[g + i] = all + in[i] + in[(i + 1) % 4] * 2U;
            }
            const State in = s;
            for (std::size_t i = 0; i < 16; ++i)
                s[i] = in[i] + ((in[i % 4] + in[4 + i % 4]) + (in[8 + i % 4] + in[12 + i % 4]));
        };
        const auto full = [&](const field::constants::Row& row) {
            for (std::size_t i = 0; i < 16; ++i) state[i] = cube(state[i] + b.constant(row[i]));
            external(state);
            for (std::size_t i = 0; i < 16; ++i) state[i] = commit(state[i]);
        };
        external(state);
        for (const auto& row : field::constants::kExternalInitial) full(row);
        for (const Element constant : field::constants::kInternal) {
            state[0] = commit(cube(state[0] + b.constant(constant)));
            Expr sum = state[0];
            for (std::size_t i = 1; i < 16; ++i) sum = sum + state[i];
            for (std::size_t i = 0; i < 16; ++i)
                state[i] = sum + state[i] * b.constant(field::constants::kDiagonal[i]);
        }
        for (const auto& row : field::constants::kExternalFinal) full(row);
    }
};

Matrix poseidon2Trace(unsigned log)
{
    Matrix out(Poseidon2Air::kColumns, log);
    for (std::size_t row = 0; row < out.rows(); ++row) {
        std::size_t column = 0;
        field::State state;
        for (std::size_t i = 0; i < 16; ++i) {
            state[i] = Element::from(static_cast<std::uint32_t>(row * 16 + i));
            out.at(row, column++) = state[i];
        }
        const auto external = [&state] {
            field::State in = state;
            for (std::size_t i = 0; i < 16; ++i) {
                const std::size_t g = i / 4 * 4;
                state[i] = in[g] + in[g + 1] + in[g + 2] + in[g + 3] + in[i] + in[g + (i + 1) % 4].doubled();
            }
            in = state;
            for (std::size_t i = 0; i < 16; ++i)
                state[i] += in[i % 4] + in[4 + i % 4] + in[8 + i % 4] + in[12 + i % 4];
        };
        const auto full = [&](const field::constants::Row& constants) {
            for (std::size_t i = 0; i < 16; ++i) {
                const Element x = state[i] + constants[i];
                state[i] = x * x * x;
            }
            external();
            for (const Element x : state) out.at(row, column++) = x;
        };
        external();
        for (const auto& constants : field::constants::kExternalInitial) full(constants);
        for (const Element constant : field::constants::kInternal) {
            const Element x = state[0] + constant;
            state[0] = x * x * x;
            out.at(row, column++) = state[0];
            Element sum;
            for (const Element y : state) sum += y;
            for (std::size_t i = 0; i < 16; ++i) state[i] = sum + state[i] * field::constants::kDiagonal[i];
        }
        for (const auto& constants : field::constants::kExternalFinal) full(constants);
    }
    return out;
}

long peakMebibytes()
{
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word == "VmHWM:") {
            long kibibytes = 0;
            status >> kibibytes;
            return kibibytes / 1024;
        }
    }
    return 0;
}

bool proofFigures()
{
    constexpr unsigned kLog = 17;
    const Poseidon2Air air;
    const std::vector<const Air*> airs{&air};
    const auto system = System::make(kCoreParameters, 0, airs);
    if (!system.ok()) return false;
    ProverOptions options;
    options.threads = 2;
    const auto key = ProvingKey::make(*system, options);
    const Traces traces{poseidon2Trace(kLog)};
    base::Bytes bytes;
    double work = 0;
    const double proving = secondsOf([&] {
        work = processorSecondsOf([&] {
            const auto proof = prove(*key, traces, {}, options);
            if (proof.ok()) bytes = encode(key->verifying(), *proof);
        });
    });
    bool accepted = true;
    double verifying = 1e9;
    for (int i = 0; i < 5; ++i) {
        verifying = std::min(verifying, processorSecondsOf([&] {
                                 accepted = accepted && verify(key->verifying(), {}, bytes).ok();
                             }));
    }
    std::printf("  \"proof_rows\": %u,\n  \"proof_columns\": %zu,\n  \"prove_seconds\": %.3f,\n"
                "  \"prove_processor_seconds\": %.3f,\n"
                "  \"proven_permutations_per_second\": %.0f,\n  \"proof_bytes\": %zu,\n"
                "  \"verify_milliseconds\": %.2f,\n  \"peak_rss_mib\": %ld\n}\n",
                1U << kLog, Poseidon2Air::kColumns, proving, work, (1U << kLog) / proving, bytes.size(),
                verifying * 1e3, peakMebibytes());
    return accepted;
}
} // namespace

int main()
{
    const Rates plain = ratesOf(field::kernelsOf(field::Backend::Portable));
    std::printf("{\n  \"benchmark\": \"stark\",\n");
    for (const field::Backend backend : field::availableBackends()) {
        const field::Kernels& kernels = field::kernelsOf(backend);
        const Rates rates = backend == field::Backend::Portable ? plain : ratesOf(kernels);
        const Rates limits = limitsOf(backend);
        const auto print = [&](const char* what, double Rates::*rate) {
            std::printf("  \"%s_%s_per_second\": %.0f,\n  \"%s_%s_limit\": %.0f,\n  \"%s_%s_ratio\": %.2f,\n",
                        kernels.name, what, rates.*rate, kernels.name, what, limits.*rate, kernels.name, what,
                        rates.*rate / plain.*rate);
        };
        print("multiplications", &Rates::multiplications);
        print("poseidon2", &Rates::permutations);
        print("ntt_elements", &Rates::transformed);
    }
    return proofFigures() ? 0 : 1;
}
