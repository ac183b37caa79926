// SPDX-License-Identifier: MIT
// Basic block filters (BIP158): building, reading hostile ones, hashing them into BIP157's header chain, and
// matching many of them against one set of scripts.
//
// A filter is a compact size N and N Golomb-Rice coded differences (P = 19, M = 784,931) of sorted hashes.
#pragma once

#include "core/bitcoin/block.h"

#include <span>

namespace bowline::bitcoin {

/// N does not fit the bytes, codes run past the end, values leave the range, or bytes are left over.
inline constexpr ErrorCode kBadFilter{"bitcoin.bad-filter"};

/// A block has fewer than 140,000 outputs and inputs, each at most 22 bits on average; more is refused
/// unread.
inline constexpr std::size_t kMaxFilterSize = 1'000'000;

/// Scripts prepared for matching against many filters: repeated and empty ones dropped, laid out for the
/// hash. Not changed by matching: threads may share it, each with its own FilterMatcher.
class ScriptSet {
public:
    ScriptSet() = default;
    explicit ScriptSet(std::span<const Script> scripts);
    [[nodiscard]] std::size_t size() const { return m_lengths.size(); }
    [[nodiscard]] bool empty() const { return m_lengths.empty(); }

private:
    friend class FilterMatcher;
    std::vector<std::uint64_t> m_words;   // SipHash's own blocks, the last with the length byte
    std::vector<std::uint32_t> m_lengths; // in words, one per script
};

/// A filter as sent (BIP157 cfilter), bound to its block. The bytes are not judged until they are used.
struct BlockFilter {
    BlockHash block;
    Bytes encoded;

    /// Double SHA-256 of the encoded filter.
    [[nodiscard]] Digest hash() const;
    /// BIP157: double SHA-256 of hash() and the header before; zero before genesis.
    [[nodiscard]] FilterHeader header(const FilterHeader& previous) const;
    /// The number of elements N.
    [[nodiscard]] Result<std::uint64_t> count() const;
};

/// Decodes the whole filter: success means that N, all codes, their range and the zero padding are right.
[[nodiscard]] Status checkFilter(const BlockFilter& filter);

/// Matches filters one after another, keeping its memory between them. One per thread.
class FilterMatcher {
public:
    /// The set must outlive the matcher.
    explicit FilterMatcher(const ScriptSet& scripts) : m_scripts(scripts) {}
    explicit FilterMatcher(ScriptSet&&) = delete;
    /// Whether the block may pay to, or spend from, one of the scripts: never false for one that does, true
    /// by chance for one in 784,931 scripts and blocks. Stops at the first hit, so that a filter malformed
    /// behind it goes unnoticed: check filters (checkFilter, header chain) before keeping them.
    [[nodiscard]] Result<bool> matchesAny(const BlockFilter& filter);

private:
    void hashScripts(const BlockHash& block, std::uint64_t range);
    const ScriptSet& m_scripts;
    std::vector<std::uint64_t> m_hashes; // sorted, for the filter at hand, ending with a sentinel
    std::vector<std::uint64_t> m_unsorted;
    std::vector<std::uint32_t> m_buckets;
};

/// The filter of any set of elements; repeated and empty ones are dropped.
[[nodiscard]] BlockFilter buildFilter(const BlockHash& block, std::span<const Script> elements);
/// The basic filter: all output scripts but those that begin with OP_RETURN, and `spentScripts`, the scripts
/// of all outputs that the block's inputs spend.
[[nodiscard]] BlockFilter buildBasicFilter(const Block& block, std::span<const Script> spentScripts);

} // namespace bowline::bitcoin
