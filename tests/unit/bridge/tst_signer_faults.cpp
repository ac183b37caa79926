// SPDX-License-Identifier: MIT
// A signer whose disk fails at each operation of a ceremony: it never signs twice in one session, never with one nonce
// for two sessions, never for two graphs of a deposit, and the deposit comes about all the same.
#include "app/daemon/signer/signer_store.h"
#include "core/crypto/hash.h"
#include "tests/support/fault_play.h"
#include "tests/unit/bridge/fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;
using bowline::test::FaultPlay;
using bowline::test::FaultStage;
using bowline::test::FaultyDisk;
using bowline::test::Loss;
using daemon::SignerStore;

namespace {

std::uint32_t seeds()
{
    const char* asked = std::getenv("BOWLINE_FAULT_SEEDS");
    return asked == nullptr ? 1 : static_cast<std::uint32_t>(std::max(1, std::atoi(asked)));
}

void removeStore(const std::string& path)
{
    for (const char* tail : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + tail);
}

/// A committee of two, of which the first keeps what it must in a file on the failing disk.
class Signers {
public:
    Signers(FaultyDisk& disk, std::string path) : party(2, 2), m_disk(disk), m_path(std::move(path))
    {
        removeStore(m_path);
        party.keep = [this](std::size_t member, const Effects& effects) -> std::optional<MemberMemory> {
            if (member != 0 || effects.empty()) return std::nullopt;
            return keep(effects);
        };
        party.postOffers();
    }
    /// To the end, with the next failure of the disk as it was told.
    [[nodiscard]] bool run()
    {
        bool signedByAll = party.run();
        // Kept and not posted: a member posts it once more after ten silent turns.
        for (int silence = 0; silence < 3 && !signedByAll; ++silence) {
            party.repost();
            signedByAll = party.run();
        }
        m_store.reset();
        return signedByAll;
    }
    [[nodiscard]] std::string phases() const
    {
        std::string out;
        for (const auto& member : party.members) out += std::string(phaseName(member->phase())) + ' ';
        for (const Bytes& bytes : party.relay.messages()) {
            const Message message = must(openMessage(bytes, party.network.context->chainId));
            out += std::to_string(static_cast<int>(message.type));
        }
        return out;
    }
    /// What somebody could hold against the member; empty: nothing.
    [[nodiscard]] std::string fault() const
    {
        if (!party.evidence.empty()) return "evidence: " + std::string(faultName(party.evidence[0].fault));
        std::map<std::tuple<XOnlyPublicKey, MessageType, Digest>, Bytes> said;
        std::map<crypto::PublicNonce, Digest> sessionOfNonces;
        std::set<Digest> roots;
        for (const Bytes& bytes : party.relay.messages()) {
            const Message message = must(openMessage(bytes, party.network.context->chainId));
            if (message.session == Digest{}) continue; // nothing secret is used for it
            const Payload payload = must(decodePayload(message));
            const auto [first, isFirst] =
                said.try_emplace({message.sender, message.type, message.session}, encodePayload(payload));
            if (!isFirst && first->second != encodePayload(payload)) return "two messages in one place";
            if (const auto* holding = std::get_if<HoldingPayload>(&payload)) roots.insert(holding->graphRoot);
            const auto* nonces = std::get_if<NoncesPayload>(&payload);
            for (std::size_t i = 0; nonces != nullptr && i < nonces->nonces.size(); ++i) {
                const auto [session, isNew] = sessionOfNonces.try_emplace(nonces->nonces[i], message.session);
                if (!isNew && session->second != message.session) return "a nonce of two sessions";
            }
        }
        return roots.size() <= 1 ? std::string() : "two graphs of one deposit";
    }
    /// What was sent is in the file.
    [[nodiscard]] std::string forgotten()
    {
        SignerStore store = must(SignerStore::open(m_path));
        const MemberMemory memory = must(store.memoryOf(party.deposit.terms()));
        if (!memory.confirmSignature || !memory.boundRoot) return "the signature";
        if (must(store.boundFundings()).size() != standardOffers(party.network).size()) return "the fundings";
        return {};
    }

    Party party;
    unsigned ends = 0;

private:
    std::optional<MemberMemory> keep(const Effects& effects)
    {
        if (!m_store) {
            auto opened = SignerStore::open(m_path);
            if (!opened.ok()) return end();
            m_store.emplace(std::move(*opened));
        }
        if (m_store->keep(party.deposit.terms(), effects).ok()) return std::nullopt;
        return end();
    }
    MemberMemory end()
    {
        ++ends;
        m_store.reset();
        m_disk.settle();
        m_disk.heal();
        m_store.emplace(must(SignerStore::open(m_path)));
        return must(m_store->memoryOf(party.deposit.terms()));
    }

