// SPDX-License-Identifier: MIT
// A wallet that knows nothing but its network and Bitcoin's headers, and a node on a socket of this machine: how long until it
// has every header of the layer 2, the proof of the newest batch, and its own balance under the proven root; after 10 and
// after 100 batches; and how long the headers alone of a longer history take. The proof is wrapped as the product's are, and checked by the product's checker (real_proofs.h says what
// is not in it). Prints JSON.
#include "tests/bench/timing.h"
#include "tests/unit/proven/real_proofs.h"
#include "tests/unit/services/link_fixture.h"

#include <QTemporaryDir>

#include <cstdio>
#include <future>

using namespace bowline;
using namespace bowline::test;

namespace {

using bench::secondsOf;

/// A node with so many batches, and all that a wallet may ask it for.
struct Served {
    Layer layer;
    FakeBackend bitcoin;
    FakeNode node;

    explicit Served(std::size_t batches)
    {
        layer.fund(layer.alice);
        while (layer.batches.size() <= batches) {
            layer.chain.mine();
            layer.commit(
                {layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(1'000)})});
        }
        bitcoin.show(layer.chain, layer.chain.tip().value);
        std::vector<SignedHeader> headers;
        for (const SignedBatch& batch : layer.batches) headers.push_back(batch.head);
        node.serve(std::move(headers));
        node.showState([this](const json::object& params) { return stateOf(params); });
    }
    [[nodiscard]] json::object stateOf(const json::object& params) const
    {
        // Without a number it is asked for the head's: the wallet looks at the program's object there.
        const json::value* number = params.if_contains("batch");
        const std::size_t batch =
            number == nullptr ? layer.batches.size() - 1 : number->to_number<std::size_t>();
        const ObjectId id{static_cast<ObjectKind>(params.at("kind").to_number<int>()),
                          must(base::fromHex(std::string(params.at("id").as_string())))};
        const SignedHeader& head = layer.batches[batch].head;
        const Bytes* value = layer.states[batch].find(id.key());
        return {{"batch", batch},
                {"header", base::toHex(head.header.encode())},
                {"signature", base::toHex(head.signature)},
                {"value", value == nullptr ? json::value(nullptr) : json::value(base::toHex(*value))},
                {"proof", base::toHex(layer.states[batch].prove(id.key()).encode())}};
    }
};

struct Figures {
    double proven = 0; // seconds from nothing to the proven head
    double balance = 0;
    double check = 0; // of it, the check of the proof
    std::size_t bytes = 0;
};

Figures follow(const Served& network, const std::shared_ptr<const proven::Checker>& checker)
{
    Figures out;
    const QTemporaryDir folder;
    services::Worker owner;
    const std::uint64_t newest = network.layer.head().height.value;
    std::promise<services::NodeViewPtr> proven;
    std::atomic<bool> isProven = false;
    services::NodeLink::Events events;
    events.view = [&](const services::NodeViewPtr& view) {
        if (view->proven && view->proven->head.batch.value == newest && !isProven.exchange(true))
            proven.set_value(view);
    };
    events.relay = [] {};
    l2::Network pinned;
    pinned.params = network.layer.params;
    std::unique_ptr<services::NodeLink> link;
    out.proven = secondsOf([&] {
        link = must(services::NodeLink::open(folder.filePath("layer2.sqlite").toStdString(), pinned,
                                             network.bitcoin, network.node.endpoint, owner, std::move(events),
                                             checker));
        link->start();
        const services::NodeViewPtr view = proven.get_future().get();
        out.check = std::chrono::duration<double>(view->proven->checkTime).count();
        out.bytes = view->proven->bytes;
    });
    out.balance = secondsOf([&] {
        std::promise<bool> asked;
        link->provenState(
            accountId(network.layer.alice.xOnlyPublicKey()), [&](base::Result<services::StateValue> value) {
                asked.set_value(value.ok() && std::holds_alternative<l2::Verified>(value->verdict));
            });
        if (!asked.get_future().get()) std::abort();
    });
    link->stop();
    return out;
}

/// Seconds until a wallet has so many headers, which it has to check; there is no proof.
double followHeaders(std::size_t batches)
{
    const Layer layer;
    FakeBackend bitcoin;
    FakeNode node;
    std::vector<SignedHeader> headers{{genesisHeader(layer.params), {}}};
    for (std::size_t i = 0; i < batches; ++i) {
        BatchHeader next = headers.back().header;
        next.parent = next.hash();
        next.height.value += 1;
        next.time += 5;
        headers.push_back(must(signHeader(next, layer.sequencer)));
    }
    bitcoin.show(layer.chain, layer.chain.tip().value);
    node.serve(headers);
    const QTemporaryDir folder;
    services::Worker owner;
    std::promise<void> there;
    std::atomic<bool> isThere = false;
    services::NodeLink::Events events;
    events.view = [&](const services::NodeViewPtr& view) {
        if (view->verifiedHead.value == batches && !isThere.exchange(true)) there.set_value();
    };
    events.relay = [] {};
    l2::Network pinned;
    pinned.params = layer.params;
    std::unique_ptr<services::NodeLink> link;
    const double out = secondsOf([&] {
        link = must(services::NodeLink::open(folder.filePath("layer2.sqlite").toStdString(), pinned, bitcoin,
                                             node.endpoint, owner, std::move(events)));
        link->start();
        there.get_future().get();
    });
    link->stop();
    return out;
}

} // namespace

int main()
{
    std::printf("{\n");
    constexpr std::size_t kHeaders = 5'000;
    std::printf("  \"headers_seconds_%zu\": %.3f,\n", kHeaders, followHeaders(kHeaders));
    for (const std::size_t batches : {std::size_t{10}, std::size_t{100}}) {
        Served network(batches);
        std::unique_ptr<proven::test::RealProofs> proofs;
        // The genesis's key and the pinned ones are made once a start.
        double rulesProcessor = 0;
        const double rules = secondsOf([&] {
            rulesProcessor =
                bench::processorSecondsOf([&] { must(proven::ChainRules::make(network.layer.params)); });
        });
        proofs = std::make_unique<proven::test::RealProofs>(network.layer.params,
                                                            proven::test::RealProofs::Wrapping::AsShipped);
        proven::Head head;
        const BatchHeader& newest = network.layer.head();
        head.batch = newest.height;
        head.hash = newest.hash();
        head.state = newest.stateRoot;
        head.l1Height = newest.l1Height;
        head.l1Hash = newest.l1Hash;
        head.l1Work = proven::test::regtestWork(newest.l1Height);
        network.node.showProof(proofs->fileOf(head));
        const Figures figures = follow(network, proofs->checker());
        std::printf("  \"rules_made_seconds_%zu\": %.3f,\n", batches, rules);
        std::printf("  \"rules_made_processor_seconds_%zu\": %.3f,\n", batches, rulesProcessor);
        std::printf("  \"nothing_to_proven_seconds_%zu\": %.3f,\n", batches, figures.proven + rules);
        std::printf("  \"proof_check_milliseconds_%zu\": %.2f,\n", batches, figures.check * 1e3);
        std::printf("  \"proof_bytes_%zu\": %zu,\n", batches, figures.bytes);
        std::printf("  \"proven_balance_milliseconds_%zu\": %.2f%s\n", batches, figures.balance * 1e3,
                    batches == 100 ? "" : ",");
    }
    std::printf("}\n");
    return 0;
}
