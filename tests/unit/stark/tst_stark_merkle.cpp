// SPDX-License-Identifier: MIT
// Commitments over matrices of several heights: the tree against its definition, and what a path must not prove.
#include "core/field/ntt.h"
#include "core/stark/commitment.h"
#include "core/stark/hash.h"
#include "core/stark/merkle.h"
#include "core/stark/native.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::stark;

namespace {
constexpr unsigned kLogBlowup = 2;

struct Forest {
    std::vector<Matrix> matrices; // columns on their domains, coset by coset
    std::vector<LeafMatrix> leaves;

    Forest(std::initializer_list<std::pair<std::size_t, unsigned>> shapes)
    {
        std::mt19937 random(5);
        for (const auto& [width, log] : shapes) {
            Matrix matrix(width, log);
            for (Element& x : matrix.data) x = Element::from(static_cast<std::uint32_t>(random()));
            matrices.push_back(std::move(matrix));
        }
        for (const Matrix& matrix : matrices) {
            LeafMatrix leaf{{}, matrix.log, matrix.rows() >> kLogBlowup, nullptr};
            for (std::size_t c = 0; c < matrix.width; ++c) leaf.columns.push_back(matrix.column(c));
            leaves.push_back(std::move(leaf));
        }
    }
    [[nodiscard]] std::vector<Element> rowsAt(unsigned log, std::size_t e) const
    {
        std::vector<Element> out;
        for (const Matrix& matrix : matrices) {
            for (std::size_t c = 0; matrix.log == log && c < matrix.width; ++c)
                out.push_back(matrix.at(addressOf(e, log, kLogBlowup), c));
        }
        return out;
    }
    // Node e of the layer of 2^log nodes, by the definition.
    [[nodiscard]] DigestWords node(unsigned log, std::size_t e, unsigned top) const
    {
        const std::vector<Element> rows = rowsAt(log, e);
        const DigestWords own = field::spongeOf(field::SpongeTag::ProofRow, rows);
        if (log == top) return own;
        const DigestWords pair =
            field::compressPair(node(log + 1, e, top), node(log + 1, e + (std::size_t{1} << log), top));
        return rows.empty() ? pair : field::compressPair(pair, own);
    }
};

MerkleTree treeOf(const Forest& forest, field::Backend backend, unsigned threads = 1)
{
    return MerkleTree(forest.leaves, kLogBlowup, {&field::kernelsOf(backend), threads});
}
} // namespace

class TestStarkMerkle : public QObject {
    Q_OBJECT
private slots:
    void theTreeIsItsDefinitionOnEveryBackend();
    void pathsLeadToTheRoot();
    void everyRowOfEveryMatrixIsBound();
    void rowsAndPairsNeverShareADigest();
    void theVerifiersHashIsTheTrees();
    void whatIsNotKeptIsWhatAWholeExtensionHas_data();
    void whatIsNotKeptIsWhatAWholeExtensionHas();
};

void TestStarkMerkle::theTreeIsItsDefinitionOnEveryBackend()
{
    const Forest forest{{3, 7}, {9, 5}, {1, 7}, {2, 3}, {8, 2}};
    const DigestWords expected = forest.node(0, 0, 7);
    for (const field::Backend backend : field::availableBackends()) {
        QVERIFY(treeOf(forest, backend).root() == expected);
        QVERIFY(treeOf(forest, backend, 2).root() == expected);
    }
    const Forest large{{2, 14}};
    QVERIFY(treeOf(large, field::availableBackends().front(), 2).root() == large.node(0, 0, 14));
}

void TestStarkMerkle::pathsLeadToTheRoot()
{
    const Forest forest{{3, 6}, {2, 4}};
    const MerkleTree tree = treeOf(forest, field::Backend::Portable);
    QCOMPARE(tree.logDomain(), 6U);
    for (std::size_t e = 0; e < 64; ++e) {
        const std::vector<DigestWords> path = tree.path(e);
        QCOMPARE(path.size(), std::size_t{6});
        DigestWords node = field::spongeOf(field::SpongeTag::ProofRow, forest.rowsAt(6, e));
        for (unsigned log = 6; log-- > 0;) {
            const bool right = ((e >> log) & 1U) != 0;
            const DigestWords& sibling = path[5 - log];
            node = right ? field::compressPair(sibling, node) : field::compressPair(node, sibling);
            const auto rows = forest.rowsAt(log, e & ((std::size_t{1} << log) - 1));
            if (!rows.empty())
                node = field::compressPair(node, field::spongeOf(field::SpongeTag::ProofRow, rows));
        }
        QVERIFY(node == tree.root());
    }
}

void TestStarkMerkle::everyRowOfEveryMatrixIsBound()
{
    Forest forest{{2, 5}, {1, 3}};
    const DigestWords root = treeOf(forest, field::Backend::Portable).root();
    for (Matrix& matrix : forest.matrices) {
        for (Element& x : matrix.data) {
            x += Element::from(1);
            QVERIFY(treeOf(forest, field::Backend::Portable).root() != root);
            x -= Element::from(1);
        }
    }
    // Columns moved from one matrix to its neighbour of the same height are the same rows, and the shape in the
    // key tells them apart; but a row cut short is another row.
    const Forest one{{2, 5}};
    const Forest two{{3, 5}};
    QVERIFY(treeOf(one, field::Backend::Portable).root() != treeOf(two, field::Backend::Portable).root());
}

