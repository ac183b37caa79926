// SPDX-License-Identifier: MIT
#include "tests/integration/attacks/judge.h"

#include <cmath>

namespace bowline::test {

namespace json = boost::json;

namespace {

constexpr const char* kAnchorScript = "51024e73";
constexpr std::int64_t kAnchor = 240;

std::string textOf(const json::value& value) { return json::value_to<std::string>(value); }

std::int64_t satAt(const json::object& output)
{
    return std::llround(output.at("value").to_number<double>() * 1e8);
}

std::string scriptAt(const json::object& output) { return textOf(output.at("scriptPubKey").at("hex")); }

bool isVersion3(const json::object& tx, std::size_t inputs, std::size_t outputs)
{
    return tx.at("version").to_number<int>() == 3 && tx.at("vin").as_array().size() == inputs &&
           tx.at("vout").as_array().size() == outputs;
}

const json::object& outputOf(const json::object& tx, std::size_t index)
{
    return tx.at("vout").at(index).as_object();
}

/// Shapes as docs/protocol.md, section 6, has them.
bool isVault(const json::object& tx)
{
    return isVersion3(tx, 1, 2) && scriptAt(outputOf(tx, 0)).rfind("5120", 0) == 0 &&
           scriptAt(outputOf(tx, 1)) == kAnchorScript && satAt(outputOf(tx, 1)) == kAnchor;
}

bool isKickoff(const json::object& tx)
{
    return isVersion3(tx, 1, 3) && scriptAt(outputOf(tx, 2)) == kAnchorScript;
}

bool isTake(const json::object& tx)
{
    return isVersion3(tx, 3, 2) && scriptAt(outputOf(tx, 1)) == kAnchorScript;
}

bool isPayment(const json::object& tx)
{
    if (tx.at("vin").at(0).as_object().contains("coinbase") || tx.at("vout").as_array().size() < 2)
        return false;
    const std::string second = scriptAt(outputOf(tx, 1));
    return second.rfind("6a20", 0) == 0 && second.size() == 68;
}

/// The outputs that are not spent again, followed block by block.
struct Coins {
    struct Coin {
        std::int64_t sat = 0;
        bool isVault = false;
        int owner = -1; // operator, or nobody that is followed
    };
    std::map<std::string, Coin> unspent;

