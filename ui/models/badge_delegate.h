// SPDX-License-Identifier: MIT
// Draws the cells that carry a tone as badges, and the keyboard's place in the table.
#pragma once

#include "ui/design/tokens.h"

#include <QStyledItemDelegate>
#include <QTableView>

namespace bowline::ui {

class BadgeDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintToned(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                    Tone tone) const;
};

/// A table of our looks; Enter emits activated, Ctrl+C copies the key of the row.
class RowsTable final : public QTableView {
    Q_OBJECT

public:
    RowsTable(const QString& name, QAbstractItemModel* model, QWidget* parent = nullptr);
    /// The column that takes what is left; the others are as wide as their content.
    void setStretchColumn(int column);
    /// Tall enough for all rows up to this many: the page scrolls, not the table.
    void fitRows(int most);
    [[nodiscard]] QString selectedKey() const;
    void selectKey(const QString& key);

signals:
    void keySelected(const QString& key);

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void refit();
    void fitColumns();
    int m_most = 0;
};

} // namespace bowline::ui
