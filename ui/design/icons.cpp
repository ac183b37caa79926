// SPDX-License-Identifier: MIT
#include "ui/design/icons.h"

#include "ui/design/theme.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <initializer_list>

namespace bowline::ui {

namespace {
using Points = std::initializer_list<QPointF>;

void addLine(QPainterPath& path, Points points)
{
    bool first = true;
    for (const QPointF& point : points) {
        if (first)
            path.moveTo(point);
        else
            path.lineTo(point);
        first = false;
    }
}

/// A bowline: one loop, and a tail that passes through it.
void addKnot(QPainterPath& path)
{
    path.addEllipse(QPointF(9, 14), 5.5, 5.5);
    path.moveTo(21, 3);
    path.cubicTo(17, 3.5, 13.5, 6, 13.5, 10);
    path.cubicTo(13.5, 13, 11, 14.5, 8.5, 14);
    addLine(path, {{14, 16.5}, {21, 16.5}});
}

void addTray(QPainterPath& path) { addLine(path, {{4, 15}, {4, 20}, {20, 20}, {20, 15}}); }

void addGear(QPainterPath& path)
{
    path.addEllipse(QPointF(12, 12), 3.2, 3.2);
    for (int i = 0; i < 8; ++i) {
        QTransform turn;
        turn.translate(12, 12);
        turn.rotate(45.0 * i);
        path.moveTo(turn.map(QPointF(0, -6.2)));
        path.lineTo(turn.map(QPointF(0, -9)));
    }
    path.addEllipse(QPointF(12, 12), 6.2, 6.2);
}

void addChip(QPainterPath& path)
{
    path.addRoundedRect(QRectF(6, 6, 12, 12), 2, 2);
    path.addRect(QRectF(10, 10, 4, 4));
    for (const double at : {9.0, 15.0}) {
        addLine(path, {{at, 3}, {at, 6}});
        addLine(path, {{at, 18}, {at, 21}});
        addLine(path, {{3, at}, {6, at}});
        addLine(path, {{18, at}, {21, at}});
    }
}

void addEye(QPainterPath& path)
{
    path.moveTo(2.5, 12);
    path.cubicTo(6, 5.5, 18, 5.5, 21.5, 12);
    path.cubicTo(18, 18.5, 6, 18.5, 2.5, 12);
    path.addEllipse(QPointF(12, 12), 2.8, 2.8);
}

void addMoon(QPainterPath& path)
{
    path.moveTo(19.5, 14.5);
    path.cubicTo(12, 17.5, 6.5, 12, 9.5, 4.5);
    path.cubicTo(1.5, 8, 3.5, 20, 12, 20);
    path.cubicTo(15.5, 20, 18.3, 18, 19.5, 14.5);
}

void addSun(QPainterPath& path)
{
    path.addEllipse(QPointF(12, 12), 4, 4);
    for (int i = 0; i < 8; ++i) {
        QTransform turn;
        turn.translate(12, 12);
        turn.rotate(45.0 * i);
        path.moveTo(turn.map(QPointF(0, -7)));
        path.lineTo(turn.map(QPointF(0, -9.5)));
    }
}

void addShield(QPainterPath& path)
{
    path.moveTo(12, 3);
    path.lineTo(19.5, 6);
    path.cubicTo(19.5, 13, 17.5, 18, 12, 21);
    path.cubicTo(6.5, 18, 4.5, 13, 4.5, 6);
    path.closeSubpath();
    addLine(path, {{8.5, 12}, {11, 14.5}, {15.5, 9.5}});
}

/// Navigation and actions.
bool addPlace(QPainterPath& path, Glyph glyph)
{
    switch (glyph) {
    case Glyph::Home:
        addLine(path, {{3.5, 11.5}, {12, 4}, {20.5, 11.5}});
        addLine(path, {{6, 10}, {6, 20}, {18, 20}, {18, 10}});
        return true;
    case Glyph::Receive:
        addLine(path, {{12, 4}, {12, 15}});
        addLine(path, {{7.5, 10.5}, {12, 15}, {16.5, 10.5}});
        addTray(path);
        return true;
    case Glyph::Send:
        addLine(path, {{12, 15}, {12, 4}});
        addLine(path, {{7.5, 8.5}, {12, 4}, {16.5, 8.5}});
        addTray(path);
        return true;
    case Glyph::Deposit:
        addLine(path, {{4, 7}, {14, 7}});
        addLine(path, {{10.5, 3.5}, {14, 7}, {10.5, 10.5}});
        path.addRoundedRect(QRectF(9, 13, 11, 7), 2, 2);
        return true;
    case Glyph::Withdraw:
        addLine(path, {{20, 7}, {10, 7}});
        addLine(path, {{13.5, 3.5}, {10, 7}, {13.5, 10.5}});
        path.addRoundedRect(QRectF(4, 13, 11, 7), 2, 2);
        return true;
    case Glyph::Bridge:
        path.moveTo(3, 17);
        path.cubicTo(6, 8, 18, 8, 21, 17);
        addLine(path, {{3, 20}, {21, 20}});
        addLine(path, {{8, 12}, {8, 20}});
        addLine(path, {{16, 12}, {16, 20}});
        return true;
    case Glyph::Layers:
        addLine(path, {{12, 4}, {21, 9}, {12, 14}, {3, 9}, {12, 4}});
        addLine(path, {{3, 14}, {12, 19}, {21, 14}});
        return true;
    case Glyph::Network:
        path.addEllipse(QPointF(12, 5.5), 2.5, 2.5);
        path.addEllipse(QPointF(5.5, 18), 2.5, 2.5);
        path.addEllipse(QPointF(18.5, 18), 2.5, 2.5);
        addLine(path, {{10.8, 7.8}, {6.7, 15.7}});
        addLine(path, {{13.2, 7.8}, {17.3, 15.7}});
        addLine(path, {{8, 18}, {16, 18}});
        return true;
    case Glyph::Prover: addChip(path); return true;
    case Glyph::Settings: addGear(path); return true;
    default: return false;
    }
}

bool addAction(QPainterPath& path, Glyph glyph)
{
    switch (glyph) {
    case Glyph::Lock:
    case Glyph::Unlock:
        path.addRoundedRect(QRectF(5, 11, 14, 9.5), 2, 2);
        path.moveTo(8, 11);
        path.lineTo(8, 8);
        path.cubicTo(8, 2.8, 16, 2.8, 16, 8);
        if (glyph == Glyph::Lock) path.lineTo(16, 11);
        return true;
    case Glyph::Eye: addEye(path); return true;
    case Glyph::EyeOff:
        addEye(path);
        addLine(path, {{4, 4}, {20, 20}});
        return true;
    case Glyph::Sun: addSun(path); return true;
    case Glyph::Moon: addMoon(path); return true;
    case Glyph::Copy:
        path.addRoundedRect(QRectF(9, 9, 11, 11), 2, 2);
        addLine(path, {{15, 5.5}, {15, 4}, {4, 4}, {4, 15}, {5.5, 15}});
        return true;
    case Glyph::Key:
        path.addEllipse(QPointF(8, 15.5), 4, 4);
        addLine(path, {{11, 12.5}, {19.5, 4}});
        addLine(path, {{16, 7.5}, {19, 10.5}});
        return true;
    case Glyph::Refresh:
        path.arcMoveTo(QRectF(4.5, 4.5, 15, 15), 20);
        path.arcTo(QRectF(4.5, 4.5, 15, 15), 20, 300);
        addLine(path, {{19.6, 4.5}, {19.2, 9.3}, {14.6, 9}});
        return true;
    case Glyph::Back: addLine(path, {{14.5, 5}, {7.5, 12}, {14.5, 19}}); return true;
    case Glyph::Down: addLine(path, {{6, 9.5}, {12, 15.5}, {18, 9.5}}); return true;
    case Glyph::Plus:
        addLine(path, {{12, 5}, {12, 19}});
        addLine(path, {{5, 12}, {19, 12}});
        return true;
    default: return false;
    }
}

void addState(QPainterPath& path, Glyph glyph)
{
    switch (glyph) {
    case Glyph::Check: addLine(path, {{5, 12.5}, {10, 17.5}, {19, 7}}); break;
    case Glyph::Cross:
        addLine(path, {{6.5, 6.5}, {17.5, 17.5}});
        addLine(path, {{17.5, 6.5}, {6.5, 17.5}});
        break;
    case Glyph::Warning:
        addLine(path, {{12, 4}, {21.5, 20}, {2.5, 20}, {12, 4}});
        addLine(path, {{12, 10}, {12, 14.5}});
        addLine(path, {{12, 17.2}, {12, 17.4}});
        break;
    case Glyph::Info:
        path.addEllipse(QPointF(12, 12), 9, 9);
        addLine(path, {{12, 11}, {12, 16.5}});
        addLine(path, {{12, 7.6}, {12, 7.8}});
        break;
    case Glyph::Clock:
        path.addEllipse(QPointF(12, 12), 8.5, 8.5);
        addLine(path, {{12, 7}, {12, 12}, {15.5, 14}});
        break;
    case Glyph::Dot: path.addEllipse(QPointF(12, 12), 3, 3); break;
    case Glyph::Shield: addShield(path); break;
    case Glyph::Knot: addKnot(path); break;
    default: break;
    }
}

/// Asks the theme at the moment of painting: an icon never has to be made again.
class GlyphEngine final : public QIconEngine {
public:
    GlyphEngine(Glyph glyph, Ink ink) : m_glyph(glyph), m_ink(ink) {}
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const Palette& p = Theme::current().palette();
        QColor colour = p.text;
        if (mode == QIcon::Disabled)
            colour = p.textDisabled;
        else if (m_ink == Ink::Muted)
            colour = p.textMuted;
        else if (m_ink == Ink::Accent)
            colour = p.accent.foreground;
        else if (m_ink == Ink::OnAccent)
            colour = p.onAccent;
        paintGlyph(*painter, m_glyph, rect, colour);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        if (size.isEmpty()) return {};
        QPixmap out(size);
        out.fill(QColor(0, 0, 0, 0));
        QPainter painter(&out);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return out;
    }
    QIconEngine* clone() const override { return new GlyphEngine(m_glyph, m_ink); }

private:
    Glyph m_glyph;
    Ink m_ink;
};
} // namespace

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& into, const QColor& colour)
{
    QPainterPath path;
    if (!addPlace(path, glyph) && !addAction(path, glyph)) addState(path, glyph);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(into.topLeft());
    painter.scale(into.width() / 24, into.height() / 24);
    painter.setPen(QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(glyph == Glyph::Dot ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawPath(path);
    painter.restore();
}

QIcon glyphIcon(Glyph glyph, Ink ink) { return QIcon(new GlyphEngine(glyph, ink)); }

Glyph glyphForTone(Tone tone)
{
    switch (tone) {
    case Tone::Success: return Glyph::Check;
    case Tone::Warning: return Glyph::Warning;
    case Tone::Danger: return Glyph::Cross;
    case Tone::Bitcoin: return Glyph::Dot;
    case Tone::LayerTwo: return Glyph::Layers;
    case Tone::Accent: return Glyph::Info;
    case Tone::Neutral: return Glyph::Dot;
    }
    return Glyph::Dot;
}

} // namespace bowline::ui
