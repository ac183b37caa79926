// SPDX-License-Identifier: MIT
// Real bowlined processes for tests, on a layer 2 of their own above a real bitcoind, and the committee's keys in
// the test's hands, so that it can mint and then play sender, operator or attacker.
#pragma once

#include "app/daemon/node/keys.h"
#include "core/l2/genesis.h"
#include "core/net/client.h"
#include "tests/support/bitcoind.h"

#include <QThread>

namespace bowline::test {

/// Keys made by `bowlined keygen`, one folder per node, and the network.json above them. The checkpoint is the tip
/// of the bitcoind at that moment.
class TestNetwork {
public:
    struct Options {
        std::size_t signers = 2;
        std::size_t operators = 2;
        std::uint32_t depth = 1;
        std::uint32_t payWindow = 24; // a seal takes some of it
        std::uint32_t takeBlocks = 10;
    };
    TestNetwork(const Bitcoind& bitcoin, const Options& options);

    [[nodiscard]] const l2::Network& network() const { return m_network; }
    /// Writes the file again, with these sequencer_urls. They are not part of the chain id.
    void setSequencerUrls(std::vector<std::string> urls);
    [[nodiscard]] const l2::NetworkParams& params() const { return m_network.params; }
    [[nodiscard]] std::string file() const { return m_dir.path().toStdString() + "/network.json"; }
    /// Data folder of "sequencer", "signer-1", "operator-2".
    [[nodiscard]] std::string datadir(const std::string& name) const
    {
        return m_dir.path().toStdString() + '/' + name;
    }
    /// The keys of a node, read as it reads them.
    [[nodiscard]] daemon::NodeKeys keys(const std::string& name, daemon::NodeRole role) const;

    /// A signature of the whole committee's aggregate key (MuSig2 with all members in this process).
    [[nodiscard]] crypto::Signature64 committeeSign(const base::Digest& message) const;
    /// Pays a vault of `value` from the node's wallet and mines it k deep; the mint transaction for it.
    [[nodiscard]] l2::Transaction mint(const Bitcoind& bitcoin, base::Amount value,
                                       const base::XOnlyPublicKey& recipient) const;

private:
    void makeSeal(const Bitcoind& bitcoin);
    void fillCheckpoint(const Bitcoind& bitcoin);
    QTemporaryDir m_dir;
    l2::Network m_network;
    std::size_t m_signers;
};

class Bowlined {
public:
    struct Options {
        std::string role;
        std::string datadir;
        std::string networkFile;
        std::string bitcoin;               // host:port, peer-to-peer
        std::vector<std::string> upstream; // host:port
        std::vector<std::string> extra;
        std::string program = "bowlined"; // or one of the tests' own, that does not keep its word
        bool tls = false;
        std::string payFor = "sealed"; // operators: most tests have no prover
    };
    /// Started and answering. Ends the test program with a message if not.
    static std::unique_ptr<Bowlined> start(Options options);
    /// One of the network's own nodes by its folder's name, such as "signer-1".
    static std::unique_ptr<Bowlined> start(const TestNetwork& network, const Bitcoind& bitcoin,
                                           const std::string& name, std::vector<std::string> upstream = {},
                                           const std::string& program = "bowlined");
    ~Bowlined();
    Bowlined(const Bowlined&) = delete;
    Bowlined& operator=(const Bowlined&) = delete;

    [[nodiscard]] base::Result<boost::json::value> call(const std::string& method,
                                                        boost::json::object params = {}) const;
    /// Ends the test program when the answer is an error.
    [[nodiscard]] boost::json::value must(const std::string& method, boost::json::object params = {}) const;
    [[nodiscard]] std::uint64_t head() const;
    /// {number, hash, header, signature} of a batch; null when there is none.
    [[nodiscard]] boost::json::value header(std::uint64_t number) const;

    /// host:port, or with TLS the URL with its pin; the same after a restart.
    [[nodiscard]] std::string address() const
    {
        return m_endpoint.tls ? m_endpoint.url() : m_endpoint.text();
    }
    [[nodiscard]] net::Endpoint endpoint() const { return m_endpoint; }
    [[nodiscard]] std::string datadir() const { return m_options.datadir; }
    /// Until it has ended by itself; its exit code, or -1.
    int waitForEnd();
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    /// SIGTERM; its exit code, or -1 when it had to be killed.
    int stop();
    void kill();
    void launch();
    /// Further arguments, from the next launch() on.
    void setExtra(std::vector<std::string> extra) { m_options.extra = std::move(extra); }
    /// What it has written to standard error.
    [[nodiscard]] std::string log() const;

private:
    explicit Bowlined(Options options);
    Options m_options;
    net::Endpoint m_endpoint;
    QProcess m_process;
};

/// Waits up to `seconds` for the condition, looking every 50 ms.
template <typename Condition>
[[nodiscard]] bool within(int seconds, Condition condition)
{
    for (int i = 0; i < seconds * 20; ++i) {
        if (condition()) return true;
        QThread::msleep(50);
    }
    return condition();
}

} // namespace bowline::test
