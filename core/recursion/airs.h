// SPDX-License-Identifier: MIT
// What the rows of the recursion machine's tables must satisfy.
#pragma once

#include "core/stark/air.h"

namespace bowline::recursion {

/// A table with these preprocessed columns; `table` is a Table.
class TableAir final : public stark::Air {
public:
    TableAir(std::size_t table, stark::Matrix preprocessed)
        : m_table(table), m_preprocessed(std::move(preprocessed))
    {
    }
    [[nodiscard]] std::string name() const override;
    [[nodiscard]] std::size_t width() const override;
    [[nodiscard]] stark::Matrix preprocessed() const override { return m_preprocessed; }
    void eval(stark::AirBuilder& b) const override;

private:
    std::size_t m_table;
    stark::Matrix m_preprocessed;
};

} // namespace bowline::recursion
