// SPDX-License-Identifier: MIT
// core/verify: what a proof file shows, what it does not, and that nothing in it can be changed: each part by the name of
// the check that refuses it, and every digit.
#include "tests/unit/verify/fixture.h"

#include <QTest>

#include <boost/json.hpp>

using namespace bowline;
using namespace bowline::test;
using verify::Outcome;
using verify::ProofFile;
using verify::Report;

namespace {
const SealedWorld& world()
{
    static const SealedWorld kWorld;
    return kWorld;
}

QString told(const Report& report)
{
    QString out;
    for (const verify::Check& check : report.checks) {
        if (check.outcome == Outcome::Passed) continue;
        out += QString::fromStdString((check.outcome == Outcome::Failed ? "failed " : "open ") + check.name +
                                      ' ' + check.reason + ' ' + check.detail + "; ");
    }
    return out;
}

/// The first check that failed, and why.
QString failureOf(const ProofFile& file, const verify::Terms& terms)
{
    const Report report = verify::check(file, terms);
    for (const verify::Check& check : report.checks) {
        if (check.outcome == Outcome::Failed) return QString::fromStdString(check.name + ' ' + check.reason);
    }
    return QStringLiteral("valid");
}
QString failureOf(const ProofFile& file) { return failureOf(file, world().terms()); }

std::string valueOf(const verify::Facts& facts, std::string_view name)
{
    for (const verify::Fact& fact : facts) {
        if (fact.name == name) return fact.value;
    }
    return "none";
}

std::vector<std::string> namesOf(const Report& report)
{
    std::vector<std::string> out;
    for (const verify::Check& check : report.checks) out.push_back(check.name);
    return out;
}

verify::ShownState& stateOf(ProofFile& file) { return std::get<verify::ShownState>(file.subject); }
verify::ShownTransaction& paymentOf(ProofFile& file)
{
    return std::get<verify::ShownTransaction>(file.subject);
}
verify::ShownBatch& batchOf(ProofFile& file) { return std::get<verify::ShownBatch>(file.subject); }

BatchHeader& headerIn(ProofFile& file)
{
    return file.headers[file.batch.value - file.headers.front().height.value];
}

ProofFile withProof(ProofFile file, const OneProof& proof)
{
    file.chainProof = proof.file;
    return file;
}
} // namespace

class TestCheck : public QObject {
    Q_OBJECT
private slots:
    void everyKindOfFileIsValid();
    void itSaysWhatTheFileShows();
    void itSaysWhatTheFileDoesNotShow();
    void aCheckNamesTheHashesThatItCompared();
    void genesisIsComputedNotSigned();
    void anotherNetworkIsRefused();
    void headersOfBitcoinAreChecked();
    void headersOfBatchesAreChecked();
    void everyPartOfASubjectIsChecked();
    void everyLinkOfTheSealsIsChecked();
    void refillsAndMovesAreShown();
    void aSealedHistoryIsNotReplaced();
    void aProofOfTheChainIsHeldAgainstTheBatch();
    void aProofThatIsNotUnderstoodIsNoLie();
    void noDigitCanBeChanged();
};

void TestCheck::everyKindOfFileIsValid()
{
    const auto& w = world();
    for (const ProofFile& file :
         {w.accountFile(w.layer.alice), w.accountFile(keyOf(99)), w.historyFile(),
          w.stateFile(vaultId(w.vault.outpoint)), w.paymentFile(0), w.paymentFile(2), w.batchFile()}) {
        const Report report = verify::check(file, w.terms());
        QVERIFY2(report.valid(), qPrintable(told(report)));
        QCOMPARE(report.finality, std::string("sealed"));
        const OneProof proof = w.proof();
        const Report proven = verify::check(withProof(file, proof), w.terms(proof));
        QVERIFY2(proven.valid(), qPrintable(told(proven)));
        QCOMPARE(proven.finality, std::string("withdrawable"));
        QCOMPARE(proven.open,
                 (file.subject.index() == 0 ? std::vector<std::string>{"best-chain", "later-batches"}
                                            : std::vector<std::string>{"best-chain"}));
    }
}

