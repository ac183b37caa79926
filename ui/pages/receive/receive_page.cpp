// SPDX-License-Identifier: MIT
#include "ui/pages/receive/receive_page.h"

#include "ui/design/fields.h"

#include <QHBoxLayout>

namespace bowline::ui {

ReceivePage::ReceivePage(Session& session, QWidget* parent) : Page(session, tr("Receive"), parent)
{
    m_tabs = new TabRow({tr("&Bitcoin"), tr("&Layer 2")}, this);
    m_banner = new Banner(this);
    m_sides = new QStackedWidget(this);
    m_sides->addWidget(makeBitcoin());
    m_sides->addWidget(makeLayerTwo());
    column()->addWidget(m_tabs);
    column()->addWidget(m_banner);
    column()->addWidget(m_sides);
    connect(m_tabs, &TabRow::currentChanged, m_sides, &QStackedWidget::setCurrentIndex);
}

QWidget* ReceivePage::makeBitcoin()
{
    auto* card = new Card({}, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kLarge);
    m_qr = new QrView(card);
    row->addWidget(m_qr, 0, Qt::AlignTop);
    auto* right = new QVBoxLayout;
    right->setSpacing(space::kMedium);
    auto* state = new QHBoxLayout;
    m_state = new Badge(card);
    m_link = new CopyButton(tr("Copy payment link"), card);
    state->addWidget(makeLabel(tr("Your address"), TextRole::Heading, card));
    state->addStretch();
    state->addWidget(m_state);
    right->addLayout(state);
    m_address = new AddressRow(tr("Copy address"), card);
    m_address->setObjectName("receiveAddress");
    right->addWidget(m_address);
    auto* linkRow = new QHBoxLayout;
    linkRow->addWidget(makeHint(tr("The code holds a payment link with this address."), card), 1);
    linkRow->addWidget(m_link);
    right->addLayout(linkRow);
    right->addStretch();
    row->addLayout(right, 1);
    card->body()->addLayout(row);
    card->body()->addWidget(makeLine(card));
    card->body()->addWidget(makeChoices(card));
    return card;
}

QWidget* ReceivePage::makeChoices(QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    m_label = new QLineEdit(box);
    m_label->setMaxLength(120);
    m_label->setObjectName("receiveLabel");
    auto* labelBox = new FieldBox(tr("&What is it for? (only you see this)"), m_label, box);
    auto* row = new QHBoxLayout;
    m_taproot = new QRadioButton(tr("&Taproot"), box);
    m_segwit = new QRadioButton(tr("&SegWit, for older senders"), box);
    m_taproot->setChecked(true);
    m_new = makeButton(tr("New &address"), box);
    m_new->setIcon(glyphIcon(Glyph::Plus));
    m_new->setObjectName("newAddress");
    row->addWidget(m_taproot);
    row->addWidget(m_segwit);
    row->addStretch();
    row->addWidget(m_new);
    layout->addWidget(labelBox);
    layout->addLayout(row);
    layout->addWidget(makeHint(tr("A new address each time keeps your payments apart for others."), box));
    connect(m_new, &QPushButton::clicked, this, &ReceivePage::askAddress);
    connect(m_label, &QLineEdit::returnPressed, this, &ReceivePage::askAddress);
    connect(m_taproot, &QRadioButton::toggled, this, &ReceivePage::askAddress);
    return box;
}

QWidget* ReceivePage::makeLayerTwo()
{
    auto* card = new Card({}, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kLarge);
    m_layerTwoQr = new QrView(card);
    row->addWidget(m_layerTwoQr, 0, Qt::AlignTop);
    auto* right = new QVBoxLayout;
    right->setSpacing(space::kMedium);
    right->addWidget(makeLabel(tr("Your layer-2 address"), TextRole::Heading, card));
    m_layerTwoAddress = new AddressRow(tr("Copy layer-2 address"), card);
    m_layerTwoAddress->setObjectName("layerTwoAddress");
    right->addWidget(m_layerTwoAddress);
    right->addWidget(
        makeHint(tr("For payments on the layer 2 only: bitcoin from outside comes in by a deposit. This is "
                    "your account, and it stays the same."),
                 card));
    right->addStretch();
    row->addLayout(right, 1);
    card->body()->addLayout(row);
    return card;
}

void ReceivePage::askAddress()
{
    m_asked = true;
    m_new->setEnabled(false);
    const auto type =
        m_taproot->isChecked() ? services::AddressType::Taproot : services::AddressType::SegwitV0;
    session().services().wallets().nextAddress(
        type, m_label->text().trimmed().toStdString(),
        session().deliver<services::AddressView>(this,
                                                 [this](const base::Result<services::AddressView>& result) {
                                                     m_new->setEnabled(true);
                                                     if (!result.ok())
                                                         return m_banner->showError(result.error());
                                                     m_banner->clear();
                                                     show(*result);
                                                 }));
}

void ReceivePage::show(const services::AddressView& address)
{
    m_current = address;
    m_address->setAddress(fromStd(address.address));
    m_link->setText(fromStd(address.uri));
    m_qr->setContent(fromStd(address.uri),
                     tr("Payment link for %1").arg(spacedAddress(fromStd(address.address))));
    m_state->set(address.used ? Tone::Warning : Tone::Success,
                 address.used ? tr("Used") : tr("Not used yet"));
}

void ReceivePage::checkUsed()
{
    // A payment to this address is among the latest transactions when it comes in.
    if (m_current.address.empty() || m_current.used) return;
    session().services().wallets().listTransactions(
        0, 20,
        session().deliver<std::vector<services::TransactionView>>(
            this, [this](const base::Result<std::vector<services::TransactionView>>& result) {
                if (!result.ok()) return;
                for (const services::TransactionView& transaction : *result) {
                    const auto& to = transaction.addresses;
                    if (std::find(to.begin(), to.end(), m_current.address) == to.end()) continue;
                    m_current.used = true;
                    return show(m_current);
                }
            }));
}

void ReceivePage::refresh()
{
    const QString account = fromStd(snapshot().wallet.layerTwoAddress);
    m_layerTwoAddress->setAddress(account);
    m_layerTwoQr->setContent(account, tr("Layer-2 address %1").arg(spacedAddress(account)));
    if (!m_asked && session().hasWallet())
        askAddress();
    else
        checkUsed();
}

} // namespace bowline::ui
