// SPDX-License-Identifier: MIT
// The chain of seals on Bitcoin (rule A2; docs/protocol.md, section 8): an output that only the sequencer can spend, each
// time to the next one, in an anchor that names a batch. An output is spent once, so Bitcoin says which batch it was.
//
// Anchor: input 0 spends the seal by its key; output 0 is the next seal; output 1 is OP_RETURN with a Commitment. The fee
// comes out of the seal's own value; an owner may add inputs, and outputs behind the first two.
// Seal: P2TR(sequencer key; {`<recovery_blocks> CSV DROP <committee key> CHECKSIG`}): a seal that stands still is the
// committee's too, by the leaf. Whoever spends it goes on with the chain by paying to the next seal, and ends it otherwise.
#pragma once

#include "core/bitcoin/taproot.h"
#include "core/l2/batch.h"
#include "core/l2/params.h"

#include <optional>
#include <span>

namespace bowline::seal {

using base::Amount;
using base::BatchNumber;
using base::BlockHash;
using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::Height;
using base::Result;
using base::Status;
using base::Txid;

/// The bytes are no commitment.
inline constexpr ErrorCode kBadCommitment{"seal.bad-commitment"};
/// After the fee the next seal would be dust.
inline constexpr ErrorCode kDry{"seal.dry"};
/// The key is not the sequencer's.
inline constexpr ErrorCode kWrongKey{"seal.wrong-key"};
/// A batch number that has no place in a commitment.
inline constexpr ErrorCode kBatchTooHigh{"seal.batch-too-high"};

/// What an anchor says. It names the Bitcoin block that the batch rests on, so that everybody sees when a reorganisation
/// took that block away and the batch with it (rules A7, A8): the anchor is then void, and seals nothing.
struct Commitment {
    /// "BWLS" | version u8 (1) | type u8 (1 batch) | batch u32 | l1_height u32 | l1_hash 32 | batch hash 32, integers
    /// little-endian; the batch hash is that of the header, which holds the hash of the batch's data.
    static constexpr std::size_t kSize = 78;

    BatchNumber batch;
    Height l1Height;
    BlockHash l1Hash;
    l2::BatchHash hash;

    /// kBatchTooHigh from 2^32 on.
    [[nodiscard]] static Result<Commitment> of(const l2::BatchHeader& header);
    [[nodiscard]] bool speaksOf(const l2::BatchHeader& header) const;
    [[nodiscard]] base::ByteArray<kSize> encode() const;
    friend bool operator==(const Commitment&, const Commitment&) = default;
};
[[nodiscard]] Result<Commitment> parseCommitment(ByteView bytes);
/// Output 1 of an anchor.
[[nodiscard]] bitcoin::Script commitmentScript(const Commitment& commitment);

/// A seal that can be spent.
struct Seal {
    bitcoin::OutPoint outpoint;
    Amount value;
    friend bool operator==(const Seal&, const Seal&) = default;
};

/// How a seal was spent.
enum class SpendKind : std::uint8_t {
    Anchor = 1,   // names a batch
    Recovery = 2, // by the committee's leaf, to no next seal: the chain ends
    Foreign = 3,  // by the sequencer's key, to no next seal: the chain ends
    Move = 4,     // to a next seal, without naming a batch
};

/// Whether there is a seal behind such a spend.
[[nodiscard]] constexpr bool goesOn(SpendKind kind)
{
    return kind == SpendKind::Anchor || kind == SpendKind::Move;
}

/// What all seals of a network have in common.
class SealTerms {
public:
    [[nodiscard]] static Result<SealTerms> create(const l2::NetworkParams& params,
                                                  const l2::SealParams& seal);
    [[nodiscard]] static Result<SealTerms> create(const l2::Network& network)
    {
        return create(network.params, network.seal);
    }

    [[nodiscard]] const Seal& first() const { return m_first; }
    [[nodiscard]] const bitcoin::TaprootOutput& output() const { return m_output; }
    [[nodiscard]] const bitcoin::Script& script() const { return m_script; }
    [[nodiscard]] std::uint32_t recoveryBlocks() const { return m_recoveryBlocks; }

    /// Signed, ready to be sent: `seal` is spent, the next one has its value less `fee`, and with it that of `added`:
    /// further outputs to script(), which anybody may have paid to fill the seal up.
    [[nodiscard]] Result<bitcoin::Transaction> makeAnchor(const Seal& seal, const Commitment& commitment,
                                                          Amount fee, const crypto::PrivateKey& sequencer,
                                                          std::span<const Seal> added = {}) const;
    /// Virtual bytes of an anchor, and of each input more.
    static constexpr std::int64_t kAnchorSize = 201;
    static constexpr std::int64_t kAddedSize = 58;

    /// Unsigned: the committee's way with a seal that stands still, `seal` less `fee` to `payTo`. To script() it moves the
    /// seal on, and then may name a batch as an anchor does; to any other it ends the chain.
    [[nodiscard]] Result<bitcoin::Transaction> recovery(const Seal& seal, Amount fee,
                                                        const bitcoin::Script& payTo,
                                                        const std::optional<Commitment>& names = {}) const;
    /// What the committee signs with its aggregate key, untweaked.
    [[nodiscard]] Result<base::Digest> recoverySighash(const Seal& seal,
                                                       const bitcoin::Transaction& recovery) const;
    [[nodiscard]] bitcoin::Transaction signedRecovery(bitcoin::Transaction recovery,
                                                      const crypto::Signature64& signature) const;

    /// `transaction` spends a seal by its input `input` and is valid by Bitcoin's rules. Whether the chain goes on, and by
    /// what, is in the outputs alone: the layer 2's program sees no witness. `commitment` is there for anchors only.
    struct Spend {
        SpendKind kind = SpendKind::Foreign;
        std::optional<Commitment> commitment;
    };
    [[nodiscard]] Spend judge(const bitcoin::Transaction& transaction, std::size_t input) const;

    /// Input 0 spends a seal of that value with the signature that its script asks for: the sequencer's, or by the leaf the
    /// committee's after its time. `further` is what the other inputs spend, which the signature covers. For whoever was
    /// shown the transaction and did not see nodes accept it.
    [[nodiscard]] bool isSigned(const bitcoin::Transaction& transaction, Amount value,
                                std::span<const bitcoin::TxOut> further) const;

private:
    SealTerms(Seal first, bitcoin::TaprootOutput output, std::uint32_t recoveryBlocks,
              const base::XOnlyPublicKey& committee);
    Seal m_first;
    bitcoin::TaprootOutput m_output;
    bitcoin::Script m_script;
    std::uint32_t m_recoveryBlocks;
    base::XOnlyPublicKey m_committee;
};

} // namespace bowline::seal
