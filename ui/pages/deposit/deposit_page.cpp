// SPDX-License-Identifier: MIT
#include "ui/pages/deposit/deposit_page.h"

#include <QHBoxLayout>
#include <QTimer>

#include <algorithm>

namespace bowline::ui {

namespace {
enum Step { kForm, kReview, kFollow };

/// "0.1 + 0.01 + 0.01 BTC" as counts: "1 × 0.10 000 000 BTC, 2 × 0.01 000 000 BTC".
QString vaultsText(const std::vector<base::Amount>& vaults)
{
    std::map<base::Amount, int, std::greater<>> counts;
    for (const base::Amount vault : vaults) ++counts[vault];
    QStringList out;
    for (const auto& [amount, count] : counts) {
        out << QString::number(count) + QStringLiteral(" × ") + Display::current().plainText(amount);
    }
    return out.join(QStringLiteral("\n"));
}
} // namespace

DepositPage::DepositPage(Session& session, QWidget* parent) : Page(session, tr("Deposit"), parent)
{
    m_header = new FlowHeader({tr("Amount"), tr("Review"), tr("Follow")}, this);
    m_banner = new Banner(this);
    m_steps = new QStackedWidget(this);
    m_steps->addWidget(makeForm());
    m_steps->addWidget(makeReview());
    m_steps->addWidget(makeFollow());
    // A deposit may be of many vaults, and each of them is a card with a timeline: a turn to make one, another to fill it.
    m_viewTurn = new QTimer(this);
    m_viewTurn->setSingleShot(true);
    m_viewTurn->setInterval(0);
    connect(m_viewTurn, &QTimer::timeout, this, &DepositPage::refreshNextView);
    column()->addWidget(m_header);
    column()->addWidget(m_banner);
    column()->addWidget(m_steps);
}

QWidget* DepositPage::makeForm()
{
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* card = new Card(tr("Bring bitcoin to the layer 2"), outer);
    card->body()->addWidget(
        makeHint(tr("Your bitcoin is locked in vaults that only all members of the committee together can "
                    "move. If they do not finish, you take it back alone."),
                 card));
    m_amount = new AmountField(tr("Amount"), card);
    m_amount->edit()->setObjectName("depositAmount");
    m_amountBox = new FieldBox(tr("&Amount"), m_amount, card);
    m_available = makeLabel({}, TextRole::Caption, card);
    setTone(m_available, "muted");
    m_fee = new FeeChoice(card);
    m_quote = makePrimary(tr("&Review"), card);
    m_quote->setObjectName("depositReview");
    card->body()->addWidget(m_amountBox);
    card->body()->addWidget(m_available, 0, Qt::AlignRight);
    card->body()->addWidget(m_fee);
    card->body()->addWidget(m_quote, 0, Qt::AlignRight);
    layout->addWidget(card);
    layout->addStretch();
    connect(m_amount, &AmountField::edited, this, [this] { m_amountBox->setError(m_amount->problem()); });
    connect(m_amount->edit(), &QLineEdit::returnPressed, this, &DepositPage::quote);
    connect(m_quote, &QPushButton::clicked, this, &DepositPage::quote);
    return outer;
}

QWidget* DepositPage::makeReview()
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
    m_start->setObjectName("depositStart");
    buttons->addWidget(m_back);
    buttons->addStretch();
    buttons->addWidget(m_start);
    layout->addLayout(buttons);
    layout->addStretch();
    connect(m_back, &QPushButton::clicked, this, &DepositPage::goBack);
    connect(m_start, &QPushButton::clicked, this, &DepositPage::start);
    return outer;
}

