// SPDX-License-Identifier: MIT
#include "ui/pages/send/send_page.h"

#include "core/bitcoin/uri.h"
#include "ui/design/error_texts.h"

#include <QHBoxLayout>

namespace bowline::ui {

namespace {
bitcoin::Network coreNetwork(services::NetworkKind network)
{
    switch (network) {
    case services::NetworkKind::Main: return bitcoin::Network::Main;
    case services::NetworkKind::Testnet4: return bitcoin::Network::Testnet4;
    case services::NetworkKind::Signet: return bitcoin::Network::Signet;
    case services::NetworkKind::Regtest: return bitcoin::Network::Regtest;
    }
    return bitcoin::Network::Regtest;
}

enum Step { kForm, kReview, kSent };
} // namespace

SendPage::SendPage(Session& session, QWidget* parent) : Page(session, tr("Send"), parent)
{
    m_tabs = new TabRow({tr("&Bitcoin"), tr("&Layer 2")}, this);
    m_header = new FlowHeader({tr("Recipient"), tr("Review"), tr("Sent")}, this);
    m_banner = new Banner(this);
    m_steps = new QStackedWidget(this);
    m_steps->addWidget(makeForm());
    m_reviewCard = new ReviewCard(m_steps);
    m_steps->addWidget(m_reviewCard);
    m_steps->addWidget(makeResult());
    column()->addWidget(m_tabs);
    column()->addWidget(m_header);
    column()->addWidget(m_banner);
    column()->addWidget(m_steps);
    connect(m_tabs, &TabRow::currentChanged, this, &SendPage::sideChanged);
    connect(m_reviewCard, &ReviewCard::confirmed, this, &SendPage::confirm);
    connect(m_reviewCard, &ReviewCard::cancelled, this, &SendPage::goBack);
}

QWidget* SendPage::makeForm()
{
    auto* card = new Card({}, this);
    m_recipient = new QLineEdit(card);
    m_recipient->setObjectName("sendRecipient");
    m_recipient->setMaxLength(4096);
    m_recipientBox = new FieldBox(tr("&To (address or payment link)"), m_recipient, card);
    m_amount = new AmountField(tr("Amount"), card);
    m_amount->edit()->setObjectName("sendAmount");
    m_amountBox = new FieldBox(tr("&Amount"), m_amount, card);
    auto* row = new QHBoxLayout;
    m_everything = makeCheck(tr("Send &everything"), card);
    m_available = makeLabel({}, TextRole::Caption, card);
    setTone(m_available, "muted");
    row->addWidget(m_everything);
    row->addStretch();
    row->addWidget(m_available);
    m_fee = new FeeChoice(card);
    m_review = makePrimary(tr("&Review"), card);
    m_review->setObjectName("sendReview");
    card->body()->addWidget(m_recipientBox);
    card->body()->addWidget(m_amountBox);
    card->body()->addLayout(row);
    card->body()->addWidget(m_fee);
    card->body()->addWidget(m_review, 0, Qt::AlignRight);
    connect(m_recipient, &QLineEdit::textEdited, this, &SendPage::recipientEdited);
    connect(m_amount, &AmountField::edited, this, [this] { m_amountBox->setError(m_amount->problem()); });
    connect(m_everything, &QCheckBox::toggled, m_amount, &QWidget::setDisabled);
    connect(m_review, &QPushButton::clicked, this, &SendPage::review);
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(card);
    layout->addStretch();
    return outer;
}

QWidget* SendPage::makeResult()
{
    auto* card = new Card(tr("Sent"), this);
    m_sentText = makeHint({}, card);
    m_sentText->setObjectName("sentText");
    m_sentId = new IdLabel(tr("Copy transaction id"), card);
    m_sentId->setObjectName("sentId");
    QPushButton* again = makeButton(tr("Send &another"), card);
    again->setObjectName("sendAnother");
    card->body()->addWidget(m_sentText);
    card->body()->addWidget(m_sentId);
    card->body()->addWidget(again, 0, Qt::AlignRight);
    connect(again, &QPushButton::clicked, this, &SendPage::startAgain);
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(card);
    layout->addStretch();
    return outer;
}

void SendPage::showStep(int step)
{
    m_steps->setCurrentIndex(step);
    m_header->setCurrent(step);
    setFocus();
    m_tabs->setVisible(step == kForm);
}

void SendPage::sideChanged()
{
    m_fee->setVisible(!isLayerTwo());
    m_everything->setVisible(!isLayerTwo());
    if (isLayerTwo()) m_everything->setChecked(false);
    m_recipientBox->setLabel(isLayerTwo() ? tr("&To (layer-2 address)")
                                          : tr("&To (address or payment link)"));
    m_recipientBox->setError({});
    m_banner->clear();
    refresh();
}

void SendPage::recipientEdited()
{
    m_recipientBox->setError({});
    const QString text = m_recipient->text().trimmed();
    if (isLayerTwo() || !text.startsWith("bitcoin:", Qt::CaseInsensitive)) return;
    const auto uri = bitcoin::parsePaymentUri(text.toStdString(), coreNetwork(session().network()));
    if (!uri.ok()) return m_recipientBox->setError(errorText(uri.error().code).what);
    m_recipient->setText(fromStd(uri->address));
    if (uri->amount) m_amount->setAmount(*uri->amount);
}

bool SendPage::checkForm()
{
    const QString to = m_recipient->text().trimmed();
    m_recipientBox->setError(to.isEmpty() ? tr("Enter an address.") : QString());
    const bool amountGood = m_everything->isChecked() || m_amount->amount().has_value();
    m_amountBox->setError(amountGood                      ? QString()
                          : m_amount->problem().isEmpty() ? tr("Enter an amount.")
                                                          : m_amount->problem());
    const bool feeGood = isLayerTwo() || m_fee->check();
    return !to.isEmpty() && amountGood && feeGood;
}

void SendPage::review()
{
    if (!checkForm()) return;
    m_review->setEnabled(false);
    const std::string to = m_recipient->text().trimmed().toStdString();
    if (isLayerTwo()) {
        session().services().spending().reviewLayerTwo(
            to, *m_amount->amount(),
            session().deliver<services::LayerTwoReview>(
                this, [this](const base::Result<services::LayerTwoReview>& result) {
                    takeLayerTwoReview(result);
                }));
        return;
    }
    services::Recipient recipient;
    recipient.address = to;
    recipient.sendAll = m_everything->isChecked();
    if (!recipient.sendAll) recipient.amount = *m_amount->amount();
    session().services().spending().review(
        {recipient}, *m_fee->satPerKvb(),
        session().deliver<services::SpendReview>(
            this, [this](const base::Result<services::SpendReview>& result) { takeReview(result); }));
}

void SendPage::takeReview(const base::Result<services::SpendReview>& result)
{
    m_review->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_draftId = result->draftId;
    m_reviewCard->setReview(*result);
    showStep(kReview);
    m_reviewCard->focusConfirm();
}

void SendPage::takeLayerTwoReview(const base::Result<services::LayerTwoReview>& result)
{
    m_review->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_draftId = result->draftId;
    m_reviewCard->setReview(*result);
    showStep(kReview);
    m_reviewCard->focusConfirm();
}

void SendPage::confirm()
{
    m_reviewCard->setBusy(true);
    auto done = session().deliver<std::string>(
        this, [this](const base::Result<std::string>& result) { takeSent(result); });
    if (isLayerTwo())
        session().services().spending().confirmLayerTwo(m_draftId, std::move(done));
    else
        session().services().spending().confirm(m_draftId, std::move(done));
}

void SendPage::takeSent(const base::Result<std::string>& result)
{
    m_reviewCard->setBusy(false);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_sentId->setId(fromStd(*result));
    m_sentText->setText(isLayerTwo()
                            ? tr("The payment is on its way to the next batch.")
                            : tr("The payment was handed to the network. It counts once it is in a block."));
    showStep(kSent);
}

void SendPage::startAgain()
{
    m_recipient->clear();
    m_amount->clear();
    m_everything->setChecked(false);
    m_recipientBox->setError({});
    m_amountBox->setError({});
    m_draftId.clear();
    showStep(kForm);
    m_recipient->setFocus();
}

bool SendPage::goBack()
{
    if (m_steps->currentIndex() == kForm) return false;
    m_banner->clear();
    if (m_steps->currentIndex() == kSent)
        startAgain();
    else
        showStep(kForm);
    return true;
}

void SendPage::refresh()
{
    if (!session().hasWallet()) return;
    const services::Snapshot& now = snapshot();
    const base::Amount available = isLayerTwo() ? now.layerTwo.available : now.bitcoin.confirmed;
    m_available->setText(tr("Available: %1").arg(Display::current().text(available)));
}

} // namespace bowline::ui
