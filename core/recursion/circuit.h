// SPDX-License-Identifier: MIT
// The backend that records: stark::VerifierCore<Circuit> run on a key and a shape yields the program that verifies all
// proofs of that shape. Members as in stark::Native; values are wires, and none is ever looked at.
#pragma once

#include "core/field/sponge.h"
#include "core/recursion/program.h"
#include "core/stark/hash.h"

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

namespace bowline::recursion {

class Circuit {
public:
    class Ext;
    /// An element: one of a word's four, a word of its own (the three others 0), or a private element of the stream, that
    /// only rows and paths can take.
    class Felt {
    public:
        Felt() = default;
        friend Felt operator+(const Felt& a, const Felt& b);
        friend Felt operator*(const Felt& a, const Felt& b);

    private:
        friend class Circuit;
        friend class Ext;
        enum Place : std::uint8_t { kAlone = 4, kPrivate = 5 }; // below: which of the word's
        Felt(Circuit* circuit, std::uint32_t at, std::uint8_t place)
            : m_circuit(circuit), m_at(at), m_place(place)
        {
        }
        Circuit* m_circuit = nullptr;
        std::uint32_t m_at = 0;
        std::uint8_t m_place = kAlone;
    };
    class Ext {
    public:
        Ext() = default;
        explicit Ext(const std::array<Felt, 4>& elements);
        friend Ext operator+(const Ext& a, const Ext& b);
        friend Ext operator-(const Ext& a, const Ext& b);
        friend Ext operator*(const Ext& a, const Ext& b);
        friend Ext operator*(const Ext& a, const Felt& b);
        [[nodiscard]] Address address() const { return m_at; }

    private:
        friend class Circuit;
        Ext(Circuit* circuit, std::uint32_t at, bool isPrivate = false)
            : m_circuit(circuit), m_at(at), m_private(isPrivate)
        {
        }
        Circuit* m_circuit = nullptr;
        std::uint32_t m_at = 0;
        bool m_private = false;
    };
    class Bit {
    public:
        Bit() = default;
        [[nodiscard]] Address address() const { return m_at; }

    private:
        friend class Circuit;
        explicit Bit(Address at) : m_at(at) {}
        Address m_at = 0;
    };
    using Digest = std::array<Felt, 8>;

    explicit Circuit(std::size_t publicValues);
    Circuit(const Circuit&) = delete;
    Circuit& operator=(const Circuit&) = delete;

    [[nodiscard]] Felt publicValue(std::size_t index);
    /// The stream's next element or four, as words.
    [[nodiscard]] Felt nextElement();
    [[nodiscard]] Ext nextExtension();
    [[nodiscard]] Digest nextDigest();
    /// The same that stay private.
    [[nodiscard]] Felt nextPrivateElement();
    [[nodiscard]] Ext nextPrivateExtension();

    [[nodiscard]] Felt constant(Element x);
    [[nodiscard]] Ext constant(const Extension& x);
    [[nodiscard]] Ext extension(const Felt& x);
    [[nodiscard]] std::array<Felt, 4> coefficients(const Ext& x);
    [[nodiscard]] Felt select(const Bit& bit, const Felt& ifSet, const Felt& ifClear);
    [[nodiscard]] Ext select(const Bit& bit, const Ext& ifSet, const Ext& ifClear);
    [[nodiscard]] Digest select(const Bit& bit, const Digest& ifSet, const Digest& ifClear);
    [[nodiscard]] std::vector<Bit> bits(const Felt& x, unsigned count);
    [[nodiscard]] Bit bit(bool value);
    [[nodiscard]] Bit both(const Bit& a, const Bit& b);
    [[nodiscard]] Bit either(const Bit& a, const Bit& b);
    [[nodiscard]] Bit opposite(const Bit& a);
    [[nodiscard]] Ext inverse(const Ext& x, std::string_view why);
    [[nodiscard]] Felt inverse(const Felt& x);
    void permute(std::array<Felt, 16>& state);
    /// field::spongeOf.
    [[nodiscard]] Digest spongeOf(field::SpongeTag tag, const std::vector<Felt>& elements);

    void requireEqual(const Ext& a, const Ext& b, std::string_view why);
    void requireEqual(const Digest& a, const Digest& b, std::string_view why);
    void requireEqual(const Felt& a, const Felt& b, std::string_view why)
    {
        requireEqual(extension(a), extension(b), why);
    }
    void requireClear(const Bit& bit, std::string_view why);
    void requireNotZero(const Ext& x, std::string_view why);