    FaultyDisk& m_disk;
    std::string m_path;
    std::optional<SignerStore> m_store;
};

} // namespace

class TestSignerFaults : public QObject {
    Q_OBJECT
private slots:
    void aCeremonyThatIsCutOffAnywhereEndsWell();
    void aFullDiskLetsNothingOut();
    void everyDecisionIsKeptWholeOrNot();
    void cleanupTestCase() { qInfo(R"({"figure": "disk_scenarios", "passed": %u})", m_played); }

private:
    [[nodiscard]] std::string path() const { return m_folder.filePath("signer.sqlite").toStdString(); }
    void playCeremonies(const std::function<void(std::uint64_t, std::uint32_t)>& arm, std::uint32_t each);

    FaultyDisk m_disk;
    QTemporaryDir m_folder;
    unsigned m_played = 0;
};

void TestSignerFaults::playCeremonies(const std::function<void(std::uint64_t, std::uint32_t)>& arm,
                                      std::uint32_t each)
{
    unsigned ends = 0;
    bool isOver = false;
    for (std::uint64_t at = 1; !isOver; ++at) {
        for (std::uint32_t seed = 0; seed < each && !isOver; ++seed) {
            m_disk.settle();
            Signers committee(m_disk, path());
            arm(at, seed);
            const std::string where =
                " at operation " + std::to_string(at) + ", seed " + std::to_string(seed);
            QVERIFY2(committee.run(), ("not signed" + where + ": " + committee.phases()).c_str());
            isOver = committee.ends == 0 && !m_disk.hasStruck();
            m_disk.settle();
            QVERIFY2(committee.fault().empty(), (committee.fault() + where).c_str());
            QVERIFY2(committee.forgotten().empty(), (committee.forgotten() + where).c_str());
            m_disk.settle();
            ends += committee.ends;
            m_played += isOver ? 0 : 1;
        }
    }
    QVERIFY(ends > 20); // each ceremony writes more than that
}

void TestSignerFaults::aCeremonyThatIsCutOffAnywhereEndsWell()
{
    playCeremonies(
        [this](std::uint64_t at, std::uint32_t seed) {
            m_disk.crashAt(at, static_cast<Loss>((at + seed) % 3),
                           static_cast<std::uint32_t>(at) * 1'000 + seed);
        },
        seeds());
}

void TestSignerFaults::aFullDiskLetsNothingOut()
{
    playCeremonies([this](std::uint64_t at, std::uint32_t) { m_disk.fillUpAt(at); }, 1);
}

void TestSignerFaults::everyDecisionIsKeptWholeOrNot()
{
    const DepositTerms terms = standardTerms();
    const auto keep = [terms](Effects effects) {
        return
            [terms, effects = std::move(effects)](SignerStore& store) { return store.keep(terms, effects); };
    };
    Effects joined;
    joined.joinedAttempt = 1;
    joined.ownProposal = Bytes(900, 7);
    Effects partials;
    partials.released.push_back(
        {crypto::sha256(Bytes{1}), 1, crypto::sha256(Bytes{2}), false, {outpointOf("a"), outpointOf("b")}});
    Effects confirm;
    confirm.released.push_back({crypto::sha256(Bytes{1}), 1, crypto::sha256(Bytes{2}), true, {}});
    confirm.confirmSignature = Signature64{1, 2, 3};
    const bitcoin::Transaction veto = must(Deposit::create(makeNetwork(2, 2).context, terms)).confirm();

    FaultStage<SignerStore> stage;
    stage.name = "decisions";
    stage.reset = [this] { removeStore(path()); };
    stage.open = [this]() -> base::Result<std::unique_ptr<SignerStore>> {
        BOWLINE_TRY(SignerStore store, SignerStore::open(path()));
        return std::make_unique<SignerStore>(std::move(store));
    };
    stage.steps = {keep(joined), keep(partials), keep(confirm),
                   [veto](SignerStore& store) { return store.keepVeto(veto.txid(), veto); },
                   [terms](SignerStore& store) { return store.releaseFundings(terms.request); }};
    stage.picture = [this] { return bowline::test::databaseText(path()); };
    stage.complaint = [](SignerStore& store) { return store.deposits().ok() ? "" : "cannot be read"; };
    FaultPlay<SignerStore> play(m_disk, std::move(stage));
    for (const auto& wrong : {play.crashes(seeds()), play.full(seeds()), play.broken(seeds())}) {
        QVERIFY2(!wrong, wrong ? wrong->c_str() : "");
    }
    m_played += play.played();
}

QTEST_GUILESS_MAIN(TestSignerFaults)
#include "tst_signer_faults.moc"