    void add(const json::object& tx, const std::vector<std::string>& operatorScripts)
    {
        int spender = -1;
        for (const json::value& input : tx.at("vin").as_array()) {
            const json::object& in = input.as_object();
            if (!in.contains("txid")) continue;
            const auto spent = unspent.find(textOf(in.at("txid")) + ':' + json::serialize(in.at("vout")));
            if (spent == unspent.end()) continue;
            if (spent->second.owner >= 0) spender = spent->second.owner;
            unspent.erase(spent);
        }
        const bool vault = isVault(tx);
        const bool payment = isPayment(tx);
        for (std::size_t i = 0; i < tx.at("vout").as_array().size(); ++i) {
            const json::object& output = outputOf(tx, i);
            const std::string script = scriptAt(output);
            const auto own = std::find(operatorScripts.begin(), operatorScripts.end(), script);
            Coin coin{satAt(output), vault && i == 0, -1};
            if (own != operatorScripts.end()) coin.owner = static_cast<int>(own - operatorScripts.begin());
            // What an operator's coins turn into is its own still, unless it is paid to a user or to an anchor.
            else if (script != kAnchorScript && !(payment && i == 0))
                coin.owner = spender;
            unspent[textOf(tx.at("txid")) + ':' + std::to_string(i)] = coin;
        }
    }
};

} // namespace

Judge::Judge(const World& world) : m_world(world)
{
    for (std::size_t i = 0; i < world.operators.size(); ++i) {
        m_accounts.insert(world.operatorKey(static_cast<int>(i) + 1));
        const auto script = bitcoin::scriptFromAddress(world.operatorAddresses[i], bitcoin::Network::Regtest);
        m_operatorScripts.push_back(base::toHex(take(script)));
    }
}

Books Judge::books() const
{
    Books out;
    readBlocks(out);
    readLayerTwo(out);
    return out;
}

struct Judge::Chain {
    int height = 0;
    std::string hash; // of the block at `height`
    Coins coins;
    Books totals;
};

Judge::~Judge() = default;

/// From where the last look ended, or from the start when that block has left the chain.
void Judge::readNewBlocks() const
{
    const auto hashAt = [this](int height) {
        return m_world.bitcoin->cli({"getblockhash", std::to_string(height)});
    };
    if (!m_chain || (!m_chain->hash.empty() && hashAt(m_chain->height) != m_chain->hash)) {
        m_chain = std::make_unique<Chain>();
        m_chain->height = static_cast<int>(m_world.network.params().checkpointHeight.value);
    }
    for (const int tip = m_world.bitcoin->height(); m_chain->height < tip;) {
        m_chain->hash = hashAt(++m_chain->height);
        const auto block = m_world.bitcoin->json({"getblock", m_chain->hash, "2"});
        for (const json::value& entry : block.at("tx").as_array()) {
            const json::object& tx = entry.as_object();
            m_chain->coins.add(tx, m_operatorScripts);
            m_chain->totals.kickoffs += isKickoff(tx) ? 1 : 0;
            m_chain->totals.takes += isTake(tx) ? 1 : 0;
            if (isPayment(tx)) m_chain->totals.paid += satAt(outputOf(tx, 0));
        }
    }
}

void Judge::readBlocks(Books& books) const
{
    readNewBlocks();
    books = m_chain->totals;
    books.operators.assign(m_operatorScripts.size(), 0);
    for (const auto& [outpoint, coin] : m_chain->coins.unspent) {
        if (coin.isVault) books.vaults += coin.sat;
        if (coin.owner >= 0) books.operators[static_cast<std::size_t>(coin.owner)] += coin.sat;
    }
}

void Judge::readLayerTwo(Books& books) const
{
    for (const base::XOnlyPublicKey& key : m_accounts) {
        const l2::Account account = m_world.account(key);
        books.accounts[key] = (account.btc + account.staked).sat();
    }
    const json::value withdrawals = m_world.sequencer->must("withdrawals_list");
    for (const json::value& entry : withdrawals.as_array()) {
        const auto status = static_cast<l2::WithdrawalStatus>(entry.at("status").to_number<int>());
        if (status != l2::WithdrawalStatus::Requested && status != l2::WithdrawalStatus::Accepted) continue;
        for (const char* part : {"amount", "operator_fee", "bond"})
            books.escrow += entry.at(part).to_number<std::int64_t>();
    }
    const l2::Counters counters = take(l2::parseCounters(*m_world.object(l2::countersId())));
    books.minted = static_cast<std::int64_t>(counters.minted);
    books.burned = static_cast<std::int64_t>(counters.burned);
    books.fees = static_cast<std::int64_t>(counters.fees);
}

std::string Judge::wrongVaults(const Books& books) const
{
    std::int64_t live = 0;
    std::int64_t onBitcoin = 0;
    const json::value vaults = m_world.sequencer->must("vaults_list");
    for (const json::value& entry : vaults.as_array()) {
        const auto status = static_cast<l2::VaultStatus>(entry.at("status").to_number<int>());
        const auto value = entry.at("value").to_number<std::int64_t>();
        if (status == l2::VaultStatus::Live) live += value;
        if (status == l2::VaultStatus::Taken) continue;
        base::Bytes outpoint = take(base::fromHex(textOf(entry.at("outpoint"))));
        std::reverse(outpoint.begin(), outpoint.begin() + 32);
        const std::string txid = base::toHex(base::ByteView(outpoint).first(32));
        const std::string found =
            m_world.bitcoin->cli({"gettxout", txid, std::to_string(outpoint[32]), "false"});
        if (found.empty()) return "the vault " + txid + " is gone from Bitcoin";
        if (satAt(json::parse(found).as_object()) != value) return "the vault " + txid + " has another value";
        onBitcoin += value;
    }
    if (books.minted - books.burned != live) return "minted less burned is not what live vaults hold";
    return books.vaults < onBitcoin ? "vaults on the layer 2 that no block shows" : "";
}

std::string Judge::wrongNow() const { return wrongIn(books()); }

std::string Judge::wrongIn(const Books& now) const
{
    std::int64_t held = now.escrow + now.fees;
    for (const auto& [key, sat] : now.accounts) held += sat;
    if (held != now.minted - now.burned) {
        return "accounts, escrow and fees are " + std::to_string(held) + ", minted less burned is " +
               std::to_string(now.minted - now.burned);
    }
    return wrongVaults(now);
}

std::string Judge::changedSince(const Books& before, std::int64_t operatorFees) const
{
    const Books now = books();
    if (now.accounts != before.accounts) return "a balance changed";
    if (now.escrow != before.escrow) return "the escrow changed";
    if (now.minted != before.minted || now.burned != before.burned) return "minted or burned";
    if (now.paid != before.paid) return "an operator paid " + std::to_string(now.paid - before.paid);
    if (now.kickoffs != before.kickoffs || now.takes != before.takes) return "a Kickoff or a Take1";
    if (now.vaults != before.vaults) return "a vault came or went";
    for (std::size_t i = 0; i < now.operators.size(); ++i) {
        const std::int64_t lost = before.operators[i] - now.operators[i];
        if (lost < 0 || lost > operatorFees)
            return "operator " + std::to_string(i + 1) + " lost " + std::to_string(lost);
    }
    return wrongIn(now);
}

Scenarios::~Scenarios()
{
    json::array failed;
    std::set<std::string> passed(m_passed.begin(), m_passed.end());
    for (const std::string& name : m_played)
        if (!passed.contains(name)) failed.emplace_back(name);
    qInfo("%s", json::serialize(json::object{{"figure", "attack_scenarios"},
                                             {"test", m_test},
                                             {"played", m_played.size()},
                                             {"passed", passed.size()},
                                             {"failed", std::move(failed)}})
                    .c_str());
}

void Scenarios::begin(std::string name) { m_played.push_back(std::move(name)); }

} // namespace bowline::test
