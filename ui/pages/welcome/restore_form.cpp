// SPDX-License-Identifier: MIT
#include "ui/pages/welcome/restore_form.h"

#include <QComboBox>
#include <QDateTime>
#include <QPlainTextEdit>

namespace bowline::ui {

RestoreForm::RestoreForm(Session& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    m_banner = new Banner(this);
    m_words = new QPlainTextEdit(this);
    m_words->setObjectName("restoreWords");
    m_words->setTabChangesFocus(true);
    m_words->setUndoRedoEnabled(false);
    m_words->setContextMenuPolicy(Qt::NoContextMenu);
    m_words->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_words->setFixedHeight(m_words->fontMetrics().height() * 3 + 26);
    m_wordsBox = new FieldBox(tr("&Words, with spaces between"), m_words, this);
    m_passphrase = new PasswordField(this);
    auto* passphraseBox = new FieldBox(tr("Passphrase &of the words"), m_passphrase, this);
    passphraseBox->setHint(tr("Only if you chose one when the wallet was made. Most wallets have none."));
    m_age = new ChoiceField(this);
    m_age->addItem(tr("I do not know: scan everything"), 0);
    m_age->addItem(tr("In the last month"), 31);
    m_age->addItem(tr("In the last year"), 366);
    m_age->addItem(tr("In the last three years"), 3 * 366);
    auto* ageBox = new FieldBox(tr("When was the wallet &made?"), m_age, this);
    m_form = new NewWalletForm(this);
    m_restore = makePrimary(tr("&Restore wallet"), this);
    m_restore->setObjectName("restoreWallet");
    connect(m_restore, &QPushButton::clicked, this, &RestoreForm::restore);
    for (QWidget* widget : {static_cast<QWidget*>(m_banner), static_cast<QWidget*>(m_wordsBox),
                            static_cast<QWidget*>(passphraseBox), static_cast<QWidget*>(ageBox),
                            static_cast<QWidget*>(m_form)}) {
        layout->addWidget(widget);
    }
    layout->addWidget(m_restore, 0, Qt::AlignRight);
}

void RestoreForm::start()
{
    m_banner->clear();
    m_words->clear();
    m_passphrase->clear();
    m_form->reset();
    m_words->setFocus();
}

bool RestoreForm::goBack() const { return !m_restore->isEnabled(); }

base::SecureBytes RestoreForm::takeWords()
{
    QString text = m_words->toPlainText();
    QString simple = text.simplified().toLower();
    wipe(text);
    base::SecureBytes out = toSecret(simple);
    wipe(simple);
    return out;
}

void RestoreForm::restore()
{
    base::SecureBytes words = takeWords();
    const int count = countWords(words);
    const bool plausible = count >= 12 && count <= 24 && count % 3 == 0;
    m_wordsBox->setError(plausible ? QString()
                                   : tr("There are 12, 15, 18, 21 or 24 words; these are %1.").arg(count));
    if (!m_form->check() || !plausible) return;
    const int days = m_age->currentData().toInt();
    const services::UnixTime birthday = days == 0 ? 0 : QDateTime::currentSecsSinceEpoch() - days * 86400LL;
    m_restore->setEnabled(false);
    m_banner->showMessage(Tone::Neutral, tr("Restoring the wallet…"),
                          tr("Encrypting takes about a second, on purpose."));
    const QString name = m_form->name();
    m_session.services().wallets().restore(
        name.toStdString(), std::move(words), m_passphrase->takeSecret(), m_form->takePassword(), birthday,
        m_session.deliverOpening(this, [this](const base::Result<services::WalletInfo>& result) {
            m_restore->setEnabled(true);
            if (!result.ok()) return m_banner->showError(result.error());
            m_words->clear();
            m_banner->clear();
            emit opened(fromStd(result->name));
        }));
}

} // namespace bowline::ui
