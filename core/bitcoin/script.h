// SPDX-License-Identifier: MIT
// Scripts: building them with minimal pushes, reading them operation by operation, numbers, the standard
// output types and their dust limits, and relative lock times. Scripts are not executed here.
#pragma once

#include "core/bitcoin/types.h"

#include <chrono>
#include <optional>

namespace bowline::bitcoin {

/// The serialised bytes of a script. A plain byte string: any bytes may stand in an output.
using Script = Bytes;

/// A number is longer than allowed, or not in its shortest form.
inline constexpr ErrorCode kBadScriptNumber{"bitcoin.bad-script-number"};
inline constexpr ErrorCode kBadTimelock{"bitcoin.bad-timelock"};

/// Opcodes by the names of Bitcoin's own documents; those that are disabled or reserved are left out.
enum Opcode : std::uint8_t {
    OP_0 = 0x00,
    OP_PUSHDATA1 = 0x4c,
    OP_PUSHDATA2 = 0x4d,
    OP_PUSHDATA4 = 0x4e,
    OP_1NEGATE = 0x4f,
    OP_1 = 0x51,
    OP_2 = 0x52,
    OP_3 = 0x53,
    OP_4 = 0x54,
    OP_5 = 0x55,
    OP_6 = 0x56,
    OP_7 = 0x57,
    OP_8 = 0x58,
    OP_9 = 0x59,
    OP_10 = 0x5a,
    OP_11 = 0x5b,
    OP_12 = 0x5c,
    OP_13 = 0x5d,
    OP_14 = 0x5e,
    OP_15 = 0x5f,
    OP_16 = 0x60,
    OP_NOP = 0x61,
    OP_IF = 0x63,
    OP_NOTIF = 0x64,
    OP_ELSE = 0x67,
    OP_ENDIF = 0x68,
    OP_VERIFY = 0x69,
    OP_RETURN = 0x6a,
    OP_TOALTSTACK = 0x6b,
    OP_FROMALTSTACK = 0x6c,
    OP_2DROP = 0x6d,
    OP_2DUP = 0x6e,
    OP_3DUP = 0x6f,
    OP_2OVER = 0x70,
    OP_2ROT = 0x71,
    OP_2SWAP = 0x72,
    OP_IFDUP = 0x73,
    OP_DEPTH = 0x74,
    OP_DROP = 0x75,
    OP_DUP = 0x76,
    OP_NIP = 0x77,
    OP_OVER = 0x78,
    OP_PICK = 0x79,
    OP_ROLL = 0x7a,
    OP_ROT = 0x7b,
    OP_SWAP = 0x7c,
    OP_TUCK = 0x7d,
    OP_SIZE = 0x82,
    OP_EQUAL = 0x87,
    OP_EQUALVERIFY = 0x88,
    OP_1ADD = 0x8b,
    OP_1SUB = 0x8c,
    OP_NEGATE = 0x8f,
    OP_ABS = 0x90,
    OP_NOT = 0x91,
    OP_0NOTEQUAL = 0x92,
    OP_ADD = 0x93,
    OP_SUB = 0x94,
    OP_BOOLAND = 0x9a,
    OP_BOOLOR = 0x9b,
    OP_NUMEQUAL = 0x9c,
    OP_NUMEQUALVERIFY = 0x9d,
    OP_NUMNOTEQUAL = 0x9e,
    OP_LESSTHAN = 0x9f,
    OP_GREATERTHAN = 0xa0,
    OP_LESSTHANOREQUAL = 0xa1,
    OP_GREATERTHANOREQUAL = 0xa2,
    OP_MIN = 0xa3,
    OP_MAX = 0xa4,
    OP_WITHIN = 0xa5,
    OP_RIPEMD160 = 0xa6,
    OP_SHA1 = 0xa7,
    OP_SHA256 = 0xa8,
    OP_HASH160 = 0xa9,
    OP_HASH256 = 0xaa,
    OP_CODESEPARATOR = 0xab,
    OP_CHECKSIG = 0xac,
    OP_CHECKSIGVERIFY = 0xad,
    OP_CHECKMULTISIG = 0xae,
    OP_CHECKMULTISIGVERIFY = 0xaf,
    OP_NOP1 = 0xb0,
    OP_CHECKLOCKTIMEVERIFY = 0xb1,
    OP_CHECKSEQUENCEVERIFY = 0xb2,
    OP_CHECKSIGADD = 0xba, // BIP342
};

/// The largest number of bytes that one push may hold in consensus (bare and P2SH scripts, BIP342 alike).
inline constexpr std::size_t kMaxPushSize = 520;
/// An output whose script is longer can never be spent.
inline constexpr std::size_t kMaxScriptSize = 10'000;

class ScriptBuilder {
public:
    ScriptBuilder& op(Opcode opcode);
    /// The shortest form (BIP62 rule 3): OP_0, OP_1NEGATE, OP_1 to OP_16, or a push of the number's bytes.
    ScriptBuilder& number(std::int64_t value);
    /// The shortest form (BIP62 rule 3), which for one byte 1 to 16 or 0x81 is an opcode.
    ScriptBuilder& push(ByteView data);
    /// Code that is a script already.
    ScriptBuilder& code(ByteView script);
    [[nodiscard]] const Script& script() const { return m_script; }
    [[nodiscard]] Script take() { return std::move(m_script); }

private:
    Script m_script;
};

/// One operation of a script. `data` is what a push pushes as bytes (empty for OP_0 and all other opcodes),
/// a view into the script.
struct ScriptOp {
    std::uint8_t opcode = 0;
    ByteView data;
    std::size_t offset = 0;

