// SPDX-License-Identifier: MIT
#include "ui/design/address_view.h"

#include "ui/design/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <qrencode.h>

#include <algorithm>
#include <memory>

namespace bowline::ui {

namespace {
constexpr int kGap = 9;
constexpr int kCopySide = 30;
constexpr int kQuietZone = 3; // modules; the white frame around adds the fourth

QFont chunkFont(bool heavy)
{
    QFont font = fontFor(TextRole::Mono);
    font.setWeight(heavy ? QFont::Bold : QFont::Normal);
    return font;
}

void paintFocus(QPainter& painter, const QWidget& widget)
{
    if (!widget.hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::current().palette().focus, 2));
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), radius::kSmall, radius::kSmall);
}
} // namespace

AddressView::AddressView(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void AddressView::setAddress(const QString& address)
{
    m_address = address;
    m_chunks = addressChunks(address);
    setAccessibleName(tr("Address: %1").arg(spacedAddress(address)));
    updateGeometry();
    update();
}

int AddressView::chunkWidth() const { return QFontMetrics(chunkFont(true)).horizontalAdvance("mmmm") + kGap; }

int AddressView::perLine(int width) const
{
    const int fit = std::max(1, (width - 8 + kGap) / chunkWidth());
    const int count = int(m_chunks.size());
    if (count <= fit) return fit;
    // Lines of equal length read better than a full one and a rest.
    const int lines = (count + fit - 1) / fit;
    return (count + lines - 1) / lines;
}

int AddressView::heightForWidth(int width) const
{
    const int line = QFontMetrics(chunkFont(true)).height() + 6;
    const int each = perLine(width);
    return std::max(1, (int(m_chunks.size()) + each - 1) / each) * line + 8;
}

QSize AddressView::sizeHint() const { return {chunkWidth() * 8 + 8, heightForWidth(chunkWidth() * 8 + 8)}; }

QSize AddressView::minimumSizeHint() const
{
    return {chunkWidth() * 4 + 8, heightForWidth(std::max(width(), chunkWidth() * 4 + 8))};
}

void AddressView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Palette& p = Theme::current().palette();
    const int line = QFontMetrics(chunkFont(true)).height() + 6;
    const int each = perLine(width());
    for (int i = 0; i < m_chunks.size(); ++i) {
        const bool heavy = i % 2 == 0;
        painter.setFont(chunkFont(heavy));
        painter.setPen(heavy ? p.text : p.textMuted);
        painter.drawText(QRect(4 + (i % each) * chunkWidth(), 4 + (i / each) * line, chunkWidth(), line),
                         Qt::AlignLeft | Qt::AlignVCenter, m_chunks[i]);
    }
    paintFocus(painter, *this);
}

void AddressView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(m_address);
        announce(this, tr("Copied"));
        return;
    }
    QWidget::keyPressEvent(event);
}

AddressRow::AddressRow(const QString& copyName, QWidget* parent)
    : QWidget(parent), m_view(new AddressView(this)), m_copy(new CopyButton(copyName, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_copy, 0, Qt::AlignTop);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void AddressRow::setAddress(const QString& address)
{
    m_view->setAddress(address);
    m_copy->setText(address);
    m_copy->setEnabled(!address.isEmpty());
}

IdLabel::IdLabel(const QString& copyName, QWidget* parent)
    : QWidget(parent), m_label(makeLabel({}, TextRole::Mono, this)),
      m_copy(new CopyButton(copyName, this, false))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_label);
    layout->addWidget(m_copy);
    layout->addStretch();
    m_copy->setFixedSize(kCopySide, kCopySide); // a narrow row shortens the space around it, never the button
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setTone(m_label, "muted");
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
}

void IdLabel::setId(const QString& id)
{
    m_id = id;
    m_label->setText(shortened(id));
    m_label->setAccessibleName(id);
    m_copy->setText(id);
}

QrView::QrView(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("QR code")); // also while the address is waited for
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void QrView::setContent(const QString& content, const QString& description)
{
    setAccessibleDescription(description);
    if (content == m_content) return;
    m_content = content;
    m_modules.clear();
    m_side = 0;
    const std::string text = content.toStdString();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (code && !text.empty()) {
        m_side = code->width;
        for (int i = 0; i < m_side * m_side; ++i) m_modules.append((code->data[i] & 1) != 0);
    }
    update();
}

void QrView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(qrLight());
    painter.drawRoundedRect(rect().adjusted(2, 2, -2, -2), radius::kControl, radius::kControl);
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (m_side > 0) {
        // Whole device pixels per module: nothing between them, nothing blurred.
        const qreal ratio = devicePixelRatioF();
        const int pixels = std::max(1, int(std::min(width(), height()) * ratio) / (m_side + 2 * kQuietZone));
        const qreal module = pixels / ratio;
        const qreal left = (width() - module * m_side) / 2;
        const qreal top = (height() - module * m_side) / 2;
        painter.setBrush(qrDark());
        for (int i = 0; i < m_side * m_side; ++i) {
            if (m_modules[i])
                painter.drawRect(
                    QRectF(left + i % m_side * module, top + i / m_side * module, module, module));
        }
    }
    paintFocus(painter, *this);
}

} // namespace bowline::ui
