// SPDX-License-Identifier: MIT
#include "ui/design/progress_lines.h"

#include <QProgressBar>

namespace bowline::ui {

using services::ProgressLine;

QString progressName(ProgressLine::Kind kind)
{
    switch (kind) {
    case ProgressLine::Kind::Peers: return ProgressLines::tr("Peers");
    case ProgressLine::Kind::Headers: return ProgressLines::tr("Block headers");
    case ProgressLine::Kind::FilterHeaders: return ProgressLines::tr("Filter headers");
    case ProgressLine::Kind::Filters: return ProgressLines::tr("Filters and scan");
    }
    return {};
}

bool isDone(const ProgressLine& line) { return line.total > 0 && line.done >= line.total; }

QString progressState(const ProgressLine& line)
{
    if (line.total == 0) {
        return line.done == 0 ? ProgressLines::tr("waiting") : countText(line.done);
    }
    QString out = ProgressLines::tr("%1 of %2").arg(countText(line.done), countText(line.total));
    if (isDone(line)) return out;
    //: A rate: %1 items per second
    if (line.perSecond > 0)
        out += QStringLiteral(" · ") + ProgressLines::tr("%1/s").arg(countText(line.perSecond));
    if (line.secondsLeft) out += QStringLiteral(" · ") + remainingText(*line.secondsLeft);
    return out;
}

ProgressLines::ProgressLines(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::kNormal);
    m_grid->setVerticalSpacing(space::kSmall);
    m_grid->setColumnStretch(1, 1);
}

ProgressLines::Row& ProgressLines::rowAt(std::size_t index)
{
    while (m_rows.size() <= index) {
        Row row{makeLabel({}, TextRole::Body, this), new QProgressBar(this),
                makeLabel({}, TextRole::Caption, this)};
        row.bar->setTextVisible(false);
        row.bar->setMinimumWidth(60);
        setTone(row.state, "muted");
        row.state->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        const int at = int(m_rows.size());
        m_grid->addWidget(row.name, at, 0);
        m_grid->addWidget(row.bar, at, 1, Qt::AlignVCenter);
        m_grid->addWidget(row.state, at, 2);
        m_rows.push_back(row);
    }
    return m_rows[index];
}

void ProgressLines::setLines(const std::vector<ProgressLine>& lines)
{
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const ProgressLine& line = lines[i];
        Row& row = rowAt(i);
        row.name->setText(progressName(line.kind));
        // Busy bars move; an empty one that stands still says as much and does not cost processor time.
        row.bar->setRange(0, 1000);
        const std::uint64_t part = line.total == 0 ? 0 : std::min(line.done, line.total) * 1000 / line.total;
        row.bar->setValue(int(part));
        setTone(row.bar, isDone(line) ? "success" : "accent");
        row.state->setText(progressState(line));
        row.bar->setAccessibleName(progressName(line.kind));
        row.bar->setAccessibleDescription(progressState(line));
    }
}

} // namespace bowline::ui
