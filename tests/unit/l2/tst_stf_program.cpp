// SPDX-License-Identifier: MIT
// The program announces its successor (rule B13), as the chain of proofs reads it.
#include "core/aggregate/chain_state.h"
#include "core/crypto/hash.h"
#include "tests/unit/l2/seal_scene.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {

/// Eight elements of the field.
Digest programId(std::uint8_t number)
{
    Digest out;
    for (std::size_t i = 0; i < 8; ++i) out.bytes[4 * i] = number;
    return out;
}

struct ProgramScene : SealScene {
    [[nodiscard]] Transaction announce(const Digest& program, std::uint32_t delay,
                                       const crypto::PrivateKey& key) const
    {
        ProgramChange change;
        change.number = layer.chainObject().announcements;
        change.program = program;
        change.delay = delay;
        return signedBy(change, key);
    }
    [[nodiscard]] Transaction signedBy(ProgramChange change, const crypto::PrivateKey& key) const
    {
        const Digest message = programMessage(layer.chainId, change);
        change.committeeSignature = must(crypto::signSchnorr(key, message.view()));
        Transaction out;
        out.payload = change;
        return out;
    }
    [[nodiscard]] Transaction announce(const Digest& program) const
    {
        return announce(program, layer.params.leastProgramDelay(), layer.committee);
    }
    /// One batch that confirms the blocks up to this height.
    Execution confirmUpTo(Height height)
    {
        while (layer.chain.tip() < height + layer.params.depth) layer.chain.mine();
        return layer.commit();
    }
};

/// What a chain of proofs up to that batch says is due for the next one.
aggregate::DigestWords dueBehind(const Statement& statement, const aggregate::DigestWords& now)
{
    aggregate::ChainState out;
    out.program = now;
    const Bytes journal = statement.encode();
    for (std::size_t i = 0; i < aggregate::kKeptFields.size(); ++i) {
        const auto& field = aggregate::kKeptFields.at(i);
        std::copy_n(journal.begin() + std::ptrdiff_t(field.at), field.bytes,
                    out.kept.begin() + std::ptrdiff_t(aggregate::keptOffset(aggregate::Kept(i))));
    }
    return out.nextProgram();
}

} // namespace

class TestStfProgram : public QObject {
    Q_OBJECT
private slots:
    void onlyTheCommitteeAnnounces();
    void theDelayIsLongEnoughToLeave();
    void anAnnouncementIsGoodOnce();
    void theDelayBeginsWithTheSeal();
    void theProgramTakesOverAtItsBatch();
    void anAnnouncementIsTakenBack();
};

void TestStfProgram::onlyTheCommitteeAnnounces()
{
    ProgramScene s;
    const std::uint32_t delay = s.layer.params.leastProgramDelay();
    const std::string refused = "program-bad-committee-signature";
    for (const auto* key : {&s.layer.sequencer, &s.layer.alice})
        QCOMPARE(s.layer.refusal(s.announce(programId(7), delay, *key)), refused);
    const Transaction good = s.announce(programId(7));
    const auto changed = [&good](const std::function<void(ProgramChange&)>& change) {
        Transaction out = good;
        change(std::get<ProgramChange>(out.payload));
        return out;
    };
    QCOMPARE(s.layer.refusal(changed([](auto& c) { c.program.bytes[0] ^= 1; })), refused);
    QCOMPARE(s.layer.refusal(changed([](auto& c) { c.delay += 1; })), refused);
    Transaction sent = good;
    sent.fee = s.layer.params.minFee;
    QCOMPARE(s.layer.refusal(sent), std::string("program-with-sender"));
    // Another network's.
    ProgramChange foreign = std::get<ProgramChange>(good.payload);
    const Digest message = programMessage(ChainId{digestOf(5).bytes}, foreign);
    foreign.committeeSignature = must(crypto::signSchnorr(s.layer.committee, message.view()));
    QCOMPARE(s.layer.refusal(changed([&](auto& c) { c = foreign; })), refused);
    Digest none = programId(7);
    std::fill_n(none.bytes.begin(), 4, std::uint8_t{0xff}); // no element of the field
    QCOMPARE(s.layer.refusal(s.announce(none)), std::string("program-bad-id"));
    QCOMPARE(s.layer.refusal(good), std::string());
}

void TestStfProgram::theDelayIsLongEnoughToLeave()
{
    ProgramScene s;
    const NetworkParams& p = s.layer.params;
    const std::uint32_t least = p.leastProgramDelay();
    QCOMPARE(least, p.refundBlocks + 2 * (p.payWindow + p.depth + p.reclaimMargin));
    const std::string refused = "program-delay";
    for (const std::uint32_t delay : {0U, least - 1, kMaxProgramDelay + 1, 0xffffffffU})
        QCOMPARE(s.layer.refusal(s.announce(programId(7), delay, s.layer.committee)), refused);
    for (const std::uint32_t delay : {least, kMaxProgramDelay})
        QCOMPARE(s.layer.refusal(s.announce(programId(7), delay, s.layer.committee)), std::string());
}

