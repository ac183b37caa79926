// SPDX-License-Identifier: MIT
// core/field: the extension of degree 4, batch inversion, and that every back end this processor runs gives the
// words that the plain one-element code gives: Poseidon2, row hashes, transforms, grinding.
#include "core/field/batch_inverse.h"
#include "core/field/cells.h"
#include "core/field/extension.h"
#include "core/field/ntt.h"
#include "core/field/poseidon2_rounds.h"
#include "core/field/sponge.h"
#include "tests/support/vectors.h"

#include <QtTest>

#include <fstream>
#include <random>

#include <sys/resource.h>

using namespace bowline;
using namespace bowline::field;

namespace {
std::mt19937 random32(7);

Element randomElement() { return Element::from(static_cast<std::uint32_t>(random32())); }
Extension randomExtension()
{
    return Extension{{randomElement(), randomElement(), randomElement(), randomElement()}};
}
std::vector<Element> randomElements(std::size_t count)
{
    std::vector<Element> out(count);
    for (Element& x : out) x = randomElement();
    return out;
}

// Sum of c_k x^k, with the coefficients in bit-reversed order.
Element evaluate(const std::vector<Element>& reversed, Element x)
{
    const auto log = static_cast<unsigned>(std::countr_zero(reversed.size()));
    Element out;
    for (std::size_t k = reversed.size(); k-- > 0;) out = out * x + reversed[bitReverse(k, log)];
    return out;
}
} // namespace

class TestKernels : public QObject {
    Q_OBJECT
private slots:
    void rootsOfUnityHaveTheirOrder();
    void theModulusOfTheExtensionIsIrreducible();
    void extensionIsAField();
    void batchInversionAgreesWithSingleOnes();
    void everyBackendGivesTheKnownAnswer();
    void everyBackendPermutesAsDefined();
    void everyBackendFillsRowsWithRounds();
    void everyBackendHashesRowsAsTheSponge();
    void everyBackendCompressesAlike();
    void everyBackendCompressesPairsAnywhere();
    void everyBackendTurnsRows();
    void everyBackendReadsWordsBelowTheModulus();
    void memoryOfCellsIsUsedAgain();
    void rangesAreMadeOfWhatOthersLeft();
    void aLimitOfTheSystemIsNeverPassed();
    void everyBackendGrindsTheLeastNonce();
    void transformsAgreeWithTheirDefinition();
    void everyBackendTransformsAlike();
};

void TestKernels::rootsOfUnityHaveTheirOrder()
{
    // 3 generates the group: the order p - 1 = 2^24 * 127 has the prime factors 2 and 127.
    const Element generator = Element::from(Element::kGenerator);
    QVERIFY(generator.power((Element::kModulus - 1) / 2) != Element::from(1));
    QVERIFY(generator.power((Element::kModulus - 1) / 127) != Element::from(1));
    QCOMPARE(generator.power(Element::kModulus - 1), Element::from(1));
    for (unsigned log = 1; log <= Element::kTwoAdicity; ++log) {
        const Element root = Element::rootOfUnity(log);
        QCOMPARE(root * root, Element::rootOfUnity(log - 1));
        QCOMPARE(root.power(1U << (log - 1)), -Element::from(1));
    }
}

void TestKernels::theModulusOfTheExtensionIsIrreducible()
{
    // Rabin's test in F[x] / (x^4 - 3): x^(p^4) = x, and x^(p^2) - x has no factor in common with x^4 - 3.
    const Extension x{{Element{}, Element::from(1), Element{}, Element{}}};
    QCOMPARE(x * x * x * x, Extension::from(3));
    const auto frobenius = [](Extension y) { return y.power(Element::kModulus); };
    const Extension twice = frobenius(frobenius(x));
    QCOMPARE(twice, -x);                                                         // so x^(p^2) - x = -2 x,
    QCOMPARE((twice - x) * (x * x * x), Extension::from(Element::kModulus - 6)); // a unit: -2 x * x^3 = -6
    QCOMPARE(frobenius(frobenius(twice)), x);
}

