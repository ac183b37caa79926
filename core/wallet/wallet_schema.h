// SPDX-License-Identifier: MIT
// The tables of a wallet file. Private to this library.
#pragma once

#include "core/store/database.h"

namespace bowline::wallet {

[[nodiscard]] const store::Schema& walletSchema();

} // namespace bowline::wallet
