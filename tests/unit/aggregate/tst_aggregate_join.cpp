// SPDX-License-Identifier: MIT
// Joins of real lifts: what follows each other joins into one proof, and nothing else does; circuit and native verifier
// judge alike.
#include "core/recursion/witness.h"
#include "core/stark/soundness.h"
#include "tests/unit/aggregate/joined.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::aggregate;
using namespace bowline::test;

namespace {
const Joined& all()
{
    static const Joined out;
    return out;
}
const SpanVerifier& verifier()
{
    static const SpanVerifier out = expect(SpanVerifier::make(all().keys, all().forms));
    return out;
}
std::string native(const SpanProof& proof, const SpanVerifier& by = verifier())
{
    const auto status = by.verify(proof);
    return status.ok() ? "accepted" : status.error().detail;
}
// The first two joined.
const SpanProof& firstTwo()
{
    static const SpanProof out = all().prove(all().lifts[0], all().lifts[1]);
    return out;
}
const std::string kGap = "the right one does not start where the left one ended";

// A program of the lifts' form that checks nothing, and a set of keys that has it among the others.
struct Rogue {
    recursion::Program program = expect(recursion::Circuit(Span::kValues).finish());
    recursion::Machine machine = expect(recursion::Machine::make(program, all().forms[0]));
    KeySet with = expect(
        KeySet::make({all().lift->key().digest, all().join->key().digest, machine.key().verifying().digest}));
    SpanProof left = expect(all().lift->prove(all().span(0, with.root()), all().shards[0]));

    [[nodiscard]] SpanProof proofOf(const Span& span) const
    {
        const auto execution = expect(recursion::execute(program, {}, span.publicValues()));
        return {span, *machine.key().verifying().preprocessed, expect(machine.prove(execution))};
    }
};
const Rogue& rogue()
{
    static const Rogue out;
    return out;
}
// Honest on the left, and on the right a proof whose key is not in the set, with the path of a set in which it is.
recursion::Stream streamWithStranger()
{
    const Joined& a = all();
    recursion::Stream out = expect(a.join->stream(a.keys, a.lifts[0], a.lifts[1]));
    const recursion::Stream other =
        expect(a.join->stream(rogue().with, a.lifts[0], rogue().proofOf(a.lifts[1].span)));
    const auto half = std::ptrdiff_t(out.size() / 2);
    std::copy(other.begin() + half, other.end(), out.begin() + half);
    return out;
}

// What the join's program says of this when the checks with one reason are left out; none are if there is no such reason.
std::string without(const std::string& reason, const recursion::Stream& stream, const Span& whole)
{
    recursion::Program program = all().join->program();
    std::erase_if(program.order, [&](const recursion::Program::Step& step) {
        if (step.kind == recursion::Program::Kind::Path)
            return program.reasons[program.paths[step.index].why] == reason;
        return step.kind == recursion::Program::Kind::Alu && program.alu[step.index].check &&
               program.reasons[program.alu[step.index].why] == reason;
    });
    const auto execution = recursion::execute(program, stream, whole.publicValues());
    return execution.ok() ? "accepted" : execution.error().detail;
}
} // namespace

class TestAggregateJoin : public QObject {
    Q_OBJECT
private slots:
    void shardsOfOneShapeHaveOneLift();
    void keysOfOneFormDifferInTheCommitmentAlone();
    void aFormThatIsTooLowHasNoJoin();
    void aWholeExecutionIsJoined();
    void everyPublicValueIsBound();
    void whatDoesNotFollowDoesNotJoin();
    void nothingFollowsTheEnd();
    void anotherProgramDoesNotJoin();
    void anotherSetOfKeysDoesNotJoin();
    void aKeyThatIsNotInTheSetIsRefused();
    void everyCheckIsNeeded();
    void partOfAnExecutionIsNotTheWhole();
    void changedProofsAreJudgedAlike();
    void theFormsOfReleaseHoldTheJoins();
};

