// SPDX-License-Identifier: MIT
#include "ui/pages/welcome/welcome_page.h"

#include "ui/design/theme.h"
#include "ui/pages/welcome/create_flow.h"
#include "ui/pages/welcome/restore_form.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPainter>

namespace bowline::ui {

namespace {
constexpr int kFormWidth = 520;

/// The knot in a circle, above the form.
class Emblem final : public QWidget {
public:
    explicit Emblem(QWidget* parent) : QWidget(parent) { setFixedSize(72, 72); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Palette& p = Theme::current().palette();
        painter.setPen(Qt::NoPen);
        painter.setBrush(p.accent.soft);
        painter.drawEllipse(QRectF(rect()).adjusted(2, 2, -2, -2));
        paintGlyph(painter, Glyph::Knot, QRectF(19, 19, 34, 34), p.accent.foreground);
    }
};
} // namespace

UnlockForm::UnlockForm(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_wallet(new ChoiceField(this)),
      m_password(new PasswordField(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    m_banner = new Banner(this);
    m_wallet->setObjectName("walletChoice");
    m_password->setObjectName("password");
    m_box = new FieldBox(tr("&Password"), m_password, this);
    m_unlock = makePrimary(tr("&Unlock"), this);
    m_unlock->setObjectName("unlock");
    layout->addWidget(m_banner);
    layout->addWidget(new FieldBox(tr("&Wallet"), m_wallet, this));
    layout->addWidget(m_box);
    layout->addWidget(m_unlock);
    connect(m_unlock, &QPushButton::clicked, this, &UnlockForm::unlock);
    connect(m_password, &QLineEdit::returnPressed, this, &UnlockForm::unlock);
    connect(m_password, &QLineEdit::textEdited, this, [this] { m_box->setError({}); });
}

void UnlockForm::setWallets(const std::vector<services::WalletInfo>& wallets, const QString& preferred)
{
    m_wallet->clear();
    for (const services::WalletInfo& wallet : wallets) m_wallet->addItem(fromStd(wallet.name));
    if (!preferred.isEmpty()) m_wallet->setCurrentText(preferred);
    m_banner->clear();
    m_box->setError({});
    m_password->clear();
    m_password->setFocus();
}

void UnlockForm::unlock()
{
    if (!m_unlock->isEnabled()) return;
    if (m_password->isEmpty()) return m_box->setError(tr("Enter the password."));
    m_unlock->setEnabled(false);
    m_unlock->setText(tr("Unlocking…"));
    const QString name = m_wallet->currentText();
    m_session.services().wallets().unlock(
        name.toStdString(), m_password->takeSecret(),
        m_session.deliverOpening(
            this, [this, name](const base::Result<services::WalletInfo>& result) { finish(name, result); }));
}

void UnlockForm::finish(const QString& name, const base::Result<services::WalletInfo>& result)
{
    m_unlock->setEnabled(true);
    m_unlock->setText(tr("&Unlock"));
    m_banner->clear();
    if (result.ok()) return emit opened(name);
    const std::string_view code = result.error().code.name();
    if (code == "wallet.wrong-password" || code == "wallet.wrong-passphrase") {
        m_box->setError(tr("The password is wrong. Check Caps Lock and keyboard layout."));
        announce(m_password, m_box->error());
    } else {
        m_banner->showError(result.error());
    }
    m_password->setFocus();
}

WelcomePage::WelcomePage(Session& session, QWidget* parent) : QScrollArea(parent), m_session(session)
{
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget;
    content->setProperty("page", true);
    auto* outer = new QHBoxLayout(content);
    auto* middle = new QWidget(content);
    middle->setMaximumWidth(kFormWidth);
    outer->addStretch(1);
    outer->addWidget(middle, 1000);
    outer->addStretch(1);
    auto* layout = new QVBoxLayout(middle);
    layout->setContentsMargins(space::kNormal, space::kHuge, space::kNormal, space::kHuge);
    layout->setSpacing(space::kNormal);
    layout->addStretch(1);
    layout->addWidget(new Emblem(middle), 0, Qt::AlignHCenter);
    QLabel* title = makeLabel(QStringLiteral("Bowline"), TextRole::Display, middle);
    layout->addWidget(title, 0, Qt::AlignHCenter);
    QLabel* motto = makeHint(tr("Your keys, your own check of the chain."), middle);
    motto->setAlignment(Qt::AlignHCenter);
    layout->addWidget(motto);
    m_banner = new Banner(middle);
    layout->addWidget(m_banner);
    auto* card = new Card({}, middle);
    m_forms = new QStackedWidget(card);
    m_start = makeStart();
    m_unlock = new UnlockForm(session, m_forms);
    m_forms->addWidget(m_start);
    m_forms->addWidget(m_unlock);
    card->body()->addWidget(m_forms);
    layout->addWidget(card);

    auto* links = new QHBoxLayout;
    m_back = makeQuiet(tr("&Back"), middle);
    m_back->setIcon(glyphIcon(Glyph::Back, Ink::Accent));
    m_create = makeQuiet(tr("Create a &new wallet"), middle);
    m_restore = makeQuiet(tr("R&estore from words"), middle);
    m_back->setObjectName("welcomeBack");
    m_create->setObjectName("startCreate");
    m_restore->setObjectName("startRestore");
    links->addWidget(m_back);
    links->addStretch();
    links->addWidget(m_create);
    links->addWidget(m_restore);
    links->addStretch();
    layout->addLayout(links);
    layout->addStretch(2);
    setWidget(content);

    connect(m_back, &QPushButton::clicked, this, &WelcomePage::goBack);
    connect(m_unlock, &UnlockForm::opened, this, &WelcomePage::opened);
    // Made when asked for: the first paint does not wait for forms that most starts never show.
    connect(m_create, &QPushButton::clicked, this, [this] {
        auto* flow = new CreateFlow(m_session, m_forms);
        connect(flow, &CreateFlow::opened, this, &WelcomePage::opened);
        showForm(flow);
        flow->start();
    });
    connect(m_restore, &QPushButton::clicked, this, [this] {
        auto* form = new RestoreForm(m_session, m_forms);
        connect(form, &RestoreForm::opened, this, &WelcomePage::opened);
        showForm(form);
        form->start();
    });
    m_home = m_start;
    showForm(m_start);
}

QWidget* WelcomePage::makeStart()
{
    auto* start = new QWidget(m_forms);
    auto* layout = new QVBoxLayout(start);
    layout->setContentsMargins(0, 0, 0, 0);
    m_noWallet =
        makeHint(tr("There is no wallet on this computer yet. Create one, or restore one from the words "
                    "you wrote down."),
                 start);
    m_noWallet->hide();
    layout->addWidget(m_noWallet);
    return start;
}

void WelcomePage::reload(const QString& preferred)
{
    showForm(m_home);
    m_session.services().wallets().listWallets(m_session.deliver<std::vector<services::WalletInfo>>(
        this, [this, preferred](const base::Result<std::vector<services::WalletInfo>>& result) {
            takeWallets(result, preferred);
        }));
}

void WelcomePage::takeWallets(const base::Result<std::vector<services::WalletInfo>>& result,
                              const QString& preferred)
{
    if (!result.ok()) return m_banner->showError(result.error());
    m_noWallet->setVisible(result->empty());
    const bool atHome = m_forms->currentWidget() == m_home;
    m_home = result->empty() ? m_start : static_cast<QWidget*>(m_unlock);
    if (!result->empty()) m_unlock->setWallets(*result, preferred);
    if (atHome) showForm(m_home);
}

void WelcomePage::showForm(QWidget* form)
{
    QWidget* before = m_forms->currentWidget();
    if (m_forms->indexOf(form) < 0) m_forms->addWidget(form);
    m_forms->setCurrentWidget(form);
    // Forms with secrets do not outlive their use.
    if (before != nullptr && before != form && before != m_start && before != m_unlock) {
        m_forms->removeWidget(before);
        before->deleteLater();
    }
    const bool isHome = form == m_start || form == m_unlock;
    m_back->setVisible(!isHome);
    m_create->setVisible(isHome);
    m_restore->setVisible(isHome);
    for (int i = 0; i < m_forms->count(); ++i) {
        const bool shown = m_forms->widget(i) == form;
        m_forms->widget(i)->setSizePolicy(QSizePolicy::Preferred,
                                          shown ? QSizePolicy::Preferred : QSizePolicy::Ignored);
    }
    m_forms->adjustSize();
}

bool WelcomePage::goBack()
{
    auto* flow = qobject_cast<CreateFlow*>(m_forms->currentWidget());
    if (flow != nullptr && flow->goBack()) return true;
    const auto* form = qobject_cast<RestoreForm*>(m_forms->currentWidget());
    if (form != nullptr && form->goBack()) return true;
    if (m_forms->currentWidget() == m_home) return false;
    reload();
    showForm(m_home);
    return true;
}

} // namespace bowline::ui
