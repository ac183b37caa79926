// SPDX-License-Identifier: MIT
#include "ui/pages/withdraw/withdraw_page.h"

#include <QHBoxLayout>

namespace bowline::ui {

namespace {
enum Step { kForm, kReview, kFollow };
}

WithdrawPage::WithdrawPage(Session& session, QWidget* parent) : Page(session, tr("Withdraw"), parent)
{
    m_header = new FlowHeader({tr("Amount"), tr("Review"), tr("Follow")}, this);
    m_banner = new Banner(this);
    m_steps = new QStackedWidget(this);
    m_steps->addWidget(makeForm());
    m_steps->addWidget(makeReview());
    m_steps->addWidget(makeFollow());
    column()->addWidget(m_header);
    column()->addWidget(m_banner);
    column()->addWidget(m_steps);
}

QWidget* WithdrawPage::makeForm()
{
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* card = new Card(tr("Take bitcoin from the layer 2"), outer);
    card->body()->addWidget(
        makeHint(tr("An operator pays you on Bitcoin from its own money and gets the escrow for it. If "
                    "nobody pays in time, you get the escrow back and the operator's bond."),
                 card));
    m_amount = new AmountField(tr("Amount"), card);
    m_amount->edit()->setObjectName("withdrawAmount");
    m_amountBox = new FieldBox(tr("&Amount"), m_amount, card);
    m_available = makeLabel({}, TextRole::Caption, card);
    setTone(m_available, "muted");
    m_address = new QLineEdit(card);
    m_address->setObjectName("withdrawAddress");
    m_address->setMaxLength(120);
    m_addressBox = new FieldBox(tr("&To (Bitcoin address)"), m_address, card);
    auto* row = new QHBoxLayout;
    QPushButton* own = makeQuiet(tr("&Use an address of this wallet"), card);
    own->setObjectName("withdrawOwn");
    m_quote = makePrimary(tr("&Review"), card);
    m_quote->setObjectName("withdrawReview");
    row->addWidget(own);
    row->addStretch();
    row->addWidget(m_quote);
    card->body()->addWidget(m_amountBox);
    card->body()->addWidget(m_available, 0, Qt::AlignRight);
    card->body()->addWidget(m_addressBox);
    card->body()->addLayout(row);
    layout->addWidget(card);
    layout->addStretch();
    connect(m_amount, &AmountField::edited, this, [this] { m_amountBox->setError(m_amount->problem()); });
    connect(m_address, &QLineEdit::textEdited, this, [this] { m_addressBox->setError({}); });
    connect(own, &QPushButton::clicked, this, &WithdrawPage::useOwnAddress);
    connect(m_quote, &QPushButton::clicked, this, &WithdrawPage::quote);
    return outer;
}

QWidget* WithdrawPage::makeReview()
{
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    auto* card = new Card(tr("Review"), outer);
    m_facts = new Facts(card);
    card->body()->addWidget(m_facts);
    layout->addWidget(card);
    auto* buttons = new QHBoxLayout;
    m_back = makeButton(tr("&Back"), outer);
    m_start = makePrimary({}, outer);
    m_start->setObjectName("withdrawStart");
    buttons->addWidget(m_back);
    buttons->addStretch();
    buttons->addWidget(m_start);
    layout->addLayout(buttons);
    layout->addStretch();
    connect(m_back, &QPushButton::clicked, this, &WithdrawPage::goBack);
    connect(m_start, &QPushButton::clicked, this, &WithdrawPage::start);
    return outer;
}

QWidget* WithdrawPage::makeFollow()
{
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    m_view = new BridgeItemView(session(), outer);
    m_view->hide();
    layout->addWidget(m_view);
    QPushButton* again = makeButton(tr("&New withdrawal"), outer);
    again->setObjectName("withdrawAgain");
    layout->addWidget(again, 0, Qt::AlignRight);
    layout->addStretch();
    connect(again, &QPushButton::clicked, this, &WithdrawPage::startAgain);
    return outer;
}

void WithdrawPage::showStep(int step)
{
    m_steps->setCurrentIndex(step);
    m_header->setCurrent(step);
    setFocus();
}

void WithdrawPage::useOwnAddress()
{
    session().services().wallets().nextAddress(
        services::AddressType::Taproot, tr("Withdrawal").toStdString(),
        session().deliver<services::AddressView>(this,
                                                 [this](const base::Result<services::AddressView>& result) {
                                                     if (!result.ok())
                                                         return m_banner->showError(result.error());
                                                     m_addressBox->setError({});
                                                     m_address->setText(fromStd(result->address));
                                                 }));
}

void WithdrawPage::quote()
{
    const auto amount = m_amount->amount();
    const QString to = m_address->text().trimmed();
    m_amountBox->setError(amount                          ? QString()
                          : m_amount->problem().isEmpty() ? tr("Enter an amount.")
                                                          : m_amount->problem());
    m_addressBox->setError(to.isEmpty() ? tr("Enter a Bitcoin address.") : QString());
    if (!amount || to.isEmpty()) return;
    m_quote->setEnabled(false);
    session().services().bridge().quoteWithdrawal(
        *amount, to.toStdString(),
        session().deliver<services::WithdrawQuote>(
            this, [this](const base::Result<services::WithdrawQuote>& result) { takeQuote(result); }));
}

void WithdrawPage::takeQuote(const base::Result<services::WithdrawQuote>& result)
{
    m_quote->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_draftId = result->draftId;
    showQuote(*result);
    showStep(kReview);
    m_back->setFocus();
}

void WithdrawPage::showQuote(const services::WithdrawQuote& quote)
{
    const auto network = session().network();
    m_facts->clear();
    auto* to = new AddressRow(tr("Copy recipient"), m_facts);
    to->setAddress(fromStd(quote.address));
    m_facts->addWide(tr("Paid to"), to);
    m_facts->addAmount(tr("You receive on Bitcoin"), quote.amount)->setObjectName("withdrawReceives");
    m_facts->addRule();
    m_facts->addAmount(tr("Operator's fee"), quote.operatorFee);
    m_facts->addAmount(tr("Layer-2 fee"), quote.layerTwoFee);
    m_facts->addAmount(tr("Leaves your account"), quote.total, true)->setObjectName("withdrawTotal");
    m_facts->addRule();
    m_facts->addText(tr("Once accepted, paid within"), blocksText(quote.payWindowBlocks, network));
    m_facts->addText(tr("If nobody pays, back after"), blocksText(quote.worstCaseBlocks, network));
    m_start->setText(tr("&Withdraw %1").arg(Display::current().plainText(quote.amount)));
}

void WithdrawPage::start()
{
    m_start->setEnabled(false);
    session().services().bridge().startWithdrawal(
        m_draftId, session().deliver<std::string>(
                       this, [this](const base::Result<std::string>& result) { takeStarted(result); }));
}

void WithdrawPage::takeStarted(const base::Result<std::string>& result)
{
    m_start->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_following = *result;
    m_view->hide();
    showStep(kFollow);
    refresh();
}

void WithdrawPage::startAgain()
{
    m_amount->clear();
    m_address->clear();
    m_amountBox->setError({});
    m_addressBox->setError({});
    m_following.clear();
    m_view->hide();
    showStep(kForm);
    m_amount->setFocus();
}

bool WithdrawPage::goBack()
{
    if (m_steps->currentIndex() == kForm) return false;
    m_banner->clear();
    if (m_steps->currentIndex() == kFollow)
        startAgain();
    else
        showStep(kForm);
    return true;
}

void WithdrawPage::refresh()
{
    if (session().hasWallet()) {
        m_available->setText(tr("Available: %1").arg(Display::current().text(snapshot().layerTwo.available)));
    }
    for (const services::BridgeItem& item : snapshot().bridge) {
        if (m_following.empty() || item.id != m_following) continue;
        m_view->setItem(item);
        m_view->show();
    }
}

} // namespace bowline::ui