void TestAggregateJoin::shardsOfOneShapeHaveOneLift()
{
    const Joined& a = all();
    QCOMPARE(a.shards.size(), std::size_t{4});
    for (std::size_t i = 0; i < a.shards.size(); ++i) {
        QVERIFY(a.shards[i].heights == a.shape);
        QVERIFY(stark::verifyProof(a.program->key().verifying(), a.statements[i].publicValues(), a.shards[i])
                    .ok());
        QCOMPARE(native(a.lifts[i]), std::string("accepted"));
    }
    QVERIFY(a.statements.back().halted);
}

void TestAggregateJoin::keysOfOneFormDifferInTheCommitmentAlone()
{
    const Joined& a = all();
    std::array<stark::VerifyingKey, 2> forms;
    for (std::size_t i = 0; i < forms.size(); ++i)
        forms[i] = expect(recursion::keyOfForm(a.forms[i], Span::kValues));
    const DigestWords& lift = *a.lift->key().preprocessed;
    QVERIFY(recursion::withCommitment(forms[0], lift).digest == a.lift->key().digest);
    QVERIFY(recursion::withCommitment(forms[1], lift).digest != a.lift->key().digest);
    for (const auto& join : a.joins)
        QVERIFY(recursion::withCommitment(forms[1], *join->key().preprocessed).digest == join->key().digest);
    // No two programs are one, which the set would refuse as a key twice.
    QCOMPARE(a.keys.keys().size(), a.joins.size() + 1);
}

void TestAggregateJoin::aFormThatIsTooLowHasNoJoin()
{
    const recursion::MachineForm& form = all().forms[0];
    recursion::MachineForm low = form;
    low.heights->fill(8);
    QCOMPARE(Join::make({form, form, low}).error().code, recursion::kTooTall);
    QCOMPARE(joinProgram(form, {form.parameters, {}}).error().code, recursion::kTooTall);
}

void TestAggregateJoin::aWholeExecutionIsJoined()
{
    const Joined& a = all();
    QCOMPARE(native(firstTwo()), std::string("accepted"));
    // A join and a lift, until the end.
    const SpanProof whole = a.prove(a.prove(firstTwo(), a.lifts[2]), a.lifts[3]);
    QCOMPARE(native(whole), std::string("accepted"));
    QVERIFY(verifier().verifyExecution(whole, a.program->commitment(), a.statements.back().exitCode).ok());
    QCOMPARE(whole.span.shard.rootBefore, a.statements.front().rootBefore);
    QCOMPARE(whole.span.shard.rootAfter, a.statements.back().rootAfter);
    QVERIFY(whole.span.shard.halted);
    // The other way round, a lift and a join; and two joins.
    const SpanProof lastTwo = a.prove(a.lifts[2], a.lifts[3]);
    const SpanProof both = a.prove(firstTwo(), lastTwo);
    const SpanProof rest = a.prove(a.lifts[0], a.prove(a.lifts[1], lastTwo));
    for (const SpanProof* other : {&rest, &both}) {
        QVERIFY(other->span.publicValues() == whole.span.publicValues());
        QCOMPARE(native(*other), std::string("accepted"));
    }
    // What was joined in which order cannot be seen, but by the program.
    QVERIFY(whole.program != rest.program && whole.program != both.program);
}