void TestKernels::extensionIsAField()
{
    for (int i = 0; i < 200; ++i) {
        const Extension a = randomExtension();
        const Extension b = randomExtension();
        const Extension c = randomExtension();
        QCOMPARE(a * (b + c), a * b + a * c);
        QCOMPARE((a * b) * c, a * (b * c));
        QCOMPARE(a * b, b * a);
        QCOMPARE(a * c[0], a * Extension{c[0]});
        QCOMPARE(a - a, Extension{});
        QCOMPARE(a * a.inverse(), Extension::from(1));
    }
    for (std::size_t i = 0; i < 4; ++i) {
        std::array<Element, 4> unit{};
        unit[i] = Element::from(5);
        const Extension a{unit};
        QCOMPARE(a * a.inverse(), Extension::from(1));
    }
    QCOMPARE(Extension{}.inverse(), Extension{});
    QCOMPARE(randomExtension().power(0), Extension::from(1));
}

void TestKernels::batchInversionAgreesWithSingleOnes()
{
    std::vector<Extension> values;
    for (int i = 0; i < 50; ++i) values.push_back(i % 7 == 3 ? Extension{} : randomExtension());
    std::vector<Extension> inverted = values;
    invertAll<Extension>(inverted);
    for (std::size_t i = 0; i < values.size(); ++i) QCOMPARE(inverted[i], values[i].inverse());
    std::vector<Element> none;
    invertAll<Element>(none);
}

void TestKernels::everyBackendGivesTheKnownAnswer()
{
    SKIP_WITHOUT_VECTORS();
    const auto vector = test::readVectorJson("poseidon2/koalabear16.json");
    const auto& answer = vector.at("known_answer");
    for (const Backend backend : availableBackends()) {
        for (const std::size_t count : {1U, 8U, 16U, 37U}) {
            std::vector<Element> words(16 * count);
            for (std::size_t w = 0; w < 16; ++w) {
                for (std::size_t j = 0; j < count; ++j)
                    words[w * count + j] = Element::from(answer.at("input").at(w).to_number<std::uint32_t>());
            }
            kernelsOf(backend).permute(wordsOf(words.data()), count);
            for (std::size_t i = 0; i < words.size(); ++i)
                QCOMPARE(words[i].value(), answer.at("output").at(i / count).to_number<std::uint32_t>());
        }
    }
}

// The shortcuts of the kernels lean on bounds: the ends of the field are tried beside random words.
void TestKernels::everyBackendPermutesAsDefined()
{
    const Element most = Element::from(Element::kModulus - 1);
    constexpr std::size_t kStates = 301;
    std::vector<Element> words = randomElements(16 * kStates);
    for (std::size_t w = 0; w < 16; ++w) {
        for (std::size_t j = 0; j < 100; ++j) // bits of j, over and over
            words[w * kStates + j] = ((j >> (w % 7)) & 1U) != 0 ? most : Element{};
    }
    std::vector<State> expected(kStates);
    for (std::size_t j = 0; j < kStates; ++j) {
        for (std::size_t w = 0; w < 16; ++w) expected[j][w] = words[w * kStates + j];
        State state = expected[j];
        permuteByDefinition(expected[j]);
        permute(state);
        QCOMPARE(state, expected[j]);
    }
    for (const Backend backend : availableBackends()) {
        std::vector<Element> together = words;
        kernelsOf(backend).permute(wordsOf(together.data()), kStates);
        for (std::size_t j = 0; j < kStates; ++j) {
            State alone;
            for (std::size_t w = 0; w < 16; ++w) alone[w] = words[w * kStates + j];
            kernelsOf(backend).permute(wordsOf(alone.data()), 1);
            QCOMPARE(alone, expected[j]);
            for (std::size_t w = 0; w < 16; ++w) QCOMPARE(together[w * kStates + j], expected[j][w]);
        }
    }
}

