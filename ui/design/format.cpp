// SPDX-License-Identifier: MIT
#include "ui/design/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bowline::ui {

namespace {
constexpr QChar kThinSpace(0x2009);
constexpr QChar kMinus(0x2212);
constexpr QChar kEnDash(0x2013);

QString say(const char* text, int count = -1)
{
    return QCoreApplication::translate("Format", text, nullptr, count);
}

QString grouped(QString digits)
{
    for (auto at = digits.size() - 3; at > 0; at -= 3) digits.insert(at, kThinSpace);
    return digits;
}
} // namespace

QString unitName(Unit unit) { return unit == Unit::Btc ? QStringLiteral("BTC") : QStringLiteral("sat"); }

QString amountDigits(base::Amount amount, Unit unit)
{
    const bool negative = amount.sat() < 0;
    const base::Amount size = negative ? -amount : amount;
    QString out;
    if (unit == Unit::Sat) {
        out = grouped(QString::number(size.sat()));
    } else {
        const QString plain = fromStd(base::formatBtc(size));
        const auto dot = plain.indexOf('.');
        const QString decimals = plain.mid(dot + 1);
        out = grouped(plain.left(dot)) + '.' + decimals.left(2) + kThinSpace + decimals.mid(2, 3) +
              kThinSpace + decimals.mid(5);
    }
    return negative ? kMinus + out : out;
}

QString amountText(base::Amount amount, Unit unit, bool showPlus)
{
    const QString plus = showPlus && amount.sat() > 0 ? QStringLiteral("+") : QString();
    return plus + amountDigits(amount, unit) + QChar(0x00a0) + unitName(unit);
}

QString hiddenAmount() { return QString(5, QChar(0x2022)); }

base::Result<base::Amount> parseAmount(const QString& text, Unit unit)
{
    QString plain;
    for (const QChar c : text) {
        if (!c.isSpace()) plain += c;
    }
    if (unit == Unit::Btc) return base::parseBtc(plain.toStdString());
    if (plain.isEmpty() || plain.size() > 16) return base::makeError(base::kBadAmount);
    std::int64_t sat = 0;
    for (const QChar c : plain) {
        if (c < '0' || c > '9') return base::makeError(base::kBadAmount);
        sat = sat * 10 + (c.unicode() - '0');
    }
    const auto amount = base::Amount::fromSat(sat);
    if (!amount.isValidMoney()) return base::makeError(base::kBadAmount);
    return amount;
}

QString amountForEditing(base::Amount amount, Unit unit)
{
    if (unit == Unit::Sat) return QString::number(amount.sat());
    QString out = fromStd(base::formatBtc(amount));
    while (out.endsWith('0')) out.chop(1);
    if (out.endsWith('.')) out.chop(1);
    return out;
}

QStringList addressChunks(const QString& address)
{
    QStringList out;
    for (qsizetype at = 0; at < address.size(); at += 4) out.append(address.mid(at, 4));
    return out;
}

QString spacedAddress(const QString& address) { return addressChunks(address).join(' '); }

QString shortened(const QString& id, int head, int tail)
{
    if (id.size() <= head + tail + 1) return id;
    return id.left(head) + QChar(0x2026) + id.right(tail);
}

TimeRange rangeForBlocks(std::uint32_t blocks)
{
    // The Wilson-Hilferty approximation of the quantiles of an Erlang distribution: within 7 % for one block and
    // far closer for more, which is finer than what is shown.
    const double k = std::max<double>(blocks, 1);
    const auto quantile = [k](double z) {
        const double root = 1 - 1 / (9 * k) + z / std::sqrt(9 * k);
        return static_cast<std::int64_t>(600 * k * root * root * root);
    };
    return {quantile(-1.2816), quantile(1.2816)};
}

QString rangeText(TimeRange range)
{
    const auto text = [&range](std::int64_t unit) {
        const std::int64_t low = std::max<std::int64_t>(range.low / unit, 1);
        const std::int64_t high = std::max((range.high + unit - 1) / unit, low + 1);
        return QString::number(low) + kEnDash + QString::number(high);
    };
    if (range.high < 120 * 60) return say(QT_TRANSLATE_NOOP("Format", "%1 min")).arg(text(60));
    if (range.high < 72 * 3600) return say(QT_TRANSLATE_NOOP("Format", "%1 h")).arg(text(3600));
    return say(QT_TRANSLATE_NOOP("Format", "%1 days")).arg(text(86400));
}

