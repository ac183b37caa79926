// SPDX-License-Identifier: MIT
// A sequencer whose disk fails at each operation of two batches and a reorg: no header leaves that contradicts one that
// left before, and what was promised to a sender is carried out.
#include "app/daemon/sequencer/producer.h"
#include "tests/support/faulty_disk.h"
#include "tests/unit/daemon/fixture.h"

#include <QTest>

#include <filesystem>

using namespace bowline;
using namespace bowline::test;

namespace {

std::uint32_t seeds()
{
    const char* asked = std::getenv("BOWLINE_FAULT_SEEDS");
    return asked == nullptr ? 1 : static_cast<std::uint32_t>(std::max(1, std::atoi(asked)));
}

/// A layer 2 in which Alice has money, its database as a copy to begin with, and a sequencer that may die.
class Works {
public:
    explicit Works(FaultyDisk& disk)
        : m_disk(disk), m_view(layer.chain), m_engine(layer.params, stfProgram()), m_clock(1'700'000'100)
    {
        if (!start()) std::abort();
        const TestVault vault = layer.makeVault(layer.alice, Amount::fromSat(10'000'000));
        static_cast<void>(step());
        if (!m_producer->submit(vault.mint.encode()).ok()) std::abort();
        while (step()) {
        }
        end();
        std::filesystem::copy(path(), path() + ".begin");
        m_begin = layer.chain.tip();
    }

    /// Back to the beginning, with the disk to fail as `arm` says. `survives`: the process goes on after an error.
    void play(const std::function<void()>& arm, bool survives)
    {
        end();
        layer.chain.cut(m_begin);
        m_disk.settle();
        for (const char* tail : {"-wal", "-shm", "-journal"}) std::filesystem::remove(path() + tail);
        std::filesystem::copy(path() + ".begin", path(), std::filesystem::copy_options::overwrite_existing);
        m_left.clear();
        m_promised.clear();
        m_ends = 0;
        m_survives = survives;
        arm();
        work();
    }
    /// What is wrong; empty: nothing.
    [[nodiscard]] std::string fault()
    {
        for (const Transaction& promised : m_promised) {
            if (!must(m_node->store().find(promised.hash()))) return "a promised transaction is in no batch";
        }
        for (const BatchHeader& header : m_left) {
            for (const BatchHeader& other : m_left) {
                const bool isOther = header.height == other.height && header != other;
                if (isOther && m_node->placeOf(header) != daemon::L1Place::Left &&
                    m_node->placeOf(other) != daemon::L1Place::Left) {
                    return "two headers of one height on one chain";
                }
            }
            const bool stands = m_node->placeOf(header) == daemon::L1Place::Stands;
            if (stands && must(m_node->store().header(header.height)).header != header) {
                return "a header that left is not the one that is kept";
            }
        }
        return {};
    }
    [[nodiscard]] unsigned ends() const { return m_ends; }
    void end()
    {
        m_producer.reset();
        m_node.reset();
    }

    Layer layer{1};

private:
    [[nodiscard]] std::string path() const { return m_folder.filePath("l2.sqlite").toStdString(); }
    bool start()
    {
        auto node = daemon::L2Node::open(path(), layer.params, m_engine, m_view);
        if (!node.ok()) return false;
        m_node = std::move(*node);
        m_producer = std::make_unique<daemon::Producer>(*m_node, m_view, layer.sequencer, m_clock);
        return m_producer->restore().ok();
    }
    /// What another process finds, at another time: a batch that it made anew would be another one.
    void revive()
    {
        ++m_ends;
        if (m_survives && m_producer) return m_disk.heal();
        end();
        m_disk.settle();
        m_disk.heal();
        m_clock.set(m_clock.now() + 1'000);
        if (!start()) std::abort();
    }
    bool step()
    {
        const auto made = m_producer->step();
        if (!made.ok()) {
            revive();
            return true; // whatever there was to do
        }
        // The signature leaves: followers have it now.
        if (*made) m_left.push_back(m_node->head().header);
        return *made;
    }
    void pay(std::uint64_t nonce)
    {
        Transaction tx;
        tx.nonce = nonce;
        tx.fee = Amount::fromSat(100);
        tx.payload = Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(1'000)};
        const Transaction ready = layer.sign(tx, layer.alice);
        while (!m_producer->submit(ready.encode()).ok()) {
            if (m_ends > 3) std::abort();
            revive();
        }
        m_promised.push_back(ready);
    }
    void work()
    {
        if (!start()) revive();
        pay(0);
        while (step()) {
        }
        const Height fork = layer.chain.mine();
        pay(1);
        while (step()) {
        }
        layer.chain.cut({fork.value - 1}); // the last batch stood on it
        layer.chain.mineMany(2, 7);
        while (step()) {
        }
    }

    FaultyDisk& m_disk;
    QTemporaryDir m_folder;
    ChainView m_view;
    daemon::StfEngine m_engine;
    base::ManualClock m_clock;
    Height m_begin;
    std::unique_ptr<daemon::L2Node> m_node;
    std::unique_ptr<daemon::Producer> m_producer;
    std::vector<BatchHeader> m_left;
    std::vector<Transaction> m_promised;
    unsigned m_ends = 0;
    bool m_survives = false;
};

} // namespace

class TestSequencerFaults : public QObject {
    Q_OBJECT
private slots:
    void nothingIsSignedTwiceWhereverItIsCutOff();
    void aFullDiskLeavesNothingHalfDone();
    void cleanupTestCase() { qInfo(R"({"figure": "disk_scenarios", "passed": %u})", m_played); }

private:
    void playAll(const std::function<void(std::uint64_t, std::uint32_t)>& arm, std::uint32_t each,
                 bool survives);
    FaultyDisk m_disk;
    unsigned m_played = 0;
};

void TestSequencerFaults::playAll(const std::function<void(std::uint64_t, std::uint32_t)>& arm,
                                  std::uint32_t each, bool survives)
{
    Works works(m_disk);
    bool isOver = false;
    unsigned ends = 0;
    for (std::uint64_t at = 1; !isOver; ++at) {
        for (std::uint32_t seed = 0; seed < each && !isOver; ++seed) {
            works.play([&] { arm(at, seed); }, survives);
            isOver = works.ends() == 0 && !m_disk.hasStruck();
            const std::string wrong = works.fault();
            QVERIFY2(wrong.empty(), (wrong + ", at operation " + std::to_string(at)).c_str());
            ends += works.ends();
            m_played += isOver ? 0 : 1;
        }
    }
    works.end();
    m_disk.settle();
    QVERIFY(ends > 20);
}

void TestSequencerFaults::nothingIsSignedTwiceWhereverItIsCutOff()
{
    playAll(
        [this](std::uint64_t at, std::uint32_t seed) {
            m_disk.crashAt(at, static_cast<Loss>((at + seed) % 3),
                           static_cast<std::uint32_t>(at) * 1'000 + seed);
        },
        seeds(), false);
}

void TestSequencerFaults::aFullDiskLeavesNothingHalfDone()
{
    playAll([this](std::uint64_t at, std::uint32_t) { m_disk.fillUpAt(at); }, 1, true);
    playAll([this](std::uint64_t at, std::uint32_t) { m_disk.breakAt(at); }, 1, true);
}

QTEST_GUILESS_MAIN(TestSequencerFaults)
#include "tst_sequencer_faults.moc"