void TestCheck::itSaysWhatTheFileShows()
{
    const auto& w = world();
    const Report account = verify::check(w.historyFile(), w.terms());
    QCOMPARE(account.subject, std::string("account"));
    QCOMPARE(valueOf(account.says, "key"), w.layer.alice.xOnlyPublicKey().hex());
    QCOMPARE(valueOf(account.says, "balance"), std::to_string(w.layer.balance(w.layer.alice).sat()));
    QCOMPARE(valueOf(account.says, "nonce"), std::string("4"));
    QCOMPARE(valueOf(account.says, "entries"), std::string("5"));
    QCOMPARE(account.batch, w.layer.head().height);
    const Report absent = verify::check(w.accountFile(keyOf(99)), w.terms());
    QCOMPARE(valueOf(absent.says, "exists"), std::string("no"));
    QCOMPARE(valueOf(absent.says, "balance"), std::string("none"));
    const Report payment = verify::check(w.paymentFile(1), w.terms());
    QCOMPARE(payment.subject, std::string("transaction"));
    QCOMPARE(valueOf(payment.says, "type"), std::string("transfer"));
    QCOMPARE(valueOf(payment.says, "amount"), std::string("7000"));
    QCOMPARE(valueOf(payment.says, "recipient"), w.layer.bob.xOnlyPublicKey().hex());
    const Report vault = verify::check(w.stateFile(vaultId(w.vault.outpoint)), w.terms());
    QCOMPARE(vault.subject, std::string("vault"));
    QCOMPARE(valueOf(vault.says, "status"), std::string("live"));
    QCOMPARE(valueOf(vault.says, "amount"), std::string("10000000"));
    const Report withdrawal = verify::check(w.stateFile(withdrawalId(w.layer.id(1))), w.terms());
    QCOMPARE(valueOf(withdrawal.says, "status"), std::string("requested"));
    QVERIFY(valueOf(withdrawal.says, "pays-to").starts_with("bcrt1p"));
}

void TestCheck::itSaysWhatTheFileDoesNotShow()
{
    const auto& w = world();
    const Report report = verify::check(w.accountFile(w.layer.alice), {{}, nullptr, SealedWorld::kNow});
    QVERIFY(report.valid());
    QCOMPARE(report.open, (std::vector<std::string>{"network-not-compared", "root-not-proven", "best-chain",
                                                    "later-batches"}));
    QCOMPARE(report.find("network")->outcome, Outcome::NotMade);
    QCOMPARE(report.find("chain-proof")->reason, std::string("not-in-file"));
    QCOMPARE(report.tip, w.layer.chain.tip());
    QCOMPARE(report.tipHash, *w.layer.chain.hashAt(w.layer.chain.tip()));

    ProofFile bare = w.paymentFile(0);
    bare.anchors.clear();
    bare.headers.pop_back();
    const Report sequenced = verify::check(bare, w.terms());
    QVERIFY2(sequenced.valid(), qPrintable(told(sequenced)));
    QCOMPARE(sequenced.finality, std::string("sequenced"));
    QCOMPARE(sequenced.open, (std::vector<std::string>{"root-not-proven", "not-sealed", "best-chain"}));

    // Without the first headers an anchor that named another history could not be seen.
    ProofFile cut = w.paymentFile(0);
    cut.headers.erase(cut.headers.begin(), cut.headers.begin() + 1);
    cut.headers.pop_back();
    const Report headless = verify::check(cut, w.terms());
    QVERIFY2(headless.valid(), qPrintable(told(headless)));
    QCOMPARE(headless.find("seal")->reason, std::string("headers-missing"));
    QCOMPARE(headless.find("batch-links")->reason, std::string("headers-missing"));
    QVERIFY(std::count(headless.open.begin(), headless.open.end(), "earlier-batches") == 1);

    const OneProof proof = w.proof();
    const Report unchecked = verify::check(withProof(w.accountFile(w.layer.alice), proof), w.terms());
    QVERIFY(unchecked.valid());
    QCOMPARE(unchecked.finality, std::string("sealed"));
    QCOMPARE(unchecked.find("chain-proof")->reason, std::string("no-checker"));
}

