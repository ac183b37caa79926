// SPDX-License-Identifier: MIT
#include "ui/pages/send/review_card.h"

#include "ui/design/code_texts.h"

#include <QHBoxLayout>
#include <QTimer>

namespace bowline::ui {

namespace {
constexpr int kDelaySeconds = 2;

/// In hundredths of a percent of the amount sent.
QString shareText(base::Amount fee, base::Amount of)
{
    if (of.sat() <= 0) return {};
    const std::int64_t basisPoints = fee.sat() * 10000 / of.sat();
    if (basisPoints == 0) return ReviewCard::tr("under 0.01 %");
    return QString("%1.%2 %").arg(basisPoints / 100).arg(basisPoints % 100, 2, 10, QChar('0'));
}
} // namespace

ReviewCard::ReviewCard(QWidget* parent) : QWidget(parent), m_delay(new QTimer(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    m_warnings = new QVBoxLayout;
    layout->addLayout(m_warnings);
    m_card = new Card(tr("Review"), this);
    m_facts = new Facts(m_card);
    m_card->body()->addWidget(m_facts);
    layout->addWidget(m_card);
    auto* buttons = new QHBoxLayout;
    m_back = makeButton(tr("&Back"), this);
    m_back->setObjectName("reviewBack");
    m_confirm = makePrimary({}, this);
    m_confirm->setObjectName("reviewConfirm");
    buttons->addWidget(m_back);
    buttons->addStretch();
    buttons->addWidget(m_confirm);
    layout->addLayout(buttons);
    layout->addStretch();
    m_delay->setInterval(1000);
    connect(m_delay, &QTimer::timeout, this, &ReviewCard::tick);
    connect(m_back, &QPushButton::clicked, this, &ReviewCard::cancelled);
    connect(m_confirm, &QPushButton::clicked, this, &ReviewCard::confirmed);
}

void ReviewCard::addRecipient(const QString& address, base::Amount amount)
{
    auto* row = new AddressRow(tr("Copy recipient"), m_facts);
    row->setObjectName("reviewAddress");
    row->setAddress(address);
    m_facts->addWide(tr("To"), row);
    m_facts->addAmount(tr("They receive"), amount)->setObjectName("reviewAmount");
}

void ReviewCard::setReview(const services::SpendReview& review)
{
    m_facts->clear();
    base::Amount sent;
    for (const services::Recipient& recipient : review.recipients) {
        addRecipient(fromStd(recipient.address), recipient.amount);
        sent += recipient.amount;
    }
    m_facts->addRule();
    m_facts->addAmount(tr("Network fee"), review.fee)->setObjectName("reviewFee");
    const QString share = shareText(review.fee, sent);
    m_facts->addText(tr("Fee rate"), share.isEmpty()
                                         ? feeRateText(review.feeSatPerKvb)
                                         : feeRateText(review.feeSatPerKvb) + QStringLiteral(" · ") +
                                               tr("%1 of the amount").arg(share));
    m_facts->addText(tr("Coins"), tr("%n coin(s) spent", nullptr, int(review.inputCount)));
    m_facts->addAmount(tr("Change back to you"), review.change)->setObjectName("reviewChange");
    m_facts->addRule();
    m_facts->addAmount(tr("Leaves your wallet"), review.total, true)->setObjectName("reviewTotal");
    m_verb = tr("&Send %1").arg(Display::current().plainText(sent));
    setWarnings(review.warnings);
}

void ReviewCard::setReview(const services::LayerTwoReview& review)
{
    m_facts->clear();
    addRecipient(fromStd(review.recipient), review.amount);
    m_facts->addRule();
    m_facts->addAmount(tr("Layer-2 fee"), review.fee)->setObjectName("reviewFee");
    m_facts->addRule();
    m_facts->addAmount(tr("Leaves your account"), review.total, true)->setObjectName("reviewTotal");
    m_verb = tr("&Send %1").arg(Display::current().plainText(review.amount));
    setWarnings({});
}

void ReviewCard::setWarnings(const std::vector<std::string>& warnings)
{
    clearLayout(m_warnings);
    m_secondsLeft = 0;
    for (const std::string& code : warnings) {
        auto* banner = new Banner(this);
        banner->showMessage(isHighRisk(code) ? Tone::Danger : Tone::Warning, warningText(code));
        m_warnings->addWidget(banner);
        if (isHighRisk(code)) m_secondsLeft = kDelaySeconds;
    }
    if (m_secondsLeft > 0)
        m_delay->start();
    else
        m_delay->stop();
    setBusy(false);
}

void ReviewCard::tick()
{
    if (--m_secondsLeft <= 0) m_delay->stop();
    setBusy(m_busy);
}

void ReviewCard::setBusy(bool busy)
{
    m_busy = busy;
    m_confirm->setEnabled(!busy && m_secondsLeft <= 0);
    //: %1: the text of the button, such as "Send 0.1 BTC"; %2: seconds until it can be pressed
    m_confirm->setText(busy                ? tr("Sending…")
                       : m_secondsLeft > 0 ? tr("%1 (%2)").arg(m_verb).arg(m_secondsLeft)
                                           : m_verb);
    m_back->setEnabled(!busy);
}

void ReviewCard::focusConfirm()
{
    // Not on the button that spends: Enter pressed once too often must not send.
    m_back->setFocus();
}

} // namespace bowline::ui
