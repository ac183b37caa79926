// SPDX-License-Identifier: MIT
#include "ui/flows/timeline_view.h"

#include "ui/design/code_texts.h"
#include "ui/design/theme.h"

#include <QHBoxLayout>
#include <QPainter>

namespace bowline::ui {

using services::StepState;

namespace {
constexpr int kMarkerColumn = 40;
constexpr int kMarker = 24;
constexpr int kMarkerTop = 4;

QString stateWord(StepState state)
{
    switch (state) {
    case StepState::Done: return StepRow::tr("done");
    case StepState::Current: return StepRow::tr("now");
    case StepState::Future: return StepRow::tr("later");
    case StepState::Failed: return StepRow::tr("failed");
    case StepState::Skipped: return StepRow::tr("not needed so far");
    }
    return {};
}

void paintMarker(QPainter& painter, const QRectF& circle, StepState state)
{
    const Palette& p = Theme::current().palette();
    const QRectF icon = circle.adjusted(5, 5, -5, -5);
    switch (state) {
    case StepState::Done:
        painter.setPen(Qt::NoPen);
        painter.setBrush(p.success.soft);
        painter.drawEllipse(circle);
        paintGlyph(painter, Glyph::Check, icon, p.success.foreground);
        break;
    case StepState::Current:
        painter.setPen(QPen(p.accent.foreground, 2));
        painter.setBrush(p.accent.soft);
        painter.drawEllipse(circle.adjusted(1, 1, -1, -1));
        painter.setPen(Qt::NoPen);
        painter.setBrush(p.accent.foreground);
        painter.drawEllipse(circle.center(), 4, 4);
        break;
    case StepState::Failed:
        painter.setPen(Qt::NoPen);
        painter.setBrush(p.danger.soft);
        painter.drawEllipse(circle);
        paintGlyph(painter, Glyph::Cross, icon, p.danger.foreground);
        break;
    case StepState::Future:
    case StepState::Skipped:
        painter.setPen(QPen(p.borderStrong, 1.4, state == StepState::Skipped ? Qt::DotLine : Qt::SolidLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(circle.adjusted(3, 3, -3, -3));
        break;
    }
}
} // namespace

StepRow::StepRow(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMarkerColumn, kMarkerTop + 1, 0, space::kNormal);
    layout->setSpacing(3);
    auto* head = new QHBoxLayout;
    m_title = makeLabel({}, TextRole::Strong, this);
    m_title->setWordWrap(true);
    m_actor = makeLabel({}, TextRole::Caption, this);
    setTone(m_actor, "muted");
    head->addWidget(m_title, 1);
    head->addWidget(m_actor, 0, Qt::AlignTop);
    layout->addLayout(head);
    m_text = makeHint({}, this);
    m_clock = makeLabel({}, TextRole::Body, this);
    m_note = makeLabel({}, TextRole::Body, this);
    m_note->setWordWrap(true);
    setTone(m_note, "warning");
    m_id = new IdLabel(tr("Copy transaction id"), this);
    for (QWidget* widget : {static_cast<QWidget*>(m_text), static_cast<QWidget*>(m_clock),
                            static_cast<QWidget*>(m_note), static_cast<QWidget*>(m_id)}) {
        layout->addWidget(widget);
    }
}

void StepRow::setStep(const services::TimelineStep& step, services::NetworkKind network, bool isFirst,
                      bool isLast)
{
    setObjectName(fromStd(step.id));
    m_state = step.state;
    m_isFirst = isFirst;
    m_isLast = isLast;
    const bool active = step.state == StepState::Current || step.state == StepState::Failed;
    m_title->setText(stepTitle(step.id));
    setTone(m_title, step.state == StepState::Future || step.state == StepState::Skipped ? "muted" : "");
    m_actor->setText(actorText(step.actor));
    m_text->setText(stepExplanation(step.id));
    m_text->setVisible(active && !m_text->text().isEmpty());

    QString clock;
    if (step.clock && step.state != StepState::Done)
        clock = clockText(*step.clock, network);
    else if (step.height)
        clock = tr("Block %1").arg(countText(*step.height));
    m_clock->setText(clock);
    m_clock->setVisible(!clock.isEmpty());
    setTone(m_clock, active ? "accent" : "muted");

    m_note->setText(noteText(step.note));
    const bool bad = step.note == "refused" || step.note == "too-late" || step.note == "overdue" ||
                     step.note == "late" || step.state == StepState::Failed;
    setTone(m_note, bad ? "warning" : "muted");
    m_note->setVisible(!step.note.empty() && (active || bad));

    // An id of a step to come would be a promise: only what is seen or sent is shown.
    const bool showId = !step.txid.empty() && (step.state == StepState::Done || step.height.has_value());
    QString id = fromStd(step.txid);
    if (id.startsWith("l2:")) id = id.mid(3);
    m_id->setId(id);
    m_id->setVisible(showId);

    //: For screen readers: %1 name of the step, %2 its state, %3 who acts
    setAccessibleName(tr("%1: %2. %3").arg(m_title->text(), stateWord(step.state), m_actor->text()));
    setAccessibleDescription(QStringList{clock, m_note->text()}.join(' '));
    update();
}

void StepRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette& p = Theme::current().palette();
    const QRectF circle(4, kMarkerTop, kMarker, kMarker);
    const qreal x = circle.center().x();
    painter.setPen(QPen(m_state == StepState::Done ? p.success.foreground : p.border, 2));
    if (!m_isLast) painter.drawLine(QPointF(x, circle.bottom() + 2), QPointF(x, height() + kMarkerTop - 2));
    paintMarker(painter, circle, m_state);
}

TimelineView::TimelineView(QWidget* parent)
    : QWidget(parent), m_rows(new QVBoxLayout), m_aside(makeHint(tr("Not part of your withdrawal"), this)),
      m_others(new QVBoxLayout)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_rows->setSpacing(0);
    m_others->setSpacing(0);
    m_others->setContentsMargins(0, space::kSmall, 0, 0);
    layout->addLayout(m_rows);
    layout->addWidget(m_aside);
    layout->addLayout(m_others);
}

