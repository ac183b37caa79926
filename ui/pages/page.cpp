// SPDX-License-Identifier: MIT
#include "ui/pages/page.h"

#include <QButtonGroup>
#include <QHBoxLayout>

namespace bowline::ui {

namespace {
constexpr int kColumnWidth = 900;
}

Page::Page(Session& session, const QString& title, QWidget* parent)
    : QScrollArea(parent), m_session(session), m_head(new QHBoxLayout), m_column(new QVBoxLayout)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::ClickFocus); // arrows scroll; Tab passes it by
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setAccessibleName(title);
    auto* content = new QWidget;
    content->setProperty("page", true);
    auto* outer = new QHBoxLayout(content);
    outer->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    auto* middle = new QWidget(content);
    middle->setMaximumWidth(kColumnWidth);
    outer->addStretch(1);
    outer->addWidget(middle, 1000);
    outer->addStretch(1);
    auto* layout = new QVBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    m_title = makeLabel(title, TextRole::Title, middle);
    m_head->addWidget(m_title);
    m_head->addStretch();
    layout->addLayout(m_head);
    m_column->setSpacing(space::kNormal);
    layout->addLayout(m_column);
    layout->addStretch(1);
    setWidget(content);
    connect(&session, &Session::snapshotChanged, this, [this] {
        if (isVisible()) refresh();
    });
}

void Page::open(const QString&) {}

void Page::showEvent(QShowEvent* event)
{
    QScrollArea::showEvent(event);
    refresh();
}

void Page::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

TabRow::TabRow(const QStringList& names, QWidget* parent) : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* group = new QButtonGroup(this);
    for (int i = 0; i < names.size(); ++i) {
        auto* button = new QPushButton(names[i], this);
        button->setProperty("kind", "tab");
        button->setObjectName(QString("tab%1").arg(i));
        button->setCheckable(true);
        button->setCursor(Qt::PointingHandCursor);
        button->setChecked(i == 0);
        group->addButton(button, i);
        layout->addWidget(button);
        m_buttons.push_back(button);
    }
    layout->addStretch();
    keepTabOnChecked(group);
    connect(group, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked) emit currentChanged(id);
    });
}

int TabRow::current() const
{
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons[i]->isChecked()) return int(i);
    }
    return 0;
}

void TabRow::setCurrent(int index) { m_buttons[std::size_t(index)]->setChecked(true); }

} // namespace bowline::ui
