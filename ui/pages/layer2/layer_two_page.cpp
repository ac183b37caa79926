// SPDX-License-Identifier: MIT
#include "ui/pages/layer2/layer_two_page.h"

#include "ui/design/code_texts.h"
#include "ui/design/explorer_texts.h"
#include "ui/pages/layer2/lists_card.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QScrollBar>

namespace bowline::ui {

using services::BatchView;

namespace {
constexpr int kShownBatches = 8;
constexpr std::size_t kPage = 20;

/// Whether two pictures of one batch say the same.
bool sameVerdict(const services::Verdict& a, const services::Verdict& b)
{
    return a.kind == b.kind && a.reason == b.reason && a.finality == b.finality;
}

/// The line, how Bitcoin says that the batch counts, and whether it is proven.
QString withFinality(QString line, const BatchView& batch)
{
    for (const QString& word : {sealText(batch.seal), levelText(batch)}) {
        if (!word.isEmpty()) line += QStringLiteral(" · ") + word;
    }
    return line;
}

void setFinality(Badge* badge, const BatchView& batch)
{
    badge->set(finalityLevelTone(batch.finality), finalityLevelText(batch));
    badge->setToolTip(finalityLevelMeaning(batch.finality));
    badge->setAccessibleDescription(badge->toolTip());
}
} // namespace

LayerTwoPage::LayerTwoPage(Session& session, QWidget* parent) : Page(session, tr("L2 state"), parent)
{
    addSearch();
    addHead();
    addBatches();
    auto* lists = new ListsCard(session, this);
    column()->addWidget(lists);
    connect(lists, &ListsCard::queryRequested, this, &LayerTwoPage::open);
}

void LayerTwoPage::addSearch()
{
    auto* card = new Card(tr("Look up"), this);
    m_query = new QLineEdit(card);
    m_query->setObjectName("explorerQuery");
    m_query->setMaxLength(160);
    m_query->setPlaceholderText(tr("Empty: your own account"));
    auto* box = new FieldBox(tr("Batch, transaction, account, deposit or withdrawal"), m_query, card);
    box->setHint(
        tr("A batch's number or hash, a transaction's hash, a key or layer-2 address, txid:output of a "
           "vault, the number of a withdrawal."));
    m_find = makePrimary(tr("&Look up"), card);
    m_find->setObjectName("explorerFind");
    m_openFile = makeButton(tr("&Open file…"), card);
    m_openFile->setObjectName("openProof");
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_find);
    buttons->addWidget(m_openFile);
    buttons->addStretch();
    m_banner = new Banner(card);
    card->body()->addWidget(box);
    card->body()->addLayout(buttons);
    card->body()->addWidget(m_banner);
    column()->addWidget(card);
    m_found = new FoundCard(session(), this);
    m_found->hide();
    m_file = new FileCard(this);
    m_file->hide();
    column()->addWidget(m_file);
    column()->addWidget(m_found);
    connect(m_find, &QPushButton::clicked, this, &LayerTwoPage::find);
    connect(m_query, &QLineEdit::returnPressed, this, &LayerTwoPage::find);
    connect(m_openFile, &QPushButton::clicked, this, &LayerTwoPage::chooseFile);
    connect(m_found, &FoundCard::queryRequested, this, &LayerTwoPage::open);
    connect(m_file, &FileCard::closed, this, [this] {
        m_file->hide();
        m_openFile->setFocus();
    });
}

