// SPDX-License-Identifier: MIT
#include "ui/pages/welcome/create_flow.h"

#include "ui/design/theme.h"

#include <QHBoxLayout>
#include <QHideEvent>
#include <QPainter>
#include <QRandomGenerator>

#include <algorithm>

namespace bowline::ui {

namespace {
constexpr int kWordCount = 12;
constexpr int kQuestions = 3;
constexpr int kColumns = 3;
constexpr int kRowHeight = 40;
constexpr int kLeastPassword = 8;

/// Without copy, cut, drag or menu: what is typed here are words of the seed.
QLineEdit* makeWordField(QWidget* parent)
{
    auto* edit = new QLineEdit(parent);
    edit->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    edit->setContextMenuPolicy(Qt::NoContextMenu);
    edit->setMaxLength(32);
    return edit;
}
} // namespace

std::string_view wordAt(const base::SecureBytes& words, int index)
{
    std::string_view rest(reinterpret_cast<const char*>(words.data()), words.size());
    for (; index > 0; --index) {
        const auto space = rest.find(' ');
        if (space == std::string_view::npos) return {};
        rest.remove_prefix(space + 1);
    }
    return rest.substr(0, rest.find(' '));
}

int countWords(const base::SecureBytes& words)
{
    return words.empty() ? 0 : 1 + int(std::count(words.begin(), words.end(), std::uint8_t(' ')));
}

WordsView::WordsView(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("The words of the new wallet"));
}

void WordsView::setWords(const base::SecureBytes& words)
{
    m_words = words;
    m_count = countWords(words);
    QStringList spoken;
    for (int i = 0; i < m_count; ++i) {
        const std::string_view word = wordAt(m_words, i);
        spoken.append(
            QString("%1. %2").arg(i + 1).arg(QString::fromUtf8(word.data(), qsizetype(word.size()))));
    }
    setAccessibleDescription(spoken.join(", "));
    updateGeometry();
    update();
}

void WordsView::wipe()
{
    m_words.clear();
    m_words.shrink_to_fit();
    m_count = 0;
    setAccessibleDescription({});
    update();
}

QSize WordsView::sizeHint() const { return {420, (kWordCount + kColumns - 1) / kColumns * kRowHeight + 8}; }

void WordsView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette& p = Theme::current().palette();
    const int rows = (m_count + kColumns - 1) / kColumns;
    const qreal cellWidth = (width() - 8.0) / kColumns;
    for (int i = 0; i < m_count; ++i) {
        // Down the columns, as people write a list.
        const QRectF cell(8 + i / rows * cellWidth, 8 + i % rows * kRowHeight, cellWidth - 8, kRowHeight - 8);
        painter.setPen(QPen(p.border, 1));
        painter.setBrush(p.window);
        painter.drawRoundedRect(cell, radius::kControl, radius::kControl);
        painter.setPen(p.textMuted);
        painter.setFont(fontFor(TextRole::Caption));
        painter.drawText(cell.adjusted(10, 0, 0, 0), Qt::AlignVCenter, QString::number(i + 1));
        painter.setPen(p.text);
        painter.setFont(fontFor(TextRole::Strong));
        const std::string_view word = wordAt(m_words, i);
        painter.drawText(cell.adjusted(38, 0, 0, 0), Qt::AlignVCenter,
                         QString::fromUtf8(word.data(), qsizetype(word.size())));
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(p.focus, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::kControl, radius::kControl);
    }
}

