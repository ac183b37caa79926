// SPDX-License-Identifier: MIT
#include "ui/pages/layer2/layer_two_page.h"

#include "ui/design/code_texts.h"

#include <QDateTime>
#include <QHBoxLayout>

namespace bowline::ui {

namespace {
constexpr int kShownBatches = 8;

/// Whether two pictures of one batch say the same.
bool sameVerdict(const services::Verdict& a, const services::Verdict& b)
{
    return a.kind == b.kind && a.reason == b.reason && a.finality == b.finality;
}

/// The line, how Bitcoin says that the batch counts, and whether it is proven.
QString withFinality(QString line, const services::BatchView& batch)
{
    for (const QString& word : {sealText(batch.seal), levelText(batch)}) {
        if (!word.isEmpty()) line += QStringLiteral(" · ") + word;
    }
    return line;
}

std::optional<base::Amount> amountOf(const std::string& code, const std::string& value)
{
    if (code != "balance" && code != "staked") return std::nullopt;
    const auto parsed = parseAmount(fromStd(value), Unit::Sat);
    return parsed.ok() ? std::optional(*parsed) : std::nullopt;
}
} // namespace

LayerTwoPage::LayerTwoPage(Session& session, QWidget* parent) : Page(session, tr("Layer 2"), parent)
{
    addHead();
    addAccount();
    addBatches();
}

void LayerTwoPage::addHead()
{
    m_head = new Card(tr("Head"), this);
    m_headVerdict = new VerdictBadge(m_head);
    m_head->addTrailing(m_headVerdict);
    m_headNumber = makeLabel({}, TextRole::Title, m_head);
    m_headText = makeHint({}, m_head);
    m_provenText = makeHint({}, m_head);
    m_provenText->setObjectName("provenUpTo");
    m_headProof = new ProofPanel(m_head);
    m_headProof->hide();
    m_head->body()->addWidget(m_headNumber);
    m_head->body()->addWidget(m_headText);
    m_head->body()->addWidget(m_provenText);
    m_head->body()->addWidget(m_headProof);
    connect(m_headVerdict, &VerdictBadge::proofToggled, m_headProof, &QWidget::setVisible);
    column()->addWidget(m_head);
}

void LayerTwoPage::addAccount()
{
    auto* card = new Card(tr("Account"), this);
    auto* row = new QHBoxLayout;
    m_key = new QLineEdit(card);
    m_key->setObjectName("accountKey");
    m_key->setMaxLength(120);
    m_key->setPlaceholderText(tr("Empty: your own account"));
    m_keyBox = new FieldBox(tr("&Key or layer-2 address"), m_key, card);
    m_ask = makeButton(tr("&Look up"), card);
    m_ask->setObjectName("accountAsk");
    row->addWidget(m_keyBox, 1);
    row->addWidget(m_ask, 0, Qt::AlignBottom);
    m_banner = new Banner(card);
    m_answer = new QWidget(card);
    auto* answer = new QVBoxLayout(m_answer);
    answer->setContentsMargins(0, 0, 0, 0);
    answer->setSpacing(space::kMedium);
    m_verdict = new VerdictBadge(m_answer);
    m_verdict->setObjectName("accountVerdict");
    m_fields = new Facts(m_answer);
    m_proof = new ProofPanel(m_answer);
    m_proof->hide();
    answer->addWidget(m_verdict, 0, Qt::AlignLeft);
    answer->addWidget(m_fields);
    answer->addWidget(m_proof);
    m_answer->hide();
    card->body()->addLayout(row);
    card->body()->addWidget(m_banner);
    card->body()->addWidget(m_answer);
    column()->addWidget(card);
    connect(m_ask, &QPushButton::clicked, this, &LayerTwoPage::ask);
    connect(m_key, &QLineEdit::returnPressed, this, &LayerTwoPage::ask);
    connect(m_verdict, &VerdictBadge::proofToggled, m_proof, &QWidget::setVisible);
}

void LayerTwoPage::addBatches()
{
    auto* card = new Card(tr("Batches"), this);
    m_model = new BatchesModel(this);
    m_table = new RowsTable(tr("Batches"), m_model, card);
    m_table->setObjectName("batchTable");
    m_table->setStretchColumn(BatchesModel::Trust);
    m_table->fitRows(kShownBatches);
    m_empty = new EmptyState(Glyph::Layers, tr("No batch was verified yet."), {}, card);
    card->body()->addWidget(m_table);
    card->body()->addWidget(m_empty);
    m_batch = new QWidget(card);
    auto* detail = new QVBoxLayout(m_batch);
    detail->setContentsMargins(0, 0, 0, 0);
    detail->setSpacing(space::kMedium);
    auto* head = new QHBoxLayout;
    m_batchTitle = makeLabel({}, TextRole::Strong, m_batch);
    m_batchVerdict = new VerdictBadge(m_batch);
    m_batchVerdict->setObjectName("batchVerdict");
    head->addWidget(m_batchTitle, 1);
    head->addWidget(m_batchVerdict);
    m_batchProof = new ProofPanel(m_batch);
    m_batchProof->setObjectName("batchProof");
    m_batchProof->hide();
    detail->addLayout(head);
    detail->addWidget(m_batchProof);
    m_batch->hide();
    card->body()->addWidget(m_batch);
    column()->addWidget(card);
    connect(m_table, &RowsTable::keySelected, this, &LayerTwoPage::selectBatch);
    connect(m_batchVerdict, &VerdictBadge::proofToggled, m_batchProof, &QWidget::setVisible);
}

void LayerTwoPage::selectBatch(const QString& hash)
{
    m_selected = hash.toStdString();
    m_batchVerdict->closeProof();
    showBatch();
}

/// The batch of the selected row, for as long as it is among the last ones.
void LayerTwoPage::showBatch()
{
    const int row = m_selected.empty() ? -1 : m_model->rowOf(m_selected);
    m_batch->setVisible(row >= 0);
    if (row < 0) return;
    const services::BatchView& batch = m_model->at(row);
    m_batchTitle->setText(withFinality(tr("Batch %1").arg(countText(batch.number)), batch));
    m_batchVerdict->setVerdict(batch.verdict);
    m_batchVerdict->setProofAvailable(!batch.headerHex.empty());
    if (m_shownBatch && m_shownBatch->hash == batch.hash && sameVerdict(m_shownBatch->verdict, batch.verdict))
        return;
    m_shownBatch = batch;
    m_batchProof->setBatch(batch);
}

void LayerTwoPage::ask()
{
    if (!m_ask->isEnabled()) return;
    const QString typed = m_key->text().trimmed();
    const std::string key = typed.isEmpty() ? snapshot().wallet.layerTwoAddress : typed.toStdString();
    m_ask->setEnabled(false);
    session().services().layerTwo().account(
        key, session().deliver<services::ProvenValue>(
                 this, [this](const base::Result<services::ProvenValue>& result) { takeAccount(result); }));
}

void LayerTwoPage::takeAccount(const base::Result<services::ProvenValue>& result)
{
    m_ask->setEnabled(true);
    m_answer->setVisible(result.ok());
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_verdict->closeProof();
    m_verdict->setVerdict(result->verdict);
    m_verdict->setProofAvailable(!result->proofHex.empty());
    m_proof->setValue(*result);
    m_fields->clear();
    for (const auto& [code, value] : result->fields) {
        const QString name = fieldText(code);
        if (const auto amount = amountOf(code, value)) {
            m_fields->addAmount(name, *amount, code == "balance");
        } else if (value.size() >= 64) {
            auto* id = new IdLabel(tr("Copy %1").arg(name), m_fields);
            id->setId(fromStd(value));
            m_fields->addWidget(name, id);
        } else {
            m_fields->addText(name, fieldText(value));
        }
    }
}

void LayerTwoPage::refresh()
{
    const auto& batches = snapshot().batches;
    m_model->setRows(batches);
    m_table->setVisible(!batches.empty());
    m_empty->setVisible(batches.empty());
    showBatch();
    m_headVerdict->setVisible(!batches.empty());
    const auto& proven = snapshot().sync.layerTwoProven;
    m_provenText->setText(
        proven ? tr("Proven up to batch %1, checked on this computer").arg(countText(proven->batch))
               : tr("No batch is proven yet"));
    if (batches.empty()) {
        m_headNumber->setText(tr("No batch yet"));
        m_headText->setText(snapshot().sync.layerTwoReachable ? QString()
                                                              : tr("The layer-2 node does not answer."));
        return;
    }
    const services::BatchView& head = batches.front();
    m_headNumber->setText(tr("Batch %1").arg(countText(head.number)));
    const QString age = ageText(QDateTime::currentSecsSinceEpoch() - head.time);
    m_headText->setText(
        withFinality(tr("Made %1, on Bitcoin block %2").arg(age, countText(head.bitcoinHeight)), head));
    m_headVerdict->setVerdict(head.verdict);
    m_headVerdict->setProofAvailable(!head.headerHex.empty());
    if (m_shownHead && m_shownHead->hash == head.hash && sameVerdict(m_shownHead->verdict, head.verdict))
        return;
    m_shownHead = head;
    m_headProof->setBatch(head);
}

} // namespace bowline::ui
