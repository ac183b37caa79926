// SPDX-License-Identifier: MIT
#include "app/daemon/node/seals.h"

#include "app/daemon/node/evidence.h"
#include "core/base/log.h"
#include "core/bitcoin/address.h"

#include <boost/asio/post.hpp>

namespace bowline::daemon {

namespace json = net::json;
using base::BatchNumber;
using base::Result;

Result<std::unique_ptr<Seals>> Seals::open(const std::string& path, const l2::Network& network,
                                           chain::Backend& bitcoin,
                                           const boost::asio::any_io_executor& executor, L2Node& node)
{
    std::unique_ptr<Seals> out(new Seals(node));
    BOWLINE_TRY(seal::SealTerms terms, seal::SealTerms::create(network));
    seal::SealWatch::Surroundings around;
    around.backend = &bitcoin;
    around.birthday = network.params.checkpointHeight;
    around.post = [executor](std::function<void()> task) { boost::asio::post(executor, std::move(task)); };
    around.changed = [self = out.get()] {
        self->look();
        for (const auto& listener : self->m_listeners) listener();
    };
    around.failed = [](const base::Error& error) {
        base::logError("seals", "not kept: " + std::string(error.code.name()) + ' ' + error.detail);
    };
    BOWLINE_TRY(out->m_watch, seal::SealWatch::open(path, std::move(terms), std::move(around)));
    return out;
}

void Seals::look()
{
    m_history.update(chain().links(), m_node.bitcoin(),
                     [this](BatchNumber number) -> std::optional<l2::BatchHeader> {
                         if (number > m_node.head().header.height) return std::nullopt;
                         const auto header = m_node.store().header(number);
                         return header.ok() ? std::optional(header->header) : std::nullopt;
                     });
    if (m_history.conflict()) keepEvidence(*m_history.conflict());
}

/// Two words of the sequencer for one number. While the own batch's block stands no reorganisation explains them.
void Seals::keepEvidence(const seal::Link& anchor)
{
    const BatchNumber number = anchor.commitment.batch;
    const auto own = m_node.store().header(number);
    if (!own.ok() || m_node.placeOf(own->header) != L1Place::Stands) return;
    const Result<bool> fresh = keepSealedOtherwise(m_node.store(), {*own, anchor});
    if (!fresh.ok()) return base::logError("seals", "evidence is not kept: " + fresh.error().detail);
    if (*fresh)
        base::logError("seals", "the sequencer signed batch " + std::to_string(number.value) +
                                    " and sealed another one by " + anchor.txid.displayHex() +
                                    "; the evidence is kept");
}

seal::SealVerdict Seals::verdictOf(BatchNumber batch)
{
    look();
    return batch <= m_node.head().header.height ? m_history.verdictOf(batch, m_node.bitcoin())
                                                : seal::SealVerdict{};
}

std::optional<BatchNumber> Seals::sealedTo()
{
    look();
    return m_history.sealedTo();
}

bool Seals::hasConflict()
{
    look();
    return m_history.hasConflict();
}

seal::SealVerdict Seals::verdictOf(l2::TxType kind, std::uint64_t reference)
{
    const auto batch = m_node.store().newestOf(kind, reference);
    return batch.ok() && *batch ? verdictOf(**batch) : seal::SealVerdict{};
}

bool Seals::isSealedDeep(l2::TxType kind, std::uint64_t reference)
{
    return verdictOf(kind, reference).isSealedDeep(m_node.params().depth);
}

bool Seals::bearsOutTheProgram()
{
    look();
    const auto program = m_node.chainObject();
    return !isCurrent() || (program.ok() && m_history.bearsOut(*program));
}

bool Seals::isHistoryInDoubt()
{
    return daemon::isHistoryInDoubt(m_node.store()) || hasConflict() || !bearsOutTheProgram();
}

json::object Seals::describe()
{
    const std::optional<BatchNumber> to = sealedTo();
    json::object out = sealJson(to ? verdictOf(*to) : seal::SealVerdict{});
    out["batch"] = to ? json::value(to->value) : json::value(nullptr);
    out["conflict"] = hasConflict();
    const auto program = m_node.chainObject();
    out["program"] = program.ok() ? json::value(program->sealedBatch.value) : json::value(nullptr);
    out["program_borne_out"] = bearsOutTheProgram();
    const auto& links = chain().links();
    out["anchors"] = links.size();
    const std::optional<seal::Seal> open = chain().open();
    out["ended"] = !open.has_value();
    const auto address = bitcoin::addressFromScript(chain().terms().script(), m_node.params().bitcoinNetwork);
    if (address.ok()) out["address"] = *address;
    out["value"] = open ? open->value.sat() : 0;
    return out;
}

json::object sealJson(const seal::SealVerdict& verdict)
{
    json::object out{{"state", seal::nameOf(verdict.state)}};
    if (verdict.state == seal::SealState::Sequenced) return out;
    out["height"] = verdict.height.value;
    out["confirmations"] = verdict.confirmations;
    out["anchor"] = verdict.anchor.displayHex();
    return out;
}

} // namespace bowline::daemon
