// SPDX-License-Identifier: MIT
// core/l2: the executor and its child process: state that was not given, programs that hang, lie or do not
// exist, and random batches on which Go and C++ must agree about every root.
#include "core/l2/child_process.h"
#include "tests/unit/l2/fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

using namespace bowline;
using namespace bowline::test;
using namespace std::chrono_literals;

namespace {
std::string script(const QTemporaryDir& folder, const std::string& body)
{
    const std::string path = folder.filePath("program").toStdString();
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
}
} // namespace

class TestExecutor : public QObject {
    Q_OBJECT
private slots:
    void childGetsItsInputAndNothingElse();
    void childThatHangsIsEnded();
    void childThatFloodsIsEnded();
    void childThatDoesNotReadIsNoTrap();
    void missingProgramIsAnError();
    void programThatLiesIsUnsound();
    void partsOfTheStateThatWereNotGivenAreFetched();
    void headerThatDoesNotComeOutIsInvalid();
    void anotherStateThanTheParentsIsRefused();
    void randomBatchesAgreeWithAModel();
};

void TestExecutor::childGetsItsInputAndNothingElse()
{
    QTemporaryDir folder;
    const Bytes input(300'000, 0x41);
    const auto echoed =
        must(runChild(script(folder, "/bin/cat; /bin/ls /proc/self/fd | /usr/bin/tr '\\n' ' ' >&3; exit 7"),
                      input, 10s, 1U << 20U));
    QCOMPARE(echoed.exitCode, 7);
    QCOMPARE(echoed.result, input);
    // 0, 1, 2, 3 and the one with which ls reads the folder.
    const std::string open(echoed.values.begin(), echoed.values.end());
    QCOMPARE(open, std::string("0 1 2 3 4 "));
    const auto environment = must(runChild(
        script(folder, "/usr/bin/env | /bin/grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD="), {}, 10s, 1000));
    QCOMPARE(environment.result, Bytes{});
}

void TestExecutor::childThatHangsIsEnded()
{
    QTemporaryDir folder;
    const auto start = std::chrono::steady_clock::now();
    const auto result = runChild(script(folder, "exec /bin/sleep 30"), {}, 200ms, 1000);
    QCOMPARE(result.error().code, kStfFailed);
    // It also may not close its outputs and go on.
    const auto closed = runChild(script(folder, "exec /bin/sleep 30 >&- 3>&-"), {}, 200ms, 1000);
    QCOMPARE(closed.error().code, kStfFailed);
    QVERIFY(std::chrono::steady_clock::now() - start < 10s);
}

void TestExecutor::childThatFloodsIsEnded()
{
    QTemporaryDir folder;
    QCOMPARE(runChild(script(folder, "exec /usr/bin/yes"), {}, 10s, 100'000).error().detail,
             std::string("too much output"));
    QCOMPARE(runChild(script(folder, "exec /usr/bin/yes >&3"), {}, 10s, 100'000).error().detail,
             std::string("too much output"));
}

void TestExecutor::childThatDoesNotReadIsNoTrap()
{
    QTemporaryDir folder;
    const Bytes large(5'000'000, 1);
    QCOMPARE(must(runChild(script(folder, "exit 2"), large, 10s, 1000)).exitCode, 2);
}

void TestExecutor::missingProgramIsAnError()
{
    Layer layer;
    const StfExecutor broken(layer.params, nativeProgram({"/nonexistent/bowline-stf"}));
    QCOMPARE(broken.genesis().error().code, kStfFailed);
    QCOMPARE(broken.propose(layer.head(), layer.state(), layer.nextTime(), layer.bodyWith({})).error().code,
             kStfFailed);
}

void TestExecutor::programThatLiesIsUnsound()
{
    Layer layer;
    layer.fund(layer.alice);
    QTemporaryDir folder;
    const std::string real = std::string(BOWLINE_BINARY_DIR) + "/bin/bowline-stf";
    const BatchBody body =
        layer.bodyWith({layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(1)})});
    const auto outcome = [&](const std::string& program) {
        const StfExecutor liar(layer.params, nativeProgram({program}));
        return liar.propose(layer.head(), layer.state(), layer.nextTime(), body);
    };
    QVERIFY(outcome(real).ok());
    QCOMPARE(outcome(script(folder, "/bin/cat >/dev/null")).error().code, kStfUnsound);
    QCOMPARE(outcome(script(folder, "/bin/cat >/dev/null; exit 1")).error().code, kStfUnsound);
    QCOMPARE(outcome(script(folder, "/bin/cat >/dev/null; exit 3")).error().code, kStfUnsound);
    QCOMPARE(outcome(script(folder, "/bin/cat >/dev/null; exit 2")).error().code, kStfFailed);
    // The real result with its last changed object cut off, or one bit of it turned.
    QCOMPARE(outcome(script(folder, real + " | /usr/bin/head -c 700")).error().code, kStfUnsound);
    QCOMPARE(outcome(script(folder, real + " | /usr/bin/tr '\\143' '\\142'")).error().code, kStfUnsound);
}

void TestExecutor::partsOfTheStateThatWereNotGivenAreFetched()
{
    Layer layer;
    layer.registerOperator(0);
    layer.fund(layer.alice);
    // The owner of a withdrawal that is made and accepted in one batch cannot be guessed from the state, but
    // is a sender of the batch; a proof for withdrawal made here is: its operator is, too.
    const Transaction request = layer.make(
        layer.alice,
        WithdrawRequest{Amount::fromSat(20'000), {}, bitcoin::payToTaproot(keyOf(3).xOnlyPublicKey())});
    const std::uint64_t id = withdrawalNumber(request.hash());
    const auto done = layer.commit({request, layer.make(layer.operators[0], WithdrawAccept{id})});
    QCOMPARE(done.runs, 1U);
    // A rejected request leaves its nonce to the next one.
    Transaction bad = request;
    bad.nonce += 1;
    std::get<WithdrawRequest>(bad.payload).amount = Amount::fromSat(1);
    Transaction good = request;
    good.nonce += 1;
    const auto result =
        layer.propose(layer.bodyWith({layer.sign(bad, layer.alice), layer.sign(good, layer.alice)}));
    QCOMPARE(std::get<Execution>(result).receipts.size(), std::size_t{1});
    // Asked to run without any foreknowledge, the program names what it needs, key by key.
    base::Writer frame;
    const Bytes params = layer.params.encode();
    const Bytes body = layer.bodyWith({}).encode();
    frame.u8(0);
    frame.u32le(static_cast<std::uint32_t>(params.size()));
    frame.bytes(params);
    frame.bytes(layer.head().encode());
    frame.u64le(layer.nextTime());
    frame.u32le(static_cast<std::uint32_t>(body.size()));
    frame.bytes(body);
    frame.bytes(layer.state().witness({}));
    const auto output =
        must(runChild(std::string(BOWLINE_BINARY_DIR) + "/bin/bowline-stf", frame.data(), 10s, 10'000));
    QCOMPARE(output.exitCode, 3);
    QCOMPARE(base::toHex(ByteView(output.result).subspan(1)), l1ViewId().key().hex());
    QVERIFY(output.values.empty());
}

void TestExecutor::headerThatDoesNotComeOutIsInvalid()
{
    Layer layer;
    layer.fund(layer.alice);
    const BatchBody body = layer.bodyWith({});
    const BatchHeader right = std::get<Execution>(layer.propose(body)).header;
    const auto changed = [&](void (*change)(BatchHeader&)) {
        BatchHeader header = right;
        change(header);
        const auto result = must(layer.executor.apply(layer.head(), layer.state(), header, body));
        const auto* invalid = std::get_if<InvalidBatch>(&result);
        return invalid != nullptr ? invalid->reason : std::string();
    };
    QCOMPARE(changed([](BatchHeader&) {}), std::string());
    QCOMPARE(changed([](BatchHeader& h) { h.stateRoot.bytes[0] ^= 1; }), std::string("header-mismatch"));
    QCOMPARE(changed([](BatchHeader& h) { h.height.value += 1; }), std::string("header-mismatch"));
    QCOMPARE(changed([](BatchHeader& h) { h.inboxCount += 1; }), std::string("header-mismatch"));
    QCOMPARE(changed([](BatchHeader& h) { h.l1Hash.bytes[0] ^= 1; }), std::string("header-mismatch"));
    QCOMPARE(changed([](BatchHeader& h) { h.time = 0; }), std::string("time-not-later"));
}

void TestExecutor::anotherStateThanTheParentsIsRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    const auto result =
        layer.executor.propose(layer.head(), layer.states[0], layer.nextTime(), layer.bodyWith({}));
    QCOMPARE(result.error().code, kStfFailed);
    BatchHeader foreign = layer.head();
    foreign.chainId.bytes[0] ^= 1;
    QVERIFY(!layer.executor.propose(foreign, layer.state(), layer.nextTime(), layer.bodyWith({})).ok());
}

// Transfers between a few people, good and bad ones mixed; balances and nonces kept by a model beside it.
// Each batch's root is computed by both sides (the executor compares), and a follower repeats it.
void TestExecutor::randomBatchesAgreeWithAModel()
{
    Layer layer;
    std::vector<crypto::PrivateKey> people;
    for (int i = 20; i < 26; ++i) people.push_back(keyOf(static_cast<std::uint8_t>(i)));
    struct Model {
        std::int64_t btc = 0;
        std::uint64_t nonce = 0;
    };
    std::vector<Model> model(people.size());
    for (std::size_t i = 0; i < 3; ++i) {
        layer.fund(people[i], Amount::fromSat(1'000'000));
        model[i].btc = 1'000'000;
    }
    std::mt19937_64 random(20230103);
    std::uint64_t applied = 0;
    for (int round = 0; round < 12; ++round) {
        if (round % 3 == 0) layer.chain.mine();
        std::vector<Transaction> transactions;
        std::vector<bool> expected;
        for (int i = 0; i < 15; ++i) {
            const std::size_t from = random() % people.size();
            const std::size_t to = random() % people.size();
            const auto amount = static_cast<std::int64_t>(random() % 400'000);
            Transaction tx;
            tx.nonce = model[from].nonce + (random() % 8 == 0 ? 1 : 0);
            tx.fee = Amount::fromSat(static_cast<std::int64_t>(90 + random() % 100));
            tx.payload = Transfer{people[to].xOnlyPublicKey(), Amount::fromSat(amount)};
            tx = layer.sign(tx, people[from]);
            const bool forged = random() % 10 == 0;
            if (forged) tx.signature[0] ^= 1;
            const bool good = !forged && tx.nonce == model[from].nonce && tx.fee.sat() >= 100 && amount > 0 &&
                              model[from].btc >= amount + tx.fee.sat();
            if (good) {
                model[from].btc -= amount + tx.fee.sat();
                model[to].btc += amount;
                model[from].nonce += 1;
            }
            expected.push_back(good);
            transactions.push_back(tx);
        }
        const auto result = layer.propose(layer.bodyWith(transactions));
        const auto& proposed = std::get<Execution>(result);
        std::vector<bool> actual(transactions.size(), true);
        for (const RejectedTransaction& rejected : proposed.rejected) actual[rejected.index] = false;
        QCOMPARE(actual, expected);
        std::vector<Transaction> good;
        for (const Bytes& encoded : proposed.body.transactions)
            good.push_back(must(parseTransaction(encoded)));
        applied += good.size();
        const BatchHeader parent = layer.head();
        const StateTree before = layer.state();
        layer.commit(good);
        const auto followed =
            must(layer.executor.apply(parent, before, layer.head(), layer.batches.back().body));
        QCOMPARE(std::get<Execution>(followed).state.root(), layer.state().root());
        for (std::size_t i = 0; i < people.size(); ++i) {
            QCOMPARE(layer.balance(people[i]).sat(), model[i].btc);
            QCOMPARE(layer.account(people[i]).nonce, model[i].nonce);
        }
        QVERIFY(layer.conserved());
    }
    QVERIFY(applied > 40 && applied < 160);
}

QTEST_APPLESS_MAIN(TestExecutor)
#include "tst_l2_executor.moc"