void TimelineView::setItem(const services::BridgeItem& item, services::NetworkKind network)
{
    std::vector<const services::TimelineStep*> own;
    std::vector<const services::TimelineStep*> others;
    for (const auto& step : item.steps) (isUsersBusiness(step.id) ? own : others).push_back(&step);
    if (m_steps.size() != item.steps.size()) {
        clearLayout(m_rows);
        clearLayout(m_others);
        m_steps.clear();
        for (std::size_t i = 0; i < item.steps.size(); ++i) {
            m_steps.push_back(new StepRow(this));
            (i < own.size() ? m_rows : m_others)->addWidget(m_steps.back());
        }
    }
    for (std::size_t i = 0; i < own.size(); ++i) {
        m_steps[i]->setStep(*own[i], network, i == 0, i + 1 == own.size());
    }
    for (std::size_t i = 0; i < others.size(); ++i) {
        m_steps[own.size() + i]->setStep(*others[i], network, i == 0, i + 1 == others.size());
    }
    m_aside->setVisible(!others.empty());
}

FlowHeader::FlowHeader(const QStringList& names, QWidget* parent) : QWidget(parent), m_names(names)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCurrent(0);
}

void FlowHeader::setCurrent(int index)
{
    m_current = index;
    //: For screen readers: %1 number and %2 count of steps, %3 the name of the step
    setAccessibleName(tr("Step %1 of %2: %3").arg(index + 1).arg(m_names.size()).arg(m_names.value(index)));
    update();
}

QSize FlowHeader::sizeHint() const { return {300, fontMetrics().height() + 20}; }

QSize FlowHeader::minimumSizeHint() const { return {200, sizeHint().height()}; }

void FlowHeader::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette& p = Theme::current().palette();
    int x = 1;
    const qreal y = height() / 2.0;
    for (int i = 0; i < m_names.size(); ++i) {
        const bool done = i < m_current;
        const bool now = i == m_current;
        const QRectF circle(x, y - 11, 22, 22);
        painter.setPen(Qt::NoPen);
        painter.setBrush(done ? p.success.soft : now ? p.accent.foreground : p.neutral.soft);
        painter.drawEllipse(circle);
        if (done) {
            paintGlyph(painter, Glyph::Check, circle.adjusted(5, 5, -5, -5), p.success.foreground);
        } else {
            painter.setFont(fontFor(TextRole::Caption));
            painter.setPen(now ? p.onAccent : p.neutral.foreground);
            painter.drawText(circle, Qt::AlignCenter, QString::number(i + 1));
        }
        painter.setFont(fontFor(now ? TextRole::Strong : TextRole::Body));
        painter.setPen(now ? p.text : p.textMuted);
        const int width = painter.fontMetrics().horizontalAdvance(m_names[i]);
        painter.drawText(QRectF(x + 30, 0, width + 4, height()), Qt::AlignVCenter, m_names[i]);
        x += 30 + width + 14;
        if (i + 1 < m_names.size()) {
            painter.setPen(QPen(p.border, 2));
            painter.drawLine(QPointF(x, y), QPointF(x + 28, y));
            x += 42;
        }
    }
}

} // namespace bowline::ui
