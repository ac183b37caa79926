// SPDX-License-Identifier: MIT
// bowlined as a committee member that lies in the ceremonies that it is told to: the file `<member>` of the folder that
// BOWLINE_TEST_LIES names has a line "<deposit id> <lie>" for each. Everything else is the product's own code, and so
// is all of it for other deposits.
#include "app/daemon/daemon.h"
#include "app/daemon/signer/signer.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace bowline;
using bridge::Message;
using bridge::MessageType;

class Liar final : public daemon::Signer {
public:
    Liar(const daemon::RoleContext& context, daemon::SignerParts parts)
        : Signer(context, std::move(parts.bridge), parts.index, std::move(parts.store), parts.sequencer),
          m_context(context), m_member(parts.index)
    {
    }

private:
    [[nodiscard]] std::vector<base::Bytes> toPost(std::vector<base::Bytes> messages) override
    {
        std::vector<base::Bytes> out;
        for (base::Bytes& bytes : messages) {
            const auto message = bridge::parseMessage(bytes);
            if (!message.ok()) continue;
            for (Message& said : told(*message, lieFor(message->topic))) out.push_back(said.serialize());
        }
        return out;
    }

    [[nodiscard]] std::string lieFor(const base::Digest& topic) const
    {
        const char* folder = std::getenv("BOWLINE_TEST_LIES");
        if (folder == nullptr) return {};
        std::ifstream file(std::string(folder) + '/' + std::to_string(m_member));
        std::string named;
        std::string lie;
        while (file >> named >> lie) {
            if (named == topic.hex()) return lie;
        }
        return {};
    }

    /// What is said instead of the honest message.
    [[nodiscard]] std::vector<Message> told(const Message& honest, const std::string& lie) const
    {
        if (lie.empty()) return {honest};
        const bridge::Payload payload = *bridge::decodePayload(honest);
        if (lie == "silence" && honest.type >= MessageType::Partials) return {};
        if (lie == "nonce-count" && honest.type == MessageType::Nonces) {
            auto changed = std::get<bridge::NoncesPayload>(payload);
            changed.nonces.pop_back();
            return {resigned(honest, changed)};
        }
        if (lie == "nonce-twice" && honest.type == MessageType::Nonces) {
            auto changed = std::get<bridge::NoncesPayload>(payload);
            std::swap(changed.nonces.front(), changed.nonces.back());
            return {honest, resigned(honest, changed)};
        }
        if (lie == "nonce-garbage" && honest.type == MessageType::Nonces) {
            Message changed = honest;
            std::fill(changed.payload.begin(), changed.payload.end(), std::uint8_t{0xff});
            changed.signature = *crypto::signSchnorr(messageKey(), changed.digest().view());
            return {changed};
        }
        if (lie == "partial" && honest.type == MessageType::Partials) {
            auto changed = std::get<bridge::PartialsPayload>(payload);
            changed.partials.front() = wrong(changed.partials.front());
            return {resigned(honest, changed)};
        }
        if (lie == "confirm" && honest.type == MessageType::ConfirmPartial) {
            auto changed = std::get<bridge::ConfirmPartialPayload>(payload);
            changed.partial = wrong(changed.partial);
            return {resigned(honest, changed)};
        }
        if (lie == "holding" && honest.type == MessageType::Holding) {
            auto changed = std::get<bridge::HoldingPayload>(payload);
            changed.graphRoot.bytes[0] ^= 1;
            return {resigned(honest, changed)};
        }
        if (lie == "join" && honest.type == MessageType::Join) {
            auto changed = std::get<bridge::JoinPayload>(payload);
            changed.graphRoot.bytes[0] ^= 1;
            return {resigned(honest, changed)};
        }
        if (lie == "graph" && honest.type == MessageType::Proposal) {
            auto changed = std::get<bridge::ProposalPayload>(payload);
            changed.graphRoot.bytes[0] ^= 1;
            return {resigned(honest, changed)};
        }
        return {honest};
    }

    static crypto::PartialSignature wrong(const crypto::PartialSignature& partial)
    {
        auto bytes = partial.bytes();
        bytes[31] ^= 1;
        return *crypto::PartialSignature::parse(bytes);
    }
    [[nodiscard]] const crypto::PrivateKey& messageKey() const { return m_context.keys.key("message"); }
    [[nodiscard]] Message resigned(const Message& honest, const bridge::Payload& payload) const
    {
        return *bridge::signMessage(messageKey(), honest.chainId, honest.topic, honest.session, payload);
    }

    daemon::RoleContext m_context;
    std::size_t m_member;
};

} // namespace

int main(int argc, char** argv)
{
    using namespace bowline::daemon;
    std::signal(SIGPIPE, SIG_IGN);
    const auto options = parseOptions(std::vector<std::string>(argv + 1, argv + argc));
    if (!options) return 2;
    const auto opened = Daemon::open(*options, [](const RoleContext& context) -> base::Result<RolePtr> {
        BOWLINE_TRY(SignerParts parts, signerParts(context));
        return RolePtr(std::make_unique<Liar>(context, std::move(parts)));
    });
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
        return 1;
    }
    const auto ended = (*opened)->run([&] {
        std::puts((*opened)->readyLine().c_str());
        std::fflush(stdout);
    });
    return ended.ok() ? 0 : 1;
}
