// SPDX-License-Identifier: MIT
// The prover without a window: the service of the page Prover in a program that stays for it, and what other programs may ask
// of that one. They meet in the folder prover/ of the data folder.
#pragma once

#include "app/services/interfaces/prover.h"

#include <chrono>

namespace bowline::services {

struct ProverHostOptions {
    std::string dataDir;
    std::string node;      // the wallet's; empty: none is known
    std::string tokenFile; // of that node; empty: none is known
    std::string program;   // bowlined; empty: beside this program
    /// How long to wait for another program to be done with the data folder.
    std::chrono::milliseconds patience{0};
};

/// Has the data folder, as the window would: there is one prover for one folder.
class ProverHost {
public:
    /// kInUse, kCannotStart (services).
    [[nodiscard]] static base::Result<std::unique_ptr<ProverHost>> open(const ProverHostOptions& options);
    virtual ~ProverHost() = default;

    [[nodiscard]] virtual ProverService& service() = 0;
    /// Does what another program has asked for by askProverHost(), if any has. True: it was to stop, and no process is left.
    [[nodiscard]] virtual bool turn() = 0;
};

struct ProverRequest {
    std::optional<ProverSettings> settings;
    bool stops = false;
};
/// Leaves a request to the program that has the data folder, and waits until it is done. kInUse when that one takes none, as
/// the window, whose page is for that.
[[nodiscard]] base::Status askProverHost(const std::string& dataDir, const ProverRequest& request,
                                         std::chrono::milliseconds patience);
/// The settings, and what the prover has written last; Off unless its process runs.
[[nodiscard]] ProverView readProver(const ProverHostOptions& options);
/// kProverBadSettings for what this machine does not have, and an address that is none.
[[nodiscard]] base::Status checkProverSettings(const ProverSettings& settings);

} // namespace bowline::services
