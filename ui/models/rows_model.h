// SPDX-License-Identifier: MIT
// A table over a list of rows that come as snapshots: each new list is compared by key with the old one, and only
// what differs is announced, so that selection and scroll position stay where they are.
#pragma once

#include "ui/design/code_texts.h"
#include "ui/design/icons.h"

#include <QAbstractTableModel>

#include <algorithm>
#include <string>
#include <vector>

namespace bowline::ui {

/// Numbers for sorting: never the text that is shown.
inline constexpr int kSortRole = Qt::UserRole + 1;
inline constexpr int kKeyRole = Qt::UserRole + 2;
/// int(Tone) when the cell is to be drawn as a badge.
inline constexpr int kToneRole = Qt::UserRole + 3;

/// Row has `static std::string keyOf(const Row&)` through Traits; rows compare by Traits::same.
template <typename Row, typename Traits>
class RowsModel : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : Traits::kColumns;
    }
    [[nodiscard]] const Row& at(int row) const { return m_rows[std::size_t(row)]; }
    [[nodiscard]] int rowOf(const std::string& key) const
    {
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (Traits::keyOf(m_rows[i]) == key) return int(i);
        }
        return -1;
    }

    void setRows(const std::vector<Row>& next)
    {
        removeMissing(next);
        for (std::size_t i = 0; i < next.size(); ++i) place(i, next[i]);
    }

private:
    void removeMissing(const std::vector<Row>& next)
    {
        for (int row = rowCount() - 1; row >= 0; --row) {
            const std::string key = Traits::keyOf(at(row));
            const bool stays =
                std::any_of(next.begin(), next.end(), [&](const Row& r) { return Traits::keyOf(r) == key; });
            if (stays) continue;
            beginRemoveRows({}, row, row);
            m_rows.erase(m_rows.begin() + row);
            endRemoveRows();
        }
    }
    /// Rows before `index` are in place already.
    void place(std::size_t index, const Row& row)
    {
        const int target = int(index);
        const int found = rowOf(Traits::keyOf(row));
        if (found < 0) {
            beginInsertRows({}, target, target);
            m_rows.insert(m_rows.begin() + target, row);
            endInsertRows();
            return;
        }
        if (found > target && beginMoveRows({}, found, found, {}, target)) {
            std::rotate(m_rows.begin() + target, m_rows.begin() + found, m_rows.begin() + found + 1);
            endMoveRows();
        }
        if (Traits::same(m_rows[index], row)) return;
        m_rows[index] = row;
        emit dataChanged(createIndex(target, 0), createIndex(target, Traits::kColumns - 1));
    }

    std::vector<Row> m_rows;
};

} // namespace bowline::ui
