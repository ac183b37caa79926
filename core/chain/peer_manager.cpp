// SPDX-License-Identifier: MIT
#include "core/chain/peer_manager.h"

#include "core/base/log.h"
#include "core/crypto/random.h"

namespace bowline::chain {

using base::Height;

namespace {
constexpr base::UnixTime kBanTime = 24 * 60 * 60;
constexpr std::size_t kMaxSeedAddresses = 1000;
// A connection that lasted so long was a good one: its end is no reason for a longer pause.
constexpr std::chrono::seconds kLasting{10};

std::uint32_t randomBelow(std::size_t bound)
{
    base::ByteArray<4> bytes{};
    if (!crypto::randomBytes(bytes).ok()) return 0;
    return base::Reader(bytes).u32le() % static_cast<std::uint32_t>(bound);
}
} // namespace

PeerManager::PeerManager(asio::any_io_executor executor, PeerManagerConfig config, const HeaderChain& chain,
                         ChainStore& store, const base::Clock& clock, PeerEvents& events, Signal& changed)
    : m_executor(std::move(executor)), m_config(std::move(config)), m_chain(chain), m_store(store),
      m_clock(clock), m_events(events), m_changed(changed)
{
    for (const std::string& address : m_config.addresses) {
        Candidate candidate;
        candidate.address = address;
        candidate.manual = true;
        m_candidates.push_back(std::move(candidate));
    }
    loadBans();
}

void PeerManager::loadBans()
{
    const base::UnixTime now = m_clock.now();
    const auto bans = m_store.activeBans(now);
    if (!bans.ok()) {
        base::logWarning("chain", "bans are unreadable: " + bans.error().detail);
        return;
    }
    for (const BanRecord& ban : *bans) {
        for (Candidate& candidate : m_candidates) {
            if (candidate.address != ban.address) continue;
            // A clock that ran ahead when it was written must not make it last longer.
            candidate.bannedUntil = std::min(ban.until, now + kBanTime);
            candidate.lastEnd = {PeerVerdict::Invalid, ban.reason, {}};
        }
    }
}

void PeerManager::start() { spawn(m_executor, maintain()); }

void PeerManager::stop()
{
    m_stopped = true;
    for (Candidate& candidate : m_candidates) {
        if (candidate.peer) candidate.peer->close(PeerVerdict::Offline, "stopping");
        candidate.peer.reset();
    }
}

Task<void> PeerManager::maintain()
{
    if (m_candidates.size() < m_config.wanted && !m_config.dnsSeeds.empty()) co_await resolveSeeds();
    while (!m_stopped) {
        while (const auto index = due()) {
            Candidate& candidate = m_candidates[*index];
            PeerConfig config = m_config.peer;
            config.ourHeight = m_chain.height();
            candidate.peer =
                std::make_shared<Peer>(m_executor, candidate.address, std::move(config), m_events);
            spawn(m_executor, converse(*index));
        }
        co_await m_changed.waitFor(untilNextTry());
    }
}

Task<void> PeerManager::resolveSeeds()
{
    asio::ip::tcp::resolver resolver(m_executor);
    for (const std::string& seed : m_config.dnsSeeds) {
        const std::string port = std::to_string(m_config.defaultPort);
        const auto [error, endpoints] = co_await resolver.async_resolve(seed, port, kAwaitTuple);
        if (error || m_stopped) continue;
        for (const auto& entry : endpoints) {
            if (m_candidates.size() >= kMaxSeedAddresses) break;
            const auto address = entry.endpoint().address();
            const std::string host = address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
            Candidate candidate;
            candidate.address = host + ':' + port;
            m_candidates.push_back(std::move(candidate));
        }
    }
    loadBans();
}

Task<void> PeerManager::converse(std::size_t index)
{
    const PeerPtr peer = m_candidates[index].peer;
    const auto begin = Steady::now();
    const PeerEnd end = co_await peer->run();
    const bool lasted = peer->wasReady() && Steady::now() - begin >= kLasting;
    Candidate& candidate = m_candidates[index];
    candidate.lastInfo = peer->info();
    if (peer->wasReady()) candidate.claimUnmet = !peer->knowledge.headersSynced;
    candidate.peer.reset();
    settle(candidate, end, lasted);
    m_changed.notify();
}

void PeerManager::settle(Candidate& candidate, PeerEnd end, bool lasted)
{
    if (m_stopped) return;
    const bool repeated = end.reason == candidate.lastEnd.reason;
    base::log(repeated ? base::LogLevel::Debug : base::LogLevel::Info, "chain",
              "peer " + candidate.address + ": " + end.reason);
    candidate.failures = lasted && end.verdict == PeerVerdict::Offline ? 0 : candidate.failures + 1;
    const bool lost = end.verdict == PeerVerdict::Offline;
    const Millis most = lost ? m_config.retryMost : 4 * m_config.retryMost;
    const Millis pause = m_config.retryFirst * (std::int64_t{1} << std::min(candidate.failures, 16U));
    candidate.nextTry = Steady::now() + std::min(pause, most);
    if (end.verdict == PeerVerdict::Invalid) {
        candidate.bannedUntil = m_clock.now() + kBanTime;
        const base::Status stored =
            m_store.addBan({candidate.address, candidate.bannedUntil, end.reason, end.evidence});
        if (!stored.ok()) base::logWarning("chain", "ban not stored: " + stored.error().detail);
    }
    candidate.lastEnd = std::move(end);
}

std::size_t PeerManager::active() const
{
    return static_cast<std::size_t>(std::count_if(m_candidates.begin(), m_candidates.end(),
                                                  [](const Candidate& c) { return c.peer != nullptr; }));
}

std::size_t PeerManager::wanted() const { return std::min(m_config.wanted, m_candidates.size()); }

std::optional<std::size_t> PeerManager::due() const
{
    if (active() >= m_config.wanted) return std::nullopt;
    const auto now = Steady::now();
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m_candidates.size(); ++i) {
        const Candidate& candidate = m_candidates[i];
        if (candidate.peer || candidate.nextTry > now || candidate.bannedUntil > m_clock.now()) continue;
        if (candidate.manual) return i;
        found.push_back(i);
    }
    if (found.empty()) return std::nullopt;
    return found[randomBelow(found.size())];
}

