// SPDX-License-Identifier: MIT
#include "core/bitcoin/filter.h"

#include "core/bitcoin/siphash.h"
#include "core/crypto/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace bowline::bitcoin {

namespace {
__extension__ using Wide = unsigned __int128;

constexpr unsigned kRiceBits = 19;                   // P
constexpr std::uint64_t kInverseFalseRate = 784'931; // M
constexpr std::uint64_t kLeastCodeBits = kRiceBits + 1;

// The first 16 bytes of the block hash, in internal order.
SipKey keyOf(const BlockHash& block)
{
    base::Reader reader(block.view());
    SipKey out;
    out.k0 = reader.u64le();
    out.k1 = reader.u64le();
    return out;
}

// Maps a uniform 64-bit hash to [0, range) without a division.
std::uint64_t intoRange(std::uint64_t hash, std::uint64_t range)
{
    return static_cast<std::uint64_t>(Wide{hash} * range >> 64U);
}

// Reads Golomb-Rice codes from a bit stream, most significant bits first.
class CodeReader {
public:
    explicit CodeReader(ByteView bytes) : m_bytes(bytes), m_bitCount(bytes.size() * 8) {}

    /// False when the stream ends within the code.
    bool next(std::uint64_t& value)
    {
        const std::size_t byte = m_bit / 8;
        if (byte + 8 <= m_bytes.size()) {
            // At least 57 bits from the current one on: nearly every code fits (22 bits on average).
            const std::uint64_t window = bigEndianAt(byte) << (m_bit % 8);
            const auto quotient = static_cast<unsigned>(std::countl_one(window));
            if (quotient + kLeastCodeBits <= 57) {
                const std::uint64_t remainder = window << (quotient + 1) >> (64 - kRiceBits);
                value = std::uint64_t{quotient} << kRiceBits | remainder;
                m_bit += quotient + kLeastCodeBits;
                return true;
            }
        }
        return nextBitByBit(value);
    }
    /// Fewer than eight bits are left, all of them zero.
    [[nodiscard]] bool onlyPaddingLeft() const
    {
        if (m_bitCount - m_bit >= 8) return false;
        for (std::size_t bit = m_bit; bit < m_bitCount; ++bit) {
            if (bitAt(bit)) return false;
        }
        return true;
    }

private:
    [[nodiscard]] std::uint64_t bigEndianAt(std::size_t byte) const
    {
        std::uint64_t word = 0;
        std::memcpy(&word, m_bytes.data() + byte, sizeof word);
        return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
    }
    [[nodiscard]] bool bitAt(std::size_t bit) const
    {
        const std::uint32_t byte = m_bytes[bit / 8];
        return (byte >> (7 - bit % 8) & 1U) != 0;
    }
    bool nextBitByBit(std::uint64_t& value)
    {
        std::uint64_t quotient = 0;
        for (; m_bit < m_bitCount && bitAt(m_bit); ++m_bit) ++quotient;
        if (m_bitCount - m_bit < kLeastCodeBits) return false;
        ++m_bit; // the zero that ends the quotient
        value = quotient;
        for (unsigned i = 0; i < kRiceBits; ++i, ++m_bit) value = value << 1U | (bitAt(m_bit) ? 1U : 0U);
        return true;
    }
    ByteView m_bytes;
    std::size_t m_bitCount;
    std::size_t m_bit = 0;
};

class CodeWriter {
public:
    void write(std::uint64_t value)
    {
        for (std::uint64_t quotient = value >> kRiceBits; quotient != 0; --quotient) bit(true);
        bit(false);
        for (unsigned i = kRiceBits; i-- > 0;) bit((value >> i & 1U) != 0);
    }
    [[nodiscard]] const Bytes& bytes() const { return m_bytes; }

private:
    void bit(bool set)
    {
        if (m_used % 8 == 0) m_bytes.push_back(0);
        if (set) m_bytes.back() |= static_cast<std::uint8_t>(0x80U >> (m_used % 8));
        ++m_used;
    }
    Bytes m_bytes;
    std::size_t m_used = 0;
};

struct OpenFilter {
    std::uint64_t count = 0;
    std::uint64_t range = 0; // N * M: all values are below; no overflow, as N is bounded by the size
    ByteView codes;
};

Result<OpenFilter> open(const BlockFilter& filter)
{
    if (filter.encoded.size() > kMaxFilterSize) return makeError(kBadFilter, "too large");
    base::Reader reader(filter.encoded);
    OpenFilter out;
    out.count = reader.compactSize(std::numeric_limits<std::uint32_t>::max());
    if (const Status status = reader.status(); !status) return makeError(kBadFilter, status.error().detail);
    out.range = out.count * kInverseFalseRate;
    out.codes = reader.bytes(reader.remaining());
    if (out.count > out.codes.size() * 8 / kLeastCodeBits)
        return makeError(kBadFilter, "more elements than bits");
    return out;
}

// Hashes are uniform: a pass into as many buckets as there are hashes leaves next to nothing to sort.
void bucketSort(std::vector<std::uint64_t>& values, std::uint64_t range, std::vector<std::uint64_t>& scratch,
                std::vector<std::uint32_t>& buckets)
{
    const auto bucketBits = static_cast<unsigned>(std::bit_width(values.size()));
    const auto rangeBits = static_cast<unsigned>(std::bit_width(range));
    const unsigned shift = rangeBits > bucketBits ? rangeBits - bucketBits : 0;
    buckets.assign((std::size_t{1} << bucketBits) + 1, 0);
    for (const std::uint64_t value : values) ++buckets[(value >> shift) + 1];
    for (std::size_t i = 1; i < buckets.size(); ++i) buckets[i] += buckets[i - 1];
    scratch.resize(values.size());
    for (const std::uint64_t value : values) scratch[buckets[value >> shift]++] = value;
    values.swap(scratch);
    for (std::size_t i = 1; i < values.size(); ++i) {
        const std::uint64_t value = values[i];
        std::size_t at = i;
        for (; at > 0 && values[at - 1] > value; --at) values[at] = values[at - 1];
        values[at] = value;
    }
}
} // namespace

