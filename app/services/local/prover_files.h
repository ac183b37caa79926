// SPDX-License-Identifier: MIT
// What the prover's service reads and writes: prover.json in the data folder (the settings), limits.json and status.json in the
// prover's own folder (app/prover/options.h and status.h have their form).
#pragma once

#include "app/services/interfaces/prover.h"

namespace bowline::services {

inline constexpr base::ErrorCode kProverBadFile{"services.prover-bad-file"};

/// prover.json.
struct ProverKept {
    bool isOn = false;
    ProverSettings settings;
    ProverSpeed speed; // the last measurement
};
/// What is missing or of no use is as it is at first.
[[nodiscard]] ProverKept readProverKept(const std::string& path);
[[nodiscard]] base::Status writeProverKept(const std::string& path, const ProverKept& kept);

/// Of this computer.
[[nodiscard]] ProverMachine machineHere();
/// Numbers that were never set become those of the machine, others are put into its range.
[[nodiscard]] ProverSettings fitted(ProverSettings settings, const ProverMachine& machine);
/// kProverBadSettings for numbers out of the range and an address that is none.
[[nodiscard]] base::Status checkSettings(const ProverSettings& settings, const ProverMachine& machine);
[[nodiscard]] base::Status writeLimits(const std::string& path, const ProverSettings& settings);

/// status.json, as far as a view has it: state, code, task, counts, queue, events, limits in force. `process` is who wrote it.
/// The state is that of a running prover; the service knows whether it still runs. kProverBadFile when there is no such file.
[[nodiscard]] base::Result<ProverView> readProverStatus(const std::string& path);

/// The output of a measurement.
[[nodiscard]] base::Result<ProverSpeed> readMeasurement(const std::string& path);
/// Batches an hour at the pace of the tasks that were done: their usual times, weighed by how many of each kind came to one
/// execution. None before an execution, a shard and a lift were done.
[[nodiscard]] std::optional<double> paceOf(const std::vector<ProverCount>& done);

} // namespace bowline::services