QWidget* DepositPage::makeFollow()
{
    auto* outer = new QWidget(this);
    auto* layout = new QVBoxLayout(outer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    m_items = new QVBoxLayout;
    m_items->setSpacing(space::kNormal);
    layout->addLayout(m_items);
    QPushButton* again = makeButton(tr("&New deposit"), outer);
    again->setObjectName("depositAgain");
    layout->addWidget(again, 0, Qt::AlignRight);
    layout->addStretch();
    connect(again, &QPushButton::clicked, this, &DepositPage::startAgain);
    return outer;
}

void DepositPage::showStep(int step)
{
    m_steps->setCurrentIndex(step);
    m_header->setCurrent(step);
    setFocus();
}

void DepositPage::quote()
{
    const auto amount = m_amount->amount();
    m_amountBox->setError(amount                          ? QString()
                          : m_amount->problem().isEmpty() ? tr("Enter an amount.")
                                                          : m_amount->problem());
    if (!m_fee->check() || !amount || !m_quote->isEnabled()) return;
    m_quote->setEnabled(false);
    session().services().bridge().quoteDeposit(
        *amount, *m_fee->satPerKvb(),
        session().deliver<services::DepositQuote>(
            this, [this](const base::Result<services::DepositQuote>& result) { takeQuote(result); }));
}

void DepositPage::takeQuote(const base::Result<services::DepositQuote>& result)
{
    m_quote->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_draftId = result->draftId;
    showQuote(*result);
    showStep(kReview);
    m_back->setFocus();
}

void DepositPage::showQuote(const services::DepositQuote& quote)
{
    base::Amount locked;
    for (const base::Amount vault : quote.vaults) locked += vault;
    const auto network = session().network();
    m_facts->clear();
    m_facts->addText(tr("Vaults"), vaultsText(quote.vaults));
    if (quote.remainder.sat() > 0) m_facts->addAmount(tr("Stays in your wallet"), quote.remainder);
    m_facts->addRule();
    m_facts->addAmount(tr("Fees of the vaults"), quote.requestFees);
    m_facts->addAmount(tr("Network fee"), quote.bitcoinFee)->setObjectName("depositFee");
    m_facts->addAmount(tr("Leaves your wallet"), locked + quote.requestFees + quote.bitcoinFee, true);
    m_facts->addAmount(tr("Arrives on layer 2"), locked, true)->setObjectName("depositArrives");
    m_facts->addRule();
    const int size = int(quote.committeeSize);
    m_facts->addText(tr("Committee"), tr("%1 of %1 members must sign").arg(size));
    m_facts->addText(tr("Confirmed after"), blocksText(quote.depth + 1, network));
    m_facts->addText(tr("If they do not finish"),
                     tr("refund by you alone after %1").arg(blocksText(quote.refundBlocks, network)));
    m_start->setText(tr("&Deposit %1").arg(Display::current().plainText(locked)));
}

void DepositPage::start()
{
    m_start->setEnabled(false);
    session().services().bridge().startDeposit(
        m_draftId,
        session().deliver<std::vector<std::string>>(
            this, [this](const base::Result<std::vector<std::string>>& result) { takeStarted(result); }));
}

void DepositPage::takeStarted(const base::Result<std::vector<std::string>>& result)
{
    m_start->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_following = *result;
    clearLayout(m_items);
    m_views.clear();
    showStep(kFollow);
    refresh();
}

void DepositPage::startAgain()
{
    m_amount->clear();
    m_amountBox->setError({});
    m_following.clear();
    clearLayout(m_items);
    m_views.clear();
    showStep(kForm);
    m_amount->setFocus();
}

bool DepositPage::goBack()
{
    if (m_steps->currentIndex() == kForm) return false;
    m_banner->clear();
    if (m_steps->currentIndex() == kFollow)
        startAgain();
    else
        showStep(kForm);
    return true;
}

void DepositPage::refresh()
{
    if (session().hasWallet()) {
        m_available->setText(tr("Available: %1").arg(Display::current().text(snapshot().bitcoin.confirmed)));
    }
    m_nextView = 0;
    if (!m_following.empty()) m_viewTurn->start();
}

void DepositPage::refreshNextView()
{
    if (m_nextView >= m_following.size()) return;
    if (m_nextView == m_views.size()) {
        m_views.push_back(new BridgeItemView(session(), this));
        m_views.back()->hide(); // until the first snapshot that has it
        m_items->addWidget(m_views.back());
        return m_viewTurn->start();
    }
    const std::size_t index = m_nextView++;
    const auto& items = snapshot().bridge;
    const auto found = std::find_if(items.begin(), items.end(), [&](const services::BridgeItem& item) {
        return item.id == m_following[index];
    });
    if (found != items.end()) {
        m_views[index]->setItem(*found);
        m_views[index]->show();
    }
    if (m_nextView < m_following.size()) m_viewTurn->start();
}

} // namespace bowline::ui