void TestCheck::aCheckNamesTheHashesThatItCompared()
{
    const auto& w = world();
    const Report account = verify::check(w.accountFile(w.layer.alice), w.terms());
    const verify::Check& path = *account.find("state-path");
    QCOMPARE(valueOf(path.facts, "state-root"), w.layer.head().stateRoot.hex());
    QCOMPARE(valueOf(path.facts, "state-key"), accountId(w.layer.alice.xOnlyPublicKey()).key().hex());
    // Hashed by hand, in the order in which they are told, the facts lead to the root.
    field::FieldDigest node = must(field::FieldDigest::fromHex(valueOf(path.facts, "leaf")));
    const auto depth = w.layer.state().prove(accountId(w.layer.alice.xOnlyPublicKey()).key()).siblings.size();
    for (std::size_t level = 1; level <= depth; ++level) {
        const auto sibling =
            must(field::FieldDigest::fromHex(valueOf(path.facts, "sibling-" + std::to_string(level))));
        const bool right = pathBit(accountId(w.layer.alice.xOnlyPublicKey()).key(), depth - level);
        node = right ? field::hashPair(field::SpongeTag::Node, sibling.view(), node.view())
                     : field::hashPair(field::SpongeTag::Node, node.view(), sibling.view());
    }
    QCOMPARE(node.hex(), w.layer.head().stateRoot.hex());

    const Report payment = verify::check(w.paymentFile(1), w.terms());
    QCOMPARE(valueOf(payment.find("transaction-path")->facts, "place"), std::string("2"));
    QCOMPARE(valueOf(payment.find("transaction-path")->facts, "of"), std::string("3"));
    QCOMPARE(valueOf(payment.find("transaction-path")->facts, "leaf"), w.payments[1].hash().hex());
    const verify::Check& seal = *payment.find("seal");
    QCOMPARE(valueOf(seal.facts, "anchors"), std::string("2"));
    QCOMPARE(valueOf(seal.facts, "sealed-hash"), w.layer.head().hash().hex());
    QCOMPARE(valueOf(seal.facts, "confirmations"), std::string("3"));
    QCOMPARE(namesOf(payment),
             (std::vector<std::string>{"network", "bitcoin-headers", "batch-signature", "batch-links",
                                       "transaction-path", "transaction-signature", "receipt-path",
                                       "bitcoin-block", "seal", "chain-proof"}));
}

void TestCheck::genesisIsComputedNotSigned()
{
    const auto& w = world();
    ProofFile file = w.fileOf(1);
    file.batch = {0};
    file.signature = {};
    file.headers = {w.layer.batches[0].head.header};
    file.anchors.clear();
    file.subject = verify::ShownState{countersId(),
                                      *w.layer.states[0].find(countersId().key()),
                                      w.layer.states[0].prove(countersId().key()),
                                      {}};
    QCOMPARE(failureOf(file), QStringLiteral("valid"));
    file.signature[0] = 1;
    QCOMPARE(failureOf(file), QStringLiteral("batch-signature bad-genesis"));
    file.signature[0] = 0;
    file.headers[0].time += 1;
    QCOMPARE(failureOf(file), QStringLiteral("batch-signature bad-genesis"));
}