void TestAggregateJoin::everyPublicValueIsBound()
{
    const Joined& a = all();
    const stark::VerifyingKey& key = a.join->key();
    const std::vector<Element> values = firstTwo().span.publicValues();
    QVERIFY(stark::verifyProof(key, values, firstTwo().proof).ok());
    QCOMPARE(a.circuit(a.keys, a.lifts[0], a.lifts[1], values), std::string("accepted"));
    std::map<std::string, int> reasons;
    for (std::size_t i = 0; i < Span::kValues; ++i) {
        std::vector<Element> other = values;
        other[i] += Element::from(1);
        QVERIFY(!stark::verifyProof(key, other, firstTwo().proof).ok());
        const std::string why = a.circuit(a.keys, a.lifts[0], a.lifts[1], other);
        QVERIFY(why != "accepted");
        ++reasons[why];
    }
    const std::map<std::string, int> expected{{"the whole begins elsewhere", 10},
                                              {"the whole ends elsewhere", 13},
                                              {"of two programs", 9},
                                              {"under two sets of keys", 8}};
    QVERIFY(reasons == expected);
    // Another number with the same public value.
    for (const auto& change :
         std::vector<std::function<void(Span&)>>{[](Span& x) { x.shard.pcBefore += Element::kModulus; },
                                                 [](Span& x) { x.shard.npcBefore += Element::kModulus; },
                                                 [](Span& x) { x.shard.pcAfter += Element::kModulus; },
                                                 [](Span& x) { x.shard.npcAfter += Element::kModulus; },
                                                 [](Span& x) { x.programLog += Element::kModulus; }}) {
        SpanProof other = firstTwo();
        change(other.span);
        QVERIFY(other.span.publicValues() == values);
        QCOMPARE(native(other), std::string("a number that is no element"));
    }
}

void TestAggregateJoin::whatDoesNotFollowDoesNotJoin()
{
    const Joined& a = all();
    // A gap, repeated, reordered, overlapping.
    const std::vector<std::pair<const SpanProof*, const SpanProof*>> pairs{{&a.lifts[0], &a.lifts[2]},
                                                                           {&a.lifts[0], &a.lifts[0]},
                                                                           {&a.lifts[1], &a.lifts[0]},
                                                                           {&firstTwo(), &a.lifts[1]},
                                                                           {&a.lifts[0], &firstTwo()}};
    for (const auto& [left, right] : pairs) {
        QCOMPARE(a.join->execute(a.keys, *left, *right).error().code, kDoNotJoin);
        QCOMPARE(a.circuit(a.keys, *left, *right, Joined::claimOf(left->span, right->span).publicValues()),
                 kGap);
    }
    // Each part of the state by itself, the right one said to start where the left one ended: then the proof is refused.
    for (const auto& change : std::vector<std::function<void(Span&)>>{
             [](Span& x) { x.shard.pcBefore += 4; }, [](Span& x) { x.shard.npcBefore += 4; },
             [](Span& x) { x.shard.rootBefore[0] += Element::from(1); },
             [](Span& x) { x.shard.rootBefore[7] += Element::from(1); }}) {
        SpanProof right = a.lifts[1];
        change(right.span);
        QCOMPARE(joined(a.lifts[0].span, right.span).error().detail, kGap);
        QCOMPARE(a.circuit(a.keys, a.lifts[0], right, firstTwo().span.publicValues()), kGap);
        SpanProof left = a.lifts[0];
        left.span.shard.pcAfter = right.span.shard.pcBefore;
        left.span.shard.npcAfter = right.span.shard.npcBefore;
        left.span.shard.rootAfter = right.span.shard.rootBefore;
        const std::string why = a.circuit(a.keys, left, right, firstTwo().span.publicValues());
        QVERIFY(why != "accepted" && why != kGap);
        QCOMPARE(why, native(left));
    }
}

void TestAggregateJoin::nothingFollowsTheEnd()
{
    const Joined& a = all();
    const SpanProof& last = a.lifts.back();
    QCOMPARE(a.join->execute(a.keys, last, a.lifts[0]).error().detail,
             std::string("the left one has halted"));
    for (const SpanProof* right : {&a.lifts[0], &last}) {
        QCOMPARE(a.circuit(a.keys, last, *right, Joined::claimOf(last.span, right->span).publicValues()),
                 std::string("the left one has halted"));
    }
}

