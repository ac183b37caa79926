// SPDX-License-Identifier: MIT
// The verifier's values as plain numbers. A circuit has a type with the same members, whose values are wires and
// whose `require` adds a constraint.
#pragma once

#include "core/field/extension.h"
#include "core/field/poseidon2.h"
#include "core/stark/hash.h"
#include "core/stark/parameters.h"

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace bowline::stark {

class Native {
public:
    using Felt = field::Element;
    using Ext = field::Extension;
    using Bit = bool;
    using Digest = std::array<Felt, 8>;

    [[nodiscard]] Felt constant(field::Element x) { return x; }
    [[nodiscard]] Ext constant(const field::Extension& x) { return x; }
    [[nodiscard]] Ext extension(Felt x) { return x; }
    [[nodiscard]] std::array<Felt, 4> coefficients(const Ext& x) { return x.coefficients(); }
    [[nodiscard]] Felt select(Bit bit, Felt ifSet, Felt ifClear) { return bit ? ifSet : ifClear; }
    [[nodiscard]] Ext select(Bit bit, const Ext& ifSet, const Ext& ifClear) { return bit ? ifSet : ifClear; }
    [[nodiscard]] Digest select(Bit bit, const Digest& ifSet, const Digest& ifClear)
    {
        return bit ? ifSet : ifClear;
    }
    /// The last `count` bits of the canonical value, least first.
    [[nodiscard]] std::vector<Bit> bits(Felt x, unsigned count)
    {
        std::vector<Bit> out(count);
        for (unsigned i = 0; i < count; ++i) out[i] = ((x.value() >> i) & 1U) != 0;
        return out;
    }
    [[nodiscard]] Bit bit(bool value) { return value; }
    [[nodiscard]] Bit both(Bit a, Bit b) { return a && b; }
    [[nodiscard]] Bit either(Bit a, Bit b) { return a || b; }
    [[nodiscard]] Bit opposite(Bit a) { return !a; }
    /// Requires that x is not zero.
    [[nodiscard]] Ext inverse(const Ext& x, std::string_view why)
    {
        if (x.isZero()) reject(why);
        return x.inverse();
    }
    /// Of a value that is not zero whatever the proof is.
    [[nodiscard]] Felt inverse(Felt x) { return x.inverse(); }
    void permute(field::State& state) { field::permute(state); }

    void requireEqual(const Ext& a, const Ext& b, std::string_view why)
    {
        if (!(a == b)) reject(why);
    }
    void requireEqual(const Digest& a, const Digest& b, std::string_view why)
    {
        if (!(a == b)) reject(why);
    }
    void requireClear(Bit bit, std::string_view why)
    {
        if (bit) reject(why);
    }
    void requireNotZero(const Ext& x, std::string_view why)
    {
        if (x.isZero()) reject(why);
    }

    /// Many paths side by side in vector registers; a node that several share is hashed once. All have rows of the same
    /// lengths at the same heights. A template, as a derived backend's items are of its own type.
    template <typename Item>
    void requirePaths(const PathForm& form, const std::vector<Item>& items, const Digest& root,
                      std::string_view why)
    {
        Paths paths{&form, items.size(), {}, {}, {}, {}};
        for (std::size_t m = 0; m < items.front().rows->size(); ++m)
            paths.widths.push_back((*items.front().rows)[m].size());
        paths.rows.reserve(items.size() * paths.widths.size());
        for (const Item& item : items) {
            for (std::size_t m = 0; m < paths.widths.size(); ++m)
                paths.rows.push_back((*item.rows)[m].data());
            paths.siblings.push_back(elementsOf(item.path->data()));
            std::size_t position = 0;
            for (unsigned i = 0; i < form.front().log; ++i) position |= std::size_t{(*item.bits)[i]} << i;
            paths.positions.push_back(position);
        }
        if (!pathsLeadTo(paths, root)) reject(why);
    }

    /// For each row the sum of its elements times the weights; all rows are as long as there are weights.
    [[nodiscard]] std::vector<Ext> weightedSums(const std::vector<std::span<const Felt>>& rows,
                                                std::span<const Ext> weights);
    /// 1 / (point - x) for each x; none may be the point.
    [[nodiscard]] std::vector<Ext> inverseDistances(const Ext& point, const std::vector<Felt>& from,
                                                    std::string_view why);

    /// A native verifier stops at the first reason; a circuit goes on, as its constraints all stand.
    [[nodiscard]] bool rejected() const { return !m_why.empty(); }
    [[nodiscard]] std::string_view reason() const { return m_why; }
    void reject(std::string_view why)
    {
        if (m_why.empty()) m_why = why;
    }

    /// Paths of one form. Row m of path i is at rows[i * widths.size() + m].
    struct Paths {
        const PathForm* form;
        std::size_t count;
        std::vector<std::size_t> widths;
        std::vector<const Felt*> rows;
        std::vector<const Felt*> siblings; // of each path: 8 words each, from the leaf up
        std::vector<std::size_t> positions;
    };

private:
    [[nodiscard]] static const Felt* elementsOf(const Felt* words) { return words; }
    [[nodiscard]] static const Felt* elementsOf(const Digest* digests)
    {
        static_assert(sizeof(Digest) == 8 * sizeof(Felt));
        return reinterpret_cast<const Felt*>(digests);
    }
    [[nodiscard]] static bool pathsLeadTo(const Paths& paths, const Digest& root);

    std::string_view m_why; // string literals
};

} // namespace bowline::stark