void TestCheck::anotherNetworkIsRefused()
{
    const auto& w = world();
    verify::Terms terms = w.terms();
    terms.network = ChainId{digestOf(5).bytes};
    QCOMPARE(failureOf(w.paymentFile(0), terms), QStringLiteral("network other-network"));
    // A network of the liar's own: sound in itself, and not the one of the batches.
    ProofFile foreign = w.paymentFile(0);
    foreign.network.params.minFee = Amount::fromSat(101);
    QCOMPARE(failureOf(foreign, {{}, nullptr, SealedWorld::kNow}),
             QStringLiteral("batch-signature foreign-chain"));
}

void TestCheck::headersOfBitcoinAreChecked()
{
    const auto& w = world();
    const auto changed = [&w](const std::function<void(ProofFile&)>& change) {
        ProofFile file = w.paymentFile(0);
        change(file);
        return failureOf(file);
    };
    QCOMPARE(changed([](ProofFile& f) { f.bitcoin[1][70] ^= 1U; }).left(16),
             QStringLiteral("bitcoin-headers "));
    QCOMPARE(changed([](ProofFile& f) { f.bitcoin.erase(f.bitcoin.begin()); }),
             QStringLiteral("bitcoin-headers verify.broken-link"));
    QCOMPARE(changed([](ProofFile& f) { std::swap(f.bitcoin[0], f.bitcoin[1]); }),
             QStringLiteral("bitcoin-headers verify.broken-link"));
    QCOMPARE(changed([](ProofFile& f) {
                 // Another difficulty, and the work for it.
                 auto header = must(bitcoin::parseBlockHeader(f.bitcoin.back()));
                 header.bits = 0x207ffffe;
                 f.bitcoin.back() = header.serialize();
             }),
             QStringLiteral("bitcoin-headers bitcoin.wrong-difficulty"));
    // A checkpoint at the end of all heights: the next block would be number 0.
    for (const std::uint32_t height : {0xffffffffU, 0xfffffffeU}) {
        const QString ended =
            changed([height](ProofFile& f) { f.network.params.checkpointHeight = {height}; });
        QCOMPARE(ended, QStringLiteral("network other-network"));
        ProofFile file = w.paymentFile(0);
        file.network.params.checkpointHeight = {height};
        const Report report = verify::check(file, {{}, nullptr, SealedWorld::kNow});
        QCOMPARE(report.find("bitcoin-headers")->reason, std::string("verify.heights-end"));
    }
    // Too few of them for the batch.
    QCOMPARE(changed([](ProofFile& f) {
                 f.bitcoin.clear();
                 f.anchors.clear();
                 f.headers.pop_back();
             }),
             QStringLiteral("bitcoin-block block-missing"));
    verify::Terms early = w.terms();
    early.now = 1'600'000'000;
    QCOMPARE(failureOf(w.paymentFile(0), early), QStringLiteral("bitcoin-headers bitcoin.time-too-new"));
    // Another branch, with work and all, that does not hold the batch's block.
    ProofFile forked = w.paymentFile(0);
    MinedChain other;
    other.mineMany(static_cast<unsigned>(forked.bitcoin.size()), 77);
    forked.anchors.clear();
    forked.headers.pop_back();
    for (std::size_t i = 0; i < forked.bitcoin.size(); ++i)
        forked.bitcoin[i] = other.header({MinedChain::kCheckpoint + 1 + static_cast<std::uint32_t>(i)});
    QCOMPARE(failureOf(forked), QStringLiteral("bitcoin-block block-elsewhere"));
}

