// SPDX-License-Identifier: MIT
// Pruned proofs: each node once, 31 bits an element, one encoding; what is changed is refused.
#include "core/stark/pruned.h"
#include "core/stark/verifier.h"
#include "tests/unit/stark/prunable.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
struct Setting {
    Example example;
    ProvingKey key;
    Proof proof;
    base::Bytes bytes;

    explicit Setting(Example e = prunableExample())
        : example(std::move(e)), key(*ProvingKey::make(example.system)),
          proof(*prove(key, example.traces, example.publicValues)),
          bytes(*encodePruned(key.verifying(), example.publicValues, proof))
    {
    }
    [[nodiscard]] base::Status verify(const base::Bytes& candidate) const
    {
        BOWLINE_TRY(const PrunedProof decoded, decodePruned(key.verifying(), candidate));
        return verifyPruned(key.verifying(), example.publicValues, decoded);
    }
};

std::vector<DigestWords> leavesOf(std::size_t count)
{
    std::vector<DigestWords> out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::array x{Element::from(static_cast<std::uint32_t>(i))};
        out.push_back(blake3Of(Blake3Use::Row, x));
    }
    return out;
}
} // namespace

class TestStarkPruned : public QObject {
    Q_OBJECT
private slots:
    void elementsOf31Bits();
    void noNodeIsListedTwice();
    void sharedPathsLeadWherePathsDo();
    void honestProofsAreAccepted();
    void prunedProofsAreSmaller();
    void thereIsOneEncoding();
    void everyFlippedBitIsRefused();
    void everyElementIsCanonical();
    void otherListsOfNodesAreRefused();
    void queriesOfOnePositionShowTheSameRows();
    void otherParametersAreRefused();
    void theGoldenProofStands();
    void everyPublicValueIsBound();
    void onlySomeKeysHavePrunedProofs();
    void onlyProofsAreEncoded();
};

void TestStarkPruned::elementsOf31Bits()
{
    std::mt19937 random(8);
    for (std::size_t count = 0; count < 40; ++count) {
        std::vector<Element> elements;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t word = i % 3 == 0 ? Element::kModulus - 1 : std::uint32_t(random());
            elements.push_back(Element::from(word % Element::kModulus));
        }
        BitWriter writer;
        for (const Element x : elements) writer.element(x);
        const base::Bytes bytes = writer.take();
        QCOMPARE(bytes.size(), packedSize(count));
        QVERIFY(*unpackElements(bytes, count) == elements);
        QVERIFY(!unpackElements(bytes, count + 1).ok());
        if (count % 8 == 0) continue;
        base::Bytes other = bytes;
        other.back() = static_cast<std::uint8_t>(other.back() | 0x80U); // a bit behind the last element
        QCOMPARE(unpackElements(other, count).error().code, base::kNotCanonical);
    }
    // The modulus itself, and all bits set.
    for (const std::uint32_t word : {Element::kModulus, 0x7fffffffU}) {
        base::Bytes bytes;
        for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
        QCOMPARE(unpackElements(bytes, 1).error().code, base::kNotCanonical);
    }
}

void TestStarkPruned::noNodeIsListedTwice()
{
    // Among 8 leaves: 1 and 5 are siblings, so that their parent (1 of 4) needs 3 alone, and the root's other half.
    const SharedPlan plan({1, 5, 5}, 3);
    QCOMPARE(plan.missing(), std::size_t{2});
    QCOMPARE(SharedPlan({0, 1, 2, 3, 4, 5, 6, 7}, 3).missing(), std::size_t{0});
    QCOMPARE(SharedPlan({6}, 3).missing(), std::size_t{3});
    QCOMPARE(SharedPlan({0}, 0).missing(), std::size_t{0});
}

