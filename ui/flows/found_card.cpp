// SPDX-License-Identifier: MIT
#include "ui/flows/found_card.h"

#include "ui/design/explorer_texts.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QRegularExpression>

namespace bowline::ui {

using services::ComparisonView;
using services::FoundView;
using services::Verdict;

namespace {
constexpr int kShownEntries = 10;

/// "account-1b268cff.json"
QString fileNameFor(const FoundView& found)
{
    QString id = fromStd(found.query.substr(found.query.find(':') + 1));
    id.remove(QRegularExpression(QStringLiteral("[^0-9A-Za-z]")));
    return fromStd(found.kind) + '-' + id.left(12) + QStringLiteral(".json");
}
} // namespace

FoundCard::FoundCard(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_card(new Card(QString(), this))
{
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_card);
    addTop();
    m_checks = new ChecksPanel(this);
    m_checks->setObjectName("foundChecks");
    m_card->body()->addWidget(m_checks);
    addActions();
}

void FoundCard::addTop()
{
    m_verdict = new VerdictBadge(this);
    m_verdict->setObjectName("foundVerdict");
    m_finality = new Badge(this);
    m_finality->setObjectName("foundFinality");
    m_card->addTrailing(m_finality);
    m_card->addTrailing(m_verdict);
    m_where = makeHint({}, this);
    m_facts = new Facts(this);
    m_facts->setObjectName("foundFacts");
    m_entriesTitle = makeLabel({}, TextRole::Strong, this);
    m_entries = new EntriesModel(this);
    m_table = new RowsTable(tr("Transactions"), m_entries, this);
    m_table->setObjectName("foundEntries");
    m_table->setStretchColumn(EntriesModel::Id);
    m_table->fitRows(kShownEntries);
    m_card->body()->addWidget(m_where);
    m_card->body()->addWidget(m_facts);
    m_card->body()->addWidget(m_entriesTitle);
    m_card->body()->addWidget(m_table);
    connect(m_table, &RowsTable::activated, this, &FoundCard::openRow);
}

void FoundCard::addActions()
{
    auto* row = new QHBoxLayout;
    m_other = new QLineEdit(this);
    m_other->setObjectName("otherNode");
    m_other->setMaxLength(300);
    m_other->setPlaceholderText(QStringLiteral("https://host:port"));
    auto* box = new FieldBox(tr("&Another node"), m_other, this);
    m_compare = makeButton(tr("&Compare"), this);
    m_compare->setObjectName("compareNodes");
    m_save = makeButton(tr("Save as &file…"), this);
    m_save->setObjectName("saveProof");
    row->addWidget(box, 1);
    row->addWidget(m_compare, 0, Qt::AlignBottom);
    row->addWidget(m_save, 0, Qt::AlignBottom);
    m_banner = new Banner(this);
    m_rows = new Facts(this);
    m_rows->hide();
    m_card->body()->addLayout(row);
    m_card->body()->addWidget(m_banner);
    m_card->body()->addWidget(m_rows);
    connect(m_compare, &QPushButton::clicked, this, &FoundCard::compare);
    connect(m_other, &QLineEdit::returnPressed, this, &FoundCard::compare);
    connect(m_save, &QPushButton::clicked, this, &FoundCard::chooseFile);
}

void FoundCard::setFound(const FoundView& found)
{
    m_found = found;
    m_card->setTitle(found.kind == "batch" ? tr("Batch %1").arg(countText(found.batch.number))
                                           : foundKindText(found.kind));
    m_verdict->setVerdict(found.verdict);
    const bool isWrong = found.verdict.kind == Verdict::Kind::Invalid;
    m_finality->setVisible(!isWrong);
    m_finality->set(finalityLevelTone(found.batch.finality), finalityLevelText(found.batch));
    m_finality->setToolTip(finalityLevelMeaning(found.batch.finality));
    m_finality->setAccessibleDescription(m_finality->toolTip());
    const QString when = timeText(found.batch.time);
    const QString block = countText(found.batch.bitcoinHeight);
    m_where->setText(
        found.kind == "batch"
            ? tr("Made %1, on Bitcoin block %2.").arg(when, block)
            : tr("In batch %1 of %2, on Bitcoin block %3.").arg(countText(found.batch.number), when, block));
    m_facts->clear();
    // What was shown to be wrong is not repeated as if it were a value.
    if (!isWrong) addFacts(*m_facts, found.facts);
    m_facts->setVisible(!isWrong);

    m_entries->setRows(isWrong ? std::vector<services::EntryView>{} : found.entries);
    // A history names transactions, and nothing of what they say.
    const bool isHistory = found.kind == "account";
    for (const int column : {int(EntriesModel::State), int(EntriesModel::Money)})
        m_table->setColumnHidden(column, isHistory || column == EntriesModel::State);
    const bool hasEntries = !isWrong && !found.entries.empty();
    m_table->setVisible(hasEntries);
    m_entriesTitle->setVisible(hasEntries);
    m_entriesTitle->setText(found.entryCount > found.entries.size()
                                ? tr("Transactions: %1, of which %2 are shown")
                                      .arg(countText(found.entryCount), countText(found.entries.size()))
                                : tr("Transactions: %1").arg(countText(found.entryCount)));
    m_checks->setChecks(found.checks, fromStd(found.verdict.provider));
    m_save->setEnabled(found.evidence != 0);
    m_compare->setEnabled(found.evidence != 0);
    m_banner->clear();
    m_rows->hide();
}

void FoundCard::openRow(const QModelIndex& index)
{
    if (index.isValid()) emit queryRequested(fromStd(m_entries->at(index.row()).query));
}

void FoundCard::compare()
{
    if (!m_compare->isEnabled() || m_other->text().trimmed().isEmpty()) return;
    m_compare->setEnabled(false);
    m_session.services().explorer().compare(
        m_found.evidence, m_other->text().trimmed().toStdString(),
        m_session.deliver<ComparisonView>(this, [this, asked = m_found.evidence](const auto& result) {
            if (asked == m_found.evidence) showComparison(result);
        }));
}

void FoundCard::showComparison(const base::Result<ComparisonView>& result)
{
    m_compare->setEnabled(true);
    m_rows->clear();
    m_rows->setVisible(result.ok());
    if (!result.ok()) return m_banner->showError(result.error());
    QString text = explorerReasonText(result->reason);
    if (result->evidenceKept) text += ' ' + tr("Both are kept on this computer as evidence.");
    m_banner->showMessage(comparisonTone(result->outcome), comparisonText(result->outcome), text.trimmed());
    for (const ComparisonView::Row& row : result->rows) {
        const QString name = factName(row.name);
        const auto add = [&](const QString& node, const std::string& value) {
            auto* id = new IdLabel(tr("Copy %1").arg(name), m_rows);
            id->setId(fromStd(value));
            //: %1: name of a field, %2: a node
            m_rows->addWidget(tr("%1 · %2").arg(name, node), id);
        };
        add(fromStd(result->first), row.first);
        add(fromStd(result->second), row.second);
    }
}

void FoundCard::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Save as file"), QDir::homePath());
    dialog->setObjectName("saveDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->setNameFilter(tr("Proof files (*.json)"));
    dialog->selectFile(fileNameFor(m_found));
    connect(dialog, &QFileDialog::fileSelected, this, &FoundCard::save);
    dialog->open();
}

void FoundCard::save(const QString& path)
{
    m_save->setEnabled(false);
    m_session.services().explorer().saveProof(
        m_found.evidence, path.toStdString(),
        m_session.deliver<std::uint64_t>(
            this, [this, path, asked = m_found.evidence](const base::Result<std::uint64_t>& written) {
                m_save->setEnabled(m_found.evidence != 0);
                if (asked != m_found.evidence) return;
                if (!written.ok()) return m_banner->showError(written.error());
                m_banner->showMessage(Tone::Success, tr("Saved and checked"),
                                      tr("%1 (%2 bytes). Anybody can check it offline: bowline-cli verify %1")
                                          .arg(QDir::toNativeSeparators(path), countText(*written)));
            }));
}

} // namespace bowline::ui
