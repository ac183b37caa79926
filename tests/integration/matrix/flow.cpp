// SPDX-License-Identifier: MIT
#include "tests/integration/matrix/flow.h"

#include <filesystem>

namespace bowline::test {

namespace json = boost::json;
using base::Amount;

namespace {

/// Blocks within which everything must have come; a window and two reorgs' worth.
constexpr int kBlocks = 30;
/// Between two blocks, or operators' payments have no time to be heard of.
constexpr int kBlockSeconds = 2;
constexpr int kDeepestReorg = 6;
/// For what takes processes a while on a loaded machine.
constexpr int kSeconds = 60;

World::Options optionsFor(std::uint32_t depth, std::vector<std::string> bitcoind, bool isPruned)
{
    World::Options out{.operatorPrograms = {}, .bitcoind = std::move(bitcoind), .isPruned = isPruned};
    // Half of the window must exceed the depth. A payment may fall out of the chain after each of the four steps that
    // follow it, and one that comes again after its own window is taken back, as it should be: another story than this.
    out.network = {.signers = 3, .operators = 2, .depth = depth};
    out.network.takeBlocks = std::max(out.network.takeBlocks, 2 * depth + 4);
    out.network.payWindow = kBlocks;
    return out;
}

std::string text(const json::value& value) { return json::value_to<std::string>(value); }

/// By the clock: the questions themselves take long on a loaded machine.
template <typename Condition>
bool soon(int seconds, const Condition& condition)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition()) {
        if (clock.elapsed() > seconds * 1'000) return false;
        QThread::msleep(50);
    }
    return true;
}

} // namespace

std::string nameOf(Step step)
{
    switch (step) {
    case Step::RequestMined: return "request mined";
    case Step::VaultMined: return "vault mined";
    case Step::Minted: return "minted";
    case Step::Transferred: return "layer-2 payment";
    case Step::WithdrawalRequested: return "withdrawal requested";
    case Step::WithdrawalAccepted: return "withdrawal accepted";
    case Step::PaymentMined: return "payment mined";
    case Step::PaymentProven: return "payment proven";
    case Step::ClaimBurnt: return "claim burnt";
    case Step::KickoffMined: return "Kickoff mined";
    case Step::TakeMined: return "Take1 mined";
    case Step::ClaimSettled: return "claim settled";
    }
    return "unknown";
}

