// SPDX-License-Identifier: MIT
// A small layer 2 with its seals on Bitcoin, and proof files about it.
#pragma once

#include "core/seal/anchor.h"
#include "core/verify/check.h"
#include "tests/unit/l2/fixture.h"

namespace bowline::test {

/// Stands for the verifier of the chain's proof: believes one file.
class OneProof final : public proven::Checker {
public:
    base::Bytes file{1, 2, 3, 4};
    proven::Head head;
    base::Error refusal = base::makeError(proven::kNotProven, "another file");
    [[nodiscard]] base::Result<proven::Head> check(base::ByteView shown) const override
    {
        if (base::toBytes(shown) == file) return head;
        return refusal;
    }
};

/// Alice has a deposit, pays Bob twice in one batch, asks for a withdrawal in the next. Batch 3 (the payments) is sealed by
/// the second anchor; the first one sealed batch 1.
class SealedWorld {
public:
    /// `refilled`: between the two anchors the committee moves the seal, and the second one takes a refill along.
    explicit SealedWorld(bool refilled = false);

    static constexpr base::UnixTime kNow = 1'800'000'000;
    Network network;
    Layer layer;
    TestVault vault;
    std::vector<l2::Transaction> payments;
    std::vector<Receipt> receipts; // of the payments' batch
    std::uint64_t paidIn = 0;      // the payments' batch
    std::vector<verify::ShownAnchor> anchors;

    /// Everything but the subject: of that batch, with all headers and anchors.
    [[nodiscard]] verify::ProofFile fileOf(std::uint64_t batch) const;
    [[nodiscard]] verify::ProofFile accountFile(const crypto::PrivateKey& key) const;
    [[nodiscard]] verify::ProofFile stateFile(const ObjectId& object) const;
    [[nodiscard]] verify::ProofFile historyFile() const; // Alice's
    [[nodiscard]] verify::ProofFile paymentFile(std::size_t which) const;
    [[nodiscard]] verify::ProofFile batchFile() const;
    /// A proof that ends with the newest batch, as the layer and Bitcoin have it.
    [[nodiscard]] OneProof proof() const;
    [[nodiscard]] verify::Terms terms() const { return {network.params.chainId(), nullptr, kNow}; }
    [[nodiscard]] verify::Terms terms(const proven::Checker& checker) const
    {
        return {network.params.chainId(), &checker, kNow};
    }

private:
    void anchorHead(const std::vector<seal::Seal>& added = {});
    void moveByCommittee();
    [[nodiscard]] seal::Seal refill();
    void mineLink(const bitcoin::Transaction& link, const std::vector<seal::Seal>& added);
    seal::Seal m_open;
};

} // namespace bowline::test