// Each value where it belongs, and nothing in the columns that are left out.
void TestKernels::everyBackendFillsRowsWithRounds()
{
    constexpr std::size_t kRows = 37; // whole registers and a rest
    const Element most = Element::from(Element::kModulus - 1);
    std::vector<Element> inputs = randomElements(16 * kRows);
    for (std::size_t w = 0; w < 16; ++w) {
        inputs[w * kRows] = {};
        inputs[w * kRows + 20] = most;
    }
    std::vector<const std::uint32_t*> pointers;
    for (std::size_t w = 0; w < 16; ++w) pointers.push_back(wordsOf(inputs.data() + w * kRows));
    const Element untouched = Element::from(12345);
    for (const Backend backend : availableBackends()) {
        std::vector<Element> values(kRoundValues * kRows, untouched);
        std::vector<std::uint32_t*> rounds;
        for (std::size_t k = 0; k < kRoundValues; ++k)
            rounds.push_back(k % 5 == 3 ? nullptr : wordsOf(values.data() + k * kRows));
        kernelsOf(backend).permuteRows(pointers.data(), rounds.data(), kRows);
        for (std::size_t row = 0; row < kRows; ++row) {
            State state;
            for (std::size_t w = 0; w < 16; ++w) state[w] = inputs[w * kRows + row];
            std::size_t k = 0;
            int wrong = 0;
            const auto constant = [](Element x) { return x; };
            permuteRounds(state, constant, [&](Element value) {
                const Element found = values[k * kRows + row];
                wrong += found == (rounds[k] == nullptr ? untouched : value) ? 0 : 1;
                ++k;
                return value;
            });
            QCOMPARE(k, kRoundValues);
            QCOMPARE(wrong, 0);
        }
    }
}

void TestKernels::everyBackendHashesRowsAsTheSponge()
{
    constexpr std::size_t kRows = 37;
    for (const std::size_t width : {0U, 1U, 7U, 8U, 9U, 16U, 40U}) {
        std::vector<std::vector<Element>> columns;
        std::vector<const std::uint32_t*> pointers;
        for (std::size_t c = 0; c < width; ++c) columns.push_back(randomElements(kRows));
        for (const auto& column : columns) pointers.push_back(wordsOf(column.data()));
        for (const Backend backend : availableBackends()) {
            std::vector<Element> out(8 * kRows);
            const Element tag = Element::from(static_cast<std::uint32_t>(SpongeTag::ProofRow));
            const Element length = Element::from(static_cast<std::uint32_t>(width));
            kernelsOf(backend).hashRows(pointers.data(), width, kRows, tag.residue(), length.residue(),
                                        wordsOf(out.data()), kRows);
            for (std::size_t row = 0; row < kRows; ++row) {
                std::vector<Element> elements;
                for (const auto& column : columns) elements.push_back(column[row]);
                const auto expected = spongeOf(SpongeTag::ProofRow, elements);
                for (std::size_t w = 0; w < 8; ++w) QCOMPARE(out[w * kRows + row], expected[w]);
            }
        }
    }
}

void TestKernels::everyBackendCompressesAlike()
{
    constexpr std::size_t kPairs = 35;
    const std::vector<Element> in = randomElements(8 * 2 * kPairs);
    for (const Backend backend : availableBackends()) {
        std::vector<Element> out(8 * kPairs);
        kernelsOf(backend).compress(wordsOf(in.data()), wordsOf(in.data()) + kPairs, 2 * kPairs,
                                    wordsOf(out.data()), kPairs, kPairs);
        for (std::size_t j = 0; j < kPairs; ++j) {
            std::array<Element, 8> left;
            std::array<Element, 8> right;
            for (std::size_t w = 0; w < 8; ++w) {
                left[w] = in[w * 2 * kPairs + j];
                right[w] = in[w * 2 * kPairs + kPairs + j];
            }
            const auto expected = compressPair(left, right);
            for (std::size_t w = 0; w < 8; ++w) QCOMPARE(out[w * kPairs + j], expected[w]);
        }
    }
}

