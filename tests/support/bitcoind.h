// SPDX-License-Identifier: MIT
// A real bitcoind on regtest for tests: own data folder, own free ports on the loopback interface, driven as by
// bitcoin-cli, so that what it says does not pass through our code. Ends with the object.
//
// The programs are found in .deps/bin of the source tree, else in the PATH, else in BOWLINE_BITCOIND's folder.
#pragma once

#include "tests/support/bitcoin_rpc.h"
#include "tests/support/vectors.h"

#include <QProcess>
#include <QTemporaryDir>

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bowline::test {

/// Whether a bitcoind can be started here. Tests skip without one, but fail when BOWLINE_REQUIRE_VECTORS is set,
/// as it is in continuous integration: see SKIP_WITHOUT_BITCOIND.
[[nodiscard]] bool bitcoindPresent();
/// A TCP port on 127.0.0.1 that nobody listened on a moment ago.
[[nodiscard]] std::uint16_t freePort();

class Bitcoind {
public:
    struct Options {
        std::vector<std::string> extraArguments; // such as "-blockfilterindex=0"
        std::vector<std::string> connectTo;      // "127.0.0.1:port" of other nodes
    };
    /// Started and answering, with a wallet named "test" loaded. Ends the test program with a message if not.
    static std::unique_ptr<Bitcoind> start() { return start(Options{}); }
    static std::unique_ptr<Bitcoind> start(Options options);
    ~Bitcoind();
    Bitcoind(const Bitcoind&) = delete;
    Bitcoind& operator=(const Bitcoind&) = delete;

    /// What bitcoin-cli answers to these arguments, as text without the line end. Ends the test program when
    /// it fails.
    std::string cli(const std::vector<std::string>& arguments) const;
    /// The answer parsed as JSON.
    boost::json::value json(const std::vector<std::string>& arguments) const;
    using Outcome = CliOutcome;
    /// The same, but failure is for the caller to judge.
    Outcome tryCli(const std::vector<std::string>& arguments) const;

    /// Mines blocks to an address of the node's wallet, or to `address`; returns the hash of the last one, as
    /// Bitcoin shows it.
    std::string mine(int blocks, const std::string& address = {}) const;
    [[nodiscard]] std::string newAddress(const std::string& type = "bech32m") const;
    /// Sends from the node's wallet; returns the transaction id.
    std::string send(const std::string& address, const std::string& btc) const;
    [[nodiscard]] int height() const;
    [[nodiscard]] std::string bestBlock() const;

    /// 127.0.0.1:port of the peer-to-peer listener.
    [[nodiscard]] std::string p2pAddress() const;
    [[nodiscard]] std::uint16_t rpcPort() const { return m_rpcPort; }
    [[nodiscard]] std::string dataDir() const { return m_dir.path().toStdString(); }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    /// Ends the node in an orderly way; the data stay.
    void stop();
    /// SIGKILL.
    void kill();
    /// Starts it again on the same data and ports; `once`: more arguments for this time.
    void restart(const std::vector<std::string>& once = {});

private:
    explicit Bitcoind(Options options);
    void launch(const std::vector<std::string>& once = {});
    void waitUntilAnswering();
    Outcome run(const std::vector<std::string>& arguments, bool withWallet) const;

    Options m_options;
    QTemporaryDir m_dir;
    std::uint16_t m_p2pPort;
    std::uint16_t m_rpcPort;
    QProcess m_process;
};

} // namespace bowline::test

#define SKIP_WITHOUT_BITCOIND()                                                                              \
    do {                                                                                                     \
        if (!bowline::test::bitcoindPresent()) {                                                             \
            QVERIFY2(!bowline::test::vectorsRequired(), "a bitcoind is required but absent");                \
            QSKIP("no bitcoind: run tools/setup/setup.sh");                                                  \
        }                                                                                                    \
    } while (false)
