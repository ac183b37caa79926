// SPDX-License-Identifier: MIT
// What signatures sign: the legacy form, BIP143 (segwit v0), BIP341 and BIP342 (taproot and tapscript).
#pragma once

#include "core/bitcoin/transaction.h"

#include <span>

namespace bowline::bitcoin {

inline constexpr ErrorCode kBadSighashType{"bitcoin.bad-sighash-type"};
inline constexpr ErrorCode kBadInputIndex{"bitcoin.bad-input-index"};
/// SIGHASH_SINGLE of BIP341 for an input without an output of the same index.
inline constexpr ErrorCode kNoMatchingOutput{"bitcoin.no-matching-output"};
/// BIP341 signs the values and scripts of all spent outputs; they were not given.
inline constexpr ErrorCode kMissingSpentOutputs{"bitcoin.missing-spent-outputs"};
/// An annex must begin with 0x50.
inline constexpr ErrorCode kBadAnnex{"bitcoin.bad-annex"};

inline constexpr std::uint8_t kSighashDefault = 0x00; // BIP341 only
inline constexpr std::uint8_t kSighashAll = 0x01;
inline constexpr std::uint8_t kSighashNone = 0x02;
inline constexpr std::uint8_t kSighashSingle = 0x03;
inline constexpr std::uint8_t kSighashAnyoneCanPay = 0x80;

inline constexpr std::uint8_t kAnnexTag = 0x50;

/// The seven hash types that BIP341 allows.
[[nodiscard]] bool isTaprootHashType(std::uint8_t hashType);

/// The form before segwit. `scriptCode` is the script from the last executed OP_CODESEPARATOR on, without the
/// signature; remaining OP_CODESEPARATORs are left out here. `hashType` has 32 bits because all of them are
/// signed. The index beyond the inputs and SINGLE without output yield the number one, as consensus has it.
[[nodiscard]] Digest legacySighash(const Transaction& transaction, std::size_t input, ByteView scriptCode,
                                   std::uint32_t hashType);

/// The leaf that a tapscript signature is for (BIP342).
struct TapscriptContext {
    Digest leafHash;
    /// Position (counted in opcodes) of the last executed OP_CODESEPARATOR.
    std::uint32_t codeSeparatorPosition = 0xffffffff;
};

/// Signature hashes of one transaction, sharing the hashes over all inputs and outputs. It keeps a reference:
/// the transaction must outlive it unchanged.
class SighashContext {
public:
    /// For segwit v0 only.
    explicit SighashContext(const Transaction& transaction);
    /// `spent`: the output that each input spends, in the order of the inputs. If the number differs from
    /// that of the inputs, taproot hashes fail with kMissingSpentOutputs.
    SighashContext(const Transaction& transaction, std::span<const TxOut> spent);
    explicit SighashContext(Transaction&&) = delete;
    SighashContext(Transaction&&, std::span<const TxOut>) = delete;

    /// BIP143. `scriptCode` is the witness script (from its last executed OP_CODESEPARATOR on), or
    /// witnessKeyHashScriptCode(). Any hash type: consensus gives unknown ones a meaning.
    [[nodiscard]] Result<Digest> segwitV0(std::size_t input, ByteView scriptCode, Amount value,
                                          std::uint32_t hashType) const;
    /// BIP341, key path, or BIP342 when `leaf` is given. `annex` with its 0x50, if the witness has one.
    [[nodiscard]] Result<Digest> taproot(std::size_t input, std::uint8_t hashType,
                                         const std::optional<TapscriptContext>& leaf = std::nullopt,
                                         const std::optional<Bytes>& annex = std::nullopt) const;

private:
    const Transaction& m_transaction;
    std::vector<TxOut> m_spent;
    // Single SHA-256, as BIP341 wants them; BIP143 hashes the first three once more.
    Digest m_prevouts;
    Digest m_sequences;
    Digest m_outputs;
    Digest m_amounts;
    Digest m_scriptPubKeys;
};

} // namespace bowline::bitcoin
