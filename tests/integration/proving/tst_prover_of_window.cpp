// SPDX-License-Identifier: MIT
// The window's prover, with the real program and a real node: it measures, executes a batch for the node and is seen to do so,
// loses the node and finds it again with another token, is refused with a wrong one, and leaves no process. Proofs of shards
// take longer: tst_proving_whole.
#include "app/services/local/prover_service.h"
#include "tests/integration/proving/prover_process.h"

#include <csignal>
#include <future>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::services;

namespace {
template <typename T>
std::string outcomeOf(const std::function<void(Completion<T>)>& ask)
{
    std::promise<std::string> said;
    ask([&said](const base::Result<T>& result) {
        said.set_value(result.ok() ? "ok"
                                   : std::string(result.error().code.name()) + ' ' + result.error().detail);
    });
    return said.get_future().get();
}

std::string configure(ProverService& service, const std::function<void(ProverSettings&)>& change)
{
    ProverSettings settings = service.view()->settings;
    change(settings);
    return outcomeOf<base::Unit>([&](auto done) { service.configure(settings, std::move(done)); });
}

ProverSetup setupFor(const Bowlined& node, const QTemporaryDir& folder)
{
    ProverSetup out;
    out.dataDir = folder.path().toStdString();
    out.program = BOWLINE_BINARY_DIR "/bin/bowlined";
    out.node = "http://" + node.address();
    out.tokenFile = node.datadir() + "/access.token";
    out.times.look = std::chrono::milliseconds(100);
    out.niceness = 0;
    return out;
}
} // namespace

class TestProverOfWindow : public QObject {
    Q_OBJECT

private slots:
    void worksForANodeAndSaysSo()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        startProving(*s.sequencer, "sqlite");
        const Person alice(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        QTemporaryDir folder;
        LocalProverService service(setupFor(*s.sequencer, folder));
        const auto state = [&] { return service.view()->state; };
        QCOMPARE(configure(service, [](ProverSettings& of) { of.onlyWhenIdle = false; }), std::string("ok"));

        QCOMPARE(outcomeOf<ProverSpeed>([&](auto done) { service.measure(std::move(done)); }),
                 std::string("ok"));
        QVERIFY(service.view()->speed.batchesAnHour > 0);
        qInfo() << "batches an hour:" << service.view()->speed.batchesAnHour << "with"
                << service.view()->speed.threads << "threads:" << service.view()->speed.seconds << "s";

        QCOMPARE(outcomeOf<base::Unit>([&](auto done) { service.start(std::move(done)); }),
                 std::string("ok"));
        QVERIFY2(within(120, [&] { return service.view()->accepted > 0; }), service.view()->detail.c_str());
        const ProverViewPtr seen = service.view();
        QCOMPARE(seen->done.front().kind, std::string("execute"));
        QVERIFY(seen->done.front().meanSeconds > 0);
        QVERIFY(within(30, [&] { return service.view()->queue && service.view()->queue->done > 0; }));
        QCOMPARE(service.view()->queue->provers, std::uint64_t{1});
        QVERIFY(Owner(*s.sequencer).tries("accepted") >= 1);

        // The node goes, and comes back with another token.
        s.sequencer->kill();
        QVERIFY(within(60, [&] {
            return state() == ProverState::NoConnection || service.view()->code == "net.unreachable";
        }));
        s.sequencer->launch();
        QVERIFY(within(60, [&] { return service.view()->code.empty(); }));

        const std::string wrong = folder.path().toStdString() + "/wrong.token";
        QVERIFY(net::AccessToken::generate()->writeFile(wrong).ok());
        QCOMPARE(configure(service, [&](ProverSettings& of) { of.tokenFile = wrong; }), std::string("ok"));
        QVERIFY(within(60, [&] { return state() == ProverState::Refused; }));
        QCOMPARE(service.view()->code, std::string("net.unauthorized"));
        QCOMPARE(configure(service, [](ProverSettings& of) { of.tokenFile.clear(); }), std::string("ok"));
        QVERIFY(
            within(60, [&] { return state() == ProverState::Working || state() == ProverState::Waiting; }));

        const int process = service.view()->process;
        QVERIFY(process > 0 && ::kill(process, 0) == 0);
        QCOMPARE(outcomeOf<base::Unit>([&](auto done) { service.stop(std::move(done)); }), std::string("ok"));
        QVERIFY(::kill(process, 0) != 0);
        QVERIFY(service.view()->accepted > 0); // it stays to be seen
    }
    void aNodeThatHasNothingProvenIsNamed()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        QTemporaryDir folder;
        ProverSetup setup = setupFor(*s.sequencer, folder);
        setup.niceness = base::kLowestPriority; // "only when idle", as it is at first, needs that
        LocalProverService service(std::move(setup));
        QCOMPARE(outcomeOf<base::Unit>([&](auto done) { service.start(std::move(done)); }),
                 std::string("ok"));
        QVERIFY(within(60, [&] { return service.view()->state == ProverState::Refused; }));
        QCOMPARE(service.view()->code, std::string("net.method-not-found"));
    }
};

QTEST_GUILESS_MAIN(TestProverOfWindow)
#include "tst_prover_of_window.moc"
