// SPDX-License-Identifier: MIT
// Which objects a batch will read, as far as its transactions and the state before it tell. What is missed
// here costs another run of the program, nothing else.
#include "core/crypto/hash.h"
#include "core/l2/executor.h"

#include <algorithm>

namespace bowline::l2 {

namespace {
/// The batch that an anchor names, and the Bitcoin block that it rests on (docs/protocol.md, section 8).
std::vector<ObjectId> namedByAnchor(ByteView transaction)
{
    constexpr std::size_t kStart = 9; // OP_RETURN, push, "BWLS", version, type
    constexpr std::size_t kScript = 81;
    const auto parsed = bitcoin::parseTransaction(transaction);
    if (!parsed.ok() || parsed->outputs.size() < 2 || parsed->outputs[1].scriptPubKey.size() != kScript)
        return {};
    base::Reader reader(ByteView(parsed->outputs[1].scriptPubKey).subspan(kStart));
    const BatchNumber batch{reader.u32le()};
    const Height rests{reader.u32le()};
    return {batchObjectId(batch), l1BlockId(rests)};
}

class Collector {
public:
    Collector(const NetworkParams& params, BatchNumber parent, const StateTree& state)
        : m_params(params), m_state(state)
    {
        add(l1ViewId());
        add(countersId());
        add(accountId(params.sequencerKey));
        add(chainObjectId());
        add(batchObjectId(parent));
        if (const auto counters = read(countersId(), parseCounters)) {
            m_nextClaim = counters->claims.count;
        }
    }

    void addL1(const L1Section& section)
    {
        const auto view = read(l1ViewId(), parseL1View);
        // Out of range: the program will refuse it. Followed blindly it would name billions of blocks.
        if (!view || section.keep < view->confirmedHeight || section.keep > view->tipHeight) return;
        const std::uint64_t tip = std::uint64_t{section.keep.value} + section.headers.size();
        for (std::uint64_t height = view->confirmedHeight.value + 1ULL; height + m_params.depth <= tip;
             ++height) {
            add(l1BlockId({static_cast<std::uint32_t>(height)}));
        }
    }

    void addTransaction(const Transaction& transaction)
    {
        m_sender = transaction.sender;
        m_hash = transaction.hash();
        if (!hasOwnAuthority(transaction.type())) add(accountId(m_sender));
        std::visit(*this, transaction.payload);
    }

    void operator()(const Transfer& p) { add(accountId(p.to)); }
    void operator()(const Mint& p)
    {
        add(accountId(p.recipient));
        add(vaultId({txidOf(p.deposit), 0}));
        add(l1BlockId(p.deposit.height));
    }
    void operator()(const WithdrawRequest&) { add(withdrawalId(withdrawalNumber(m_hash))); }
    void operator()(const WithdrawAccept& p)
    {
        add(operatorId(m_sender));
        addWithdrawal(p.id);
    }
    void operator()(const WithdrawProve& p)
    {
        addWithdrawal(p.id);
        add(paymentId(txidOf(p.payment)));
        add(l1BlockId(p.payment.height));
    }
    void operator()(const WithdrawReclaim& p) { addWithdrawal(p.id); }
    void operator()(const OperatorRegister&) { add(operatorId(m_sender)); }
    void operator()(const OperatorLeave&) { add(operatorId(m_sender)); }
    void operator()(const ClaimVault& p)
    {
        add(operatorId(m_sender));
        add(vaultId(p.vault));
        add(claimObjectId(m_nextClaim++));
    }
    void operator()(const ClaimVoid& p)
    {
        addClaim(p.claim);
        add(l1BlockId(p.spend.height));
    }
    void operator()(const ClaimSettle& p)
    {
        addClaim(p.claim);
        add(l1BlockId(p.take.height));
    }
    void operator()(const SealProof& p)
    {
        add(l1BlockId(p.anchor.height));
        for (const ObjectId& id : namedByAnchor(p.anchor.transaction)) add(id);
    }
    void operator()(const ProgramChange&) {}

    [[nodiscard]] std::vector<StateKey> take()
    {
        std::sort(m_keys.begin(), m_keys.end());
        m_keys.erase(std::unique(m_keys.begin(), m_keys.end()), m_keys.end());
        return std::move(m_keys);
    }

private:
    void add(const ObjectId& id) { m_keys.push_back(id.key()); }

    template <typename T>
    [[nodiscard]] std::optional<T> read(const ObjectId& id, Result<T> (*parse)(ByteView)) const
    {
        const Bytes* value = m_state.find(id.key());
        if (value == nullptr) return std::nullopt;
        auto parsed = parse(*value);
        if (!parsed) return std::nullopt;
        return std::move(*parsed);
    }

    [[nodiscard]] static Txid txidOf(const TxProof& proof)
    {
        return Txid{crypto::sha256d(proof.transaction).bytes};
    }

    // Its owner and operator too. Those of a withdrawal made in this batch are senders of this batch.
    void addWithdrawal(std::uint64_t id)
    {
        add(withdrawalId(id));
        const auto withdrawal = read(withdrawalId(id), parseWithdrawal);
        if (!withdrawal) return;
        add(accountId(withdrawal->owner));
        if (withdrawal->operatorKey.isZero()) return;
        add(accountId(withdrawal->operatorKey));
        add(operatorId(withdrawal->operatorKey));
    }

    void addClaim(std::uint64_t index)
    {
        add(claimObjectId(index));
        const auto claim = read(claimObjectId(index), parseClaim);
        if (!claim) return;
        add(vaultId(claim->vault));
        add(accountId(claim->operatorKey));
    }

    const NetworkParams& m_params;
    const StateTree& m_state;
    std::vector<StateKey> m_keys;
    XOnlyPublicKey m_sender;
    TxHash m_hash;
    std::uint64_t m_nextClaim = 0;
};
} // namespace

std::vector<StateKey> touchedKeys(const NetworkParams& params, BatchNumber parent, const StateTree& state,
                                  const BatchBody& body)
{
    Collector collector(params, parent, state);
    collector.addL1(body.l1);
    for (const Bytes& encoded : body.transactions) {
        if (const auto transaction = parseTransaction(encoded)) collector.addTransaction(*transaction);
    }
    return collector.take();
}

} // namespace bowline::l2
