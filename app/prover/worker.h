// SPDX-License-Identifier: MIT
// `bowlined --role prover-worker`: does one task from files to a file and ends. With --serve it does one after another: each
// line on standard input is the arguments of a task as a JSON array, each line on standard output is empty for a task that was done
// and else says why it was not. What the tasks of one program and network have in common, their programs and keys, is made
// once then, and memory is used again. It ends when standard input does.
#pragma once

#include "app/prover/options.h"
#include "core/prover/proofs.h"
#include "core/stf/image_program.h"

namespace bowline::prover_app {

inline constexpr base::ErrorCode kCannotRead{"prover.cannot-read"};
inline constexpr base::ErrorCode kCannotWrite{"prover.cannot-write"};

/// At most `limit` bytes.
[[nodiscard]] Result<base::Bytes> readFile(const std::string& path, std::size_t limit);
/// Under another name first, then renamed: whole, or not there. Survives a kill; not the loss of power.
[[nodiscard]] base::Status writeFile(const std::string& path, base::ByteView bytes);

/// What is kept from task to task.
class Workbench {
public:
    [[nodiscard]] base::Status work(const WorkerOptions& options);

private:
    [[nodiscard]] Result<base::Bytes> resultOf(const WorkerOptions& options);
    [[nodiscard]] Result<base::Bytes> executed(const WorkerOptions& options,
                                               const std::vector<base::Bytes>& needs);
    [[nodiscard]] Result<base::Bytes> aggregated(const WorkerOptions& options,
                                                 const std::vector<base::Bytes>& needs);
    /// Gives up what the task does not need, if there might be too little memory for it otherwise.
    void makeRoom(const WorkerOptions& options);

    std::string m_imageDigest; // of the image and the program
    stf::ImageProgramPtr m_image;
    std::unique_ptr<prover::PreparedProgram> m_program;
    std::string m_network; // of the maker
    std::optional<prover::ProofMaker> m_maker;
};
/// What main() returns for this role: 0, 1 with the error on standard error, 2 for wrong usage,
/// kOutOfMemory (child.h).
[[nodiscard]] int runWorker(const std::vector<std::string>& arguments);

} // namespace bowline::prover_app