void TestCheck::headersOfBatchesAreChecked()
{
    const auto& w = world();
    const auto changed = [&w](const std::function<void(ProofFile&)>& change) {
        ProofFile file = w.paymentFile(0);
        change(file);
        return failureOf(file);
    };
    QCOMPARE(changed([](ProofFile& f) { f.signature[3] ^= 1U; }),
             QStringLiteral("batch-signature bad-signature"));
    QCOMPARE(changed([](ProofFile& f) { f.batch.value += 7; }), QStringLiteral("batch-signature no-batch"));
    QCOMPARE(changed([](ProofFile& f) { f.headers.clear(); }), QStringLiteral("batch-signature no-batch"));
    QCOMPARE(changed([](ProofFile& f) { headerIn(f).gasLimit += 1; }),
             QStringLiteral("batch-signature bad-header"));
    QCOMPARE(changed([](ProofFile& f) { headerIn(f).txsRoot.bytes[0] ^= 1U; }),
             QStringLiteral("batch-signature bad-signature"));
    QCOMPARE(changed([](ProofFile& f) { headerIn(f).chainId.bytes[0] ^= 1U; }),
             QStringLiteral("batch-signature foreign-chain"));
    QCOMPARE(changed([](ProofFile& f) { f.headers.front().time += 1; }),
             QStringLiteral("batch-links not-linked"));
    QCOMPARE(changed([](ProofFile& f) { f.headers.front().parent.bytes[9] ^= 1U; }),
             QStringLiteral("batch-links not-linked"));
    // Behind what is signed and sealed nothing vouches for a header.
    QCOMPARE(changed([](ProofFile& f) { f.anchors.clear(); }), QStringLiteral("batch-links headers-beyond"));
    // From another genesis on.
    ProofFile first = w.fileOf(1);
    first.headers.resize(1);
    first.anchors.clear();
    first.headers[0].parent.bytes[0] ^= 1U;
    first.signature = must(signHeader(first.headers[0], w.layer.sequencer)).signature;
    first.subject = verify::ShownState{countersId(),
                                       *w.layer.states[1].find(countersId().key()),
                                       w.layer.states[1].prove(countersId().key()),
                                       {}};
    QCOMPARE(failureOf(first), QStringLiteral("batch-links bad-genesis"));
}

void TestCheck::everyPartOfASubjectIsChecked()
{
    const auto& w = world();
    const auto state = [&w](const std::function<void(verify::ShownState&)>& change) {
        ProofFile file = w.historyFile();
        change(stateOf(file));
        return failureOf(file);
    };
    const QString wrongRoot = QStringLiteral("state-path l2.proof-wrong-root");
    QCOMPARE(state([](auto& s) { s.value->at(8) ^= 1U; }), wrongRoot);
    QCOMPARE(state([](auto& s) { s.object.id[0] ^= 1U; }), wrongRoot);
    QCOMPARE(state([](auto& s) { s.object.kind = ObjectKind::Operator; }), wrongRoot);
    QCOMPARE(state([](auto& s) { s.proof.siblings[0].bytes[0] ^= 1U; }), wrongRoot);
    QCOMPARE(state([](auto& s) { s.proof.siblings.pop_back(); }), wrongRoot);
    QCOMPARE(state([](auto& s) { s.value.reset(); }), QStringLiteral("state-path l2.proof-value-mismatch"));
    const QString incomplete = QStringLiteral("history-complete l2.history-incomplete");
    QCOMPARE(state([](auto& s) { s.history->pop_back(); }), incomplete);
    QCOMPARE(state([](auto& s) { s.history->at(1).index += 1; }), incomplete);
    QCOMPARE(state([](auto& s) { std::swap(s.history->at(0), s.history->at(1)); }), incomplete);
    // A history is an account's.
    ProofFile vault = w.stateFile(vaultId(w.vault.outpoint));
    stateOf(vault).history.emplace();
    QCOMPARE(failureOf(vault), QStringLiteral("history-complete bad-value"));

    const auto payment = [&w](const std::function<void(verify::ShownTransaction&)>& change) {
        ProofFile file = w.paymentFile(0);
        change(paymentOf(file));
        return failureOf(file);
    };
    const QString otherTx = QStringLiteral("transaction-path wrong-root");
    QCOMPARE(payment([](auto& t) { t.transaction[50] ^= 1U; }), otherTx);
    // The list's root does not cover signatures.
    QCOMPARE(payment([](auto& t) { t.transaction.back() ^= 1U; }),
             QStringLiteral("transaction-signature bad-signature"));
    QCOMPARE(payment([](auto& t) { t.path.siblings[0].bytes[0] ^= 1U; }), otherTx);
    QCOMPARE(payment([](auto& t) { t.path.index = 1; }), otherTx);
    QCOMPARE(payment([](auto& t) { t.path.count = 4; }), otherTx);
    QCOMPARE(payment([](auto& t) { t.path.siblings.pop_back(); }),
             QStringLiteral("transaction-path l2.bad-list-path"));
    QCOMPARE(payment([](auto& t) { t.receipt.fee += Amount::fromSat(1); }),
             QStringLiteral("receipt-path wrong-root"));
    QCOMPARE(payment([](auto& t) { t.receiptSiblings[1].bytes[4] ^= 1U; }),
             QStringLiteral("receipt-path wrong-root"));
    const auto batch = [&w](const std::function<void(verify::ShownBatch&)>& change) {
        ProofFile file = w.batchFile();
        change(batchOf(file));
        return failureOf(file);
    };
    QCOMPARE(batch([](auto& b) { b.body.transactions.pop_back(); }),
             QStringLiteral("batch-body l2.body-mismatch"));
    QCOMPARE(batch([](auto& b) { b.body.l1.keep.value += 1; }),
             QStringLiteral("batch-body l2.body-mismatch"));
    QCOMPARE(batch([](auto& b) { b.receipts.pop_back(); }), QStringLiteral("batch-receipts wrong-root"));
    QCOMPARE(batch([](auto& b) { std::swap(b.receipts[0], b.receipts[1]); }),
             QStringLiteral("batch-receipts wrong-root"));
}