void TestAggregateJoin::anotherProgramDoesNotJoin()
{
    const Joined& a = all();
    const SpanProof& left = rogue().left;
    const Span next = a.span(1, rogue().with.root());
    // Proofs of anything whose key is in the set: nothing is wrong but that the programs differ.
    for (const auto& change : std::vector<std::function<void(Span&)>>{
             [](Span& x) { x.tables[0] += Element::from(1); },
             [](Span& x) { x.tables[7] += Element::from(1); }, [](Span& x) { ++x.programLog; }}) {
        Span span = next;
        change(span);
        const SpanProof right = rogue().proofOf(span);
        QCOMPARE(joined(left.span, right.span).error().detail, std::string("of two programs"));
        QCOMPARE(a.join->execute(rogue().with, left, right).error().code, kDoNotJoin);
        for (const Span* one : {&left.span, &right.span}) {
            Span whole = Joined::claimOf(left.span, right.span);
            whole.tables = one->tables;
            whole.programLog = one->programLog;
            QCOMPARE(a.circuit(rogue().with, left, right, whole.publicValues()),
                     std::string("of two programs"));
        }
    }
    // The control: with the same program these two do join, as the set has been told to believe anything.
    QVERIFY(a.join->execute(rogue().with, left, rogue().proofOf(next)).ok());
}

void TestAggregateJoin::anotherSetOfKeysDoesNotJoin()
{
    const Joined& a = all();
    // The same shard lifted under another root: a good proof.
    const KeySet other = expect(KeySet::make({a.join->key().digest, a.lift->key().digest}));
    const SpanProof right = expect(a.lift->prove(a.span(1, other.root()), a.shards[1]));
    QCOMPARE(native(right), std::string("under another set of keys"));
    const std::string why = "under two sets of keys";
    QCOMPARE(joined(a.lifts[0].span, right.span).error().detail, why);
    QCOMPARE(a.join->execute(a.keys, a.lifts[0], right).error().code, kDoNotJoin);
    for (const DigestWords& root : {a.keys.root(), other.root()}) {
        Span whole = firstTwo().span;
        whole.keySet = root;
        QCOMPARE(a.circuit(a.keys, a.lifts[0], right, whole.publicValues()), why);
        QCOMPARE(a.circuit(other, a.lifts[0], right, whole.publicValues()), why);
    }
}

void TestAggregateJoin::aKeyThatIsNotInTheSetIsRefused()
{
    const Joined& a = all();
    const std::string why = "a key that is not in the set";
    const SpanProof stranger = rogue().proofOf(a.lifts[1].span);
    QCOMPARE(native(stranger), why);
    QCOMPARE(a.join->execute(a.keys, a.lifts[0], stranger).error().code, kKeyNotInSet);
    // The circuit with a path of another set, in which it is.
    QCOMPARE(without("", streamWithStranger(), firstTwo().span), why);
    // Nor does the proof pass as one under a key of the set, or an honest one as one under another.
    SpanProof posing = stranger;
    posing.program = a.lifts[1].program;
    QVERIFY(native(posing) != "accepted" && native(posing) != why);
    QCOMPARE(a.circuit(a.keys, a.lifts[0], posing, firstTwo().span.publicValues()), native(posing));
    posing = rogue().left;
    posing.program = *rogue().machine.key().verifying().preprocessed;
    const std::string judged = native(posing, expect(SpanVerifier::make(rogue().with, a.forms)));
    QVERIFY(judged != "accepted" && judged != why);
    const SpanProof next = rogue().proofOf(a.span(1, rogue().with.root()));
    QCOMPARE(a.circuit(rogue().with, posing, next, expect(joined(posing.span, next.span)).publicValues()),
             judged);
    // A lift's proof as a join's, and the other way round.
    posing = a.lifts[0];
    posing.program = *a.join->key().preprocessed;
    QCOMPARE(native(posing), why);
    posing = firstTwo();
    posing.program = *a.lift->key().preprocessed;
    QCOMPARE(native(posing), why);
    QCOMPARE(a.join->execute(a.keys, a.lifts[0], firstTwo()).error().code, kDoNotJoin);
    QCOMPARE(a.join->execute(a.keys, firstTwo(), a.lifts[2]).error().code, recursion::kBadWitness);
    // A set that lacks the lift, under whose root both were lifted.
    const KeySet lacking = expect(KeySet::make({a.join->key().digest}));
    const SpanProof left = expect(a.lift->prove(a.span(0, lacking.root()), a.shards[0]));
    const SpanProof right = expect(a.lift->prove(a.span(1, lacking.root()), a.shards[1]));
    QCOMPARE(a.join->execute(lacking, left, right).error().code, kKeyNotInSet);
    QCOMPARE(a.circuit(a.keys, left, right, expect(joined(left.span, right.span)).publicValues()), why);
}