void TestKernels::everyBackendCompressesPairsAnywhere()
{
    for (const std::size_t count : {1U, 3U, 16U, 35U}) {
        const std::vector<Element> words = randomElements(16 * count + 3);
        std::vector<const std::uint32_t*> left;
        std::vector<const std::uint32_t*> right;
        for (std::size_t i = 0; i < count; ++i) {
            left.push_back(wordsOf(words.data() + 8 * i + 3));
            right.push_back(wordsOf(words.data() + 8 * (2 * count - 1 - i)));
        }
        for (const Backend backend : availableBackends()) {
            std::vector<Element> out(8 * count);
            kernelsOf(backend).compressPairs(left.data(), right.data(), count, wordsOf(out.data()));
            for (std::size_t i = 0; i < count; ++i) {
                DigestWords leftOne;
                DigestWords rightOne;
                std::copy_n(words.begin() + std::ptrdiff_t(8 * i + 3), 8, leftOne.begin());
                std::copy_n(words.begin() + std::ptrdiff_t(8 * (2 * count - 1 - i)), 8, rightOne.begin());
                const auto expected = compressPair(leftOne, rightOne);
                for (std::size_t w = 0; w < 8; ++w) QCOMPARE(out[8 * i + w], expected[w]);
            }
        }
    }
}

void TestKernels::everyBackendTurnsRows()
{
    for (const std::size_t rows : {1U, 5U, 16U, 35U}) {
        for (const std::size_t width : {1U, 4U, 15U, 16U, 50U}) {
            const std::vector<Element> words = randomElements(rows * width);
            std::vector<const std::uint32_t*> pointers;
            for (std::size_t i = 0; i < rows; ++i) pointers.push_back(wordsOf(words.data() + i * width));
            for (const Backend backend : availableBackends()) {
                const std::size_t lanes = kernelsOf(backend).lanes;
                const std::size_t stride = (rows + lanes - 1) / lanes * lanes;
                std::vector<Element> out(width * stride);
                kernelsOf(backend).turnRows(pointers.data(), rows, width, wordsOf(out.data()), stride);
                for (std::size_t i = 0; i < rows; ++i) {
                    for (std::size_t c = 0; c < width; ++c)
                        QCOMPARE(out[c * stride + i], words[i * width + c]);
                }
            }
        }
    }
}

void TestKernels::everyBackendReadsWordsBelowTheModulus()
{
    constexpr std::size_t kCount = 37;
    const std::vector<Element> words = randomElements(kCount);
    base::Bytes bytes;
    for (const Element x : words) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            bytes.push_back(static_cast<std::uint8_t>(x.value() >> shift));
    }
    for (const Backend backend : availableBackends()) {
        std::vector<Element> out(kCount);
        QVERIFY(kernelsOf(backend).readWords(bytes.data(), kCount, wordsOf(out.data())));
        QVERIFY(out == words);
        for (std::size_t i = 0; i < kCount; ++i) {
            for (const std::uint32_t tooLarge : {Element::kModulus, 0xffffffffU}) {
                base::Bytes other = bytes;
                for (std::size_t b = 0; b < 4; ++b)
                    other[4 * i + b] = static_cast<std::uint8_t>(tooLarge >> (8 * b));
                QVERIFY(!kernelsOf(backend).readWords(other.data(), kCount, wordsOf(out.data())));
            }
        }
    }
}