ScriptSet::ScriptSet(std::span<const Script> scripts)
{
    std::vector<ByteView> distinct(scripts.begin(), scripts.end());
    const auto less = [](ByteView a, ByteView b) {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    };
    const auto equal = [](ByteView a, ByteView b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    };
    std::sort(distinct.begin(), distinct.end(), less);
    distinct.erase(std::unique(distinct.begin(), distinct.end(), equal), distinct.end());
    for (const ByteView script : distinct) {
        if (script.empty()) continue;
        const std::vector<std::uint64_t> words = sipWords(script);
        m_words.insert(m_words.end(), words.begin(), words.end());
        m_lengths.push_back(static_cast<std::uint32_t>(words.size()));
    }
}

Digest BlockFilter::hash() const { return crypto::sha256d(encoded); }

FilterHeader BlockFilter::header(const FilterHeader& previous) const
{
    Bytes both = base::toBytes(hash().view());
    base::append(both, previous.view());
    return FilterHeader{crypto::sha256d(both).bytes};
}

Result<std::uint64_t> BlockFilter::count() const
{
    BOWLINE_TRY(const OpenFilter opened, open(*this));
    return opened.count;
}

Status checkFilter(const BlockFilter& filter)
{
    BOWLINE_TRY(const OpenFilter opened, open(filter));
    CodeReader codes(opened.codes);
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < opened.count; ++i) {
        std::uint64_t difference = 0;
        if (!codes.next(difference)) return makeError(kBadFilter, "the codes end too early");
        value += difference; // bounded by 2^19 for every bit of the filter
    }
    if (opened.count != 0 && value >= opened.range) return makeError(kBadFilter, "a value out of range");
    if (!codes.onlyPaddingLeft()) return makeError(kBadFilter, "bytes or bits after the last code");
    return base::success();
}

void FilterMatcher::hashScripts(const BlockHash& block, std::uint64_t range)
{
    const SipKey key = keyOf(block);
    m_hashes.clear();
    const std::uint64_t* word = m_scripts.m_words.data();
    for (const std::uint32_t length : m_scripts.m_lengths) {
        SipHash state(key);
        for (const std::uint64_t* end = word + length; word != end; ++word) state.absorb(*word);
        m_hashes.push_back(intoRange(state.finish(), range));
    }
    bucketSort(m_hashes, range, m_unsorted, m_buckets);
    m_hashes.push_back(std::numeric_limits<std::uint64_t>::max()); // above every value: no check for the end
}

Result<bool> FilterMatcher::matchesAny(const BlockFilter& filter)
{
    BOWLINE_TRY(const OpenFilter opened, open(filter));
    if (opened.count == 0 || m_scripts.empty()) return false;
    hashScripts(filter.block, opened.range);

    CodeReader codes(opened.codes);
    const std::uint64_t* wanted = m_hashes.data();
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < opened.count; ++i) {
        std::uint64_t difference = 0;
        if (!codes.next(difference)) return makeError(kBadFilter, "the codes end too early");
        value += difference;
        while (*wanted < value) ++wanted;
        if (*wanted == value) return true;
    }
    return false;
}

BlockFilter buildFilter(const BlockHash& block, std::span<const Script> elements)
{
    std::vector<Script> distinct(elements.begin(), elements.end());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (!distinct.empty() && distinct.front().empty()) distinct.erase(distinct.begin());

    const SipKey key = keyOf(block);
    const std::uint64_t range = distinct.size() * kInverseFalseRate;
    std::vector<std::uint64_t> hashes;
    hashes.reserve(distinct.size());
    for (const Script& script : distinct) hashes.push_back(intoRange(sipHash24(key, script), range));
    std::sort(hashes.begin(), hashes.end());

    CodeWriter codes;
    std::uint64_t previous = 0;
    for (const std::uint64_t hash : hashes) {
        codes.write(hash - previous);
        previous = hash;
    }
    base::Writer writer;
    writer.compactSize(hashes.size());
    writer.bytes(codes.bytes());
    return {block, writer.take()};
}

BlockFilter buildBasicFilter(const Block& block, std::span<const Script> spentScripts)
{
    std::vector<Script> elements(spentScripts.begin(), spentScripts.end());
    for (const Transaction& transaction : block.transactions) {
        for (const TxOut& output : transaction.outputs) {
            const Script& script = output.scriptPubKey;
            if (!script.empty() && script[0] == OP_RETURN) continue;
            elements.push_back(script);
        }
    }
    return buildFilter(block.header.hash(), elements);
}

} // namespace bowline::bitcoin