void TestAggregateJoin::everyCheckIsNeeded()
{
    const Joined& a = all();
    struct Attack {
        std::string reason; // of the one check that refuses it
        recursion::Stream stream;
        Span whole;
    };
    std::vector<Attack> attacks;
    const auto add = [&](const std::string& reason, const KeySet& set, const SpanProof& left,
                         const SpanProof& right, const std::function<void(Span&)>& change = {}) {
        Span whole = Joined::claimOf(left.span, right.span);
        if (change) change(whole);
        attacks.push_back({reason, expect(a.join->stream(set, left, right)), whole});
    };
    add(kGap, a.keys, a.lifts[0], a.lifts[2]);
    add("the whole begins elsewhere", a.keys, a.lifts[0], a.lifts[1],
        [](Span& x) { x.shard.rootBefore[3] += Element::from(1); });
    add("the whole begins elsewhere", a.keys, a.lifts[0], a.lifts[1], [](Span& x) { ++x.shard.npcBefore; });
    add("the whole ends elsewhere", a.keys, a.lifts[0], a.lifts[1], [](Span& x) { x.shard.halted = true; });
    add("the whole ends elsewhere", a.keys, a.lifts[0], a.lifts[1],
        [](Span& x) { x.shard.exitCode = 0x10000; });
    const KeySet other = expect(KeySet::make({a.join->key().digest, a.lift->key().digest}));
    add("under two sets of keys", a.keys, a.lifts[0],
        expect(a.lift->prove(a.span(1, other.root()), a.shards[1])));
    Span next = a.span(1, rogue().with.root());
    next.tables[5] += Element::from(1);
    add("of two programs", rogue().with, rogue().left, rogue().proofOf(next));
    Span last = a.lifts.back().span;
    last.keySet = rogue().with.root();
    Span after = last;
    after.shard.rootBefore = last.shard.rootAfter;
    after.shard.pcBefore = 0;
    after.shard.npcBefore = 0;
    add("the left one has halted", rogue().with, rogue().proofOf(last), rogue().proofOf(after));
    attacks.push_back({"a key that is not in the set", streamWithStranger(), firstTwo().span});
    for (const Attack& attack : attacks) {
        QCOMPARE(without("", attack.stream, attack.whole), attack.reason);
        QCOMPARE(without(attack.reason, attack.stream, attack.whole), std::string("accepted"));
    }
}

