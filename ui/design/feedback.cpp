// SPDX-License-Identifier: MIT
#include "ui/design/feedback.h"

#include "ui/design/error_texts.h"
#include "ui/design/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QTimer>

namespace bowline::ui {

namespace {
const char* bannerName(Tone tone)
{
    switch (tone) {
    case Tone::Success: return "success";
    case Tone::Warning: return "warning";
    case Tone::Danger: return "danger";
    case Tone::Accent: return "accent";
    default: return "neutral";
    }
}
} // namespace

CopyButton::CopyButton(const QString& name, QWidget* parent, bool showsText)
    : QToolButton(parent), m_name(name), m_showsText(showsText), m_timer(new QTimer(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setToolTip(name);
    setIconSize(QSize(16, 16));
    if (showsText) setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_timer->setSingleShot(true);
    m_timer->setInterval(1600);
    connect(m_timer, &QTimer::timeout, this, &CopyButton::rest);
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
    rest();
}

void CopyButton::copy()
{
    QGuiApplication::clipboard()->setText(m_text);
    setIcon(glyphIcon(Glyph::Check, Ink::Accent));
    if (m_showsText) QToolButton::setText(tr("Copied"));
    setAccessibleName(tr("Copied"));
    announce(this, tr("Copied"));
    m_timer->start();
}

void CopyButton::rest()
{
    setIcon(glyphIcon(Glyph::Copy, Ink::Accent));
    if (m_showsText) QToolButton::setText(tr("Copy"));
    setAccessibleName(m_name);
    setAccessibleDescription({});
}

Banner::Banner(QWidget* parent) : QFrame(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kHuge + 14, space::kMedium, space::kNormal, space::kMedium);
    layout->setSpacing(space::kTiny);
    m_title = makeLabel({}, TextRole::Strong, this);
    m_title->setWordWrap(true);
    m_title->setProperty("tone", "title");
    m_lines = makeLabel({}, TextRole::Body, this);
    m_lines->setWordWrap(true);
    layout->addWidget(m_title);
    layout->addWidget(m_lines);

    auto* row = new QHBoxLayout;
    m_action = makeButton({}, this);
    m_fold = makeQuiet(tr("Details"), this);
    m_fold->setCheckable(true);
    row->addWidget(m_action);
    row->addWidget(m_fold);
    row->addStretch();
    layout->addLayout(row);

    m_details = new QWidget(this);
    auto* details = new QHBoxLayout(m_details);
    details->setContentsMargins(0, 0, 0, 0);
    m_code = makeLabel({}, TextRole::Mono, m_details);
    m_code->setWordWrap(true);
    m_copy = new CopyButton(tr("Copy details"), m_details);
    details->addWidget(m_code, 1);
    details->addWidget(m_copy, 0, Qt::AlignTop);
    layout->addWidget(m_details);
    connect(m_fold, &QPushButton::toggled, m_details, &QWidget::setVisible);
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (m_onAction) m_onAction();
    });
    QFrame::hide();
}

void Banner::put(Tone tone, const QString& title, const QStringList& lines)
{
    m_tone = tone;
    setProperty("banner", bannerName(tone));
    m_title->setText(title);
    m_lines->setText(lines.join('\n'));
    m_lines->setVisible(!lines.isEmpty());
    m_fold->setChecked(false);
    m_fold->hide();
    m_details->hide();
    m_action->hide();
    m_onAction = nullptr;
    setTone(m_title, ""); // the style depends on the frame's property: polish both again
    setTone(m_title, "title");
    setTone(this, bannerName(tone));
    setAccessibleName(title + QStringLiteral(". ") + lines.join(' '));
    QFrame::show();
    announce(this, title);
}

void Banner::showError(const base::Error& error)
{
    const ErrorText text = errorText(error.code);
    put(Tone::Danger, text.what, {text.money, text.todo});
    const QString code = QString::fromUtf8(error.code.name().data(), qsizetype(error.code.name().size()));
    const QString all = error.detail.empty() ? code : code + '\n' + fromStd(error.detail);
    m_code->setText(all);
    m_copy->setText(all);
    m_fold->show();
}

void Banner::showMessage(Tone tone, const QString& title, const QString& text)
{
    put(tone, title, text.isEmpty() ? QStringList() : QStringList{text});
}

void Banner::setAction(const QString& text, std::function<void()> action)
{
    m_action->setText(text);
    m_action->show();
    m_onAction = std::move(action);
}

void Banner::clear() { QFrame::hide(); }

void Banner::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    const Glyph glyph = m_tone == Tone::Danger    ? Glyph::Warning
                        : m_tone == Tone::Neutral ? Glyph::Info
                                                  : glyphForTone(m_tone);
    paintGlyph(painter, glyph, QRectF(space::kNormal, space::kMedium + 1, 20, 20),
               Theme::current().palette().tone(m_tone).foreground);
}

} // namespace bowline::ui