void TestStarkPruned::sharedPathsLeadWherePathsDo()
{
    // Random sets of positions in trees of rows of one and of two heights, against the tree's own paths.
    std::mt19937 random(9);
    for (int round = 0; round < 60; ++round) {
        const unsigned log = 3 + unsigned(random() % 5);
        const bool two = round % 2 == 0;
        const std::size_t count = std::size_t{1} << log;
        std::vector<std::vector<Element>> columns(3);
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t i = 0; i < (c == 2 ? count / 4 : count); ++i)
                columns[c].push_back(Element::from(static_cast<std::uint32_t>(random() % 1000)));
        }
        std::vector<LeafMatrix> matrices{{{columns[0].data(), columns[1].data()}, log, count / 2}};
        if (two) matrices.push_back({{columns[2].data()}, log - 2, count / 8});
        HashOptions options{&field::kernels(), 1};
        options.hash = HashKind::Blake3;
        const MerkleTree tree(matrices, 1, options);
        PathForm form{{log, {0}}};
        if (two) form.push_back({log - 2, {1}});

        SharedOpening opening{&form, {}, {2}, {}, {}};
        if (two) opening.widths.push_back(1);
        std::vector<std::vector<DigestWords>> paths;
        std::vector<std::vector<Element>> rows;
        for (std::size_t q = 0; q < 1 + random() % 9; ++q) {
            const std::size_t e = random() % count;
            opening.positions.push_back(e);
            paths.push_back(tree.path(e));
            const std::size_t at = addressOf(e, log, 1);
            rows.push_back({columns[0][at], columns[1][at]});
            if (two) rows.push_back({columns[2][addressOf(e % (count / 4), log - 2, 1)]});
        }
        for (const auto& row : rows) opening.rows.push_back(row.data());
        std::vector<const std::vector<DigestWords>*> siblings;
        for (const auto& path : paths) siblings.push_back(&path);
        std::vector<DigestWords> nodes = sharedNodes(SharedPlan(opening.positions, log), siblings);
        opening.nodes = nodes;
        QVERIFY(sharedPathsLeadTo(opening, tree.root()));

        for (std::size_t i = 0; i < nodes.size(); ++i) {
            nodes[i][i % 8] += Element::from(1);
            QVERIFY(!sharedPathsLeadTo(opening, tree.root()));
            nodes[i][i % 8] -= Element::from(1);
        }
        for (auto& row : rows) {
            row[0] += Element::from(1);
            QVERIFY(!sharedPathsLeadTo(opening, tree.root()));
            row[0] -= Element::from(1);
        }
        QVERIFY(sharedPathsLeadTo(opening, tree.root()));
        nodes.push_back(leavesOf(1)[0]);
        opening.nodes = nodes;
        QVERIFY(!sharedPathsLeadTo(opening, tree.root())); // a node that nobody needs
        if (nodes.size() > 1) {
            opening.nodes = std::span(nodes).first(nodes.size() - 2);
            QVERIFY(!sharedPathsLeadTo(opening, tree.root()));
        }
    }
}

void TestStarkPruned::honestProofsAreAccepted()
{
    for (const unsigned logBlowup : {1U, 3U, 5U}) {
        for (const unsigned logFinal : {5U, 7U}) {
            for (const unsigned log : {7U, 10U}) {
                Parameters parameters = kTestBlake3Parameters;
                parameters.logBlowup = logBlowup;
                parameters.logFinal = logFinal;
                const Setting s(prunableExample(parameters, log, 7));
                const base::Status status = s.verify(s.bytes);
                QVERIFY2(status.ok(), status.ok() ? "" : status.error().detail.c_str());
            }
        }
    }
    // So many queries that several are the same.
    Parameters parameters = kTestBlake3Parameters;
    parameters.logBlowup = 1;
    parameters.queries = 300;
    const Setting s(prunableExample(parameters));
    QVERIFY(s.verify(s.bytes).ok());
}

void TestStarkPruned::prunedProofsAreSmaller()
{
    const Setting s;
    const std::size_t whole = encode(s.key.verifying(), s.proof).size();
    qInfo() << whole << "bytes whole," << s.bytes.size() << "pruned";
    QVERIFY(10 * s.bytes.size() < 9 * whole);
}

void TestStarkPruned::thereIsOneEncoding()
{
    const Setting s;
    const VerifyingKey& key = s.key.verifying();
    base::Bytes other = s.bytes;
    other.push_back(0);
    QCOMPARE(decodePruned(key, other).error().code, kBadProof);
    for (std::size_t length = 0; length < s.bytes.size(); length += length < 64 ? 1 : 31)
        QCOMPARE(decodePruned(key, base::ByteView(s.bytes).first(length)).error().code, kBadProof);
    QCOMPARE(decodePruned(key, base::ByteView(s.bytes).first(s.bytes.size() - 1)).error().code, kBadProof);
    // Proving again, with other threads, ends in the same bytes.
    const ProverOptions options{field::kernels().backend, 2};
    const Proof again = *prove(s.key, s.example.traces, s.example.publicValues, options);
    QVERIFY(*encodePruned(key, s.example.publicValues, again) == s.bytes);
}

