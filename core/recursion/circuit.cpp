// SPDX-License-Identifier: MIT
#include "core/recursion/circuit.h"

#include "core/field/poseidon2.h"
#include "core/recursion/optimize.h"

#include <algorithm>
#include <stdexcept>

namespace bowline::recursion {

namespace {
const Extension kZero;
const Extension kOne = Extension::from(1);
const Extension kMinusOne = -Extension::from(1);

[[noreturn]] void misuse(const char* what) { throw std::logic_error(what); }
} // namespace

Circuit::Felt operator+(const Circuit::Felt& a, const Circuit::Felt& b)
{
    Circuit& c = *a.m_circuit;
    const Address by = c.alone(b);
    const Address out = c.mulAdd(c.alone(a), c.constantWord(kOne), by);
    const Extension* known = c.knownValue(by);
    if (a.m_place < Circuit::Felt::kAlone && known != nullptr)
        c.m_shifted[out] = {a.m_at, a.m_place, (*known)[0]};
    return c.aloneFelt(out);
}
Circuit::Felt operator*(const Circuit::Felt& a, const Circuit::Felt& b)
{
    Circuit& c = *a.m_circuit;
    return c.aloneFelt(c.mulAdd(c.alone(a), c.alone(b), c.constantWord(kZero)));
}

Circuit::Ext::Ext(const std::array<Felt, 4>& elements)
    : m_circuit(elements[0].m_circuit), m_at(m_circuit->packed(elements))
{
}
Circuit::Ext operator+(const Circuit::Ext& a, const Circuit::Ext& b)
{
    Circuit& c = *a.m_circuit;
    return {&c, c.mulAdd(Circuit::of(a), c.constantWord(kOne), Circuit::of(b))};
}
Circuit::Ext operator-(const Circuit::Ext& a, const Circuit::Ext& b)
{
    return {a.m_circuit, a.m_circuit->subtract(Circuit::of(a), Circuit::of(b))};
}
Circuit::Ext operator*(const Circuit::Ext& a, const Circuit::Ext& b)
{
    Circuit& c = *a.m_circuit;
    return {&c, c.mulAdd(Circuit::of(a), Circuit::of(b), c.constantWord(kZero))};
}
Circuit::Ext operator*(const Circuit::Ext& a, const Circuit::Felt& b)
{
    return a * a.m_circuit->extension(b);
}

Circuit::Circuit(std::size_t publicValues)
{
    m_program.publicValues = publicValues;
    m_next = static_cast<Address>(m_program.publicWords());
    // Read once each, by a copy that whoever reads them reads instead: Program::check.
    const Address one = constantWord(kOne);
    const Address zero = constantWord(kZero);
    m_publicCopies = allocate(static_cast<std::uint32_t>(m_program.publicWords()));
    for (Address word = 0; word < m_program.publicWords(); ++word) {
        const Address copy = m_publicCopies + word;
        place(Program::Kind::Alu, m_program.alu.size());
        m_program.alu.push_back({word, one, zero, copy, false, 0});
    }
}

Address Circuit::allocate(std::uint32_t count)
{
    const Address out = m_next;
    m_next += count;
    return out;
}

void Circuit::place(Program::Kind kind, std::size_t index)
{
    m_program.order.push_back({kind, static_cast<std::uint32_t>(index)});
}

Address Circuit::of(const Ext& x)
{
    if (x.m_private) misuse("a private value outside of rows and paths");
    return x.m_at;
}

Address Circuit::word(WordOp::Form form, const Extension& value, const Advice& advice)
{
    const Address out = allocate();
    place(Program::Kind::Word, m_program.words.size());
    m_program.words.push_back({form, out, value, advice});
    return out;
}

Address Circuit::constantWord(const Extension& value)
{
    const auto& c = value.coefficients();
    const std::array<std::uint32_t, 4> key{c[0].value(), c[1].value(), c[2].value(), c[3].value()};
    const auto found = m_constantWords.find(key);
    if (found != m_constantWords.end()) return found->second;
    const Address out = word(WordOp::Form::Constant, value, {});
    m_constantWords.emplace(key, out);
    m_constants.emplace(out, value);
    return out;
}

const Extension* Circuit::knownValue(Address a) const
{
    const auto found = m_constants.find(a);
    return found == m_constants.end() ? nullptr : &found->second;
}

Address Circuit::mulAdd(Address a, Address b, Address c)
{
    const Extension* x = knownValue(a);
    const Extension* y = knownValue(b);
    const Extension* z = knownValue(c);
    if ((x != nullptr && x->isZero()) || (y != nullptr && y->isZero())) return c;
    if (x != nullptr && y != nullptr && z != nullptr) return constantWord(*x * *y + *z);
    if (z != nullptr && z->isZero()) {
        if (x != nullptr && *x == kOne) return b;
        if (y != nullptr && *y == kOne) return a;
    }
    if (x != nullptr && y != nullptr) {
        a = constantWord(*x * *y);
        b = constantWord(kOne);
    }
    const Key key{std::min(a, b), std::max(a, b), c, 0};
    const auto found = m_products.find(key);
    if (found != m_products.end()) return found->second;
    const Address out = allocate();
    place(Program::Kind::Alu, m_program.alu.size());
    m_program.alu.push_back({a, b, c, out, false, 0});
    m_products.emplace(key, out);
    return out;
}

Address Circuit::subtract(Address a, Address b)
{
    if (a == b) return constantWord(kZero);
    return mulAdd(b, constantWord(kMinusOne), a);
}

std::uint32_t Circuit::reason(std::string_view why)
{
    const auto found = std::find(m_program.reasons.begin(), m_program.reasons.end(), why);
    if (found != m_program.reasons.end())
        return static_cast<std::uint32_t>(found - m_program.reasons.begin());
    m_program.reasons.emplace_back(why);
    return static_cast<std::uint32_t>(m_program.reasons.size() - 1);
}

void Circuit::check(Address a, Address b, Address c, Address out, std::string_view why)
{
    place(Program::Kind::Alu, m_program.alu.size());
    m_program.alu.push_back({a, b, c, out, true, reason(why)});
}

Address Circuit::alone(const Felt& x)
{
    if (x.m_place == Felt::kPrivate) misuse("a private element outside of rows and paths");
    if (x.m_place == Felt::kAlone) return x.m_at;
    if (const Extension* known = knownValue(x.m_at)) return constantWord((*known)[x.m_place]);
    const auto found = m_unpacked.find(x.m_at);
    if (found != m_unpacked.end()) return found->second[x.m_place];
    const Address first = allocate(4);
    const std::array<Address, 4> elements{first, first + 1, first + 2, first + 3};
    place(Program::Kind::Lanes, m_program.lanes.size());
    m_program.lanes.push_back({x.m_at, elements, false});
    m_unpacked.emplace(x.m_at, elements);
    return elements[x.m_place];
}

Address Circuit::packed(std::span<const Felt, 4> elements)
{
    bool whole = true;
    for (std::uint8_t i = 0; i < 4; ++i)
        whole = whole && elements[i].m_place == i && elements[i].m_at == elements[0].m_at;
    if (whole) return elements[0].m_at;
    if (const auto shifted = shiftedWord(elements)) return *shifted;
    Key key{};
    std::array<Element, 4> values;
    bool known = true;
    for (std::size_t i = 0; i < 4; ++i) {
        key[i] = alone(elements[i]);
        const Extension* value = knownValue(key[i]);
        known = known && value != nullptr;
        if (value != nullptr) values[i] = (*value)[0];
    }
    if (known) return constantWord(Extension{values});
    const auto found = m_packs.find(key);
    if (found != m_packs.end()) return found->second;
    const Address out = allocate();
    place(Program::Kind::Lanes, m_program.lanes.size());
    m_program.lanes.push_back({out, key, true});
    m_packs.emplace(key, out);
    return out;
}

std::optional<Address> Circuit::shiftedWord(std::span<const Felt, 4> elements)
{
    std::array<Element, 4> by;
    std::optional<Address> word;
    for (std::uint8_t i = 0; i < 4; ++i) {
        Shifted place{elements[i].m_at, elements[i].m_place, {}};
        if (elements[i].m_place == Felt::kAlone) {
            const auto found = m_shifted.find(elements[i].m_at);
            if (found == m_shifted.end()) return std::nullopt;
            place = found->second;
        }
        if (place.place != i || (word && *word != place.word)) return std::nullopt;
        word = place.word;
        by[i] = place.by;
    }
    return mulAdd(*word, constantWord(kOne), constantWord(Extension{by}));
}

Circuit::Felt Circuit::publicValue(std::size_t index)
{
    if (index >= m_program.publicValues) misuse("no such public value");
    return lane(m_publicCopies + static_cast<Address>(index / 4), static_cast<std::uint8_t>(index % 4));
}

Circuit::Felt Circuit::nextElement()
{
    Advice advice;
    advice.first = static_cast<std::uint32_t>(m_program.streamSize++);
    return aloneFelt(word(WordOp::Form::Element, {}, advice));
}
Circuit::Ext Circuit::nextExtension()
{
    Advice advice;
    advice.first = static_cast<std::uint32_t>(m_program.streamSize);
    m_program.streamSize += 4;
    return {this, word(WordOp::Form::Extension, {}, advice)};
}
Circuit::Digest Circuit::nextDigest()
{
    Digest out;
    for (std::size_t half = 0; half < 2; ++half) {
        const Ext words = nextExtension();
        for (std::uint8_t i = 0; i < 4; ++i) out[4 * half + i] = lane(words.m_at, i);
    }
    return out;
}
Circuit::Felt Circuit::nextPrivateElement()
{
    return {this, static_cast<std::uint32_t>(m_program.streamSize++), Felt::kPrivate};
}
Circuit::Ext Circuit::nextPrivateExtension()
{
    const Ext out{this, static_cast<std::uint32_t>(m_program.streamSize), true};
    m_program.streamSize += 4;
    return out;
}

Circuit::Felt Circuit::constant(Element x) { return aloneFelt(constantWord(Extension{x})); }
Circuit::Ext Circuit::constant(const Extension& x) { return {this, constantWord(x)}; }
Circuit::Ext Circuit::extension(const Felt& x) { return {this, alone(x)}; }

std::array<Circuit::Felt, 4> Circuit::coefficients(const Ext& x)
{
    const Address at = of(x);
    return {lane(at, 0), lane(at, 1), lane(at, 2), lane(at, 3)};
}

Circuit::Felt Circuit::select(const Bit& bit, const Felt& ifSet, const Felt& ifClear)
{
    const Address other = alone(ifClear);
    return aloneFelt(mulAdd(bit.m_at, subtract(alone(ifSet), other), other));
}
Circuit::Ext Circuit::select(const Bit& bit, const Ext& ifSet, const Ext& ifClear)
{
    return {this, mulAdd(bit.m_at, subtract(of(ifSet), of(ifClear)), of(ifClear))};
}
Circuit::Digest Circuit::select(const Bit& bit, const Digest& ifSet, const Digest& ifClear)
{
    Digest out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = select(bit, ifSet[i], ifClear[i]);
    return out;
}

std::vector<Circuit::Bit> Circuit::bits(const Felt& x, unsigned count)
{
    if (count == 0) return {};
    if (count > kMaxBits) misuse("more bits than an operation has");
    const Address in = alone(x);
    const Address first = allocate(count);
    place(Program::Kind::Bits, m_program.bits.size());
    m_program.bits.push_back({in, first, count});
    std::vector<Bit> out;
    for (unsigned i = 0; i < count; ++i) out.push_back(Bit(first + i));
    return out;
}
Circuit::Bit Circuit::bit(bool value) { return Bit(constantWord(value ? kOne : kZero)); }
Circuit::Bit Circuit::both(const Bit& a, const Bit& b)
{
    return Bit(mulAdd(a.m_at, b.m_at, constantWord(kZero)));
}
Circuit::Bit Circuit::either(const Bit& a, const Bit& b) { return opposite(both(opposite(a), opposite(b))); }
Circuit::Bit Circuit::opposite(const Bit& a) { return Bit(subtract(constantWord(kOne), a.m_at)); }

Circuit::Ext Circuit::inverse(const Ext& x, std::string_view why)
{
    Advice advice;
    advice.kind = Advice::Kind::Inverse;
    advice.of = of(x);
    const Address out = word(WordOp::Form::Extension, {}, advice);
    check(advice.of, out, constantWord(kZero), constantWord(kOne), why);
    return {this, out};
}
Circuit::Felt Circuit::inverse(const Felt& x)
{
    Advice advice;
    advice.kind = Advice::Kind::Inverse;
    advice.of = alone(x);
    const Address out = word(WordOp::Form::Element, {}, advice);
    check(advice.of, out, constantWord(kZero), constantWord(kOne), "the inverse of zero");
    return aloneFelt(out);
}

void Circuit::permute(std::array<Felt, 16>& state)
{
    PermuteOp op;
    bool known = true;
    for (std::size_t i = 0; i < 4; ++i) {
        op.in[i] = packed(std::span(state).subspan(4 * i).first<4>());
        known = known && knownValue(op.in[i]) != nullptr;
    }
    if (known) {
        field::State values;
        for (std::size_t i = 0; i < 16; ++i) values[i] = (*knownValue(op.in[i / 4]))[i % 4];
        field::permute(values);
        for (std::size_t i = 0; i < 16; ++i) state[i] = constant(values[i]);
        return;
    }
    op.out = allocate(4);
    place(Program::Kind::Permute, m_program.permutes.size());
    m_program.permutes.push_back(op);
    for (std::size_t i = 0; i < 16; ++i)
        state[i] = lane(op.out + static_cast<Address>(i / 4), static_cast<std::uint8_t>(i % 4));
}

Circuit::Digest Circuit::spongeOf(field::SpongeTag tag, const std::vector<Felt>& elements)
{
    std::array<Felt, 16> state;
    state.fill(constant(Element{}));
    state[8] = constant(Element::from(static_cast<std::uint32_t>(tag)));
    state[9] = constant(Element::from(static_cast<std::uint32_t>(elements.size())));
    std::size_t at = 0;
    do {
        for (std::size_t i = 0; i < 8 && at < elements.size(); ++i, ++at) state[i] = state[i] + elements[at];
        permute(state);
    } while (at < elements.size());
    Digest out;
    std::copy_n(state.begin(), 8, out.begin());
    return out;
}

void Circuit::requireEqual(const Ext& a, const Ext& b, std::string_view why)
{
    check(of(a), constantWord(kOne), constantWord(kZero), of(b), why);
}
void Circuit::requireEqual(const Digest& a, const Digest& b, std::string_view why)
{
    for (std::size_t half = 0; half < 2; ++half) {
        const Ext left{this, packed(std::span(a).subspan(4 * half).first<4>())};
        const Ext right{this, packed(std::span(b).subspan(4 * half).first<4>())};
        requireEqual(left, right, why);
    }
}
void Circuit::requireClear(const Bit& bit, std::string_view why)
{
    check(bit.m_at, constantWord(kOne), constantWord(kZero), constantWord(kZero), why);
}
void Circuit::requireNotZero(const Ext& x, std::string_view why) { static_cast<void>(inverse(x, why)); }

Circuit::HashedRow Circuit::hashRow(const stark::PathLevel& level, const std::vector<std::vector<Felt>>& rows,
                                    Address gamma)
{
    std::vector<Felt> elements;
    for (const std::size_t i : level.rows) elements.insert(elements.end(), rows[i].begin(), rows[i].end());
    RowOp op;
    op.gamma = gamma;
    op.length = static_cast<std::uint32_t>(elements.size());
    op.isPrivate = elements.at(0).m_place == Felt::kPrivate;
    if (op.isPrivate) {
        op.first = static_cast<std::uint32_t>(m_program.privates.size());
        for (const Felt& x : elements) {
            if (x.m_place != Felt::kPrivate) misuse("a row of private and other elements");
            m_program.privates.push_back(x.m_at);
        }
    } else {
        if (elements.size() % 8 != 0) misuse("a row of words that does not fill its blocks");
        std::vector<Address> words;
        for (std::size_t i = 0; i < elements.size(); i += 4)
            words.push_back(packed(std::span(elements).subspan(i).first<4>()));
        op.first = static_cast<std::uint32_t>(m_program.rowWords.size());
        m_program.rowWords.insert(m_program.rowWords.end(), words.begin(), words.end());
    }
    op.digest = allocate(3);
    place(Program::Kind::Row, m_program.rows.size());
    m_program.rows.push_back(op);
    return {op.digest, op.sum()};
}

std::vector<Circuit::HashedRow> Circuit::path(const stark::PathForm& form,
                                              const stark::PathItem<Circuit>& item, const Digest& root,
                                              Address gamma, std::string_view why)
{
    std::vector<HashedRow> out;
    for (const stark::PathLevel& level : form) out.push_back(hashRow(level, *item.rows, gamma));
    PathOp op;
    op.start = out[0].digest;
    std::size_t next = 1;
    for (unsigned log = form.front().log; log-- > 0;) {
        const Digest& sibling = (*item.path)[form.front().log - 1 - log];
        for (std::size_t i = 0; i < sibling.size(); ++i) {
            if (sibling[i].m_place != Felt::kPrivate || sibling[i].m_at != sibling[0].m_at + i)
                misuse("a sibling that is not private");
        }
        op.steps.push_back({true, (*item.bits)[log].m_at, sibling[0].m_at});
        if (next < form.size() && form[next].log == log) op.steps.push_back({false, out[next++].digest, 0});
    }
    for (std::size_t half = 0; half < 2; ++half)
        op.root[half] = packed(std::span(root).subspan(4 * half).first<4>());
    op.why = reason(why);
    place(Program::Kind::Path, m_program.paths.size());
    m_program.paths.push_back(std::move(op));
    return out;
}

void Circuit::requirePaths(const stark::PathForm& form, const std::vector<stark::PathItem<Circuit>>& items,
                           const Digest& root, std::string_view why)
{
    const Address gamma = constantWord(kZero);
    for (const auto& item : items) static_cast<void>(path(form, item, root, gamma, why));
}

std::vector<std::vector<Circuit::Ext>> Circuit::openRows(const stark::PathForm& form,
                                                         const std::vector<stark::PathItem<Circuit>>& items,
                                                         const Digest& root, std::span<const Ext> powers,
                                                         std::string_view why)
{
    std::vector<std::vector<Ext>> out(form.size());
    for (const auto& item : items) {
        const std::vector<HashedRow> rows = path(form, item, root, of(powers[1]), why);
        for (std::size_t level = 0; level < form.size(); ++level)
            out[level].push_back({this, rows[level].sum});
    }
    return out;
}

std::vector<Circuit::Ext> Circuit::placed(const std::vector<Ext>& siblings, const Ext& value,
                                          const std::vector<Bit>& bits, unsigned first, unsigned logArity)
{
    Advice advice;
    advice.kind = Advice::Kind::Placed;
    advice.first = siblings.at(0).m_at;
    advice.of = of(value);
    advice.bitCount = static_cast<std::uint8_t>(logArity);
    if (logArity > advice.bits.size()) misuse("too many siblings");
    for (unsigned i = 0; i < logArity; ++i) advice.bits[i] = bits[first + i].m_at;
    for (std::size_t i = 0; i < siblings.size(); ++i) {
        if (!siblings[i].m_private || siblings[i].m_at != advice.first + 4 * i)
            misuse("siblings that are not private");
    }
    std::vector<Ext> out;
    for (std::size_t j = 0; j <= siblings.size(); ++j) {
        advice.place = static_cast<std::uint8_t>(j);
        out.push_back({this, word(WordOp::Form::Extension, {}, advice)});
    }
    std::vector<Ext> left = out;
    for (unsigned i = logArity; i-- > 0;) {
        const std::size_t half = left.size() / 2;
        for (std::size_t j = 0; j < half; ++j) left[j] = select(bits[first + i], left[j + half], left[j]);
        left.resize(half);
    }
    requireEqual(left[0], value, "a value at its place");
    return out;
}

base::Result<Program> Circuit::finish()
{
    m_program.uses.assign(m_next, 0);
    Program out = withoutUnread(withFusedProducts(std::move(m_program)));
    BOWLINE_CHECK(out.check());
    return out;
}

} // namespace bowline::recursion