QString clockText(const services::BlockClock& clock, services::NetworkKind network)
{
    const QString blocks =
        say(QT_TRANSLATE_NOOP("Format", "%1 / %2 blocks")).arg(clock.passedBlocks).arg(clock.lengthBlocks);
    if (network == services::NetworkKind::Regtest || clock.passedBlocks >= clock.lengthBlocks) return blocks;
    //: After "87 / 144 blocks": %1 is a range of time such as "8–11 h"
    const QString range = say(QT_TRANSLATE_NOOP("Format", "about %1"))
                              .arg(rangeText(rangeForBlocks(clock.lengthBlocks - clock.passedBlocks)));
    return blocks + QStringLiteral(" · ") + range;
}

QString blocksText(std::uint32_t blocks, services::NetworkKind network)
{
    const QString count = say(QT_TRANSLATE_N_NOOP("Format", "%n block(s)"), int(blocks));
    if (network == services::NetworkKind::Regtest) return count;
    return say(QT_TRANSLATE_NOOP("Format", "%1 (about %2)")).arg(count, rangeText(rangeForBlocks(blocks)));
}

QString ageText(std::int64_t seconds)
{
    if (seconds < 60) return say(QT_TRANSLATE_NOOP("Format", "just now"));
    if (seconds < 3600) return say(QT_TRANSLATE_N_NOOP("Format", "%n minute(s) ago"), int(seconds / 60));
    if (seconds < 48 * 3600) return say(QT_TRANSLATE_N_NOOP("Format", "%n hour(s) ago"), int(seconds / 3600));
    return say(QT_TRANSLATE_N_NOOP("Format", "%n day(s) ago"),
               int(std::min<std::int64_t>(seconds / 86400, 100000)));
}

QString timeText(services::UnixTime time)
{
    if (time <= 0) return QString(kEnDash);
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(time), QLocale::ShortFormat);
}

QString remainingText(std::uint64_t seconds)
{
    if (seconds < 60) return say(QT_TRANSLATE_NOOP("Format", "under a minute left"));
    if (seconds < 90 * 60)
        return say(QT_TRANSLATE_N_NOOP("Format", "about %n minute(s) left"), int((seconds + 59) / 60));
    return say(QT_TRANSLATE_N_NOOP("Format", "about %n hour(s) left"),
               int(std::min<std::uint64_t>((seconds + 3599) / 3600, 10000)));
}

QString countText(std::uint64_t count) { return grouped(QString::number(count)); }

QString feeRateText(std::int64_t satPerKvb)
{
    QString out = QString::number(satPerKvb / 1000);
    if (satPerKvb % 1000 != 0) {
        QString decimals = QString("%1").arg(satPerKvb % 1000, 3, 10, QChar('0'));
        while (decimals.endsWith('0')) decimals.chop(1);
        out += '.' + decimals;
    }
    return out + QStringLiteral(" sat/vB");
}

std::optional<std::int64_t> parseFeeRate(const QString& text)
{
    const QString plain = text.trimmed();
    const auto dot = plain.indexOf('.');
    const QString whole = dot < 0 ? plain : plain.left(dot);
    QString thousandths = dot < 0 ? QString() : plain.mid(dot + 1);
    if (whole.isEmpty() || whole.size() > 6 || thousandths.size() > 3 || (dot >= 0 && thousandths.isEmpty()))
        return {};
    while (thousandths.size() < 3) thousandths += '0';
    for (const QChar c : whole + thousandths) {
        if (c < '0' || c > '9') return {};
    }
    const std::int64_t rate = (whole + thousandths).toLongLong();
    if (rate <= 0) return {};
    return rate;
}

bool isStale(services::UnixTime tip, services::UnixTime now, services::NetworkKind network)
{
    return network != services::NetworkKind::Regtest && tip > 0 && now - tip > kStaleAfterSeconds;
}

QString networkName(services::NetworkKind network)
{
    switch (network) {
    case services::NetworkKind::Main: return QStringLiteral("Bitcoin");
    case services::NetworkKind::Testnet4: return QStringLiteral("Testnet4");
    case services::NetworkKind::Signet: return QStringLiteral("Signet");
    case services::NetworkKind::Regtest: return QStringLiteral("Regtest");
    }
    return {};
}

} // namespace bowline::ui