void LayerTwoPage::addHead()
{
    m_head = new Card(tr("Head"), this);
    m_headFinality = new Badge(m_head);
    m_headVerdict = new VerdictBadge(m_head);
    m_head->addTrailing(m_headFinality);
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

void LayerTwoPage::addBatches()
{
    auto* card = new Card(tr("Batches"), this);
    m_model = new BatchesModel(this);
    m_table = new RowsTable(tr("Batches"), m_model, card);
    m_table->setObjectName("batchTable");
    m_table->setStretchColumn(BatchesModel::Trust);
    m_table->fitRows(kShownBatches);
    m_empty = new EmptyState(Glyph::Layers, tr("No batch was verified yet."), {}, card);
    m_newer = makeQuiet(tr("Newest"), card);
    m_newer->setObjectName("newerBatches");
    m_older = makeQuiet(tr("Older"), card);
    m_older->setObjectName("olderBatches");
    auto* pages = new QHBoxLayout;
    pages->addWidget(m_newer);
    pages->addWidget(m_older);
    pages->addStretch();
    card->body()->addWidget(m_table);
    card->body()->addWidget(m_empty);
    card->body()->addLayout(pages);
    m_batch = new QWidget(card);
    auto* detail = new QVBoxLayout(m_batch);
    detail->setContentsMargins(0, 0, 0, 0);
    detail->setSpacing(space::kMedium);
    auto* head = new QHBoxLayout;
    m_batchTitle = makeLabel({}, TextRole::Strong, m_batch);
    m_batchTitle->setWordWrap(true);
    m_batchVerdict = new VerdictBadge(m_batch);
    m_batchVerdict->setObjectName("batchVerdict");
    m_batchOpen = makeButton(tr("Show &transactions"), m_batch);
    m_batchOpen->setObjectName("batchOpen");
    head->addWidget(m_batchTitle, 1);
    head->addWidget(m_batchVerdict);
    m_batchProof = new ProofPanel(m_batch);
    m_batchProof->setObjectName("batchProof");
    m_batchProof->hide();
    detail->addLayout(head);
    detail->addWidget(m_batchOpen, 0, Qt::AlignLeft);
    detail->addWidget(m_batchProof);
    m_batch->hide();
    card->body()->addWidget(m_batch);
    column()->addWidget(card);
    connect(m_table, &RowsTable::keySelected, this, &LayerTwoPage::selectBatch);
    connect(m_table, &RowsTable::activated, m_batchOpen, &QPushButton::click);
    connect(m_batchVerdict, &VerdictBadge::proofToggled, m_batchProof, &QWidget::setVisible);
    connect(m_batchOpen, &QPushButton::clicked, this, [this] {
        if (m_shownBatch) open(QStringLiteral("batch:%1").arg(m_shownBatch->number));
    });
    connect(m_newer, &QPushButton::clicked, this, [this] { turnPage(false); });
    connect(m_older, &QPushButton::clicked, this, [this] { turnPage(true); });
}

// ---- looking up ----

void LayerTwoPage::open(const QString& reference)
{
    if (reference.isEmpty()) return;
    m_query->setText(reference);
    find();
}

void LayerTwoPage::find()
{
    if (!m_find->isEnabled()) return;
    const QString typed = m_query->text().trimmed();
    const std::string query =
        typed.isEmpty() ? "account:" + snapshot().wallet.layerTwoAddress : typed.toStdString();
    m_find->setEnabled(false);
    session().services().explorer().find(
        query, session().deliver<services::FoundView>(
                   this, [this](const base::Result<services::FoundView>& result) { takeFound(result); }));
}

void LayerTwoPage::takeFound(const base::Result<services::FoundView>& result)
{
    m_find->setEnabled(true);
    m_found->setVisible(result.ok());
    if (!result.ok()) return m_banner->showError(result.error());
    m_banner->clear();
    m_found->setFound(*result);
    verticalScrollBar()->setValue(0);
    announce(m_found, foundKindText(result->kind) + ' ' + verdictText(result->verdict));
}

void LayerTwoPage::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Open file"), QDir::homePath());
    dialog->setObjectName("openDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Proof files (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &LayerTwoPage::checkFile);
    dialog->open();
}

void LayerTwoPage::checkFile(const QString& path)
{
    m_openFile->setEnabled(false);
    session().services().explorer().checkFile(
        path.toStdString(), session().deliver<services::FileReport>(
                                this, [this, path](const base::Result<services::FileReport>& report) {
                                    m_openFile->setEnabled(true);
                                    m_file->setVisible(report.ok());
                                    if (!report.ok()) return m_banner->showError(report.error());
                                    m_banner->clear();
                                    m_file->setReport(path, *report);
                                    verticalScrollBar()->setValue(0);
                                }));
}

// ---- batches ----

void LayerTwoPage::selectBatch(const QString& hash)
{
    m_selected = hash.toStdString();
    m_batchVerdict->closeProof();
    showBatch();
}

/// The batch of the selected row, for as long as it is in the list.
void LayerTwoPage::showBatch()
{
    const int row = m_selected.empty() ? -1 : m_model->rowOf(m_selected);
    m_batch->setVisible(row >= 0);
    if (row < 0) return;
    const BatchView& batch = m_model->at(row);
    m_batchTitle->setText(withFinality(tr("Batch %1").arg(countText(batch.number)), batch));
    m_batchVerdict->setVerdict(batch.verdict);
    m_batchVerdict->setProofAvailable(!batch.headerHex.empty());
    if (m_shownBatch && m_shownBatch->hash == batch.hash && sameVerdict(m_shownBatch->verdict, batch.verdict))
        return;
    m_shownBatch = batch;
    m_batchProof->setBatch(batch);
}

/// How many transactions the newest batches have is no part of their headers: asked for once a batch.
void LayerTwoPage::askCounts()
{
    const auto& newest = snapshot().batches;
    if (m_isCounting || newest.empty() || m_counts.contains(newest.front().hash)) return;
    m_isCounting = true;
    session().services().explorer().batches(
        std::nullopt, kPage,
        session().deliver<std::vector<BatchView>>(
            this, [this](const base::Result<std::vector<BatchView>>& batches) {
                m_isCounting = false;
                if (!batches.ok()) return;
                m_counts.clear();
                for (const BatchView& batch : *batches) m_counts[batch.hash] = batch.transactions;
                refreshBatches();
            }));
}

void LayerTwoPage::turnPage(bool older)
{
    if (!older) {
        m_page.reset();
        return refreshBatches();
    }
    const auto& shown = m_page ? *m_page : snapshot().batches;
    if (shown.empty()) return;
    m_older->setEnabled(false);
    session().services().explorer().batches(
        shown.back().number, kPage,
        session().deliver<std::vector<BatchView>>(
            this, [this](const base::Result<std::vector<BatchView>>& page) { takePage(page); }));
}

void LayerTwoPage::takePage(const base::Result<std::vector<BatchView>>& page)
{
    m_older->setEnabled(true);
    if (!page.ok()) return m_banner->showError(page.error());
    if (!page->empty()) m_page = *page;
    refreshBatches();
}

void LayerTwoPage::refreshBatches()
{
    std::vector<BatchView> rows = m_page ? *m_page : snapshot().batches;
    if (!m_page) {
        for (BatchView& batch : rows) {
            const auto count = m_counts.find(batch.hash);
            if (count != m_counts.end()) batch.transactions = count->second;
        }
    }
    m_model->setRows(rows);
    m_table->setVisible(!rows.empty());
    m_empty->setVisible(rows.empty());
    m_newer->setVisible(m_page.has_value());
    m_older->setVisible(!rows.empty() && rows.back().number > 0);
    showBatch();
}

void LayerTwoPage::refreshHead()
{
    const auto& batches = snapshot().batches;
    m_headVerdict->setVisible(!batches.empty());
    m_headFinality->setVisible(!batches.empty());
    const auto& proven = snapshot().sync.layerTwoProven;
    m_provenText->setText(
        proven ? tr("Proven up to batch %1: one proof of %2 bytes for all batches, checked here in %3 ms.")
                     .arg(countText(proven->batch), countText(proven->proofBytes))
                     .arg(double(proven->checkMicroseconds) / 1000.0, 0, 'f', 1)
               : tr("No batch is proven yet"));
    if (batches.empty()) {
        m_headNumber->setText(tr("No batch yet"));
        m_headText->setText(snapshot().sync.layerTwoReachable ? QString()
                                                              : tr("The layer-2 node does not answer."));
        return;
    }
    const BatchView& head = batches.front();
    m_headNumber->setText(tr("Batch %1").arg(countText(head.number)));
    const QString age = ageText(QDateTime::currentSecsSinceEpoch() - head.time);
    m_headText->setText(
        withFinality(tr("Made %1, on Bitcoin block %2").arg(age, countText(head.bitcoinHeight)), head));
    m_headVerdict->setVerdict(head.verdict);
    setFinality(m_headFinality, head);
    m_headVerdict->setProofAvailable(!head.headerHex.empty());
    if (m_shownHead && m_shownHead->hash == head.hash && sameVerdict(m_shownHead->verdict, head.verdict))
        return;
    m_shownHead = head;
    m_headProof->setBatch(head);
}

void LayerTwoPage::refresh()
{
    refreshHead();
    refreshBatches();
    askCounts();
}

} // namespace bowline::ui