    /// OP_0 to OP_PUSHDATA4: the opcodes that carry bytes.
    [[nodiscard]] bool isDataPush() const { return opcode <= OP_PUSHDATA4; }
    /// OP_1NEGATE or OP_1 to OP_16.
    [[nodiscard]] bool isSmallNumber() const;
    /// Whether the push is in its shortest form. True for what is no push.
    [[nodiscard]] bool isMinimal() const;
};

/// Walks over the operations of a script. A push that runs past the end ends the walk with malformed().
class ScriptReader {
public:
    explicit ScriptReader(ByteView script) : m_script(script) {}
    [[nodiscard]] std::optional<ScriptOp> next();
    [[nodiscard]] bool malformed() const { return m_malformed; }

private:
    ByteView m_script;
    std::size_t m_at = 0;
    bool m_malformed = false;
};

/// Little-endian with a sign bit, shortest form; zero is empty ("CScriptNum").
[[nodiscard]] Bytes encodeScriptNumber(std::int64_t value);
/// Refuses more than `maxSize` bytes (4 for arithmetic, 5 for lock times, at most 8) and longer forms than
/// needed.
[[nodiscard]] Result<std::int64_t> decodeScriptNumber(ByteView bytes, std::size_t maxSize = 4);

enum class OutputType {
    PayToPublicKeyHash,
    PayToScriptHash,
    PayToWitnessPublicKeyHash,
    PayToWitnessScriptHash,
    PayToTaproot,
    PayToAnchor,    // 51024e73: anybody can spend, keyless (P2A)
    UnknownWitness, // a witness program of a version or length without meaning yet
    NullData,       // begins with OP_RETURN: never spendable
    Other,
};
[[nodiscard]] OutputType outputTypeOf(ByteView script);

/// BIP141: one opcode OP_0 to OP_16 and one direct push of 2 to 40 bytes.
struct WitnessProgram {
    std::uint8_t version = 0;
    ByteView program; // a view into the script
};
[[nodiscard]] std::optional<WitnessProgram> witnessProgramOf(ByteView script);
/// Never spendable: begins with OP_RETURN, or longer than kMaxScriptSize.
[[nodiscard]] bool isUnspendable(ByteView script);

[[nodiscard]] Script payToPublicKeyHash(const ByteArray<20>& keyHash);
[[nodiscard]] Script payToScriptHash(const ByteArray<20>& scriptHash);
[[nodiscard]] Script payToWitnessPublicKeyHash(const ByteArray<20>& keyHash);
/// `scriptHash` is the single SHA-256 of the witness script.
[[nodiscard]] Script payToWitnessScriptHash(const Digest& scriptHash);
/// `outputKey` is the tweaked key (see taproot.h).
[[nodiscard]] Script payToTaproot(const XOnlyPublicKey& outputKey);
[[nodiscard]] Script payToAnchor();
/// OP_RETURN and one push.
[[nodiscard]] Script nullDataScript(ByteView data);
/// BIP143: what a P2WPKH input signs, the P2PKH script of its key hash.
[[nodiscard]] Script witnessKeyHashScriptCode(const ByteArray<20>& keyHash);

/// The least value that nodes relay for such an output at the default dust relay rate of 3,000 sat/kvB.
/// 0 for outputs that are never spendable.
[[nodiscard]] Amount dustThreshold(ByteView scriptPubKey);

inline constexpr std::uint32_t kSequenceFinal = 0xffffffff;
/// Lock time is active, replacement is not signalled.
inline constexpr std::uint32_t kSequenceNoReplace = 0xfffffffe;
/// Lock time is active and BIP125 replacement signalled.
inline constexpr std::uint32_t kSequenceReplaceable = 0xfffffffd;
inline constexpr std::uint32_t kSequenceLockDisabled = 1U << 31U; // BIP68
inline constexpr std::uint32_t kSequenceLockTime = 1U << 22U;     // BIP68: in units of 512 seconds
inline constexpr std::uint32_t kSequenceLockMask = 0xffff;
/// Lock times below are heights, others seconds since 1970.
inline constexpr std::uint32_t kLockTimeThreshold = 500'000'000;

/// BIP68 sequence (and CSV operand) for a lock of that many blocks.
[[nodiscard]] constexpr std::uint32_t sequenceForBlocks(std::uint16_t blocks) { return blocks; }
/// BIP68 sequence (and CSV operand) for at least that much time, in steps of 512 s rounded up. Refuses
/// negative durations and more than 65,535 steps (about 388 days).
[[nodiscard]] Result<std::uint32_t> sequenceForDuration(std::chrono::seconds duration);
/// BIP112: whether an input with `sequence` in a transaction of `version` meets OP_CHECKSEQUENCEVERIFY of
/// `operand`.
[[nodiscard]] bool sequenceMeets(std::uint32_t operand, std::uint32_t sequence, std::uint32_t version);

} // namespace bowline::bitcoin