void TestStarkPruned::everyFlippedBitIsRefused()
{
    Parameters parameters = kTestBlake3Parameters;
    parameters.queries = 3;
    const Setting s(prunableExample(parameters));
    QVERIFY(s.verify(s.bytes).ok());
    for (std::size_t at = 0; at < s.bytes.size(); ++at) {
        base::Bytes other = s.bytes;
        other[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
        QVERIFY2(!s.verify(other).ok(), qPrintable(QString::number(at)));
    }
    std::mt19937 random(4);
    for (int i = 0; i < 300; ++i) {
        base::Bytes other(random() % (2 * s.bytes.size()));
        for (auto& byte : other) byte = static_cast<std::uint8_t>(random());
        QVERIFY(!s.verify(other).ok());
        other = s.bytes; // the right numbers of nodes, then anything
        for (std::size_t k = 30; k < other.size(); ++k) other[k] = static_cast<std::uint8_t>(random());
        QVERIFY(!s.verify(other).ok());
    }
}

void TestStarkPruned::everyElementIsCanonical()
{
    Parameters parameters = kTestBlake3Parameters;
    parameters.queries = 1;
    const Setting s(prunableExample(parameters, 7, 7));
    const std::size_t counts = 2 * decodePruned(s.key.verifying(), s.bytes)->nodes.size();
    const std::size_t elements = 8 * (s.bytes.size() - counts) / 31;
    for (std::size_t i = 0; i < elements; ++i) {
        base::Bytes other = s.bytes;
        for (std::size_t bit = 31 * i; bit < 31 * i + 31; ++bit) // 2^31 - 1 is above the modulus
            other[counts + bit / 8] = static_cast<std::uint8_t>(other[counts + bit / 8] | 1U << (bit % 8));
        QCOMPARE(decodePruned(s.key.verifying(), other).error().code, base::kNotCanonical);
    }
}

void TestStarkPruned::otherListsOfNodesAreRefused()
{
    const Setting s;
    const VerifyingKey& key = s.key.verifying();
    const auto verdict = [&](const std::function<void(PrunedProof&)>& change) {
        PrunedProof decoded = *decodePruned(key, s.bytes);
        change(decoded);
        for (auto& query : decoded.queries) {
            for (std::size_t b = 0; b < query.batches.size(); ++b) query.batches[b].path = {decoded.nodes[b]};
            for (std::size_t f = 0; f < query.folds.size(); ++f)
                query.folds[f].path = {decoded.nodes[query.batches.size() + f]};
        }
        const base::Status status = verifyPruned(key, s.example.publicValues, decoded);
        if (status.ok()) return std::string("accepted");
        return std::string(status.error().code.name()) + ": " + status.error().detail;
    };
    QCOMPARE(verdict([](PrunedProof&) {}), std::string("accepted"));
    const auto decoded = decodePruned(key, s.bytes);
    const std::size_t batches = decoded->queries.front().batches.size();
    for (std::size_t i = 0; i < decoded->nodes.size(); ++i) {
        const std::string why =
            i < batches ? "stark.rejected: path of an opened row" : "stark.rejected: path of a folding step";
        QCOMPARE(verdict([i](PrunedProof& p) { p.nodes[i].pop_back(); }), why);
        QCOMPARE(verdict([i](PrunedProof& p) { p.nodes[i].clear(); }), why);
        QCOMPARE(verdict([i](PrunedProof& p) { p.nodes[i].push_back(p.nodes[i].back()); }), why);
        QCOMPARE(verdict([i](PrunedProof& p) { std::swap(p.nodes[i].front(), p.nodes[i].back()); }), why);
        // One node twice, and one left out.
        QCOMPARE(verdict([i](PrunedProof& p) { p.nodes[i].back() = p.nodes[i].front(); }), why);
        QCOMPARE(verdict([i](PrunedProof& p) {
                     std::rotate(p.nodes[i].begin(), p.nodes[i].begin() + 1, p.nodes[i].end());
                 }),
                 why);
    }
    // The list of another tree of the same depth.
    QCOMPARE(verdict([](PrunedProof& p) { std::swap(p.nodes[0], p.nodes[1]); }),
             std::string("stark.rejected: path of an opened row"));
    // As bytes: a node more in one list and one less in the next.
    base::Bytes other = s.bytes;
    ++other[0];
    --other[2];
    QCOMPARE(s.verify(other).error().code, kRejected);
    other[1] = 0xff; // more nodes than twelve paths can have
    QCOMPARE(s.verify(other).error().code, kBadProof);
}

void TestStarkPruned::queriesOfOnePositionShowTheSameRows()
{
    // Rows of which only one is hashed: the other could be anything, if nobody compared them.
    HashOptions options{&field::kernels(), 1};
    options.hash = HashKind::Blake3;
    std::vector<Element> column;
    for (std::uint32_t i = 0; i < 16; ++i) column.push_back(Element::from(i + 1));
    const std::vector<LeafMatrix> matrices{{{column.data()}, 4, 8, nullptr}};
    const MerkleTree tree(matrices, 1, options);
    const PathForm form{{4, {0}}};
    constexpr std::size_t kPosition = 6;
    const Element row = column[addressOf(kPosition, 4, 1)];
    std::array<Element, 3> shown{row, row, row};
    const std::vector<DigestWords> path = tree.path(kPosition);
    const std::vector<std::size_t> positions(3, kPosition);
    const auto nodes = sharedNodes(SharedPlan(positions, 4), {&path, &path, &path});
    const SharedOpening opening{&form, positions, {1}, {&shown[0], &shown[1], &shown[2]}, nodes};
    QVERIFY(sharedPathsLeadTo(opening, tree.root()));
    for (Element& x : shown) {
        x += Element::from(1);
        QVERIFY(!sharedPathsLeadTo(opening, tree.root()));
        x = row;
    }
}

void TestStarkPruned::otherParametersAreRefused()
{
    const Setting s;
    using Change = std::function<void(Parameters&)>;
    const auto under = [&](const Change& change) {
        Parameters parameters = kTestBlake3Parameters;
        change(parameters);
        const ProvingKey key = *ProvingKey::make(prunableExample(parameters).system);
        const auto verdict = [&](const base::Result<PrunedProof>& decoded) {
            if (!decoded.ok()) return std::string(decoded.error().code.name());
            const base::Status status = verifyPruned(key.verifying(), s.example.publicValues, *decoded);
            return status.ok() ? std::string("accepted") : std::string(status.error().code.name());
        };
        const std::string out = verdict(decodePruned(key.verifying(), s.bytes));
        // Read with one key and verified with another.
        const std::string mixed = verdict(decodePruned(s.key.verifying(), s.bytes));
        return mixed == out ? out : out + ", " + mixed;
    };
    QCOMPARE(under([](Parameters&) {}), std::string("accepted"));
    // Less of everything, and more: those that leave the form as it is are in the transcript, with the key's digest.
    const std::vector<Change> sameForm{
        [](Parameters& p) { p.logUpWork = 0; }, [](Parameters& p) { p.deepWork = 0; },
        [](Parameters& p) { p.batchWork = 0; }, [](Parameters& p) { p.foldWork = 0; },
        [](Parameters& p) { p.queryWork = 0; }, [](Parameters& p) { ++p.queryWork; },
    };
    for (const Change& change : sameForm) QCOMPARE(under(change), std::string("stark.rejected"));
    const std::vector<Change> otherForm{
        [](Parameters& p) { --p.queries; },
        [](Parameters& p) { ++p.queries; },
        [](Parameters& p) { ++p.logFinal; },
    };
    for (const Change& change : otherForm) QCOMPARE(under(change), std::string("stark.bad-proof"));
    QCOMPARE(under([](Parameters& p) { ++p.logBlowup; }), std::string("stark.rejected"));
    QCOMPARE(under([](Parameters& p) { p.hash = HashKind::Poseidon2; }), std::string("stark.not-prunable"));
}

void TestStarkPruned::theGoldenProofStands()
{
    const Setting s;
    const auto digest = field::hashBytes(field::SpongeTag::ProofConstraints, s.bytes);
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(digest.bytes.data()), 32).toHex(),
             QByteArray("55d7150cd254ec07e6e9d251c6b1614f61004c6bc15ce122d0ef532f83fbe537"));
}