NewWalletForm::NewWalletForm(QWidget* parent)
    : QWidget(parent), m_name(new QLineEdit(this)), m_password(new PasswordField(this)),
      m_again(new PasswordField(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    m_name->setObjectName("walletName");
    m_password->setObjectName("newPassword");
    m_again->setObjectName("repeatPassword");
    m_name->setMaxLength(64);
    m_nameBox = new FieldBox(tr("&Name of the wallet"), m_name, this);
    m_passwordBox = new FieldBox(tr("&Password"), m_password, this);
    m_againBox = new FieldBox(tr("Password &again"), m_again, this);
    m_passwordBox->setHint(
        tr("Encrypts the file on this computer. The words restore the wallet without it."));
    for (FieldBox* box : {m_nameBox, m_passwordBox, m_againBox}) layout->addWidget(box);
}

bool NewWalletForm::check()
{
    m_nameBox->setError(name().isEmpty() ? tr("Give the wallet a name.") : QString());
    m_passwordBox->setError(m_password->text().size() < kLeastPassword
                                ? tr("At least %n character(s).", nullptr, kLeastPassword)
                                : QString());
    m_againBox->setError(m_password->text() != m_again->text() ? tr("The two passwords differ.") : QString());
    return m_nameBox->error().isEmpty() && m_passwordBox->error().isEmpty() && m_againBox->error().isEmpty();
}

QString NewWalletForm::name() const { return m_name->text().trimmed(); }

base::SecureBytes NewWalletForm::takePassword()
{
    m_again->clear();
    return m_password->takeSecret();
}

void NewWalletForm::reset()
{
    m_name->clear();
    m_password->clear();
    m_again->clear();
    for (FieldBox* box : {m_nameBox, m_passwordBox, m_againBox}) box->setError({});
    m_name->setFocus();
}

CreateFlow::CreateFlow(Session& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kNormal);
    m_header = new FlowHeader({tr("Name"), tr("Words"), tr("Check")}, this);
    m_banner = new Banner(this);
    m_steps = new QStackedWidget(this);
    m_steps->addWidget(makeNameStep());
    m_steps->addWidget(makeWordsStep());
    m_steps->addWidget(makeCheckStep());
    layout->addWidget(m_header);
    layout->addWidget(m_banner);
    layout->addWidget(m_steps);
}

CreateFlow::~CreateFlow() { wipe(); }

QWidget* CreateFlow::makeNameStep()
{
    auto* step = new QWidget(this);
    auto* layout = new QVBoxLayout(step);
    layout->setContentsMargins(0, 0, 0, 0);
    m_form = new NewWalletForm(step);
    layout->addWidget(m_form);
    m_next = makePrimary(tr("&Continue"), step);
    m_next->setObjectName("createContinue");
    connect(m_next, &QPushButton::clicked, this, &CreateFlow::askWords);
    layout->addWidget(m_next, 0, Qt::AlignRight);
    layout->addStretch();
    return step;
}

QWidget* CreateFlow::makeWordsStep()
{
    auto* step = new QWidget(this);
    auto* layout = new QVBoxLayout(step);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(
        makeHint(tr("Write these words on paper, in this order. Whoever has them has the money; without "
                    "them nobody can bring it back. They cannot be copied, and are not shown again."),
                 step));
    m_wordsView = new WordsView(step);
    m_wordsView->setObjectName("words");
    layout->addWidget(m_wordsView);
    QPushButton* written = makePrimary(tr("I have &written them down"), step);
    written->setObjectName("wordsWritten");
    connect(written, &QPushButton::clicked, this, &CreateFlow::chooseQuestions);
    layout->addWidget(written, 0, Qt::AlignRight);
    layout->addStretch();
    return step;
}

QWidget* CreateFlow::makeCheckStep()
{
    auto* step = new QWidget(this);
    auto* layout = new QVBoxLayout(step);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(makeHint(tr("Read these words from your paper."), step));
    for (int i = 0; i < kQuestions; ++i) {
        m_answers.push_back(makeWordField(step));
        m_answers.back()->setObjectName(QString("answer%1").arg(i));
        auto* box = new FieldBox(QString(), m_answers.back(), step);
        m_boxes.push_back(box);
        layout->addWidget(box);
    }
    m_create = makePrimary(tr("Create &wallet"), step);
    m_create->setObjectName("createWallet");
    connect(m_create, &QPushButton::clicked, this, &CreateFlow::checkAnswers);
    layout->addWidget(m_create, 0, Qt::AlignRight);
    layout->addStretch();
    return step;
}

