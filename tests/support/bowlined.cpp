// SPDX-License-Identifier: MIT
#include "tests/support/bowlined.h"

#include "core/bitcoin/address.h"
#include "core/bitcoin/block.h"
#include "core/crypto/musig.h"
#include "core/crypto/random.h"
#include "core/seal/anchor.h"

#include <QDir>
#include <QFile>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

#include <sys/prctl.h>

namespace bowline::test {

namespace json = boost::json;

namespace {

/// The value, or the end of the test program: arrangements may not fail.
template <typename T>
T must(base::Result<T> result, const char* what)
{
    if (!result.ok()) {
        qFatal("%s: %s %s", what, std::string(result.error().code.name()).c_str(),
               result.error().detail.c_str());
    }
    return std::move(result).value();
}

QString programPath(const std::string& name = "bowlined")
{
    return QStringLiteral(BOWLINE_BINARY_DIR) + QStringLiteral("/bin/") + QString::fromStdString(name);
}

json::object keygen(const std::string& role, const std::string& datadir)
{
    QProcess process;
    process.start(programPath(), {"keygen", "--role", QString::fromStdString(role), "--datadir",
                                  QString::fromStdString(datadir)});
    if (!process.waitForFinished(30'000) || process.exitCode() != 0) {
        qFatal("bowlined keygen: %s", process.readAllStandardError().constData());
    }
    return json::parse(process.readAllStandardOutput().toStdString()).as_object();
}

std::string text(const json::object& object, std::string_view key)
{
    return json::value_to<std::string>(object.at(key));
}

} // namespace

TestNetwork::TestNetwork(const Bitcoind& bitcoin, const Options& options)
    : m_dir(QDir::tempPath() + QStringLiteral("/bowline-network-XXXXXX")), m_signers(options.signers)
{
    for (std::size_t i = 1; i <= options.signers; ++i) {
        const json::object keys = keygen("signer", datadir("signer-" + std::to_string(i)));
        const auto vault = must(base::fromHex(text(keys, "vault_key")), "vault key");
        m_network.members.push_back(
            {must(crypto::PublicKey::parse(vault), "vault key"),
             must(base::XOnlyPublicKey::fromHex(text(keys, "message_key")), "message key"),
             must(base::arrayFromHex<64>(text(keys, "possession")), "possession")});
    }
    for (std::size_t i = 1; i <= options.operators; ++i) {
        const json::object keys = keygen("operator", datadir("operator-" + std::to_string(i)));
        m_network.operators.push_back(
            must(base::XOnlyPublicKey::fromHex(text(keys, "operator_key")), "operator"));
    }
    std::sort(m_network.operators.begin(), m_network.operators.end());
    l2::NetworkParams& params = m_network.params;
    params.sequencerKey =
        must(base::XOnlyPublicKey::fromHex(text(keygen("sequencer", datadir("sequencer")), "sequencer_key")),
             "sequencer");
    params.committeeKey = must(l2::committeeKey(m_network.members), "committee");
    makeSeal(bitcoin);
    if (!l2::pinLists(m_network).ok()) qFatal("lists of the network");
    params.depth = options.depth;
    params.payWindow = options.payWindow;
    params.takeBlocks = options.takeBlocks;
    fillCheckpoint(bitcoin);
    const base::Status good = l2::checkNetwork(m_network);
    if (!good.ok()) qFatal("network: %s", good.error().detail.c_str());
    std::ofstream(file()) << l2::toNetworkJson(m_network);
}

/// From the node's wallet, and one block for it.
void TestNetwork::makeSeal(const Bitcoind& bitcoin)
{
    const auto script = must(seal::SealTerms::create(m_network), "seal").script();
    const std::string address =
        must(bitcoin::addressFromScript(script, bitcoin::Network::Regtest), "seal address");
    m_network.seal.value = base::Amount::fromSat(5'000'000);
    const std::string txid = bitcoin.send(address, base::formatBtc(m_network.seal.value));
    const auto raw = must(base::fromHex(bitcoin.cli({"getrawtransaction", txid})), "seal transaction");
    const auto transaction = must(bitcoin::parseTransaction(raw), "seal transaction");
    m_network.seal.outpoint.txid = transaction.txid();
    while (transaction.outputs.at(m_network.seal.outpoint.index).scriptPubKey != script)
        ++m_network.seal.outpoint.index;
    bitcoin.mine(1);
}

void TestNetwork::setSequencerUrls(std::vector<std::string> urls)
{
    m_network.sequencerUrls = std::move(urls);
    std::ofstream(file()) << l2::toNetworkJson(m_network);
}

void TestNetwork::fillCheckpoint(const Bitcoind& bitcoin)
{
    l2::NetworkParams& params = m_network.params;
    const int tip = bitcoin.height();
    const auto headerAt = [&bitcoin](int height) {
        return bitcoin.json({"getblockheader", bitcoin.cli({"getblockhash", std::to_string(height)})})
            .as_object();
    };
    const json::object header = headerAt(tip);
    params.checkpointHeight = {static_cast<std::uint32_t>(tip)};
    params.checkpointHeader = must(
        base::arrayFromHex<80>(bitcoin.cli({"getblockheader", text(header, "hash"), "false"})), "header");
    params.checkpointWork = must(base::arrayFromHex<32>(text(header, "chainwork")), "work");
    std::reverse(params.checkpointWork.begin(), params.checkpointWork.end());
    for (int i = 0; i < 11 && i <= tip; ++i) {
        params.lastTimes[static_cast<std::size_t>(i)] =
            json::value_to<std::uint32_t>(headerAt(tip - i).at("time"));
    }
    params.epochStartTime = json::value_to<std::uint32_t>(headerAt(tip / 2016 * 2016).at("time"));
    params.genesisTime = params.lastTimes[0];
}

daemon::NodeKeys TestNetwork::keys(const std::string& name, daemon::NodeRole role) const
{
    return must(daemon::NodeKeys::load(datadir(name), role), "keys");
}

crypto::Signature64 TestNetwork::committeeSign(const base::Digest& message) const
{
    std::vector<crypto::PublicKey> publicKeys;
    for (const l2::Member& member : m_network.members) publicKeys.push_back(member.vaultKey);
    const auto keys = must(crypto::KeyAggregation::fromKeys(publicKeys), "aggregate");
    base::Digest session;
    if (!crypto::randomBytes(session.bytes).ok()) qFatal("no randomness");
    std::vector<daemon::NodeKeys> signers;
    std::vector<crypto::SecretNonce> secrets;
    std::vector<crypto::PublicNonce> nonces;
    for (std::size_t i = 1; i <= m_signers; ++i) {
        signers.push_back(this->keys("signer-" + std::to_string(i), daemon::NodeRole::Signer));
        secrets.push_back(must(
            crypto::SecretNonce::generate(signers.back().key("vault"), keys, message, session), "nonce"));
        nonces.push_back(secrets.back().publicNonce());
    }
    const auto sum = must(crypto::AggregateNonce::fromNonces(nonces), "nonces");
    const auto running = must(crypto::Session::start(keys, sum, message, session), "session");
    std::vector<crypto::PartialSignature> partials;
    for (std::size_t i = 0; i < m_signers; ++i) {
        partials.push_back(must(running.sign(std::move(secrets[i]), signers[i].key("vault")), "partial"));
    }
    return must(running.aggregate(partials), "signature");
}

l2::Transaction TestNetwork::mint(const Bitcoind& bitcoin, base::Amount value,
                                  const base::XOnlyPublicKey& recipient) const
{
    // The vault must be output 0, whatever change the wallet adds.
    const std::string outputs = "{\"" + bitcoin.newAddress() + "\":" + base::formatBtc(value) + "}";
    const std::string raw = bitcoin.cli({"createrawtransaction", "[]", outputs});
    const json::object funded =
        bitcoin.json({"fundrawtransaction", raw, R"({"changePosition":1})"}).as_object();
    const json::object signedTx =
        bitcoin.json({"signrawtransactionwithwallet", text(funded, "hex")}).as_object();
    const std::string txid = bitcoin.cli({"sendrawtransaction", text(signedTx, "hex")});
    const std::string blockHash = bitcoin.mine(1);
    const auto height = static_cast<std::uint32_t>(bitcoin.height());
    bitcoin.mine(static_cast<int>(params().depth));

    const auto bytes = must(base::fromHex(bitcoin.cli({"getblock", blockHash, "0"})), "block");
    const bitcoin::Block block = must(bitcoin::parseBlock(bytes), "block");
    const auto vaultTxid = must(base::Txid::fromDisplayHex(txid), "txid");
    std::uint32_t index = 0;
    while (block.transactions.at(index).txid() != vaultTxid) ++index;

    l2::Mint mint;
    mint.recipient = recipient;
    mint.graphRoot.bytes.fill(0x11);
    mint.depositId.bytes.fill(0x22);
    mint.committeeSignature = committeeSign(l2::mintMessage(params().chainId(), {vaultTxid, 0}, value,
                                                            recipient, mint.graphRoot, mint.depositId));
    mint.deposit = must(l2::buildTxProof(block, {height}, index), "proof");
    l2::Transaction out;
    out.payload = mint;
    return out;
}

Bowlined::Bowlined(Options options)
    : m_options(std::move(options)), m_endpoint{"127.0.0.1", freePort(), m_options.tls}
{
}

std::unique_ptr<Bowlined> Bowlined::start(Options options)
{
    std::unique_ptr<Bowlined> node(new Bowlined(std::move(options)));
    node->launch();
    return node;
}

std::unique_ptr<Bowlined> Bowlined::start(const TestNetwork& network, const Bitcoind& bitcoin,
                                          const std::string& name, std::vector<std::string> upstream,
                                          const std::string& program)
{
    return start({.role = name.substr(0, name.find('-')),
                  .datadir = network.datadir(name),
                  .networkFile = network.file(),
                  .bitcoin = bitcoin.p2pAddress(),
                  .upstream = std::move(upstream),
                  .extra = {},
                  .program = program});
}

Bowlined::~Bowlined()
{
    if (m_process.state() != QProcess::NotRunning) stop();
}

void Bowlined::launch()
{
    QStringList arguments;
    const auto add = [&arguments](const char* name, const std::string& value) {
        arguments << QString::fromLatin1(name) << QString::fromStdString(value);
    };
    add("--role", m_options.role);
    add("--datadir", m_options.datadir);
    add("--network-file", m_options.networkFile);
    add("--listen", (m_endpoint.tls ? "https://" : "") + m_endpoint.text());
    add("--bitcoin", m_options.bitcoin);
    for (const std::string& source : m_options.upstream) add("--upstream", source);
    if (m_options.role == "operator") add("--pay-for", m_options.payFor);
    for (const std::string& extra : m_options.extra) arguments << QString::fromStdString(extra);
    // A test that is killed takes its nodes with it.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setStandardErrorFile(QString::fromStdString(m_options.datadir + "/log"), QIODevice::Append);
    m_process.start(programPath(m_options.program), arguments);
    if (!m_process.waitForStarted()) qFatal("bowlined does not start");
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(30'000)) qFatal("bowlined is not ready: %s", log().c_str());
    }
    const json::value ready = json::parse(m_process.readLine().toStdString());
    const auto bound = net::parseEndpoint(json::value_to<std::string>(ready.at("url")));
    if (!bound.ok() || bound->port != m_endpoint.port) qFatal("bowlined listens elsewhere");
    if (m_endpoint.pin && *bound != m_endpoint) qFatal("bowlined has another certificate");
    m_endpoint = *bound;
}

base::Result<json::value> Bowlined::call(const std::string& method, json::object params) const
{
    return net::BlockingClient(endpoint()).call(method, std::move(params));
}

json::value Bowlined::must(const std::string& method, json::object params) const
{
    auto answer = call(method, std::move(params));
    if (!answer.ok()) {
        qFatal("%s: %s %s\n%s", method.c_str(), std::string(answer.error().code.name()).c_str(),
               answer.error().detail.c_str(), log().c_str());
    }
    return std::move(answer).value();
}

std::uint64_t Bowlined::head() const { return must("chain_head").at("number").to_number<std::uint64_t>(); }

json::value Bowlined::header(std::uint64_t number) const
{
    auto answer = call("chain_header", {{"n", number}});
    return answer.ok() ? std::move(answer).value() : json::value(nullptr);
}

int Bowlined::waitForEnd() { return m_process.waitForFinished(20'000) ? m_process.exitCode() : -1; }

int Bowlined::stop()
{
    m_process.terminate();
    if (m_process.waitForFinished(20'000)) return m_process.exitCode();
    kill();
    return -1;
}

void Bowlined::kill()
{
    m_process.kill();
    m_process.waitForFinished(10'000);
}

std::string Bowlined::log() const
{
    QFile file(QString::fromStdString(m_options.datadir + "/log"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace bowline::test