void TestCheck::everyLinkOfTheSealsIsChecked()
{
    const auto& w = world();
    const auto changed = [&w](const std::function<void(ProofFile&)>& change) {
        ProofFile file = w.paymentFile(0);
        change(file);
        return failureOf(file);
    };
    const auto anchorChanged = [&changed](std::size_t which,
                                          const std::function<void(bitcoin::Transaction&)>& change) {
        return changed([&](ProofFile& f) {
            auto anchor = must(bitcoin::parseTransaction(f.anchors[which].transaction));
            change(anchor);
            f.anchors[which].transaction = anchor.serialize();
        });
    };
    const QString bad = QStringLiteral("seal bad-anchor");
    QCOMPARE(changed([](ProofFile& f) { f.anchors.erase(f.anchors.begin()); }), bad);
    QCOMPARE(changed([](ProofFile& f) { std::swap(f.anchors[0], f.anchors[1]); }), bad);
    QCOMPARE(changed([](ProofFile& f) { f.anchors[0].height.value += 1; }), bad);
    QCOMPARE(changed([](ProofFile& f) { f.anchors[1].height.value += 50; }), bad);
    QCOMPARE(changed([](ProofFile& f) { f.anchors[1].path.index ^= 1U; }), bad);
    QCOMPARE(changed([](ProofFile& f) { f.anchors[1].path.siblings[0].bytes[0] ^= 1U; }), bad);
    QCOMPARE(changed([](ProofFile& f) { f.anchors[1].transaction.pop_back(); }), bad);
    QCOMPARE(anchorChanged(1, [](auto& t) { t.outputs[1].scriptPubKey.back() ^= 1U; }), bad);
    QCOMPARE(anchorChanged(1, [](auto& t) { t.outputs[0].value -= Amount::fromSat(1); }), bad);
    // The block covers no witness, and on this network anybody makes blocks: who signed is checked.
    QCOMPARE(anchorChanged(1, [](auto& t) { t.inputs[0].witness[0][5] ^= 1U; }), bad);
    QCOMPARE(anchorChanged(1, [](auto& t) { t.inputs[0].witness.clear(); }), bad);
    QCOMPARE(anchorChanged(0, [](auto& t) { t.inputs[0].witness.push_back({1}); }), bad);
    // The network's first seal is another one.
    QCOMPARE(changed([](ProofFile& f) { f.network.seal.outpoint.index += 1; }), bad);
    QCOMPARE(changed([](ProofFile& f) { f.network.seal.value += Amount::fromSat(1); }), bad);
    // The first anchor alone does not reach the payments.
    ProofFile shortOf = w.paymentFile(0);
    shortOf.anchors.pop_back();
    shortOf.headers.pop_back();
    const Report open = verify::check(shortOf, w.terms());
    QVERIFY2(open.valid(), qPrintable(told(open)));
    QCOMPARE(open.find("seal")->reason, std::string("not-sealed"));
    QCOMPARE(open.finality, std::string("sequenced"));
}

