// SPDX-License-Identifier: MIT
#include "tests/unit/stf/batches.h"

#include "core/seal/anchor.h"

namespace bowline::test {

namespace {
/// Runs a program and keeps what it was given.
class Recorder final : public StfProgram {
public:
    explicit Recorder(StfProgramPtr program) : m_program(std::move(program)) {}
    [[nodiscard]] base::Result<ProgramOutput> run(ByteView frame) const override
    {
        m_last = base::toBytes(frame);
        return m_program->run(frame);
    }
    [[nodiscard]] const Bytes& last() const { return m_last; }

private:
    StfProgramPtr m_program;
    mutable Bytes m_last;
};

crypto::PrivateKey userKey(std::size_t number)
{
    Bytes secret(32, 0x22);
    secret[30] = static_cast<std::uint8_t>(number >> 8U);
    secret[31] = static_cast<std::uint8_t>(number);
    return must(crypto::PrivateKey::fromBytes(secret));
}

/// From each of `count` users to another one.
std::vector<Transaction> transfersOf(const Layer& layer, std::size_t count)
{
    std::vector<Transaction> out;
    for (std::size_t i = 0; i < count; ++i) {
        const Transfer transfer{userKey(2 * i + 1).xOnlyPublicKey(), Amount::fromSat(1'000)};
        out.push_back(layer.make(userKey(2 * i), transfer));
    }
    return out;
}

/// 400 accounts with money, each made by a transfer.
void fundUsers(Layer& layer)
{
    layer.fund(layer.alice, Amount::fromSat(100'000'000));
    std::vector<Transaction> all;
    for (std::size_t i = 0; i < 400; ++i) {
        Transaction tx =
            layer.make(layer.alice, Transfer{userKey(i).xOnlyPublicKey(), Amount::fromSat(50'000)});
        tx.nonce += i;
        all.push_back(layer.sign(tx, layer.alice));
    }
    layer.commit(all);
}

class Collector {
public:
    explicit Collector(Layer& layer) : m_layer(layer) {}

    /// Notes the batch under this name, and takes it over.
    void commit(const char* name, const std::vector<Transaction>& transactions)
    {
        note(name, transactions);
        m_layer.commit(transactions);
    }
    void note(const char* name, const std::vector<Transaction>& transactions)
    {
        m_frames.push_back({name, frameOf(m_layer, m_layer.bodyWith(transactions))});
    }
    [[nodiscard]] std::vector<NamedFrame> take() { return std::move(m_frames); }

private:
    Layer& m_layer;
    std::vector<NamedFrame> m_frames;
};

void addWithdrawal(Layer& layer, Collector& out)
{
    layer.registerOperator(0);
    const auto& key = layer.operators[0];
    const WithdrawRequest request{Amount::fromSat(20'000), Amount::fromSat(500),
                                  bitcoin::payToTaproot(layer.alice.xOnlyPublicKey())};
    out.commit("withdraw-request", {layer.make(layer.alice, request)});
    out.commit("withdraw-accept", {layer.make(key, WithdrawAccept{layer.id(1)})});
    const Height height = layer.pay(layer.id(1), key.xOnlyPublicKey(), 1);
    layer.confirm();
    layer.commit();
    out.commit("withdraw-prove", {layer.make(key, WithdrawProve{layer.id(1), layer.chain.prove(height, 1)})});
}

void addSeal(Layer& layer, Collector& out)
{
    const SealParams first{layer.params.firstSeal, Amount::fromSat(1'000'000), kSealRecovery};
    const auto terms = must(seal::SealTerms::create(layer.params, first));
    const auto anchor = must(terms.makeAnchor(terms.first(), must(seal::Commitment::of(layer.head())),
                                              Amount::fromSat(400), layer.sequencer));
    const Height height = layer.chain.mine({anchor});
    layer.confirm();
    layer.commit();
    Transaction shown;
    shown.payload = SealProof{layer.chain.prove(height, 1)};
    out.commit("seal", {shown});
    ProgramChange change;
    change.program.bytes[0] = 1;
    change.delay = layer.params.leastProgramDelay();
    const Digest message = programMessage(layer.chainId, change);
    change.committeeSignature = must(crypto::signSchnorr(layer.committee, message.view()));
    Transaction announced;
    announced.payload = change;
    out.commit("program", {announced});
}
} // namespace

Bytes frameOf(const Layer& layer, const BatchBody& body)
{
    const auto recorder = std::make_shared<Recorder>(nativeStf());
    const StfExecutor executor(layer.params, recorder);
    const ExecutionResult result =
        must(executor.propose(layer.head(), layer.state(), layer.nextTime(), body));
    const auto* execution = std::get_if<Execution>(&result);
    if (execution == nullptr || !execution->rejected.empty()) {
        std::fprintf(stderr, "a batch of the test was refused\n");
        std::abort();
    }
    return recorder->last();
}

std::vector<NamedFrame> framesOfEachKind()
{
    Layer layer;
    fundUsers(layer);
    Collector out(layer);
    out.note("empty", {});
    out.note("transfers-1", transfersOf(layer, 1));
    out.note("transfers-10", transfersOf(layer, 10));
    out.note("transfers-100", transfersOf(layer, 100));
    const TestVault vault = layer.makeVault(layer.operators[0], Amount::fromSat(10'000'000));
    out.commit("mint", {vault.mint});
    addWithdrawal(layer, out);
    out.commit("claim", {layer.make(layer.operators[0], vault.claims[0])});
    addSeal(layer, out);
    layer.chain.mineMany(200);
    out.note("headers-200", {});
    return out.take();
}

} // namespace bowline::test
