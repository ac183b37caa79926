// SPDX-License-Identifier: MIT
// A layer 2 for tests: a chain of Bitcoin blocks mined here, its parameters and keys, and batches made by the
// real state transition program.
#pragma once

#include "core/l2/executor.h"
#include "core/l2/light_client.h"
#include "core/stf/image_program.h"

#include <string>
#include <vector>

namespace bowline::test {

using namespace bowline::l2; // NOLINT: test fixture

/// A value that must be there: ends the test program with the error otherwise.
template <typename T>
T must(base::Result<T> result)
{
    if (!result.ok()) {
        std::fprintf(stderr, "unexpected error: %s (%s)\n", std::string(result.error().code.name()).c_str(),
                     result.error().detail.c_str());
        std::abort();
    }
    return std::move(result).value();
}

/// The state transition as followers run it: its image and the program for this machine, which must give the same bytes
/// on every input. So each scenario of a test is also a comparison of the two.
[[nodiscard]] StfProgramPtr stfProgram();
/// One of the two.
[[nodiscard]] StfProgramPtr nativeStf();
[[nodiscard]] stf::ImageProgramPtr imageStf();

[[nodiscard]] crypto::PrivateKey keyOf(std::uint8_t number);
[[nodiscard]] Digest digestOf(std::uint8_t number);

/// Regtest blocks from a checkpoint at height 100 on.
class MinedChain final : public BestChain {
public:
    static constexpr std::uint32_t kCheckpoint = 100;
    MinedChain();

    [[nodiscard]] Height tip() const override;
    [[nodiscard]] std::optional<BlockHash> hashAt(Height height) const override;
    [[nodiscard]] const bitcoin::Block& at(Height height) const
    {
        return m_blocks[height.value - kCheckpoint];
    }
    [[nodiscard]] ByteArray<80> header(Height height) const { return at(height).header.serialize(); }
    /// One block with these transactions after its coinbase. Another salt makes another block.
    Height mine(const std::vector<bitcoin::Transaction>& transactions = {}, std::uint32_t salt = 0);
    void mineMany(unsigned count, std::uint32_t salt = 0);
    /// Forgets all blocks after `last`.
    void cut(Height last) { m_blocks.resize(last.value - kCheckpoint + 1); }
    [[nodiscard]] TxProof prove(Height height, std::uint32_t index) const;

private:
    std::vector<bitcoin::Block> m_blocks;
};
/// Gives the header a nonce with enough work.
void solve(bitcoin::BlockHeader& header);
/// After so many blocks a seal of the test's network is the committee's too.
inline constexpr std::uint32_t kSealRecovery = 60;
/// One input of the given outpoint, the given outputs.
[[nodiscard]] bitcoin::Transaction spend(const std::vector<OutPoint>& inputs,
                                         const std::vector<bitcoin::TxOut>& outputs);

/// A vault with everything needed to mint and to claim it.
struct TestVault {
    OutPoint outpoint;
    Amount value;
    Digest depositId;
    std::vector<Digest> leaves;
    std::vector<ClaimVault> claims; // one per operator, in order
    Transaction mint;
};

class Layer {
public:
    explicit Layer(std::uint32_t depth = 1);

    MinedChain chain;
    crypto::PrivateKey sequencer;
    crypto::PrivateKey committee;
    crypto::PrivateKey alice;
    crypto::PrivateKey bob;
    std::vector<crypto::PrivateKey> operators;
    NetworkParams params;
    ChainId chainId;
    StfExecutor executor;
    std::vector<SignedBatch> batches;
    std::vector<StateTree> states; // after each batch

    [[nodiscard]] const BatchHeader& head() const { return batches.back().head.header; }
    [[nodiscard]] const StateTree& state() const { return states.back(); }
    [[nodiscard]] std::uint64_t nextTime() const { return head().time + 5; }

    /// What the batch after the head has to say about Bitcoin so that its view equals `chain`.
    [[nodiscard]] L1Section l1Section() const;
    [[nodiscard]] BatchBody bodyWith(const std::vector<Transaction>& transactions) const;
    /// Proposes, and takes the batch over. Nothing may be rejected.
    Execution commit(const std::vector<Transaction>& transactions = {});
    /// Proposes only; the effect is thrown away.
    [[nodiscard]] ExecutionResult propose(const BatchBody& body) const;
    /// The reason for which the transaction is refused now, or "" if it would be applied. Also checks that a
    /// refused one changes nothing and makes a strict batch invalid for the same reason.
    [[nodiscard]] std::string refusal(const Transaction& transaction);
    /// The same for bytes that are no transaction.
    [[nodiscard]] std::string refusalOf(const Bytes& encoded);
    /// The reason for which an L1 section is refused now, or "".
    [[nodiscard]] std::string l1Refusal(const L1Section& section) const;

    /// With the sender's next nonce and the least fee.
    [[nodiscard]] Transaction make(const crypto::PrivateKey& sender, Payload payload) const;
    [[nodiscard]] Transaction sign(Transaction transaction, const crypto::PrivateKey& sender) const;
    [[nodiscard]] Transaction signMint(Mint mint, const OutPoint& outpoint, Amount value) const;

    [[nodiscard]] Account account(const crypto::PrivateKey& key) const;
    [[nodiscard]] Amount balance(const crypto::PrivateKey& key) const { return account(key).btc; }
    [[nodiscard]] Withdrawal withdrawal(std::uint64_t id) const;
    /// The number of the nth withdrawal that was requested, counted from 1.
    [[nodiscard]] std::uint64_t id(std::size_t nth) const { return m_requested.at(nth - 1); }
    [[nodiscard]] Vault vault(const OutPoint& outpoint) const;
    [[nodiscard]] Claim claim(std::uint64_t index) const;
    [[nodiscard]] Counters counters() const;
    [[nodiscard]] ChainObject chainObject() const;
    [[nodiscard]] L1View view() const;

    /// Mines the vault's transaction and k blocks on it. Not minted yet.
    [[nodiscard]] TestVault makeVault(const crypto::PrivateKey& recipient, Amount value);
    /// Mints 0.1 BTC.
    TestVault fund(const crypto::PrivateKey& recipient, Amount value = Amount::fromSat(10'000'000));
    /// An operator with money and stake.
    void registerOperator(std::size_t index);
    /// The operator's payment, mined now; the index in its block is 1.
    Height pay(std::uint64_t id, const XOnlyPublicKey& operatorKey, std::uint32_t acceptance);
    void confirm() { chain.mineMany(params.depth); }
    /// Everything on the layer 2 adds up to what was minted and not burned.
    [[nodiscard]] bool conserved() const;

private:
    std::vector<StateObject> m_objects; // every object ever changed, latest last
    std::vector<std::uint64_t> m_requested;
    std::uint32_t m_salt = 0;
};

} // namespace bowline::test