/// A refill makes an anchor with more than one input, and the committee's move is a link that names no batch.
void TestCheck::refillsAndMovesAreShown()
{
    const SealedWorld w(true);
    const ProofFile file = w.paymentFile(0);
    const Report report = verify::check(file, w.terms());
    QVERIFY2(report.valid(), qPrintable(told(report)));
    QVERIFY(report.find("seal")->outcome == Outcome::Passed);
    QCOMPARE(valueOf(report.find("seal")->facts, "anchors"), std::string("3"));
    QVERIFY(must(verify::parseProofFile(verify::toText(file))).anchors == file.anchors);

    const auto changed = [&](const std::function<void(ProofFile&)>& change) {
        ProofFile other = file;
        change(other);
        const Report bad = verify::check(other, w.terms());
        return bad.find("seal")->outcome == Outcome::Failed && bad.find("seal")->reason == "bad-anchor";
    };
    const auto transactionChanged = [&changed](std::size_t which, const auto& change) {
        return changed([&](ProofFile& f) {
            auto link = must(bitcoin::parseTransaction(f.anchors[which].transaction));
            change(link);
            f.anchors[which].transaction = link.serialize();
        });
    };
    // The signature covers what further inputs spend.
    QVERIFY(changed([](ProofFile& f) { f.anchors[2].added[0] += Amount::fromSat(1); }));
    QVERIFY(changed([](ProofFile& f) { f.anchors[2].added.clear(); }));
    QVERIFY(changed([](ProofFile& f) { f.anchors[2].added.push_back(Amount::fromSat(1)); }));
    QVERIFY(changed([](ProofFile& f) { f.anchors[0].added = {Amount::fromSat(1)}; }));
    QVERIFY(changed([](ProofFile& f) { f.anchors.erase(f.anchors.begin() + 1); })); // without the move
    // Of the move the committee's signature and its time, by the leaf.
    QVERIFY(transactionChanged(1, [](auto& t) { t.inputs[0].witness[0][3] ^= 1U; }));
    QVERIFY(transactionChanged(1, [](auto& t) { t.inputs[0].witness[1][3] ^= 1U; }));
    QVERIFY(transactionChanged(1, [](auto& t) { t.inputs[0].witness[2][3] ^= 1U; }));
    QVERIFY(transactionChanged(1, [](auto& t) { t.inputs[0].sequence -= 1; }));
}

/// The sequencer signs another batch of that number: Bitcoin says which one counts.
void TestCheck::aSealedHistoryIsNotReplaced()
{
    const auto& w = world();
    ProofFile file = w.paymentFile(0);
    BatchHeader& other = headerIn(file);
    other.time += 1;
    file.signature = must(signHeader(other, w.layer.sequencer)).signature;
    BatchHeader& next = file.headers.back();
    next.parent = other.hash();
    QCOMPARE(failureOf(file), QStringLiteral("seal sealed-otherwise"));
}

