// SPDX-License-Identifier: MIT
#include "core/verify/header_run.h"

#include "core/bitcoin/pow.h"

#include <limits>

namespace bowline::verify {

using base::Height;

/// The run so far, and before it what the checkpoint says.
class HeaderRun::Source final : public bitcoin::HeaderSource {
public:
    Source(const HeaderRun& run, const l2::NetworkParams& params) : m_run(run), m_params(params) {}
    [[nodiscard]] bitcoin::BlockHeader at(Height height) const override
    {
        if (height >= m_run.m_first) return m_run.headerAt(height);
        const std::uint32_t back = m_run.m_first.value - height.value;
        bitcoin::BlockHeader out = m_run.headerAt(m_run.m_first);
        out.time = back < m_params.lastTimes.size() ? m_params.lastTimes[back] : m_params.epochStartTime;
        return out;
    }

private:
    const HeaderRun& m_run;
    const l2::NetworkParams& m_params;
};

base::Result<HeaderRun> HeaderRun::check(const l2::NetworkParams& params,
                                         std::span<const base::ByteArray<80>> headers, base::UnixTime now)
{
    const bitcoin::ChainParams& chain = bitcoin::chainParams(params.bitcoinNetwork);
    BOWLINE_TRY(const bitcoin::BlockHeader checkpoint, bitcoin::parseBlockHeader(params.checkpointHeader));
    // Nobody vouches for the parameters of a file.
    if (headers.size() > std::numeric_limits<std::uint32_t>::max() - params.checkpointHeight.value)
        return base::makeError(kHeightsEnd);
    HeaderRun out;
    out.m_first = params.checkpointHeight;
    out.m_entries.reserve(headers.size() + 1);
    out.m_entries.push_back(
        {checkpoint, checkpoint.hash(), bitcoin::Uint256::fromLittleEndian(params.checkpointWork)});
    const Source source(out, params);
    for (const base::ByteArray<80>& bytes : headers) {
        const Height tip = out.tip();
        const std::string where = "block " + std::to_string(tip.value + 1);
        BOWLINE_TRY(const bitcoin::BlockHeader header, bitcoin::parseBlockHeader(bytes));
        if (header.previous != out.m_entries.back().hash) return base::makeError(kBrokenLink, where);
        const base::Status checked = bitcoin::checkHeader(header, chain, source, tip, now);
        if (!checked.ok()) return base::makeError(checked.error().code, where);
        out.m_entries.push_back(
            {header, header.hash(), out.m_entries.back().work + bitcoin::blockWork(header.bits)});
    }
    return out;
}

Height HeaderRun::tip() const { return m_first + static_cast<std::uint32_t>(m_entries.size() - 1); }

std::optional<base::BlockHash> HeaderRun::hashAt(Height height) const
{
    if (height < m_first || height > tip()) return std::nullopt;
    return at(height).hash;
}

const bitcoin::BlockHeader& HeaderRun::headerAt(Height height) const { return at(height).header; }

const bitcoin::Uint256& HeaderRun::workAt(Height height) const { return at(height).work; }

} // namespace bowline::verify
