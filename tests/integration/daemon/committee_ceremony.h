// SPDX-License-Identifier: MIT
// A ceremony of the committee by files (bowline-committee): each member is a process of its own.
#pragma once

#include "tests/support/bowlined.h"

#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

namespace bowline::test {

/// The members, each a process with a folder and a key of its own, as on machines of their own: the test carries the files.
class Ceremony {
public:
    Ceremony(const TestNetwork& on, const QStringList& terms) : m_network(on)
    {
        for (std::size_t i = 0; i < on.network().members.size(); ++i)
            std::filesystem::create_directories(folder(i));
        QProcess process;
        process.start(program(),
                      QStringList{"propose", network(), QString::fromStdString(folder(0))} + terms);
        if (!process.waitForFinished(30'000) || process.exitCode() != 0)
            qFatal("propose: %s", process.readAllStandardError().constData());
        carry();
        m_members.resize(on.network().members.size());
    }
    ~Ceremony()
    {
        for (const auto& member : m_members) {
            if (member) end(*member);
        }
    }
    Ceremony(const Ceremony&) = delete;
    Ceremony& operator=(const Ceremony&) = delete;

    void start(std::size_t i, const char* answer = "yes\n")
    {
        m_members[i] = std::make_unique<QProcess>();
        const std::string keys = m_network.datadir("signer-" + std::to_string(i + 1));
        m_members[i]->start(
            program(), {"sign", network(), QString::fromStdString(folder(i)), QString::fromStdString(keys)});
        m_members[i]->write(answer);
        // Nothing here runs an event loop.
        if (!m_members[i]->waitForStarted() || !m_members[i]->waitForBytesWritten()) qFatal("not started");
    }
    void kill(std::size_t i) { end(*m_members[i]); }
    /// The exit code, once it has ended by itself.
    [[nodiscard]] int exitOf(std::size_t i)
    {
        return hasEnded(*m_members[i], 30'000) ? m_members[i]->exitCode() : -1;
    }
    [[nodiscard]] std::string errorsOf(std::size_t i)
    {
        return m_members[i]->readAllStandardError().toStdString();
    }
    /// Until all have ended: what each of them printed is the same.
    [[nodiscard]] std::string result()
    {
        const bool ended = within(30, [this] {
            carry();
            return std::all_of(m_members.begin(), m_members.end(),
                               [](const auto& member) { return hasEnded(*member, 50); });
        });
        const std::string out = m_members[0]->readAllStandardOutput().trimmed().toStdString();
        if (!ended || out.empty()) qFatal("no signature: %s", errorsOf(0).c_str());
        for (std::size_t i = 1; i < m_members.size(); ++i) {
            if (m_members[i]->readAllStandardOutput().trimmed().toStdString() != out) qFatal("they differ");
        }
        return out;
    }
    /// Every file of one folder into all others that lack it.
    void carry() const
    {
        namespace fs = std::filesystem;
        for (std::size_t from = 0; from < m_network.network().members.size(); ++from) {
            for (const auto& file : fs::directory_iterator(folder(from))) {
                const std::string name = file.path().filename();
                if (file.path().extension() == ".hex" || name == "proposal.txt") bring(file.path(), name);
            }
        }
    }
    [[nodiscard]] std::string folder(std::size_t i) const
    {
        return m_root.path().toStdString() + "/member-" + std::to_string(i + 1);
    }
    [[nodiscard]] QProcess& show(std::size_t i)
    {
        m_show.start(program(), {"show", network(), QString::fromStdString(folder(i))});
        m_show.waitForFinished(30'000);
        return m_show;
    }

private:
    void bring(const std::filesystem::path& file, const std::string& name) const
    {
        for (std::size_t to = 0; to < m_network.network().members.size(); ++to) {
            const std::string there = folder(to) + "/" + name;
            if (!std::filesystem::exists(there)) std::filesystem::copy_file(file, there);
        }
    }
    /// waitForFinished() says no of one that had ended before.
    static bool hasEnded(QProcess& process, int milliseconds)
    {
        process.waitForFinished(milliseconds);
        return process.state() == QProcess::NotRunning;
    }
    static QString program() { return QStringLiteral(BOWLINE_BINARY_DIR "/bin/bowline-committee"); }
    [[nodiscard]] QString network() const { return QString::fromStdString(m_network.file()); }
    static void end(QProcess& process)
    {
        process.kill();
        process.waitForFinished(5'000);
    }
    const TestNetwork& m_network;
    QTemporaryDir m_root;
    QProcess m_show;
    std::vector<std::unique_ptr<QProcess>> m_members;
};

} // namespace bowline::test