void CreateFlow::start()
{
    wipe();
    m_banner->clear();
    showStep(0);
    m_form->reset();
}

void CreateFlow::showStep(int step)
{
    m_steps->setCurrentIndex(step);
    m_header->setCurrent(step);
}

bool CreateFlow::goBack()
{
    if (!m_create->isEnabled()) return true;
    const int step = m_steps->currentIndex();
    if (step == 0) return false;
    m_banner->clear();
    if (step == 1)
        start();
    else
        showStep(1);
    return true;
}

void CreateFlow::askWords()
{
    if (!m_form->check()) return;
    m_password = m_form->takePassword();
    m_next->setEnabled(false);
    m_session.services().wallets().generateWords(
        kWordCount, m_session.deliver<base::SecureBytes>(this, [this](base::Result<base::SecureBytes> words) {
            takeWords(std::move(words));
        }));
}

void CreateFlow::takeWords(base::Result<base::SecureBytes> words)
{
    m_next->setEnabled(true);
    if (!words.ok()) return m_banner->showError(words.error());
    m_banner->clear();
    m_words = std::move(*words);
    m_wordsView->setWords(m_words);
    showStep(1);
    m_wordsView->setFocus();
}

void CreateFlow::chooseQuestions()
{
    m_questions.clear();
    while (m_questions.size() < kQuestions) {
        const int index = int(QRandomGenerator::system()->bounded(countWords(m_words)));
        if (std::find(m_questions.begin(), m_questions.end(), index) == m_questions.end())
            m_questions.push_back(index);
    }
    std::sort(m_questions.begin(), m_questions.end());
    for (std::size_t i = 0; i < m_questions.size(); ++i) {
        m_answers[i]->clear();
        m_answers[i]->setProperty("wordIndex", m_questions[i]);
        m_boxes[i]->setLabel(tr("Word %1").arg(m_questions[i] + 1));
        m_boxes[i]->setError({});
    }
    showStep(2);
    m_answers.front()->setFocus();
}

void CreateFlow::checkAnswers()
{
    QLineEdit* wrong = nullptr;
    for (std::size_t i = 0; i < m_questions.size(); ++i) {
        const std::string answer = m_answers[i]->text().trimmed().toLower().toStdString();
        const bool right = wordAt(m_words, m_questions[i]) == answer;
        m_boxes[i]->setError(right ? QString()
                                   : tr("This is not word %1. Look at your paper.").arg(m_questions[i] + 1));
        if (!right && wrong == nullptr) wrong = m_answers[i];
    }
    if (wrong != nullptr) return wrong->setFocus();
    create();
}

void CreateFlow::create()
{
    m_create->setEnabled(false);
    m_banner->showMessage(Tone::Neutral, tr("Making the wallet…"),
                          tr("Encrypting takes about a second, on purpose."));
    m_session.services().wallets().create(
        m_form->name().toStdString(), m_words, {}, m_password,
        m_session.deliverOpening(
            this, [this](const base::Result<services::WalletInfo>& result) { created(result); }));
}

void CreateFlow::created(const base::Result<services::WalletInfo>& result)
{
    m_create->setEnabled(true);
    if (!result.ok()) return m_banner->showError(result.error());
    // The user has just shown that the words are on paper.
    m_session.services().wallets().confirmBackup(m_words, [](const base::Result<base::Unit>&) {});
    wipe();
    m_banner->clear();
    emit opened(fromStd(result->name));
}

void CreateFlow::wipe()
{
    for (base::SecureBytes* secret : {&m_words, &m_password}) {
        secret->clear();
        secret->shrink_to_fit();
    }
    m_wordsView->wipe();
    for (QLineEdit* answer : m_answers) answer->clear();
}

void CreateFlow::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (!event->spontaneous()) wipe();
}

} // namespace bowline::ui