    /// Rows and paths in tables of their own; see stark::openRows.
    void requirePaths(const stark::PathForm& form, const std::vector<stark::PathItem<Circuit>>& items,
                      const Digest& root, std::string_view why);
    [[nodiscard]] std::vector<std::vector<Ext>> openRows(const stark::PathForm& form,
                                                         const std::vector<stark::PathItem<Circuit>>& items,
                                                         const Digest& root, std::span<const Ext> powers,
                                                         std::string_view why);
    /// The list as advice, and that it has the value where the bits say. The siblings are private and one behind the other.
    [[nodiscard]] std::vector<Ext> placed(const std::vector<Ext>& siblings, const Ext& value,
                                          const std::vector<Bit>& bits, unsigned first, unsigned logArity);

    /// A circuit's constraints all stand: nothing is left off because an earlier check failed.
    [[nodiscard]] static constexpr bool rejected() { return false; }

    /// The program without what nobody reads; the circuit is used up.
    [[nodiscard]] base::Result<Program> finish();

private:
    friend Felt operator+(const Felt& a, const Felt& b);
    friend Felt operator*(const Felt& a, const Felt& b);
    friend Ext operator+(const Ext& a, const Ext& b);
    friend Ext operator-(const Ext& a, const Ext& b);
    friend Ext operator*(const Ext& a, const Ext& b);
    friend Ext operator*(const Ext& a, const Felt& b);
    using Key = std::array<std::uint32_t, 4>;
    struct KeyHash {
        std::size_t operator()(const Key& key) const
        {
            std::uint64_t out = 0x9e3779b97f4a7c15U;
            for (const std::uint32_t word : key) out = (out ^ word) * 0xff51afd7ed558ccdU + (out >> 29U);
            return static_cast<std::size_t>(out);
        }
    };

    [[nodiscard]] Address allocate(std::uint32_t count = 1);
    void place(Program::Kind kind, std::size_t index);
    [[nodiscard]] Address word(WordOp::Form form, const Extension& value, const Advice& advice);
    [[nodiscard]] Address constantWord(const Extension& value);
    [[nodiscard]] const Extension* knownValue(Address a) const;
    [[nodiscard]] Address mulAdd(Address a, Address b, Address c);
    [[nodiscard]] Address subtract(Address a, Address b);
    void check(Address a, Address b, Address c, Address out, std::string_view why);
    [[nodiscard]] Address alone(const Felt& x);
    [[nodiscard]] Address packed(std::span<const Felt, 4> elements);
    [[nodiscard]] std::optional<Address> shiftedWord(std::span<const Felt, 4> elements);
    [[nodiscard]] static Address of(const Ext& x);
    [[nodiscard]] Felt lane(Address word, std::uint8_t index) { return {this, word, index}; }
    [[nodiscard]] Felt aloneFelt(Address word) { return {this, word, Felt::kAlone}; }
    [[nodiscard]] std::uint32_t reason(std::string_view why);
    struct HashedRow {
        Address digest = 0;
        Address sum = 0;
    };
    [[nodiscard]] HashedRow hashRow(const stark::PathLevel& level, const std::vector<std::vector<Felt>>& rows,
                                    Address gamma);
    std::vector<HashedRow> path(const stark::PathForm& form, const stark::PathItem<Circuit>& item,
                                const Digest& root, Address gamma, std::string_view why);

    Program m_program;
    Address m_next = 0;
    Address m_publicCopies = 0;
    std::unordered_map<Address, Extension> m_constants; // values of constant words
    std::map<std::array<std::uint32_t, 4>, Address> m_constantWords;
    std::unordered_map<Key, Address, KeyHash> m_products; // a, b, c to the word a b + c
    std::unordered_map<Key, Address, KeyHash> m_packs;
    std::unordered_map<Address, std::array<Address, 4>> m_unpacked;
    // Elements that are one of a word's plus a constant: with the three others they make up that word plus a constant.
    struct Shifted {
        Address word = 0;
        std::uint8_t place = 0;
        Element by;
    };
    std::unordered_map<Address, Shifted> m_shifted;
};

} // namespace bowline::recursion