void TestCheck::aProofOfTheChainIsHeldAgainstTheBatch()
{
    const auto& w = world();
    const OneProof good = w.proof();
    const auto changed = [&](const std::function<void(OneProof&)>& change) {
        OneProof proof = good;
        change(proof);
        return failureOf(withProof(w.paymentFile(0), proof), w.terms(proof));
    };
    QCOMPARE(changed([](OneProof&) {}), QStringLiteral("valid"));
    QCOMPARE(changed([](OneProof& p) { p.head.hash.bytes[0] ^= 1U; }),
             QStringLiteral("chain-proof other-history"));
    QCOMPARE(changed([](OneProof& p) { p.head.state.bytes[0] ^= 1U; }),
             QStringLiteral("chain-proof other-history"));
    QCOMPARE(changed([](OneProof& p) { p.head.l1Hash.bytes[0] ^= 1U; }),
             QStringLiteral("chain-proof block-elsewhere"));
    QCOMPARE(changed([](OneProof& p) { p.head.l1Height.value += 100; }),
             QStringLiteral("chain-proof block-missing"));
    QCOMPARE(changed([](OneProof& p) { p.head.l1Work[0] ^= 1U; }), QStringLiteral("chain-proof other-work"));
    QCOMPARE(changed([](OneProof& p) { p.head.batch.value += 1; }), QStringLiteral("chain-proof no-batch"));
    QCOMPARE(changed([](OneProof& p) { p.head.batch = {1}; }), QStringLiteral("chain-proof batch-too-new"));
    ProofFile bent = withProof(w.paymentFile(0), good);
    bent.chainProof[0] ^= 1U;
    QCOMPARE(failureOf(bent, w.terms(good)), QStringLiteral("chain-proof proven.not-proven"));
    // Proven, but not sealed: not withdrawable.
    ProofFile unsealed = withProof(w.paymentFile(0), good);
    unsealed.anchors.clear();
    QCOMPARE(verify::check(unsealed, w.terms(good)).finality, std::string("proven"));
}

void TestCheck::aProofThatIsNotUnderstoodIsNoLie()
{
    const auto& w = world();
    OneProof later = w.proof();
    later.refusal = base::makeError(proven::kUnknownProgram);
    ProofFile file = withProof(w.paymentFile(0), later);
    file.chainProof.push_back(0);
    const Report report = verify::check(file, w.terms(later));
    QVERIFY(report.valid());
    QCOMPARE(report.finality, std::string("sealed"));
    QCOMPARE(report.find("chain-proof")->reason, std::string("proven.unknown-program"));
}

/// Every 29th character, each changed to another digit: what is left either is no file, or a check refuses it. Two places
/// are free: where to connect (no part of the network's hash), and the last block of Bitcoin, which no later one holds
/// fast (on regtest every second hash has enough work).
void TestCheck::noDigitCanBeChanged()
{
    const auto& w = world();
    const OneProof proof = w.proof();
    for (const ProofFile& file : {withProof(w.historyFile(), proof), w.paymentFile(1), w.batchFile()}) {
        const std::string text = verify::toText(file);
        const std::size_t urls = text.find("sequencer_urls");
        const std::size_t urlsEnd = text.find(']', urls);
        const std::size_t lastBlock = text.find("\",\n  \"headers\"") - 160;
        int tried = 0;
        for (std::size_t at = 0; at < text.size(); at += 29) {
            if (at >= urls && at <= urlsEnd) continue;
            if (at >= lastBlock && at < lastBlock + 160) continue;
            std::string changed = text;
            changed[at] = text[at] == '7' ? '8' : '7';
            const auto read = verify::parseProofFile(changed);
            ++tried;
            if (!read.ok()) continue;
            const QString failure = failureOf(*read, w.terms(proof));
            QVERIFY2(failure != "valid", qPrintable(QString::fromStdString(text.substr(at, 40))));
        }
        QVERIFY(tried > 200);
    }
}

QTEST_APPLESS_MAIN(TestCheck)
#include "tst_verify_check.moc"
