// SPDX-License-Identifier: MIT
// A whole devnet for tests, started and asked through the built bowline-cli as a person or a script would:
// processes, sockets and files are the real ones. Ends with the object.
#pragma once

#include "tests/support/bitcoind.h"

#include <boost/json.hpp>

#include <functional>

namespace bowline::test {

/// The answer of bowline-cli --json.
struct CliAnswer {
    int exitCode = 0;
    boost::json::object json;
    std::string text; // what was printed
    [[nodiscard]] std::string errorCode() const;
};

/// A data folder of one person.
class CliWallet {
public:
    CliWallet(std::string datadir, std::string password)
        : m_datadir(std::move(datadir)), m_password(std::move(password))
    {
    }
    [[nodiscard]] const std::string& datadir() const { return m_datadir; }
    /// Runs the command to its end.
    CliAnswer run(const QStringList& arguments, const QStringList& environment = {}) const;
    /// The same, calling `meanwhile` every 1.5 s until it has ended (to mine blocks, for instance).
    CliAnswer runWhile(const QStringList& arguments, const std::function<void()>& meanwhile) const;
    /// Runs the command until `now` says so and kills it with SIGKILL; false when it ended before.
    [[nodiscard]] bool runAndKill(const QStringList& arguments, const std::function<bool()>& now) const;

private:
    [[nodiscard]] std::unique_ptr<QProcess> launch(const QStringList& arguments,
                                                   const QStringList& environment) const;
    std::string m_datadir;
    std::string m_password;
};

class TestDevnet {
public:
    /// `bowline-cli devnet up` with these further options; ends the test program with a message when it fails.
    explicit TestDevnet(const QStringList& options);
    ~TestDevnet();
    TestDevnet(const TestDevnet&) = delete;
    TestDevnet& operator=(const TestDevnet&) = delete;

    [[nodiscard]] std::string dir() const { return m_dir.path().toStdString(); }
    /// What `devnet up --json` printed.
    [[nodiscard]] const boost::json::object& state() const { return m_state; }
    /// A new data folder that connects to this devnet.
    [[nodiscard]] CliWallet wallet(const std::string& name) const;
    /// `devnet ...` of bowline-cli; ends the test program when it fails.
    boost::json::object devnet(const QStringList& arguments) const;
    void mine(int blocks) const;
    /// bitcoin-cli against the devnet's node, not through our code. Ends the test program when it fails.
    std::string bitcoin(const QStringList& arguments) const;
    boost::json::value bitcoinJson(const QStringList& arguments) const;
    /// The transactions that bitcoind knows and has in no block, but for the sequencer's anchors, which come when they come.
    [[nodiscard]] boost::json::array mempoolBesideSeals() const;
    [[nodiscard]] int height() const;
    /// Process id of "signer-1" and the like, as devnet up reported it.
    [[nodiscard]] qint64 pidOf(const std::string& name) const;
    /// host:port that it serves.
    [[nodiscard]] std::string endpointOf(const std::string& name) const;

private:
    [[nodiscard]] const boost::json::object& program(const std::string& name) const;
    QTemporaryDir m_dir;
    boost::json::object m_state;
};

/// The folder of the built programs.
[[nodiscard]] QString programFolder();

} // namespace bowline::test
