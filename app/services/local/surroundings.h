// SPDX-License-Identifier: MIT
// What the parts of an open session share. All of it lives on, or answers on, the services' thread.
#pragma once

#include "app/services/local/node_link.h"
#include "app/services/local/worker.h"
#include "core/bridge/graph.h"
#include "core/wallet/sync.h"

namespace bowline::services {

struct Surroundings {
    bridge::ContextPtr context;
    chain::Backend& backend;
    NodeLink& node;
    Worker& worker;
    const base::Clock& clock;
    /// Something that a snapshot shows has changed.
    std::function<void()> changed;
};

} // namespace bowline::services