void TestAggregateJoin::partOfAnExecutionIsNotTheWhole()
{
    const Joined& a = all();
    const proving::ProgramCommitment& program = a.program->commitment();
    const std::uint32_t exitCode = a.statements.back().exitCode;
    const auto why = [&](const SpanProof& proof, std::uint32_t code) {
        const auto status = verifier().verifyExecution(proof, program, code);
        return status.ok() ? std::string("accepted") : status.error().detail;
    };
    QCOMPARE(why(firstTwo(), exitCode), std::string("the execution is not at its end"));
    QCOMPARE(why(a.lifts.back(), exitCode), std::string("not from the program's start"));
    // Said to be whole.
    SpanProof lie = firstTwo();
    lie.span.shard.halted = true;
    lie.span.shard.pcAfter = 0;
    lie.span.shard.npcAfter = 0;
    lie.span.shard.exitCode = exitCode;
    QVERIFY(why(lie, exitCode) != "accepted");
    lie = a.lifts.back();
    lie.span.shard.rootBefore = program.root;
    lie.span.shard.pcBefore = program.pc;
    lie.span.shard.npcBefore = program.npc;
    QVERIFY(why(lie, exitCode) != "accepted");
    proving::ProgramCommitment other = program;
    other.tables[2] += Element::from(1);
    QCOMPARE(verifier().verifyExecution(firstTwo(), other, exitCode).error().detail,
             std::string("of another program"));
    SpanProof halted = a.lifts.back();
    proving::ProgramCommitment fromThere = program;
    fromThere.root = halted.span.shard.rootBefore;
    fromThere.pc = halted.span.shard.pcBefore;
    fromThere.npc = halted.span.shard.npcBefore;
    QVERIFY(verifier().verifyExecution(halted, fromThere, exitCode).ok());
    QCOMPARE(verifier().verifyExecution(halted, fromThere, exitCode + 1).error().detail,
             std::string("another exit code"));
}

void TestAggregateJoin::changedProofsAreJudgedAlike()
{
    const Joined& a = all();
    std::mt19937 random(33);
    std::map<std::string, int> reasons;
    const SpanProof lastTwo = a.prove(a.lifts[2], a.lifts[3]);
    for (const auto& [left, right] :
         {std::pair{&a.lifts[0], &a.lifts[1]}, std::pair{&firstTwo(), &lastTwo}}) {
        const Join& join = a.joinFor(*left, *right);
        const std::vector<Element> whole = expect(joined(left->span, right->span)).publicValues();
        QCOMPARE(a.circuit(a.keys, *left, *right, whole), std::string("accepted"));
        for (int round = 0; round < 120; ++round) {
            const SpanProof& honest = round < 60 ? *left : *right;
            const stark::VerifyingKey key =
                recursion::withCommitment(join.child(round < 60 ? 0 : 1).key, honest.program);
            base::Bytes changed = stark::encode(key, honest.proof);
            const std::size_t room = round % 2 == 0 ? 2000 : changed.size() - 100;
            changed[70 + random() % room] ^= static_cast<std::uint8_t>(1U << random() % 7);
            const auto proof = stark::decode(key, changed);
            if (!proof.ok() || proof->heights != honest.proof.heights) continue;
            const SpanProof child{honest.span, honest.program, *proof};
            const std::string why = native(child);
            QVERIFY(why != "accepted");
            QCOMPARE(round < 60 ? a.circuit(a.keys, child, *right, whole)
                                : a.circuit(a.keys, *left, child, whole),
                     why);
            ++reasons[why];
        }
    }
    for (const auto& [reason, count] : reasons) qInfo() << count << reason.c_str();
    QVERIFY(reasons.size() >= 3);
}

void TestAggregateJoin::theFormsOfReleaseHoldTheJoins()
{
    for (const recursion::MachineForm& left : kForms) {
        for (const recursion::MachineForm& right : kForms) {
            const recursion::MachineHeights least = heightsOf(expect(joinProgram(left, right)));
            for (std::size_t i = 0; i < least.size(); ++i) QVERIFY(least[i] <= (*kJoinForm.heights)[i]);
        }
    }
    for (const recursion::MachineForm& form : kForms) {
        const stark::VerifyingKey key = expect(recursion::keyOfForm(form, Span::kValues));
        const stark::Heights heights(form.heights->begin(), form.heights->end());
        const auto report = stark::soundness(form.parameters, stark::ProofBounds::of(key, heights));
        qInfo().noquote() << "\n" << report.table("lifts and joins").c_str();
        QVERIFY(report.unique >= stark::kProvenBits);
    }
}

QTEST_APPLESS_MAIN(TestAggregateJoin)
#include "tst_aggregate_join.moc"
