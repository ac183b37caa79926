// SPDX-License-Identifier: MIT
#include "ui/shell/shell.h"

#include "ui/design/prover_texts.h"
#include "ui/pages/bridge/bridge_page.h"
#include "ui/pages/deposit/deposit_page.h"
#include "ui/pages/home/home_page.h"
#include "ui/pages/layer2/layer_two_page.h"
#include "ui/pages/network/network_page.h"
#include "ui/pages/prover/prover_page.h"
#include "ui/pages/receive/receive_page.h"
#include "ui/pages/send/send_page.h"
#include "ui/pages/settings/settings_page.h"
#include "ui/pages/withdraw/withdraw_page.h"

#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QTimer>

namespace bowline::ui {

namespace {
constexpr int kRailWidth = 188;
constexpr int kAgeRefreshMilliseconds = 30000;
constexpr int kPreparePauseMilliseconds = 10;

Tone networkTone(services::NetworkKind network)
{
    return network == services::NetworkKind::Main ? Tone::Bitcoin : Tone::LayerTwo;
}

QLabel* makeStatus(QWidget* parent)
{
    QLabel* label = makeLabel({}, TextRole::Caption, parent);
    setTone(label, "muted");
    return label;
}

/// What showing a page would do first: style its widgets and lay them out.
void styleBeforeShown(QWidget& page, QSize size)
{
    page.resize(size);
    for (QWidget* widget : page.findChildren<QWidget*>()) {
        widget->ensurePolished();
        if (widget->layout()) widget->layout()->activate();
    }
}
} // namespace

Shell::Shell(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_stack(new QStackedWidget(this))
{
    m_stack->setObjectName("content");
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(makeRail());
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(makeTopBar());
    right->addWidget(m_stack, 1);
    right->addWidget(makeStatusBar());
    outer->addLayout(right, 1);
    connect(&session, &Session::snapshotChanged, this, &Shell::refresh);
    connect(&session, &Session::proverChanged, this, &Shell::refreshProver);
    connect(&session, &Session::pageRequested, this, &Shell::goTo);
    connect(&session.preferences(), &Preferences::changed, this, &Shell::refreshTop);
    // Ages grow without events; twice a minute is as fine as they are shown.
    auto* ages = new QTimer(this);
    ages->setInterval(kAgeRefreshMilliseconds);
    connect(ages, &QTimer::timeout, this, &Shell::refresh);
    ages->start();
    refreshTop();
    refreshProver();
    refresh();
}

void Shell::start()
{
    // In a turn of its own: the frame is there first.
    QTimer::singleShot(0, this, [this] {
        if (m_stack->count() == 0) goTo(PageId::Home);
        prepareNext(0);
    });
}

void Shell::prepareNext(int index)
{
    if (index == kPageCount) return;
    // The pause leaves the turns between to whoever uses the window meanwhile.
    QTimer::singleShot(kPreparePauseMilliseconds, this, [this, index] {
        Page* next = page(PageId(index));
        QTimer::singleShot(0, next, [this, next, index] {
            if (!next->isVisible()) styleBeforeShown(*next, m_stack->size());
            prepareNext(index + 1);
        });
    });
}

QWidget* Shell::makeRail()
{
    auto* rail = new QWidget(this);
    rail->setObjectName("rail");
    rail->setAttribute(Qt::WA_StyledBackground);
    rail->setMinimumWidth(kRailWidth);
    auto* layout = new QVBoxLayout(rail);
    layout->setContentsMargins(space::kMedium, space::kNormal, space::kMedium, space::kNormal);
    layout->setSpacing(space::kTiny);
    auto* brand = new QHBoxLayout;
    auto* knot = new QToolButton(rail);
    knot->setIcon(glyphIcon(Glyph::Knot, Ink::Accent));
    knot->setIconSize(QSize(24, 24));
    knot->setFocusPolicy(Qt::NoFocus);
    knot->setAttribute(Qt::WA_TransparentForMouseEvents);
    knot->setAccessibleName(QStringLiteral("Bowline"));
    brand->addWidget(knot);
    brand->addWidget(makeLabel(QStringLiteral("Bowline"), TextRole::Heading, rail));
    brand->addStretch();
    layout->addLayout(brand);
    layout->addSpacing(space::kMedium);
    const QStringList names{tr("Home"),   tr("Receive"),  tr("Send"),    tr("Deposit"), tr("Withdraw"),
                            tr("Bridge"), tr("L2 state"), tr("Network"), tr("Prover"),  tr("Settings")};
    const Glyph glyphs[] = {Glyph::Home,   Glyph::Receive, Glyph::Send,    Glyph::Deposit, Glyph::Withdraw,
                            Glyph::Bridge, Glyph::Layers,  Glyph::Network, Glyph::Prover,  Glyph::Settings};
    auto* group = new QButtonGroup(rail);
    for (int i = 0; i < kPageCount; ++i) {
        auto* place = new QPushButton(names[i], rail);
        place->setProperty("kind", "rail");
        place->setObjectName(QString("place%1").arg(i));
        place->setIcon(glyphIcon(glyphs[i], Ink::Muted));
        place->setIconSize(QSize(20, 20));
        place->setCheckable(true);
        place->setCursor(Qt::PointingHandCursor);
        //: %1: name of a page, %2: digit
        place->setToolTip(tr("%1 (Ctrl+%2)").arg(names[i]).arg(digitOf(PageId(i))));
        group->addButton(place, i);
        m_places[std::size_t(i)] = place;
        if (PageId(i) == PageId::Settings) layout->addStretch();
        layout->addWidget(place);
        if (PageId(i) == PageId::Send || PageId(i) == PageId::Bridge) layout->addSpacing(space::kMedium);
    }
    m_places.front()->setChecked(true);
    keepTabOnChecked(group);
    connect(group, &QButtonGroup::idClicked, this, [this](int id) { goTo(PageId(id)); });
    return rail;
}

QWidget* Shell::makeTopBar()
{
    auto* bar = new QWidget(this);
    bar->setObjectName("topBar");
    bar->setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(space::kLarge, space::kSmall, space::kNormal, space::kSmall);
    layout->setSpacing(space::kSmall);
    m_wallet = makeLabel({}, TextRole::Strong, bar);
    m_network = new Badge(bar);
    m_hide = makeIconButton(Glyph::Eye, tr("Hide amounts"), bar);
    m_hide->setObjectName("hideAmounts");
    m_theme = makeIconButton(Glyph::Moon, tr("Dark theme"), bar);
    m_theme->setObjectName("switchTheme");
    QToolButton* lock = makeIconButton(Glyph::Lock, tr("Lock (Ctrl+L)"), bar);
    lock->setObjectName("lock");
    layout->addWidget(m_wallet);
    layout->addWidget(m_network);
    layout->addStretch();
    layout->addWidget(m_hide);
    layout->addWidget(m_theme);
    layout->addWidget(lock);
    connect(m_hide, &QToolButton::clicked, this,
            [this] { m_session.preferences().setHidesAmounts(!Display::current().hidesAmounts()); });
    connect(m_theme, &QToolButton::clicked, this, [this] {
        m_session.preferences().setTheme(Theme::current().isDark() ? Theme::Mode::Light : Theme::Mode::Dark);
    });
    connect(lock, &QToolButton::clicked, &m_session, &Session::lock);
    return bar;
}

QWidget* Shell::makeStatusBar()
{
    auto* bar = new QWidget(this);
    bar->setObjectName("statusBar");
    bar->setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(space::kLarge, 5, space::kLarge, 5);
    layout->setSpacing(space::kLarge);
    m_peers = makeStatus(bar);
    m_tip = makeStatus(bar);
    m_head = makeStatus(bar);
    layout->addWidget(m_peers);
    layout->addWidget(m_tip);
    layout->addStretch();
    m_prover = makeStatus(bar);
    m_prover->setObjectName("proverStatus");
    layout->addWidget(m_prover);
    layout->addWidget(m_head);
    return bar;
}

Page* Shell::makePage(PageId page)
{
    switch (page) {
    case PageId::Home: return new HomePage(m_session, m_stack);
    case PageId::Receive: return new ReceivePage(m_session, m_stack);
    case PageId::Send: return new SendPage(m_session, m_stack);
    case PageId::Deposit: return new DepositPage(m_session, m_stack);
    case PageId::Withdraw: return new WithdrawPage(m_session, m_stack);
    case PageId::Bridge: return new BridgePage(m_session, m_stack);
    case PageId::LayerTwo: return new LayerTwoPage(m_session, m_stack);
    case PageId::Network: return new NetworkPage(m_session, m_stack);
    case PageId::Prover: return new ProverPage(m_session, m_stack);
    case PageId::Settings: return new SettingsPage(m_session, m_stack);
    }
    return nullptr;
}

Page* Shell::page(PageId page)
{
    Page*& slot = m_pages[std::size_t(page)];
    if (slot == nullptr) {
        slot = makePage(page);
        m_stack->addWidget(slot);
    }
    return slot;
}

void Shell::goTo(PageId target, const QString& reference)
{
    if (target != m_current) m_history.push_back(m_current);
    m_current = target;
    Page* shown = page(target);
    m_places[std::size_t(target)]->setChecked(true);
    m_stack->setCurrentWidget(shown);
    shown->setFocus(); // Tab goes on from the top of the page
    if (!reference.isEmpty()) shown->open(reference);
}

bool Shell::goBack()
{
    if (page(m_current)->goBack()) return true;
    if (m_history.empty()) return false;
    const PageId before = m_history.back();
    m_history.pop_back();
    goTo(before);
    m_history.pop_back(); // goTo() noted where we came from
    return true;
}

void Shell::refreshProver()
{
    const services::ProverView& prover = m_session.prover();
    m_prover->setText(proverLine(prover));
    m_prover->setVisible(!m_prover->text().isEmpty());
    const Tone tone = standingOf(prover).tone;
    setTone(m_prover, tone == Tone::Danger ? "danger" : tone == Tone::Warning ? "warning" : "muted");
}

void Shell::refreshTop()
{
    const bool hidden = Display::current().hidesAmounts();
    const bool dark = Theme::current().isDark();
    const QString hide = hidden ? tr("Show amounts") : tr("Hide amounts");
    const QString theme = dark ? tr("Light theme") : tr("Dark theme");
    m_hide->setIcon(glyphIcon(hidden ? Glyph::EyeOff : Glyph::Eye, Ink::Muted));
    m_hide->setAccessibleName(hide);
    m_hide->setToolTip(hide);
    m_theme->setIcon(glyphIcon(dark ? Glyph::Sun : Glyph::Moon, Ink::Muted));
    m_theme->setAccessibleName(theme);
    m_theme->setToolTip(theme);
}

void Shell::refresh()
{
    const services::Snapshot& now = m_session.snapshot();
    m_wallet->setText(m_session.walletName());
    m_network->set(networkTone(now.wallet.network), Glyph::Network, networkName(now.wallet.network));
    const auto connected =
        std::count_if(now.peers.begin(), now.peers.end(), [](const auto& peer) { return peer.connected; });
    m_peers->setText(tr("%n peer(s)", nullptr, int(connected)));
    setTone(m_peers, connected == 0 ? "warning" : "muted");
    const services::UnixTime time = QDateTime::currentSecsSinceEpoch();
    m_tip->setText(tr("Block %1, %2").arg(countText(now.sync.tipHeight), ageText(time - now.sync.tipTime)));
    setTone(m_tip, isStale(now.sync.tipTime, time, now.wallet.network) ? "warning" : "muted");
    const LayerTwoTrouble trouble = layerTwoTrouble(now.sync);
    m_head->setText(!now.sync.layerTwoReachable ? tr("Layer 2: no answer")
                    : trouble.title.isEmpty() ? tr("Layer 2: batch %1").arg(countText(now.sync.layerTwoHead))
                                              : tr("Layer 2: do not rely on it"));
    setTone(m_head, trouble.title.isEmpty() ? "muted" : trouble.tone == Tone::Danger ? "danger" : "warning");
}

} // namespace bowline::ui