void TestKernels::memoryOfCellsIsUsedAgain()
{
    constexpr std::size_t kLarge = std::size_t{1} << 20U; // elements: two large pages
    constexpr std::size_t kBytes = kLarge * sizeof(Element);
    QCOMPARE(CellsReuse::kept(), std::size_t{0});
    const auto isZero = [](const Cells& cells) {
        return std::all_of(cells.begin(), cells.end(), [](Element x) { return x.isZero(); });
    };
    {
        const CellsReuse reuse;
        const std::size_t before = CellsReuse::used();
        Cells first = Cells::unset(kLarge);
        std::fill(first.begin(), first.end(), Element::from(7));
        const Element* where = first.data();
        QCOMPARE(CellsReuse::used(), before + kBytes);
        first = Cells();
        QCOMPARE(CellsReuse::used(), before);
        QCOMPARE(CellsReuse::kept(), kBytes);
        Cells second(kLarge);
        QCOMPARE(second.data(), where);
        QVERIFY(isZero(second));
        QCOMPARE(CellsReuse::kept(), std::size_t{0});
        std::fill(second.begin(), second.end(), Element::from(9));
        second = Cells();
        // Half of it is enough; the other half stays. Both together are never more than was in use at once.
        const Cells third = Cells::unset(kLarge / 2);
        QCOMPARE(third[0], Element::from(9));
        QCOMPARE(CellsReuse::used() + CellsReuse::kept(), before + kBytes);
        CellsReuse::limit(before + kBytes / 2);
        QCOMPARE(CellsReuse::kept(), std::size_t{0});
        {
            const Cells fourth(2 * kLarge);
        }
        QCOMPARE(CellsReuse::kept(), std::size_t{0});
        CellsReuse::limit(before + 3 * kBytes);
        {
            const Cells fifth(2 * kLarge);
        }
        QCOMPARE(CellsReuse::kept(), 2 * kBytes);
        CellsReuse::limit(before + kBytes / 2);
        QCOMPARE(CellsReuse::kept(), std::size_t{0});
    }
    {
        const Cells sixth(kLarge);
    }
    QCOMPARE(CellsReuse::kept(), std::size_t{0});
}

void TestKernels::rangesAreMadeOfWhatOthersLeft()
{
    constexpr std::size_t kPage = std::size_t{2} << 20U;
    constexpr std::size_t kElements = kPage / sizeof(Element); // of one page
    const auto filled = [](std::size_t pages, std::uint32_t word) {
        Cells out = Cells::unset(pages * kElements);
        std::fill(out.begin(), out.end(), Element::from(word));
        return out;
    };
    const auto isAll = [](const Element* from, std::size_t pages, std::uint32_t word) {
        return std::all_of(from, from + pages * kElements,
                           [word](Element x) { return x == Element::from(word); });
    };
    const CellsReuse reuse;
    const std::size_t before = CellsReuse::used();
    {
        const Cells a = filled(3, 3);
        const Cells b = filled(5, 5);
        const Cells c = filled(4, 4); // twelve at once
    }
    QCOMPARE(CellsReuse::kept(), 12 * kPage);
    { // of 5, 4 and one of the 3 pages, with what was in them
        const Cells d = Cells::unset(10 * kElements);
        QCOMPARE(CellsReuse::kept(), 2 * kPage);
        QVERIFY(isAll(d.data(), 5, 5) && isAll(d.data() + 5 * kElements, 4, 4) &&
                isAll(d.data() + 9 * kElements, 1, 3));
        const Cells e(3 * kElements); // two that are kept, one that is fresh
        QVERIFY(isAll(e.data(), 3, 0));
        QCOMPARE(CellsReuse::kept(), std::size_t{0});
        QCOMPARE(CellsReuse::used(), before + 13 * kPage);
    }
    QCOMPARE(CellsReuse::used(), before);
    QCOMPARE(CellsReuse::kept(), 13 * kPage);
    { // of all pieces that there are, zeroed; and again, cut otherwise
        Cells f(13 * kElements);
        QVERIFY(isAll(f.data(), 13, 0));
        std::fill(f.begin(), f.end(), Element::from(6));
    }
    for (std::size_t pages = 1; pages <= 6; ++pages) {
        const Cells g = Cells::unset(pages * kElements);
        const Cells h = Cells::unset((13 - pages) * kElements);
        QVERIFY(isAll(g.data(), pages, 6) && isAll(h.data(), 13 - pages, 6));
    }
    QCOMPARE(CellsReuse::used() + CellsReuse::kept(), before + 13 * kPage);
    CellsReuse::limit(before + 2 * kPage + kPage / 2); // nothing is kept by halves
    QCOMPARE(CellsReuse::kept(), 2 * kPage);
}

