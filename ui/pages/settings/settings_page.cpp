// SPDX-License-Identifier: MIT
#include "ui/pages/settings/settings_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QPlainTextEdit>

namespace bowline::ui {

namespace {
constexpr int kLeastPassword = 8;
constexpr int kMinutes[] = {0, 1, 5, 10, 30, 60};

void addChoice(Card* card, const QString& label, QComboBox* box)
{
    auto* field = new FieldBox(label, box, card);
    box->setMaximumWidth(320);
    card->body()->addWidget(field);
}
} // namespace

SettingsPage::SettingsPage(Session& session, QWidget* parent) : Page(session, tr("Settings"), parent)
{
    addLooks();
    addBackup();
    addPassword();
    addAbout();
}

void SettingsPage::addLooks()
{
    auto* card = new Card(tr("Window"), this);
    Preferences& preferences = session().preferences();
    auto* theme = new ChoiceField(card);
    theme->addItems({tr("As the system"), tr("Light"), tr("Dark")});
    theme->setCurrentIndex(int(preferences.theme()));
    theme->setObjectName("theme");
    auto* unit = new ChoiceField(card);
    unit->addItems({QStringLiteral("BTC"), tr("sat (0.00000001 BTC)")});
    unit->setCurrentIndex(int(preferences.unit()));
    unit->setObjectName("unit");
    auto* language = new ChoiceField(card);
    language->addItem(tr("As the system"), QString());
    language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    language->setCurrentIndex(language->findData(preferences.language()));
    auto* lock = new ChoiceField(card);
    for (const int minutes : kMinutes) {
        lock->addItem(minutes == 0 ? tr("Never") : tr("After %n minute(s)", nullptr, minutes), minutes);
    }
    lock->setCurrentIndex(std::max(0, lock->findData(preferences.autoLockMinutes())));
    auto* hide = makeCheck(tr("&Hide amounts"), card);
    hide->setChecked(preferences.hidesAmounts());
    addChoice(card, tr("&Theme"), theme);
    addChoice(card, tr("&Unit of amounts"), unit);
    addChoice(card, tr("Lan&guage (from the next start)"), language);
    addChoice(card, tr("&Lock without use"), lock);
    card->body()->addWidget(hide);
    column()->addWidget(card);
    connect(theme, &QComboBox::activated, this,
            [&preferences](int i) { preferences.setTheme(Theme::Mode(i)); });
    connect(unit, &QComboBox::activated, this, [&preferences](int i) { preferences.setUnit(Unit(i)); });
    connect(lock, &QComboBox::activated, this,
            [&preferences](int i) { preferences.setAutoLockMinutes(kMinutes[i]); });
    connect(language, &QComboBox::activated, this,
            [&preferences, language] { preferences.setLanguage(language->currentData().toString()); });
    connect(hide, &QCheckBox::toggled, this, [&preferences](bool on) { preferences.setHidesAmounts(on); });
    connect(&preferences, &Preferences::changed, this, [&preferences, theme, hide] {
        theme->setCurrentIndex(int(preferences.theme()));
        hide->setChecked(preferences.hidesAmounts());
    });
}

void SettingsPage::addBackup()
{
    m_backup = new Card(tr("Confirm the words"), this);
    m_backup->body()->addWidget(
        makeHint(tr("Type all words from your paper. They are compared and forgotten."), m_backup));
    m_backupBanner = new Banner(m_backup);
    m_words = new QPlainTextEdit(m_backup);
    m_words->setObjectName("backupWords");
    m_words->setTabChangesFocus(true);
    m_words->setUndoRedoEnabled(false);
    m_words->setContextMenuPolicy(Qt::NoContextMenu);
    m_words->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_words->setFixedHeight(m_words->fontMetrics().height() * 3 + 26);
    m_wordsBox = new FieldBox(tr("&Words, with spaces between"), m_words, m_backup);
    m_confirm = makePrimary(tr("&Confirm words"), m_backup);
    m_backup->body()->addWidget(m_backupBanner);
    m_backup->body()->addWidget(m_wordsBox);
    m_backup->body()->addWidget(m_confirm, 0, Qt::AlignRight);
    connect(m_confirm, &QPushButton::clicked, this, &SettingsPage::confirmBackup);
    column()->addWidget(m_backup);
    m_backup->hide();
}

void SettingsPage::addPassword()
{
    auto* card = new Card(tr("Change password"), this);
    m_passwordBanner = new Banner(card);
    m_before = new PasswordField(card);
    m_after = new PasswordField(card);
    m_again = new PasswordField(card);
    m_before->setObjectName("oldPassword");
    m_after->setObjectName("changedPassword");
    m_again->setObjectName("changedAgain");
    m_afterBox = new FieldBox(tr("&New password"), m_after, card);
    m_againBox = new FieldBox(tr("New password &again"), m_again, card);
    m_change = makeButton(tr("Change &password"), card);
    m_change->setObjectName("changePassword");
    card->body()->addWidget(m_passwordBanner);
    card->body()->addWidget(new FieldBox(tr("&Old password"), m_before, card));
    card->body()->addWidget(m_afterBox);
    card->body()->addWidget(m_againBox);
    card->body()->addWidget(m_change, 0, Qt::AlignRight);
    connect(m_change, &QPushButton::clicked, this, &SettingsPage::changePassword);
    column()->addWidget(card);
}

void SettingsPage::addAbout()
{
    auto* card = new Card(tr("About"), this);
    card->body()->addWidget(makeLabel(QStringLiteral("Bowline " BOWLINE_VERSION), TextRole::Strong, card));
    card->body()->addWidget(
        makeHint(tr("A wallet and light client for Bitcoin and a layer 2 on it. The chain is checked on this "
                    "computer. The state of the layer 2 is checked against its root; the root itself is not "
                    "proven yet, and the bridge runs on test networks only."),
                 card));
    card->body()->addWidget(
        makeHint(tr("Free software under the MIT licence. Made with Qt (LGPL), libsecp256k1, OpenSSL, "
                    "SQLite, Boost and libqrencode."),
                 card));
    column()->addWidget(card);
}

void SettingsPage::open(const QString& reference)
{
    if (reference != "backup") return;
    m_backup->setVisible(!snapshot().wallet.backupConfirmed);
    m_words->setFocus();
    ensureWidgetVisible(m_backup);
}

void SettingsPage::confirmBackup()
{
    QString text = m_words->toPlainText();
    QString simple = text.simplified().toLower();
    wipe(text);
    m_words->clear();
    base::SecureBytes words = toSecret(simple);
    wipe(simple);
    m_confirm->setEnabled(false);
    session().services().wallets().confirmBackup(
        std::move(words), session().deliver<base::Unit>(this, [this](const base::Result<base::Unit>& result) {
            m_confirm->setEnabled(true);
            if (!result.ok()) return m_backupBanner->showError(result.error());
            m_backupBanner->showMessage(Tone::Success, tr("The words are right. Keep the paper safe."));
        }));
}

void SettingsPage::changePassword()
{
    m_afterBox->setError(m_after->text().size() < kLeastPassword
                             ? tr("At least %n character(s).", nullptr, kLeastPassword)
                             : QString());
    m_againBox->setError(m_after->text() != m_again->text() ? tr("The two passwords differ.") : QString());
    if (!m_afterBox->error().isEmpty() || !m_againBox->error().isEmpty()) return;
    m_change->setEnabled(false);
    m_again->clear();
    m_passwordBanner->showMessage(Tone::Neutral, tr("Changing the password…"));
    base::SecureBytes before = m_before->takeSecret();
    session().services().wallets().changePassword(
        std::move(before), m_after->takeSecret(),
        session().deliver<base::Unit>(this, [this](const base::Result<base::Unit>& result) {
            m_change->setEnabled(true);
            if (!result.ok()) return m_passwordBanner->showError(result.error());
            m_passwordBanner->showMessage(Tone::Success, tr("The password was changed."));
        }));
}

void SettingsPage::refresh()
{
    if (session().hasWallet() && snapshot().wallet.backupConfirmed && m_words->toPlainText().isEmpty() &&
        !m_backupBanner->isVisible()) {
        m_backup->hide();
    } else if (session().hasWallet() && !snapshot().wallet.backupConfirmed) {
        m_backup->show();
    }
}

} // namespace bowline::ui