Millis PeerManager::untilNextTry() const
{
    // A ban that ends is noticed within this time.
    auto next = Steady::now() + Millis(60'000);
    if (active() >= m_config.wanted) return Millis(60'000);
    for (const Candidate& candidate : m_candidates) {
        if (!candidate.peer && candidate.bannedUntil <= m_clock.now())
            next = std::min(next, candidate.nextTry);
    }
    return std::max(Millis(10), std::chrono::ceil<Millis>(next - Steady::now()));
}

std::vector<PeerPtr> PeerManager::ready() const
{
    std::vector<PeerPtr> out;
    for (const Candidate& candidate : m_candidates) {
        if (candidate.peer && candidate.peer->isReady()) out.push_back(candidate.peer);
    }
    return out;
}

Height PeerManager::heightOf(const Peer& peer) const
{
    if (!peer.knowledge.lastHeader.isZero()) {
        if (const auto fork = m_chain.forkHeight(peer.knowledge.lastHeader)) return *fork;
    }
    const std::int32_t claimed = std::max(0, peer.version().startHeight);
    return std::min(Height{static_cast<std::uint32_t>(claimed)}, m_chain.height());
}

Height PeerManager::bestClaim() const
{
    Height best = m_chain.height();
    for (const Candidate& candidate : m_candidates) {
        const bool isReady = candidate.peer && candidate.peer->isReady();
        // A claim that the peer does not live up to is no progress to wait for.
        if (!isReady || candidate.claimUnmet || candidate.peer->knowledge.headersSynced) continue;
        const std::int32_t claimed = std::max(0, candidate.peer->version().startHeight);
        best = std::max(best, Height{static_cast<std::uint32_t>(claimed)});
    }
    return best;
}

std::vector<PeerInfo> PeerManager::infos() const
{
    std::vector<PeerInfo> out;
    for (const Candidate& candidate : m_candidates) {
        PeerInfo info = candidate.lastInfo;
        if (candidate.peer) {
            info = candidate.peer->info();
            info.height = heightOf(*candidate.peer);
        } else if (!candidate.manual && candidate.lastEnd.reason.empty()) {
            continue; // from a seed, never tried
        } else {
            info.address = candidate.address;
            info.verdict = candidate.lastEnd.verdict;
            info.reason = candidate.lastEnd.reason;
            info.connected = false;
            info.bannedUntil = candidate.bannedUntil;
        }
        out.push_back(std::move(info));
    }
    return out;
}

} // namespace bowline::chain