void TestKernels::aLimitOfTheSystemIsNeverPassed()
{
    constexpr std::size_t kPage = std::size_t{2} << 20U;
    constexpr std::size_t kElements = kPage / sizeof(Element);
    std::ifstream status("/proc/self/status");
    std::size_t data = 0; // what RLIMIT_DATA counts
    for (std::string word; status >> word;) {
        if (word == "VmData:") status >> data;
    }
    data *= 1024;
    QVERIFY(data != 0);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_DATA, &before), 0);
    const CellsReuse reuse;
    rlimit now = before;
    now.rlim_cur = data + 45 * kPage;
    QCOMPARE(::setrlimit(RLIMIT_DATA, &now), 0);
    bool isRefused = false;
    {
        const Cells a(20 * kElements);
        const Cells b(20 * kElements);
        try {
            const Cells c(20 * kElements);
        } catch (const std::bad_alloc&) {
            isRefused = true;
        }
    }
    QVERIFY(isRefused);
    QCOMPARE(CellsReuse::kept(), 40 * kPage); // what was refused is not counted
    {                                         // made of both, although there is no room for it beside them
        const Cells d(39 * kElements);
        QVERIFY(std::all_of(d.begin(), d.end(), [](Element x) { return x.isZero(); }));
    }
    QCOMPARE(::setrlimit(RLIMIT_DATA, &before), 0);
}

void TestKernels::everyBackendGrindsTheLeastNonce()
{
    const std::vector<Element> words = randomElements(16);
    for (const std::size_t position : {0U, 3U, 7U}) {
        std::uint32_t expected = 0;
        for (;; ++expected) {
            State state;
            std::copy(words.begin(), words.end(), state.begin());
            state[position] = Element::from(expected);
            permuteByDefinition(state);
            if ((state[0].value() & 0xffU) == 0) break;
        }
        for (const Backend backend : availableBackends()) {
            const Kernels& kernels = kernelsOf(backend);
            QCOMPARE(kernels.grind(wordsOf(words.data()), position, 0xff, 0, 1U << 20U), expected);
            QCOMPARE(kernels.grind(wordsOf(words.data()), position, 0xff, 0, expected), expected);
            QVERIFY(kernels.grind(wordsOf(words.data()), position, 0xff, expected + 1, 1U << 20U) > expected);
        }
    }
}

void TestKernels::transformsAgreeWithTheirDefinition()
{
    const Element shift = Element::from(Element::kGenerator);
    for (const Backend backend : availableBackends()) {
        const Kernels& kernels = kernelsOf(backend);
        for (unsigned log = 0; log <= 9; ++log) {
            const std::vector<Element> values = randomElements(std::size_t{1} << log);
            std::vector<Element> coefficients = values;
            coefficientsOf(coefficients, Element::from(1), kernels);
            Element x = Element::from(1);
            for (const Element value : values) {
                QCOMPARE(evaluate(coefficients, x), value);
                x *= Element::rootOfUnity(log);
            }
            constexpr unsigned kLogBlowup = 2;
            std::vector<Element> extended(values.size() << kLogBlowup);
            std::vector<Element> scratch(values.size());
            const LowDegreeExtension lde(log, kLogBlowup, shift, kernels);
            lde.extend(values, extended, scratch);
            x = shift;
            for (std::size_t e = 0; e < extended.size(); ++e) {
                const std::size_t at = (e % 4) * values.size() + e / 4;
                QCOMPARE(extended[at], evaluate(coefficients, x));
                x *= Element::rootOfUnity(log + kLogBlowup);
            }
            std::vector<Element> coset(extended.begin(), extended.begin() + std::ptrdiff_t(values.size()));
            coefficientsOf(coset, shift, kernels);
            QVERIFY(coset == coefficients);
        }
    }
}

void TestKernels::everyBackendTransformsAlike()
{
    for (const unsigned log : {8U, 10U, 11U, 12U, 13U, 16U}) {
        const std::vector<Element> values = randomElements(std::size_t{1} << log);
        std::vector<Element> expected;
        for (const Backend backend : availableBackends()) {
            std::vector<Element> out(2 * values.size());
            std::vector<Element> scratch(values.size());
            LowDegreeExtension(log, 1, Element::from(3), kernelsOf(backend)).extend(values, out, scratch);
            if (expected.empty()) expected = out;
            QVERIFY(out == expected);
        }
    }
}

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
