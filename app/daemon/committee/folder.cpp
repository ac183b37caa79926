// SPDX-License-Identifier: MIT
#include "app/daemon/committee/folder.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

namespace bowline::daemon {

namespace fs = std::filesystem;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

constexpr std::size_t kMaxFile = 4'096;
constexpr std::size_t kMaxMessages = 4'096; // far more than two of each of crypto::kMaxSigners
constexpr const char* kProposalName = "/proposal.txt";

Result<std::string> readFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::string out(kMaxFile + 1, '\0');
    in.read(out.data(), static_cast<std::streamsize>(out.size()));
    if (in.bad() || (in.gcount() == 0 && !in.eof()) || in.gcount() > static_cast<std::streamsize>(kMaxFile))
        return makeError(kCommitteeFolder, path);
    out.resize(static_cast<std::size_t>(in.gcount()));
    return out;
}

/// Whole or not at all, and never over what is there: others may be reading.
Status writeOnce(const std::string& path, const std::string& text)
{
    const std::string part = path + ".part" + std::to_string(::getpid());
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out << text;
        out.close();
        if (!out) return makeError(kCommitteeFolder, part);
    }
    std::error_code failure;
    fs::create_hard_link(part, path, failure);
    std::error_code ignored;
    fs::remove(part, ignored);
    if (failure == std::errc::file_exists) return makeError(kCommitteeFileExists, path);
    return failure ? Status(makeError(kCommitteeFolder, path + ": " + failure.message())) : success();
}

Status makeFolder(const std::string& path)
{
    std::error_code failure;
    fs::create_directories(path, failure);
    return failure ? Status(makeError(kCommitteeFolder, path + ": " + failure.message())) : success();
}

} // namespace

Status SessionFolder::write(const Proposal& proposal) const
{
    BOWLINE_CHECK(makeFolder(m_path));
    return writeOnce(m_path + kProposalName, proposal.text());
}

Result<Proposal> SessionFolder::proposal()
{
    BOWLINE_TRY(m_proposal, readFile(m_path + kProposalName));
    return Proposal::parse(m_proposal);
}

Status SessionFolder::write(std::string_view kind, std::size_t member, base::ByteView message) const
{
    const std::string name = "/" + std::string(kind) + "-" + std::to_string(member + 1) + ".hex";
    return writeOnce(m_path + name, base::toHex(message) + "\n");
}

Status SessionFolder::readInto(Round& round)
{
    const std::size_t faults = round.faults().size();
    std::error_code failure;
    for (const fs::directory_entry& entry : fs::directory_iterator(m_path, failure)) {
        std::error_code gone;
        if (entry.path().extension() != ".hex" || !entry.is_regular_file(gone)) continue;
        if (m_seen.size() >= kMaxMessages) break;
        auto text = readFile(entry.path().string());
        if (!text.ok() || !text->ends_with('\n')) continue; // carried away, or still on its way
        if (!m_seen.emplace(*text, entry.path().stem().string()).second) continue;
        const auto message = base::fromHex(std::string_view(*text).substr(0, text->size() - 1));
        const Status taken = message.ok() ? round.take(*message) : Status(message.error());
        if (!taken.ok())
            std::fprintf(stderr, "%s is not taken: %s %s\n", entry.path().c_str(),
                         std::string(taken.error().code.name()).c_str(), taken.error().detail.c_str());
    }
    if (failure) return makeError(kCommitteeFolder, m_path + ": " + failure.message());
    return round.faults().size() > faults ? keepEvidence() : success();
}

/// A file that is replaced by its sender later is there as it was.
Status SessionFolder::keepEvidence() const
{
    const std::string folder = m_path + "/evidence";
    BOWLINE_CHECK(makeFolder(folder));
    std::size_t number = 0;
    const auto again = [](const Status& written) {
        return !written.ok() && written.error().code == kCommitteeFileExists ? success() : written;
    };
    BOWLINE_CHECK(again(writeOnce(folder + kProposalName, m_proposal)));
    for (const auto& [text, name] : m_seen) {
        const std::string path = folder + "/" + std::to_string(++number) + "-" + name + ".hex";
        BOWLINE_CHECK(again(writeOnce(path, text)));
    }
    std::fprintf(stderr, "the evidence is kept in %s\n", folder.c_str());
    return success();
}

} // namespace bowline::daemon
