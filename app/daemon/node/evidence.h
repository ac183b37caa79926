// SPDX-License-Identifier: MIT
// What a node can prove against the sequencer, and what follows from it (rule A2): validity is not uniqueness. A
// sequencer that signed two histories has none that anybody may promise or pay on; what is out already is still
// followed to its end.
#pragma once

#include "app/daemon/node/l2_store.h"

namespace bowline::daemon {

/// One pair convicts; a sequencer that signs without end must not fill the disk.
inline constexpr std::uint64_t kMaxEquivocations = 20;

/// Two headers of one number, both signed while the Bitcoin blocks of both stood. True when it is kept and was not yet.
[[nodiscard]] base::Result<bool> keepEquivocation(L2Store& store, const EquivocationRow& row);
/// A signed header and an anchor that sealed another batch of its number; as above.
[[nodiscard]] base::Result<bool> keepSealedOtherwise(L2Store& store, const SealedOtherwiseRow& row);
/// All that are kept.
[[nodiscard]] base::Result<std::vector<EquivocationRow>> equivocationsIn(L2Store& store);
[[nodiscard]] base::Result<std::vector<SealedOtherwiseRow>> sealedOtherwiseIn(L2Store& store);
/// Also when that cannot be read.
[[nodiscard]] bool isHistoryInDoubt(L2Store& store);

} // namespace bowline::daemon
