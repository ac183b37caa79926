// SPDX-License-Identifier: MIT
// The words of the libraries below that every part of the bridge speaks in.
#pragma once

#include "core/l2/types.h"

namespace bowline::bridge {

using base::Amount;
using base::BatchNumber;
using base::BlockHash;
using base::ByteArray;
using base::Bytes;
using base::ByteView;
using base::Digest;
using base::Error;
using base::ErrorCode;
using base::Height;
using base::Result;
using base::Status;
using base::Txid;
using base::XOnlyPublicKey;
using bitcoin::OutPoint;
using bitcoin::Script;
using bitcoin::Transaction;
using bitcoin::TxIn;
using bitcoin::TxOut;
using crypto::PrivateKey;
using crypto::PublicKey;
using crypto::Signature64;
using l2::ChainId;

} // namespace bowline::bridge