Flow::Flow(std::uint32_t depth, std::vector<std::string> bitcoind, bool isPruned)
    : m_world(std::make_unique<World>(optionsFor(depth, std::move(bitcoind), isPruned)))
{
    m_known = {m_world->network.params().sequencerKey, m_world->operatorKey(1), m_world->operatorKey(2)};
    m_base = std::make_unique<Depositor>(*m_world, Amount::fromSat(100'000'000));
    m_known.push_back(m_base->account.xOnlyPublicKey());
    const auto minted = [this] {
        m_base->step();
        return m_base->isMinted();
    };
    if (!mineUntil(kBlocks, minted)) qFatal("the first deposit: %s", logs().c_str());
    if (!submit(m_base->account, l2::Transfer{m_world->operatorKey(1), Amount::fromSat(150'000)}) ||
        !soon(kSeconds,
              [this] { return m_world->operators[0]->must("node_info").at("registered").as_bool(); })) {
        qFatal("the operator does not register: %s", logs().c_str());
    }
    m_world->bitcoin->mine(kDeepestReorg); // what the rounds live on stays out of their way
}

void Flow::begin()
{
    m_round = {};
    m_round.deposit = std::make_unique<Depositor>(*m_world, Amount::fromSat(kDeposit), 1);
    know(m_round.deposit->account.xOnlyPublicKey());
}

bool Flow::submit(const crypto::PrivateKey& key, const l2::Payload& payload)
{
    l2::Transaction transaction;
    transaction.nonce = m_world->account(key.xOnlyPublicKey()).nonce;
    transaction.fee = m_world->network.params().minFee;
    transaction.payload = payload;
    transaction = take(l2::signTransaction(transaction, m_world->network.params().chainId(), key));
    const auto answer = m_world->sequencer->call("tx_submit", {{"hex", base::toHex(transaction.encode())}});
    if (!answer.ok()) qWarning("tx_submit: %s", answer.error().detail.c_str());
    return answer.ok();
}

/// So much that this round's vault is the one that it can pay for, and hardly more.
bool Flow::topUpOperator()
{
    constexpr std::int64_t kNeeded = kDeposit + 20'000 + 5'000;
    const std::int64_t has = balanceOf(m_world->operatorKey(1));
    m_round.isToppedUp = true;
    return has >= kNeeded ||
           submit(m_base->account, l2::Transfer{m_world->operatorKey(1), Amount::fromSat(kNeeded - has)});
}

bool Flow::start(Step step)
{
    if (step == Step::Transferred && !m_round.shop) {
        m_round.shop = take(crypto::PrivateKey::generate()).xOnlyPublicKey();
        know(*m_round.shop);
        return submit(m_round.deposit->account, l2::Transfer{*m_round.shop, Amount::fromSat(kTransfer)});
    }
    if (step == Step::WithdrawalRequested && m_round.address.empty()) {
        m_round.address = m_world->bitcoin->newAddress();
        m_round.script = take(bitcoin::scriptFromAddress(m_round.address, bitcoin::Network::Regtest));
        m_addresses[m_round.address] = m_round.script;
        return submit(m_round.deposit->account,
                      l2::WithdrawRequest{Amount::fromSat(kWithdrawal), Amount::fromSat(kWithdrawalFee),
                                          m_round.script});
    }
    if (step == Step::ClaimBurnt && !m_round.isToppedUp) return topUpOperator();
    return true;
}

bool Flow::reach(Step step)
{
    return start(step) && mineUntil(kBlocks, [&] {
               m_round.deposit->step();
               return holds(step);
           });
}

bool Flow::mineUntil(int blocks, const std::function<bool()>& condition) const
{
    for (int i = 0; i < blocks; ++i) {
        if (soon(kBlockSeconds, condition)) return true;
        m_world->bitcoin->mine(1);
    }
    return soon(10, condition);
}

bool Flow::holds(Step step)
{
    const Depositor& own = *m_round.deposit;
    const auto isMined = [this](const std::string& txid) { return m_world->minedAt(txid).has_value(); };
    const auto status = [&] { return m_world->vaultStatus(own.deposit().vault()); };
    switch (step) {
    case Step::RequestMined: return isMined(requestTxid());
    case Step::VaultMined: return isMined(own.deposit().confirmTxid().displayHex());
    case Step::Minted: return own.isMinted();
    case Step::Transferred: return balanceOf(*m_round.shop) == kTransfer;
    case Step::WithdrawalRequested: return withdrawal().has_value();
    case Step::WithdrawalAccepted:
        return withdrawal() && withdrawal()->status != l2::WithdrawalStatus::Requested;
    case Step::PaymentMined: return paymentTxid() && isMined(*paymentTxid());
    case Step::PaymentProven: return withdrawal() && withdrawal()->status == l2::WithdrawalStatus::Paid;
    case Step::ClaimBurnt: return status() && *status() != l2::VaultStatus::Live;
    case Step::KickoffMined: return isMined(kickoffTxid());
    case Step::TakeMined: return isMined(takeTxid());
    case Step::ClaimSettled: return status() == l2::VaultStatus::Taken;
    }
    return false;
}

std::string Flow::requestTxid() const { return m_round.deposit->deposit().terms().request.txid.displayHex(); }

const bridge::OperatorGraph& Flow::claimant()
{
    const bridge::Attempt* attempt = m_round.deposit->log().signedAttempt();
    if (attempt == nullptr) qFatal("there is no graph yet");
    return *attempt->graph().find(m_world->operatorKey(1));
}

std::string Flow::kickoffTxid() { return claimant().kickoffTxid().displayHex(); }

std::string Flow::takeTxid() { return claimant().takeTxid().displayHex(); }

/// In a block or in the mempool; replaced ones are neither.
std::vector<std::string> Flow::paymentsTo(const std::string& address) const
{
    std::vector<std::string> out;
    const auto all = m_world->bitcoin->json({"listreceivedbyaddress", "0", "false", "true", address});
    for (const json::value& entry : all.as_array()) {
        for (const json::value& txid : entry.at("txids").as_array()) {
            if (m_world->inMempool(text(txid)) || m_world->minedAt(text(txid))) out.push_back(text(txid));
        }
    }
    return out;
}

std::optional<std::string> Flow::paymentTxid() const
{
    const auto found = paymentsTo(m_round.address);
    return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<l2::Withdrawal> Flow::withdrawal() const
{
    const auto all = m_world->sequencer->must("withdrawals_list");
    for (const json::value& entry : all.as_array()) {
        const auto value = m_world->object(l2::withdrawalId(entry.at("id").to_number<std::uint64_t>()));
        if (!value) continue;
        l2::Withdrawal found = take(l2::parseWithdrawal(*value));
        if (found.script == m_round.script) return found;
    }
    return std::nullopt;
}

std::vector<const Bowlined*> Flow::nodes() const
{
    std::vector<const Bowlined*> out{m_world->sequencer.get()};
    for (const auto& node : m_world->signers) out.push_back(node.get());
    for (const auto& node : m_world->operators) out.push_back(node.get());
    std::erase_if(out, [](const Bowlined* node) { return node->processId() == 0; });
    return out;
}

bool Flow::isSettled() const
{
    const auto all = nodes();
    return soon(kSeconds, [&] {
        const auto head = m_world->sequencer->must("chain_head");
        const auto header = take(l2::parseBatchHeader(take(base::fromHex(text(head.at("header"))))));
        const int confirmed = m_world->bitcoin->height() - static_cast<int>(m_world->network.params().depth);
        return static_cast<int>(header.l1Height.value) == confirmed &&
               std::all_of(all.begin(), all.end(), [&](const Bowlined* node) {
                   return node->must("chain_head").at("hash") == head.at("hash");
               });
    });
}

bool Flow::replayAgrees()
{
    namespace fs = std::filesystem;
    // A member's keys and nothing else; its source is another member, where no messages are to be had and none can be
    // left: it only follows.
    const std::string folder = m_world->network.datadir("replay-" + std::to_string(++m_replays));
    fs::create_directory(folder);
    fs::copy(m_world->network.datadir("signer-3") + "/keys", folder + "/keys");
    bool agrees = false;
    {
        const auto fresh = Bowlined::start({.role = "signer",
                                            .datadir = folder,
                                            .networkFile = m_world->network.file(),
                                            .bitcoin = m_world->peer().p2pAddress(),
                                            .upstream = {m_world->signers[0]->address()},
                                            .extra = {}});
        agrees = soon(2 * kSeconds, [&] {
            const auto own = fresh->must("chain_head");
            const auto theirs = m_world->sequencer->must("chain_head");
            return own.at("hash") == theirs.at("hash") && own.at("header") == theirs.at("header");
        });
        if (!agrees) qWarning("the replay: %s", fresh->log().c_str());
    }
    fs::remove_all(folder);
    return agrees;
}

std::string Flow::wrong()
{
    for (const auto& check : {&Flow::wrongWithTheSum, &Flow::wrongWithPayments, &Flow::wrongWithNodes}) {
        std::string found = (this->*check)();
        if (!found.empty()) return found;
    }
    return {};
}

/// Balances, stakes, escrows and bonds are the vaults that were minted less those that were burned for.
std::string Flow::wrongWithTheSum() const
{
    std::string found;
    for (int i = 0; i < 20; ++i) {
        const auto before = m_world->sequencer->must("chain_head");
        std::int64_t sum = 0;
        for (const base::XOnlyPublicKey& key : m_known) {
            const l2::Account account = m_world->account(key);
            sum += (account.btc + account.staked).sat();
        }
        const auto withdrawals = m_world->sequencer->must("withdrawals_list");
        for (const json::value& entry : withdrawals.as_array()) {
            const auto value = m_world->object(l2::withdrawalId(entry.at("id").to_number<std::uint64_t>()));
            if (!value) continue;
            const auto withdrawal = take(l2::parseWithdrawal(*value));
            const bool open = withdrawal.status == l2::WithdrawalStatus::Requested ||
                              withdrawal.status == l2::WithdrawalStatus::Accepted;
            if (open) sum += (withdrawal.amount + withdrawal.operatorFee + withdrawal.bond).sat();
        }
        std::int64_t standing = 0;
        found.clear();
        const auto vaults = m_world->sequencer->must("vaults_list");
        for (const json::value& entry : vaults.as_array()) {
            base::Bytes raw = take(base::fromHex(text(entry.at("outpoint"))));
            base::Reader reader(raw);
            const bitcoin::OutPoint outpoint = bitcoin::readOutPoint(reader);
            const auto value = m_world->object(l2::vaultId(outpoint));
            if (!value) continue;
            const l2::Vault vault = take(l2::parseVault(*value));
            if (vault.status == l2::VaultStatus::Live) standing += vault.value.sat();
            if (found.empty()) found = wrongWithVault(vault, outpoint);
        }
        if (found.empty() && sum != standing) {
            found = "balances of " + std::to_string(sum) + " against vaults of " + std::to_string(standing);
        }
        if (m_world->sequencer->must("chain_head").at("hash") == before.at("hash")) return found;
    }
    return "the state never rests";
}

/// On the best chain with its value, k deep; spent by its Take1 if it is taken, and not at all while it is live.
std::string Flow::wrongWithVault(const l2::Vault& vault, const bitcoin::OutPoint& outpoint) const
{
    const std::string txid = outpoint.txid.displayHex();
    const auto mined = m_world->minedAt(txid);
    const int depth = static_cast<int>(m_world->network.params().depth);
    if (!mined || m_world->bitcoin->height() - *mined < depth)
        return "a vault is minted that is not k deep: " + txid;
    const auto shown = m_world->bitcoin->json({"getrawtransaction", txid, "1"});
    const auto& output = shown.at("vout").at(outpoint.index);
    if (qRound64(output.at("value").to_number<double>() * 1e8) != vault.value.sat())
        return "a vault holds another value: " + txid;
    const bool unspent = m_world->isUnspent(outpoint);
    if (vault.status == l2::VaultStatus::Live && !unspent) return "a live vault is spent: " + txid;
    if (vault.status == l2::VaultStatus::Taken && unspent) return "a taken vault is unspent: " + txid;
    return {};
}

std::string Flow::wrongWithPayments() const
{
    for (const auto& [address, script] : m_addresses) {
        if (paymentsTo(address).size() > 1) return "paid more than once: " + address;
        const auto received =
            qRound64(std::stod(m_world->bitcoin->cli({"getreceivedbyaddress", address, "1"})) * 1e8);
        if (received != 0 && received != kWithdrawal) return "another amount was paid to " + address;
    }
    const auto all = m_world->sequencer->must("withdrawals_list");
    for (const json::value& entry : all.as_array()) {
        const auto value = m_world->object(l2::withdrawalId(entry.at("id").to_number<std::uint64_t>()));
        if (!value) continue;
        const auto withdrawal = take(l2::parseWithdrawal(*value));
        if (withdrawal.status != l2::WithdrawalStatus::Paid) continue;
        const std::string address =
            take(bitcoin::addressFromScript(withdrawal.script, bitcoin::Network::Regtest));
        const auto payments = paymentsTo(address);
        if (payments.size() != 1 || !m_world->minedAt(payments.front()))
            return "an escrow was earned without a payment to " + address;
    }
    return {};
}

std::string Flow::wrongWithNodes() const
{
    for (const Bowlined* node : nodes()) {
        if (node->must("node_info").at("equivocations").to_number<int>() != 0)
            return "the sequencer is said to have signed twice";
    }
    for (const auto& signer : m_world->signers) {
        if (signer->processId() == 0) continue;
        if (!signer->must("bridge_evidence").at("evidence").as_array().empty())
            return "a signer accuses somebody";
    }
    return {};
}

std::string Flow::wrongAtTheEnd()
{
    // The deposit, less what was sent on, withdrawn and paid for three transactions.
    const std::int64_t fees = 2 * m_world->network.params().minFee.sat();
    const std::int64_t left = kDeposit - kTransfer - kWithdrawal - kWithdrawalFee - fees;
    if (balanceOf(m_round.deposit->account.xOnlyPublicKey()) != left) return "the depositor's balance";
    if (balanceOf(*m_round.shop) != kTransfer) return "the shop's balance";
    if (paymentsTo(m_round.address).size() != 1) return "not one payment";
    const bridge::Attempt* attempt = m_round.deposit->log().signedAttempt();
    for (const bridge::OperatorGraph& each : attempt->graph().operators()) {
        const bool isMined = m_world->minedAt(each.kickoffTxid().displayHex()).has_value();
        const bool isClaimant = each.offer().operatorKey == m_world->operatorKey(1);
        if (isMined != isClaimant) return "not the claimant's Kickoff alone";
    }
    if (m_world->isUnspent(m_round.deposit->deposit().vault())) return "the vault is still there";
    if (!m_world->isUnspent({claimant().takeTxid(), 0})) return "Take1 is not there";
    return {};
}

std::string Flow::logs() const
{
    std::string out;
    for (const Bowlined* node : nodes()) {
        const std::string log = node->log();
        out += "--\n" + log.substr(log.size() > 3'000 ? log.size() - 3'000 : 0);
    }
    return out;
}

} // namespace bowline::test