void TestStarkMerkle::rowsAndPairsNeverShareADigest()
{
    // A row of 16 elements and a pair of digests of the same words; a row of zeros and the pair whose
    // permutation has that input: the two functions give different halves.
    DigestWords left{};
    DigestWords right{};
    std::vector<Element> row(16);
    for (std::size_t i = 0; i < 8; ++i) {
        row[i] = left[i] = Element::from(static_cast<std::uint32_t>(i + 1));
        row[8 + i] = right[i] = Element::from(static_cast<std::uint32_t>(100 + i));
    }
    QVERIFY(field::spongeOf(field::SpongeTag::ProofRow, row) != field::compressPair(left, right));
    const std::vector<Element> zeros(8);
    DigestWords capacity{};
    capacity[0] = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));
    capacity[1] = Element::from(8);
    QVERIFY(field::spongeOf(field::SpongeTag::ProofRow, zeros) !=
            field::compressPair(DigestWords{}, capacity));
    QVERIFY(field::compressPair(left, right) != field::compressPair(right, left));
    // Trailing zeros count.
    QVERIFY(field::spongeOf(field::SpongeTag::ProofRow, zeros) !=
            field::spongeOf(field::SpongeTag::ProofRow, std::vector<Element>(7)));
}

void TestStarkMerkle::theVerifiersHashIsTheTrees()
{
    Native native;
    for (const std::size_t width : {0U, 1U, 8U, 13U, 16U, 17U}) {
        std::vector<Element> row(width);
        for (std::size_t i = 0; i < width; ++i) row[i] = Element::from(static_cast<std::uint32_t>(i * i + 3));
        const DigestWords expected = field::spongeOf(field::SpongeTag::ProofRow, row);
        QVERIFY(Poseidon2Hash<Native>::row(native, row) == expected);
        QVERIFY(Poseidon2Hash<Native>::pair(native, expected, DigestWords{}) ==
                field::compressPair(expected, DigestWords{}));
    }
}

void TestStarkMerkle::whatIsNotKeptIsWhatAWholeExtensionHas_data()
{
    QTest::addColumn<unsigned>("logBlowup");
    QTest::addColumn<bool>("blake3");
    for (const unsigned logBlowup : {1U, 2U, 3U, 5U}) {
        for (const bool blake3 : {false, true}) {
            QTest::addRow("blowup 2^%u, %s", logBlowup, blake3 ? "BLAKE3" : "Poseidon2")
                << logBlowup << blake3;
        }
    }
}

void TestStarkMerkle::whatIsNotKeptIsWhatAWholeExtensionHas()
{
    QFETCH(const unsigned, logBlowup);
    QFETCH(const bool, blake3);
    Parameters parameters;
    parameters.logBlowup = logBlowup;
    parameters.hash = blake3 ? HashKind::Blake3 : HashKind::Poseidon2;
    std::mt19937 random(6);
    CommittedBatch batch;
    std::vector<Matrix> whole;
    Workshop workshop(parameters, field::kernels().backend, 2);
    for (const auto& [width, log] : std::vector<std::pair<std::size_t, unsigned>>{{3, 6}, {2, 5}, {4, 6}}) {
        Matrix values(width, log);
        for (Element& x : values.data) x = Element::from(static_cast<std::uint32_t>(random()));
        const field::LowDegreeExtension lde(log, logBlowup, domainShift(), field::kernels());
        std::vector<Element> scratch(values.rows());
        whole.emplace_back(width, log + logBlowup);
        for (std::size_t c = 0; c < width; ++c)
            lde.extend({values.column(c), values.rows()}, {whole.back().column(c), whole.back().rows()},
                       scratch);
        batch.matrices.push_back({0, workshop.extend(values)});
        QCOMPARE(batch.matrices.back().columns.log, log + std::min(logBlowup, logBlowup > 2 ? 1U : 2U));
    }
    std::vector<LeafMatrix> leaves;
    for (const Matrix& matrix : whole) {
        LeafMatrix leaf{{}, matrix.log, matrix.rows() >> logBlowup, nullptr};
        for (std::size_t c = 0; c < matrix.width; ++c) leaf.columns.push_back(matrix.column(c));
        leaves.push_back(std::move(leaf));
    }
    workshop.commit(batch);
    QVERIFY(batch.tree->root() == MerkleTree(leaves, logBlowup, workshop.hashOptions()).root());
    // Every position of the larger domain, in the first coset and in others; smaller matrices have the remainder's row.
    std::vector<std::size_t> positions;
    for (std::size_t e = 0; e < std::size_t{64} << logBlowup; ++e) positions.push_back(e);
    positions.push_back(17); // twice, and no whole group of four
    RowReader reader(workshop, positions);
    for (std::size_t m = 0; m < whole.size(); ++m) {
        const auto rows = reader.rows(batch.matrices[m]);
        for (std::size_t q = 0; q < positions.size(); ++q) {
            const std::size_t at = addressOf(positions[q] % whole[m].rows(), whole[m].log, logBlowup);
            for (std::size_t c = 0; c < whole[m].width; ++c) QCOMPARE(rows[q][c], whole[m].at(at, c));
        }
    }
}

QTEST_APPLESS_MAIN(TestStarkMerkle)
#include "tst_stark_merkle.moc"
