// SPDX-License-Identifier: MIT
#include "ui/models/badge_delegate.h"

#include "ui/design/theme.h"
#include "ui/design/widgets.h"
#include "ui/models/rows_model.h"

#include <QClipboard>
#include <QFocusEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>

namespace bowline::ui {

void BadgeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const QVariant tone = index.data(kToneRole);
    if (tone.isValid())
        paintToned(painter, option, index, Tone(tone.toInt()));
    else
        QStyledItemDelegate::paint(painter, option, index);
    // The keyboard's row has a bar at its left while the table has the keyboard.
    const auto* table = qobject_cast<const QTableView*>(option.widget);
    if (index.column() != 0 || table == nullptr || !table->hasFocus() ||
        table->currentIndex().row() != index.row())
        return;
    painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                      Theme::current().palette().focus);
}

void BadgeDelegate::paintToned(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index, Tone tone) const
{
    QStyleOptionViewItem plain(option);
    initStyleOption(&plain, index);
    const QString text = plain.text;
    plain.text.clear();
    const QWidget* widget = option.widget;
    widget->style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, widget);
    painter->setFont(fontFor(TextRole::Caption));
    QSize size = badgeSize(painter->fontMetrics(), text);
    size.setWidth(std::min(size.width(), option.rect.width() - 16));
    const QRect badge(QPoint(option.rect.left() + 8, option.rect.center().y() - size.height() / 2 + 1), size);
    paintBadge(*painter, badge, tone, glyphForTone(tone), text);
}

QSize BadgeDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (!index.data(kToneRole).isValid()) return QStyledItemDelegate::sizeHint(option, index);
    return badgeSize(QFontMetrics(fontFor(TextRole::Caption)), index.data().toString()) + QSize(20, 8);
}

RowsTable::RowsTable(const QString& name, QAbstractItemModel* model, QWidget* parent) : QTableView(parent)
{
    setAccessibleName(name);
    setItemDelegate(new BadgeDelegate(this));
    setModel(model);
    prepareTable(this);
    setIconSize(QSize(18, 18));
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setResizeContentsPrecision(20); // rows looked at, not all of them
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(model, signal, this, &RowsTable::refit);
    }
}

void RowsTable::setStretchColumn(int column)
{
    horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
}

void RowsTable::fitRows(int most)
{
    m_most = most;
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    refit();
}

/// A header measures its columns when rows come, but not those that came while it was hidden or not yet styled.
void RowsTable::fitColumns()
{
    QHeaderView* header = horizontalHeader();
    for (int column = 0; column < model()->columnCount(); ++column) {
        if (header->sectionResizeMode(column) != QHeaderView::ResizeToContents) continue;
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    }
}

void RowsTable::showEvent(QShowEvent* event)
{
    QTableView::showEvent(event);
    fitColumns();
}

void RowsTable::refit()
{
    fitColumns();
    if (m_most == 0) return;
    const int rows = std::min(m_most, model()->rowCount());
    setFixedHeight(horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() +
                   6);
}

QString RowsTable::selectedKey() const
{
    return currentIndex().isValid() ? currentIndex().data(kKeyRole).toString() : QString();
}

void RowsTable::selectKey(const QString& key)
{
    for (int row = 0; row < model()->rowCount(); ++row) {
        if (model()->index(row, 0).data(kKeyRole).toString() != key) continue;
        setCurrentIndex(model()->index(row, 0));
        return;
    }
}

void RowsTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(selectedKey());
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        emit activated(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

void RowsTable::focusInEvent(QFocusEvent* event)
{
    QTableView::focusInEvent(event);
    // Where the keyboard is must be seen.
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && !currentIndex().isValid() && model()->rowCount() > 0) setCurrentIndex(model()->index(0, 0));
}

void RowsTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (current.isValid() && current.row() != previous.row())
        emit keySelected(current.data(kKeyRole).toString());
}

} // namespace bowline::ui