void TestStarkPruned::everyPublicValueIsBound()
{
    const Setting s;
    const PrunedProof decoded = *decodePruned(s.key.verifying(), s.bytes);
    for (std::size_t i = 0; i < s.example.publicValues.size(); ++i) {
        std::vector<Element> other = s.example.publicValues;
        other[i] += Element::from(1);
        QCOMPARE(verifyPruned(s.key.verifying(), other, decoded).error().code, kRejected);
    }
    QCOMPARE(verifyPruned(s.key.verifying(), {}, decoded).error().code, kBadProof);
}

void TestStarkPruned::onlySomeKeysHavePrunedProofs()
{
    Parameters poseidon = kTestBlake3Parameters;
    poseidon.hash = HashKind::Poseidon2;
    const Example example = prunableExample(poseidon);
    const ProvingKey key = *ProvingKey::make(example.system);
    QCOMPARE(prunedShape(key.verifying()).error().code, kNotPrunable);
    QCOMPARE(decodePruned(key.verifying(), {}).error().code, kNotPrunable);
    // A chip of a free height.
    const ProvingKey loose = *ProvingKey::make(exampleSystem(kTestBlake3Parameters));
    QCOMPARE(prunedShape(loose.verifying()).error().code, kNotPrunable);
}

void TestStarkPruned::onlyProofsAreEncoded()
{
    const Setting s;
    Proof bad = s.proof;
    bad.queries[0].batches[1].rows[0][0] += Element::from(1);
    QCOMPARE(encodePruned(s.key.verifying(), s.example.publicValues, bad).error().code, kRejected);
    bad = s.proof;
    bad.queries.pop_back();
    QCOMPARE(encodePruned(s.key.verifying(), s.example.publicValues, bad).error().code, kBadProof);
}

QTEST_APPLESS_MAIN(TestStarkPruned)
#include "tst_stark_pruned.moc"
