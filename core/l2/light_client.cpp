// SPDX-License-Identifier: MIT
#include "core/l2/light_client.h"

namespace bowline::l2 {

namespace {
// A node may show as many as it likes; those of the lowest batches count.
constexpr std::size_t kMaxContradictions = 16;

Verdict unverified(std::string_view reason) { return Unverified{std::string(reason)}; }

Verdict invalid(std::string_view reason, const std::string& provider)
{
    return Invalid{std::string(reason), provider};
}
} // namespace

bool hasFixedFields(const BatchHeader& h, const NetworkParams& params)
{
    const Digest set = sequencerSetOf(params.sequencerKey);
    return h.version == 1 && h.epoch == 0 && h.seqSet == set && h.nextSeqSet == set &&
           h.proposer == proposerOf(params.sequencerKey) && h.gasLimit == kGasLimit &&
           h.gasUsed <= h.gasLimit && h.baseFee == static_cast<std::uint64_t>(params.minFee.sat()) &&
           field::isCanonical(h.stateRoot.view());
}

LightClient::LightClient(const NetworkParams& params, const BestChain& chain)
    : m_params(params), m_chainId(params.chainId()), m_chain(chain), m_headers{{genesisHeader(params), {}}}
{
}

const SignedHeader* LightClient::headerAt(BatchNumber number) const
{
    return number.value < m_headers.size() ? &m_headers[number.value] : nullptr;
}

// What no honest node shows, whatever else is known.
std::optional<Verdict> LightClient::refuse(const SignedHeader& header, const std::string& provider) const
{
    const BatchHeader& h = header.header;
    if (h.chainId != m_chainId) return invalid(kReasonForeignChain, provider);
    if (!checkHeaderSignature(header, m_params.sequencerKey)) return invalid(kReasonBadSignature, provider);
    if (!hasFixedFields(h, m_params)) return invalid(kReasonBadHeader, provider);
    return std::nullopt;
}

bool LightClient::l1Stands(const BatchHeader& header) const
{
    return m_chain.hashAt(header.l1Height) == header.l1Hash;
}

// Nothing: the own view of Bitcoin supports the header.
std::optional<Unverified> LightClient::unsupported(const BatchHeader& header) const
{
    if (header.l1Height > m_chain.tip()) return Unverified{std::string(kReasonL1Behind)};
    if (!l1Stands(header)) return Unverified{std::string(kReasonL1Elsewhere)};
    return std::nullopt;
}

// A reorganisation may take the Bitcoin block of the proof and leave those of earlier batches: nothing is proven then.
bool LightClient::isProven(BatchNumber number) const
{
    return m_isProvenHeld && number <= m_proven->number && l1Stands(m_headers[m_proven->number.value].header);
}

// A header of the chain held here, against the own view of Bitcoin and what is proven.
Verdict LightClient::place(const BatchHeader& header) const
{
    if (const auto why = unsupported(header)) return *why;
    if (!m_contradictions.empty() && header.height >= m_contradictions.begin()->first)
        return invalid(kReasonProvenOtherwise, m_contradictions.begin()->second.provider);
    Finality finality;
    if (isProven(header.height)) finality.rootProof = RootProof::Proven;
    finality.l1Height = header.l1Height;
    finality.l1Confirmations = m_chain.tip().value - header.l1Height.value + 1;
    return Verified{header.stateRoot, header.height, finality};
}

Verdict LightClient::verdictOf(BatchNumber number) const
{
    const SignedHeader* held = headerAt(number);
    return held == nullptr ? unverified(kReasonUnknownBatch) : place(held->header);
}

BatchNumber LightClient::verifiedHead() const
{
    // Later headers never name an earlier Bitcoin block: where one does not stand, none behind it does.
    const auto first =
        std::partition_point(m_headers.begin() + 1, m_headers.end(), [this](const SignedHeader& held) {
            return std::holds_alternative<Verified>(place(held.header));
        });
    return std::prev(first)->header.height;
}

void LightClient::remember(const SignedHeader& first, const SignedHeader& second)
{
    const Equivocation found{first, second};
    if (std::find(m_evidence.begin(), m_evidence.end(), found) == m_evidence.end())
        m_evidence.push_back(found);
}

bool LightClient::holds(const ProvenBatch& batch) const
{
    const SignedHeader* held = headerAt(batch.number);
    return held != nullptr && held->header.hash() == batch.hash;
}

void LightClient::setProven(const std::optional<ProvenBatch>& proven)
{
    m_proven = proven;
    settle();
}

void LightClient::contradict(const ProvenBatch& shown, const std::string& provider)
{
    if (headerAt(shown.number) == nullptr) return;
    m_contradictions.insert_or_assign(shown.number, Contradiction{shown.hash, provider});
    if (m_contradictions.size() > kMaxContradictions)
        m_contradictions.erase(std::prev(m_contradictions.end()));
    settle();
}

/// After headers or what is proven changed.
void LightClient::settle()
{
    m_isProvenHeld = m_proven && holds(*m_proven);
    std::erase_if(m_contradictions, [this](const auto& each) {
        const ProvenBatch shown{each.first, each.second.shown};
        const bool isProvenAsFar = m_isProvenHeld && m_proven->number >= shown.number;
        return isProvenAsFar || holds(shown) || headerAt(shown.number) == nullptr;
    });
}

Verdict LightClient::addHeader(const SignedHeader& header, const std::string& provider)
{
    const BatchHeader& h = header.header;
    if (const SignedHeader* known = headerAt(h.height); known != nullptr && known->header == h)
        return place(h);
    if (const auto refused = refuse(header, provider)) return *refused;
    if (h.height.value == 0) return invalid(kReasonBadHeader, provider);
    const SignedHeader* parent = headerAt({h.height.value - 1});
    if (parent == nullptr) return unverified(kReasonNotLinked);
    const SignedHeader* known = headerAt(h.height);
    // A replacement: only Bitcoin can take a signed batch back, not the sequencer.
    if (known != nullptr && l1Stands(known->header)) {
        remember(*known, header);
        return invalid(kReasonEquivocation, provider);
    }
    if (known != nullptr && known->header.l1Height > m_chain.tip()) return unverified(kReasonL1Behind);
    if (h.parent != parent->header.hash()) {
        // After a deep reorg the parent itself may have been replaced, which is learnt by asking for it.
        return l1Stands(parent->header) ? invalid(kReasonBadParent, provider) : unverified(kReasonNotLinked);
    }
    if (h.time <= parent->header.time || h.l1Height < parent->header.l1Height) {
        return invalid(kReasonBadHeader, provider);
    }
    // Nothing held here gives way to a header that the own view of Bitcoin does not support.
    if (const auto why = unsupported(h); why && known != nullptr) return *why;
    m_headers.resize(h.height.value, *parent);
    m_headers.push_back(header);
    settle();
    return place(h);
}

Verdict LightClient::addBatch(const SignedBatch& batch, const std::string& provider)
{
    if (!checkBody(batch)) {
        // The header alone is judged first: a body that does not fit it is the provider's doing.
        const auto refused = refuse(batch.head, provider);
        return refused ? *refused : invalid(kReasonBadBody, provider);
    }
    return addHeader(batch.head, provider);
}

Status LightClient::restore(std::span<const SignedHeader> headers)
{
    for (const SignedHeader& header : headers) {
        const BatchHeader& parent = head().header;
        const BatchHeader& h = header.header;
        if (refuse(header, {}) || h.height.value != parent.height.value + 1 || h.parent != parent.hash()) {
            return base::makeError(kBadBatch, "stored header " + std::to_string(h.height.value));
        }
        m_headers.push_back(header);
        settle();
    }
    return base::success();
}

Verdict LightClient::checkState(const StateAnswer& answer, const ObjectId& object, BatchNumber atLeast) const
{
    const BatchHeader& h = answer.batch.header;
    const SignedHeader* known = headerAt(h.height);
    const bool same = known != nullptr && known->header == h;
    if (!same) {
        if (h.height.value == 0)
            return invalid(kReasonBadHeader, answer.provider); // genesis is known, and unsigned
        if (const auto refused = refuse(answer.batch, answer.provider)) return *refused;
    }
    if (!verifyState(h.stateRoot, object.key(), answer.value, answer.proof)) {
        return invalid(kReasonBadProof, answer.provider);
    }
    if (!same) return unverified(kReasonUnknownBatch);
    if (h.height < atLeast) return unverified(kReasonStale);
    return place(h);
}

Verdict LightClient::checkHistory(const StateAnswer& account, const XOnlyPublicKey& key,
                                  std::span<const HistoryEntry> entries, BatchNumber atLeast) const
{
    const Verdict verdict = checkState(account, accountId(key), atLeast);
    if (!std::holds_alternative<Verified>(verdict)) return verdict;
    field::FieldDigest accumulator; // of an account that does not exist: no entries
    if (account.value) {
        const auto parsed = parseAccount(*account.value);
        if (!parsed) return invalid(kReasonBadValue, account.provider);
        accumulator = parsed->history;
    }
    if (!verifyHistory(accumulator, entries)) return invalid(kReasonBadHistory, account.provider);
    return verdict;
}

Verdict LightClient::checkClaim(const StateAnswer& counters, const Digest& claim, std::uint64_t index,
                                std::span<const Digest> path, BatchNumber atLeast) const
{
    const Verdict verdict = checkState(counters, countersId(), atLeast);
    if (!std::holds_alternative<Verified>(verdict)) return verdict;
    if (!counters.value) return invalid(kReasonBadValue, counters.provider);
    const auto parsed = parseCounters(*counters.value);
    if (!parsed) return invalid(kReasonBadValue, counters.provider);
    if (!verifyAppended(AppendHash::Claims, parsed->claims, claim, index, path)) {
        return invalid(kReasonBadProof, counters.provider);
    }
    return verdict;
}

} // namespace bowline::l2