void TestStfProgram::anAnnouncementIsGoodOnce()
{
    ProgramScene s;
    const Transaction first = s.announce(programId(7));
    s.layer.commit({first});
    QCOMPARE(s.layer.refusal(first), std::string("program-number"));
    QCOMPARE(s.layer.refusal(s.announce(programId(8))), std::string("program-announced-already"));
    s.layer.commit({s.announce({}, 0, s.layer.committee)});
    QCOMPARE(s.layer.refusal(first), std::string("program-number"));
    QCOMPARE(s.layer.refusal(s.announce(programId(8))), std::string());
}

/// A sequencer that holds its view back could else let the delay begin in the past.
void TestStfProgram::theDelayBeginsWithTheSeal()
{
    ProgramScene s;
    s.layer.commit();
    s.sealHead();
    const Execution announced = s.layer.commit({s.announce(programId(7))});
    QCOMPARE(announced.statement.nextProgramId, programId(7));
    QCOMPARE(announced.statement.activationBatch, 0ULL);
    const auto number = announced.header.height;
    QCOMPARE(s.layer.chainObject().announcedBatch, number);
    // An anchor for a batch before it does not count.
    s.bring(s.anchor(SealScene::naming(s.layer.batches[number.value - 1].head.header)));
    QCOMPARE(s.layer.chainObject().sealedBatch.value, number.value - 1);
    QCOMPARE(s.layer.chainObject().activationHeight, Height{0});
    const Height sealed = s.mine({s.anchor(SealScene::naming(announced.header))});
    s.layer.confirm();
    s.layer.commit({s.proof(sealed)});
    QCOMPARE(s.layer.chainObject().activationHeight, sealed + s.layer.params.leastProgramDelay());
    // A later anchor changes nothing.
    s.sealHead();
    QCOMPARE(s.layer.chainObject().activationHeight, sealed + s.layer.params.leastProgramDelay());
}

void TestStfProgram::theProgramTakesOverAtItsBatch()
{
    ProgramScene s;
    const auto words = [](const Digest& id) { return field::elementsOf(id.view()); };
    const auto now = words(programId(1));
    s.layer.commit({s.announce(programId(7))});
    s.sealHead();
    const Height at = s.layer.chainObject().activationHeight;
    Execution before = s.confirmUpTo({at.value - 1});
    QCOMPARE(before.statement.activationBatch, 0ULL);
    QVERIFY(dueBehind(before.statement, now) == now);
    const Execution last = s.confirmUpTo(at);
    const base::BatchNumber next{last.header.height.value + 1};
    QCOMPARE(last.statement.activationBatch, next.value);
    QCOMPARE(last.statement.nextProgramId, programId(7));
    QVERIFY(dueBehind(last.statement, now) == words(programId(7)));
    QCOMPARE(*s.layer.chainObject().programOf(next), programId(7));
    QVERIFY(!s.layer.chainObject().programOf(last.header.height));
    // Too late to take it back: from the next batch on it has taken over.
    QCOMPARE(s.layer.refusal(s.announce({}, 0, s.layer.committee)), std::string("program-not-announced"));
    const Execution first = s.layer.commit();
    QCOMPARE(first.header.height, next);
    QCOMPARE(first.statement.activationBatch, 0ULL);
    QCOMPARE(first.statement.nextProgramId, Digest{});
    QVERIFY(dueBehind(first.statement, words(programId(7))) == words(programId(7)));
    QCOMPARE(*s.layer.chainObject().programOf({next.value + 1}), programId(7));
    QCOMPARE(s.layer.refusal(s.announce(programId(8))), std::string());
}

void TestStfProgram::anAnnouncementIsTakenBack()
{
    ProgramScene s;
    const auto back = [&s] { return s.announce({}, 0, s.layer.committee); };
    QCOMPARE(s.layer.refusal(back()), std::string("program-not-announced"));
    s.layer.commit({s.announce(programId(7))});
    s.sealHead();
    const Height at = s.layer.chainObject().activationHeight;
    QCOMPARE(s.layer.refusal(s.announce({}, 0, s.layer.sequencer)),
             std::string("program-bad-committee-signature"));
    s.confirmUpTo({at.value - 1});
    s.layer.chain.mine();
    const Execution done = s.layer.commit({back()}); // in the very batch that would make it due
    QCOMPARE(done.statement.activationBatch, 0ULL);
    QCOMPARE(done.statement.nextProgramId, Digest{});
    s.layer.commit();
    QVERIFY(!s.layer.chainObject().programOf({s.layer.head().height.value + 1}));
    QCOMPARE(s.layer.chainObject().announcements, 2U);
    QVERIFY(s.layer.conserved());
}

QTEST_GUILESS_MAIN(TestStfProgram)
#include "tst_stf_program.moc"
