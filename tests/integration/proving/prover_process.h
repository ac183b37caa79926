// SPDX-License-Identifier: MIT
// A prover's process, and the owner of the node that it works for.
#pragma once

#include "tests/integration/daemon/scene.h"

#include <QFile>

namespace bowline::test {

namespace json = boost::json;

/// A node that has its batches proven, as a prover knows it.
struct ProvedNode {
    net::Endpoint endpoint;
    std::string tokenFile;
    [[nodiscard]] static ProvedNode of(const Bowlined& node)
    {
        return {node.endpoint(), node.datadir() + "/access.token"};
    }
};

/// Calls with the node's access token.
class Owner {
public:
    explicit Owner(const Bowlined& node) : m_node(ProvedNode::of(node)) {}
    explicit Owner(ProvedNode node) : m_node(std::move(node)) {}
    [[nodiscard]] base::Result<json::value> call(const std::string& method, json::object params = {}) const
    {
        const auto token = net::AccessToken::readFile(m_node.tokenFile);
        if (!token.ok()) return token.error();
        return net::BlockingClient(m_node.endpoint, {.token = *token}).call(method, std::move(params));
    }
    [[nodiscard]] std::string codeOf(const std::string& method, json::object params = {}) const
    {
        const auto answer = call(method, std::move(params));
        return answer.ok() ? "ok" : std::string(answer.error().code.name());
    }
    /// How many tries of all provers ended so: "lapsed", "rejected", ...
    [[nodiscard]] int tries(const char* outcome) const
    {
        const auto status = call("proving_status");
        if (!status.ok()) return -1;
        int out = 0;
        for (const json::value& one : status->at("provers").as_array())
            out += one.at(outcome).to_number<int>();
        return out;
    }
    /// The newest wrapped proof of the chain; empty when there is none.
    [[nodiscard]] base::Bytes wrapped() const
    {
        const auto status = call("proving_status");
        if (!status.ok() || status->at("proven").is_null()) return {};
        const auto piece =
            call("proving_blob", {{"digest", status->at("proven").at("digest")}, {"offset", 0}});
        return piece.ok() ? *base::fromHex(piece->at("hex").as_string()) : base::Bytes{};
    }
    [[nodiscard]] int queued(const char* state) const
    {
        const auto status = call("proving_status");
        return status.ok() ? status->at("queue").at(state).to_number<int>() : -1;
    }

private:
    ProvedNode m_node;
};

class ProverProcess {
public:
    ProverProcess(const Bowlined& node, QString folder, const QStringList& more = {})
        : ProverProcess(ProvedNode::of(node), std::move(folder), more)
    {
    }
    ProverProcess(const ProvedNode& node, QString folder, const QStringList& more = {})
        : m_folder(std::move(folder))
    {
        m_arguments << "--role"
                    << "prover"
                    << "--datadir" << m_folder << "--node" << QString::fromStdString(node.endpoint.url())
                    << "--token-file" << QString::fromStdString(node.tokenFile) << "--threads"
                    << "2"
                    // On a busy machine the lowest priority gets nothing.
                    << "--nice"
                    << "0" << more;
        start();
    }
    ~ProverProcess() { stop(); }
    void start()
    {
        m_process.setStandardErrorFile(m_folder + "/log", QIODevice::Append);
        m_process.start(QString(BOWLINE_BINARY_DIR) + "/bin/bowlined", m_arguments);
        if (!m_process.waitForStarted()) qFatal("the prover does not start");
    }
    /// SIGTERM.
    void stop()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000)) kill();
    }
    /// SIGKILL.
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
        QFile::remove(m_folder + "/status.json"); // what it says is over
    }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    /// Of status.json.
    [[nodiscard]] json::object status() const
    {
        QFile file(m_folder + "/status.json");
        if (!file.open(QIODevice::ReadOnly)) return {};
        boost::system::error_code failure;
        const json::value out = json::parse(file.readAll().toStdString(), failure);
        return failure || !out.is_object() ? json::object{} : out.get_object();
    }
    /// The process id of the worker that does a task of this kind; 0 when there is none.
    [[nodiscard]] int workerOf(const char* kind) const
    {
        const json::object now = status();
        const json::value* task = now.if_contains("task");
        if (task == nullptr || task->at("kind").as_string() != kind) return 0;
        return task->at("worker").to_number<int>();
    }
    [[nodiscard]] QString log() const
    {
        QString out;
        for (const char* name : {"/log", "/worker.log"}) {
            QFile file(m_folder + name);
            if (file.open(QIODevice::ReadOnly)) out += QString(file.readAll());
        }
        return out;
    }

private:
    QString m_folder;
    QStringList m_arguments;
    QProcess m_process;
};

/// Neither gone nor a zombie that nobody has asked for yet.
inline bool isAlive(int pid)
{
    QFile file(QString("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return false;
    const QByteArray line = file.readAll();
    return line.mid(line.lastIndexOf(')') + 2, 1) != "Z";
}

/// Of a batch's proof; the error's code when there is none.
inline std::string stageOf(const Bowlined& node, std::uint64_t number)
{
    const auto answer = node.call("proof_status", {{"n", number}});
    return answer.ok() ? json::value_to<std::string>(answer->at("stage"))
                       : std::string(answer.error().code.name());
}

/// From now on the node has its batches proven.
inline void startProving(Bowlined& node, const std::string& store)
{
    node.stop();
    node.setExtra({"--proving", store});
    node.launch();
}

} // namespace bowline::test
