// SPDX-License-Identifier: MIT
// The words of core/base that every part of this library speaks in.
#pragma once

#include "core/base/types.h"

namespace bowline::bitcoin {

using base::Amount;
using base::BlockHash;
using base::ByteArray;
using base::Bytes;
using base::ByteView;
using base::Digest;
using base::ErrorCode;
using base::FilterHeader;
using base::Height;
using base::MerkleRoot;
using base::Result;
using base::Status;
using base::Txid;
using base::Wtxid;
using base::XOnlyPublicKey;

} // namespace bowline::bitcoin
