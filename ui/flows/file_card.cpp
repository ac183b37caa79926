// SPDX-License-Identifier: MIT
#include "ui/flows/file_card.h"

#include "ui/design/explorer_texts.h"

#include <QDir>

namespace bowline::ui {

FileCard::FileCard(QWidget* parent) : QWidget(parent), m_card(new Card(tr("Proof file"), this))
{
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_card);
    m_verdict = new Badge(this);
    m_verdict->setObjectName("fileVerdict");
    m_finality = new Badge(this);
    QPushButton* close = makeQuiet(tr("Close file"), this);
    close->setObjectName("closeFile");
    m_card->addTrailing(m_finality);
    m_card->addTrailing(m_verdict);
    m_card->addTrailing(close);
    m_path = makeHint({}, this);
    m_what = makeLabel({}, TextRole::Strong, this);
    m_what->setWordWrap(true);
    m_facts = new Facts(this);
    m_checks = new ChecksPanel(this);
    m_openTitle = makeLabel(tr("What this file does not show"), TextRole::Strong, this);
    auto* open = new QWidget(this);
    m_open = new QVBoxLayout(open);
    m_open->setContentsMargins(0, 0, 0, 0);
    m_open->setSpacing(space::kSmall);
    m_card->body()->addWidget(m_path);
    m_card->body()->addWidget(m_what);
    m_card->body()->addWidget(m_facts);
    m_card->body()->addWidget(m_checks);
    m_card->body()->addWidget(m_openTitle);
    m_card->body()->addWidget(open);
    connect(close, &QPushButton::clicked, this, &FileCard::closed);
}

void FileCard::setReport(const QString& path, const services::FileReport& report)
{
    m_verdict->set(report.valid ? Tone::Success : Tone::Danger, report.valid ? tr("Valid") : tr("Not valid"));
    m_finality->setVisible(report.valid);
    m_finality->set(finalityLevelTone(report.finality), finalityLevelText(report.finality));
    m_finality->setToolTip(finalityLevelMeaning(report.finality));
    m_path->setText(QDir::toNativeSeparators(path));
    //: %1: kind of thing, %2: number of a batch, %3: time
    m_what->setText(report.valid ? tr("%1, as it was after batch %2 (%3)")
                                       .arg(foundKindText(report.subject), countText(report.batch),
                                            timeText(report.batchTime))
                                 : tr("A check failed: do not believe what this file says."));
    m_facts->clear();
    if (report.valid) addFacts(*m_facts, report.facts);
    m_facts->setVisible(report.valid);
    m_checks->setChecks(report.checks);
    clearLayout(m_open);
    m_openTitle->setVisible(!report.open.empty());
    for (const std::string& code : report.open)
        m_open->addWidget(makeHint(QStringLiteral("• ") + notShownText(code), this));
    if (report.tipHeight != 0) {
        auto* tip = new Facts(this);
        addFacts(*tip, {{"tip-height", std::to_string(report.tipHeight), services::FactView::Kind::Number},
                        {"tip-hash", report.tipHash, services::FactView::Kind::Hash}});
        m_open->addWidget(tip);
    }
}

} // namespace bowline::ui
