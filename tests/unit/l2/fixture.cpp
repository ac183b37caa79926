// SPDX-License-Identifier: MIT
#include "tests/unit/l2/fixture.h"

#include "core/bitcoin/pow.h"
#include "core/crypto/hash.h"

#include <fstream>
#include <map>

namespace bowline::test {

namespace {
constexpr std::uint32_t kBits = 0x207fffff;
constexpr std::uint32_t kStart = 1'700'000'000;

bitcoin::Transaction coinbase(std::uint32_t height, std::uint32_t salt)
{
    bitcoin::Transaction out = spend({OutPoint{{}, 0xffffffff}}, {{Amount::fromSat(50), Bytes{0x51}}});
    bitcoin::ScriptBuilder script;
    script.number(height).number(salt).number(0);
    out.inputs[0].scriptSig = script.take();
    return out;
}

bitcoin::Block makeBlock(std::uint32_t height, const BlockHash& previous, std::uint32_t time,
                         const std::vector<bitcoin::Transaction>& transactions, std::uint32_t salt)
{
    bitcoin::Block block;
    block.transactions.push_back(coinbase(height, salt));
    block.transactions.insert(block.transactions.end(), transactions.begin(), transactions.end());
    block.header.version = 0x20000000;
    block.header.previous = previous;
    block.header.time = time;
    block.header.bits = kBits;
    block.header.merkleRoot.bytes = bitcoin::merkleTreeRoot(block.txids()).root.bytes;
    solve(block.header);
    return block;
}

NetworkParams makeParams(const MinedChain& chain, std::uint32_t depth, const XOnlyPublicKey& committee,
                         const XOnlyPublicKey& sequencer)
{
    NetworkParams out;
    out.committeeKey = committee;
    out.sequencerKey = sequencer;
    out.firstSeal = {Txid{digestOf(78).bytes}, 1};
    out.sealKey = must(sealOutput(sequencer, committee, kSealRecovery)).outputKey();
    out.depth = depth;
    out.checkpointHeight = chain.tip();
    out.checkpointHeader = chain.header(chain.tip());
    out.checkpointWork[0] = 202;
    out.epochStartTime = kStart;
    out.lastTimes[0] = chain.at(chain.tip()).header.time;
    out.genesisTime = kStart;
    return out;
}

template <typename T>
T readObject(const StateTree& state, const ObjectId& id, Result<T> (*parse)(ByteView))
{
    const Bytes* value = state.find(id.key());
    if (value == nullptr) std::abort();
    return must(parse(*value));
}
} // namespace

StfProgramPtr nativeStf() { return nativeProgram({std::string(BOWLINE_BINARY_DIR) + "/bin/bowline-stf"}); }

stf::ImageProgramPtr imageStf()
{
    static const stf::ImageProgramPtr program = [] {
        std::ifstream in(BOWLINE_BINARY_DIR "/bin/bowline-stf.image", std::ios::binary);
        const std::string file{std::istreambuf_iterator<char>(in), {}};
        return must(stf::ImageProgram::make(must(zkvm::Image::parse(base::viewOf(file)))));
    }();
    return program;
}

StfProgramPtr stfProgram() { return checkedAgainst(imageStf(), nativeStf()); }

crypto::PrivateKey keyOf(std::uint8_t number)
{
    Bytes secret(32, 0x11);
    secret[31] = number;
    return must(crypto::PrivateKey::fromBytes(secret));
}

Digest digestOf(std::uint8_t number)
{
    const Bytes data(1, number);
    return crypto::sha256(data);
}

void solve(bitcoin::BlockHeader& header)
{
    const auto& regtest = bitcoin::chainParams(bitcoin::Network::Regtest);
    while (!bitcoin::checkProofOfWork(header, regtest)) ++header.nonce;
}

bitcoin::Transaction spend(const std::vector<OutPoint>& inputs, const std::vector<bitcoin::TxOut>& outputs)
{
    bitcoin::Transaction out;
    for (const OutPoint& input : inputs) {
        bitcoin::TxIn in;
        in.prevout = input;
        out.inputs.push_back(in);
    }
    out.outputs = outputs;
    return out;
}

MinedChain::MinedChain() { m_blocks.push_back(makeBlock(kCheckpoint, {}, kStart, {}, 0)); }

Height MinedChain::tip() const { return {kCheckpoint + static_cast<std::uint32_t>(m_blocks.size()) - 1}; }

std::optional<BlockHash> MinedChain::hashAt(Height height) const
{
    if (height.value < kCheckpoint || height > tip()) return std::nullopt;
    return at(height).header.hash();
}

Height MinedChain::mine(const std::vector<bitcoin::Transaction>& transactions, std::uint32_t salt)
{
    const std::uint32_t height = tip().value + 1;
    const std::uint32_t time = kStart + 600 * (height - kCheckpoint);
    m_blocks.push_back(makeBlock(height, m_blocks.back().header.hash(), time, transactions, salt));
    return {height};
}

void MinedChain::mineMany(unsigned count, std::uint32_t salt)
{
    for (unsigned i = 0; i < count; ++i) mine({}, salt);
}

TxProof MinedChain::prove(Height height, std::uint32_t index) const
{
    return must(buildTxProof(at(height), height, index));
}

Layer::Layer(std::uint32_t depth)
    : sequencer(keyOf(1)), committee(keyOf(2)), alice(keyOf(3)), bob(keyOf(4)),
      params(makeParams(chain, depth, committee.xOnlyPublicKey(), sequencer.xOnlyPublicKey())),
      chainId(params.chainId()), executor(params, stfProgram())
{
    for (const int number : {10, 11, 12}) operators.push_back(keyOf(static_cast<std::uint8_t>(number)));
    Execution genesis = must(executor.genesis());
    batches.push_back({{genesis.header, {}}, genesis.body});
    states.push_back(genesis.state);
    m_objects = genesis.changes;
}

L1Section Layer::l1Section() const
{
    const L1View view = this->view();
    L1Section out;
    out.keep = view.confirmedHeight;
    while (out.keep < view.tipHeight) {
        const std::size_t next = out.keep.value - view.confirmedHeight.value;
        const Height height = out.keep + 1;
        if (height > chain.tip() || view.ring[next] != chain.header(height)) break;
        out.keep = height;
    }
    for (Height height = out.keep + 1; height <= chain.tip(); height = height + 1) {
        out.headers.push_back(chain.header(height));
    }
    return out;
}

BatchBody Layer::bodyWith(const std::vector<Transaction>& transactions) const
{
    BatchBody body;
    body.l1 = l1Section();
    for (const Transaction& transaction : transactions) body.transactions.push_back(transaction.encode());
    return body;
}

ExecutionResult Layer::propose(const BatchBody& body) const
{
    return must(executor.propose(head(), state(), nextTime(), body));
}

Execution Layer::commit(const std::vector<Transaction>& transactions)
{
    const ExecutionResult result = propose(bodyWith(transactions));
    const auto* execution = std::get_if<Execution>(&result);
    if (execution == nullptr || !execution->rejected.empty()) {
        const std::string reason =
            execution != nullptr ? execution->rejected.front().reason : std::get<InvalidBatch>(result).reason;
        std::fprintf(stderr, "a batch of the test was refused: %s\n", reason.c_str());
        std::abort();
    }
    batches.push_back({must(signHeader(execution->header, sequencer)), execution->body});
    states.push_back(execution->state);
    m_objects.insert(m_objects.end(), execution->changes.begin(), execution->changes.end());
    for (const Receipt& receipt : execution->receipts) {
        if (receipt.kind == TxType::WithdrawRequest) m_requested.push_back(receipt.reference);
    }
    return *execution;
}

std::string Layer::refusalOf(const Bytes& encoded)
{
    if (!l1Section().headers.empty()) commit();
    BatchBody body = bodyWith({});
    body.transactions.push_back(encoded);
    const ExecutionResult proposed = propose(body);
    const auto& execution = std::get<Execution>(proposed);
    if (execution.rejected.empty()) return {};
    const ExecutionResult empty = propose(bodyWith({})); // its parent's name alone
    if (execution.header.stateRoot != std::get<Execution>(empty).header.stateRoot)
        return "changed the state although refused";
    BatchHeader claimed = execution.header;
    const ExecutionResult strict = must(executor.apply(head(), state(), claimed, body));
    const auto* invalid = std::get_if<InvalidBatch>(&strict);
    if (invalid == nullptr || invalid->transaction != 0U || invalid->reason != execution.rejected[0].reason) {
        return "strict mode says otherwise";
    }
    return execution.rejected[0].reason;
}

std::string Layer::refusal(const Transaction& transaction) { return refusalOf(transaction.encode()); }

std::string Layer::l1Refusal(const L1Section& section) const
{
    BatchBody body;
    body.l1 = section;
    const ExecutionResult result = propose(body);
    const auto* invalid = std::get_if<InvalidBatch>(&result);
    return invalid != nullptr ? invalid->reason : std::string();
}

Transaction Layer::sign(Transaction transaction, const crypto::PrivateKey& sender) const
{
    return must(signTransaction(std::move(transaction), chainId, sender));
}

Transaction Layer::make(const crypto::PrivateKey& sender, Payload payload) const
{
    Transaction out;
    out.nonce = account(sender).nonce;
    out.fee = params.minFee;
    out.payload = std::move(payload);
    return sign(std::move(out), sender);
}

Transaction Layer::signMint(Mint mint, const OutPoint& outpoint, Amount value) const
{
    const Digest message =
        mintMessage(chainId, outpoint, value, mint.recipient, mint.graphRoot, mint.depositId);
    mint.committeeSignature = must(crypto::signSchnorr(committee, message.view()));
    Transaction out;
    out.payload = std::move(mint);
    return out;
}

Account Layer::account(const crypto::PrivateKey& key) const
{
    const Bytes* value = state().find(accountId(key.xOnlyPublicKey()).key());
    return value == nullptr ? Account{} : must(parseAccount(*value));
}

Withdrawal Layer::withdrawal(std::uint64_t id) const
{
    return readObject(state(), withdrawalId(id), parseWithdrawal);
}

Vault Layer::vault(const OutPoint& outpoint) const
{
    return readObject(state(), vaultId(outpoint), parseVault);
}

Claim Layer::claim(std::uint64_t index) const
{
    return readObject(state(), claimObjectId(index), parseClaim);
}

ChainObject Layer::chainObject() const { return readObject(state(), chainObjectId(), parseChainObject); }

Counters Layer::counters() const { return readObject(state(), countersId(), parseCounters); }

L1View Layer::view() const { return readObject(state(), l1ViewId(), parseL1View); }

TestVault Layer::makeVault(const crypto::PrivateKey& recipient, Amount value)
{
    TestVault out;
    out.value = value;
    out.depositId = digestOf(static_cast<std::uint8_t>(100 + ++m_salt));
    const OutPoint request{Txid{out.depositId.bytes}, 0};
    const auto confirmTx = spend({request}, {{value, bitcoin::payToTaproot(committee.xOnlyPublicKey())},
                                             {Amount::fromSat(240), bitcoin::payToAnchor()}});
    const Height height = chain.mine({confirmTx}, m_salt);
    chain.mineMany(params.depth);
    out.outpoint = {confirmTx.txid(), 0};
    for (std::size_t i = 0; i < operators.size(); ++i) {
        ClaimVault claim;
        claim.vault = out.outpoint;
        claim.depositId = out.depositId;
        claim.funding = {Txid{digestOf(static_cast<std::uint8_t>(i)).bytes}, m_salt};
        const auto kickoff = spend({claim.funding}, {{Amount::fromSat(100'000), Bytes{0x51}},
                                                     {Amount::fromSat(10'000), Bytes{0x52}}});
        const auto take =
            spend({out.outpoint, {kickoff.txid(), 0}, {kickoff.txid(), 1}}, {{value, Bytes{0x53}}});
        claim.kickoff = kickoff.txid();
        claim.take = take.txid();
        claim.payout = bitcoin::payToTaproot(operators[i].xOnlyPublicKey());
        claim.ownIndex = static_cast<std::uint8_t>(i);
        out.leaves.push_back(
            graphLeaf(operators[i].xOnlyPublicKey(), claim.funding, claim.kickoff, claim.take, claim.payout));
        out.claims.push_back(claim);
    }
    for (ClaimVault& claim : out.claims) claim.graphLeaves = out.leaves;
    Mint mint;
    mint.recipient = recipient.xOnlyPublicKey();
    mint.graphRoot = graphRoot(out.depositId, out.outpoint, out.leaves);
    mint.depositId = out.depositId;
    mint.deposit = chain.prove(height, 1);
    out.mint = signMint(std::move(mint), out.outpoint, value);
    return out;
}

TestVault Layer::fund(const crypto::PrivateKey& recipient, Amount value)
{
    TestVault vault = makeVault(recipient, value);
    commit({vault.mint});
    return vault;
}

void Layer::registerOperator(std::size_t index)
{
    fund(operators[index]);
    commit({make(operators[index], OperatorRegister{params.operatorStake})});
}

Height Layer::pay(std::uint64_t id, const XOnlyPublicKey& operatorKey, std::uint32_t acceptance)
{
    const Withdrawal w = withdrawal(id);
    const Digest tag = paymentTag(chainId, id, operatorKey, acceptance);
    const auto payment = spend({{Txid{digestOf(77).bytes}, ++m_salt}},
                               {{w.amount, w.script}, {Amount{}, bitcoin::nullDataScript(tag.view())}});
    return chain.mine({payment}, m_salt);
}

bool Layer::conserved() const
{
    std::map<ObjectId, Bytes> latest;
    for (const StateObject& object : m_objects) latest[object.id] = object.value;
    std::int64_t held = 0;
    for (const auto& [id, value] : latest) {
        if (id.kind == ObjectKind::Account) {
            const Account account = must(parseAccount(value));
            held += account.btc.sat() + account.staked.sat();
        } else if (id.kind == ObjectKind::Withdrawal) {
            const Withdrawal w = must(parseWithdrawal(value));
            const bool open =
                w.status == WithdrawalStatus::Requested || w.status == WithdrawalStatus::Accepted;
            held += w.bond.sat() + (open ? w.amount.sat() + w.operatorFee.sat() : 0);
        }
    }
    const Counters all = counters();
    return held == static_cast<std::int64_t>(all.minted - all.burned);
}

} // namespace bowline::test
