// SPDX-License-Identifier: MIT
#include "ui/flows/verdict_view.h"

#include "ui/design/code_texts.h"

#include <QHBoxLayout>

namespace bowline::ui {

using services::Verdict;

QString verdictText(const Verdict& verdict)
{
    switch (verdict.kind) {
    case Verdict::Kind::Verified:
        if (verdict.finality == "root-proven") return VerdictBadge::tr("Verified and proven");
        return verdict.finality == "root-not-proven" ? VerdictBadge::tr("Verified, root not proven yet")
                                                     : VerdictBadge::tr("Verified");
    case Verdict::Kind::Unverified: return VerdictBadge::tr("Not verified");
    case Verdict::Kind::Invalid: return VerdictBadge::tr("Invalid answer");
    }
    return {};
}

QString verdictWord(const Verdict& verdict)
{
    return verdict.kind == Verdict::Kind::Verified ? VerdictBadge::tr("Verified") : verdictText(verdict);
}

Tone verdictTone(const Verdict& verdict)
{
    switch (verdict.kind) {
    case Verdict::Kind::Verified: return Tone::Success;
    case Verdict::Kind::Unverified: return Tone::Warning;
    case Verdict::Kind::Invalid: return Tone::Danger;
    }
    return Tone::Neutral;
}

VerdictBadge::VerdictBadge(QWidget* parent)
    : QWidget(parent), m_badge(new Badge(this)), m_proof(makeQuiet(tr("Show &proof"), this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_badge);
    layout->addWidget(m_proof);
    m_proof->setObjectName("showProof");
    m_proof->setCheckable(true);
    m_proof->hide();
    connect(m_proof, &QPushButton::toggled, this, [this](bool shown) {
        m_proof->setText(shown ? tr("Hide &proof") : tr("Show &proof"));
        emit proofToggled(shown);
    });
}

void VerdictBadge::setVerdict(const Verdict& verdict)
{
    m_badge->set(verdictTone(verdict), verdictText(verdict));
    const QString why = verdict.kind == Verdict::Kind::Verified ? finalityText(verdict.finality)
                                                                : verdictReasonText(verdict.reason);
    m_badge->setToolTip(why);
    m_badge->setAccessibleDescription(why);
}

void VerdictBadge::setProofAvailable(bool available)
{
    m_proof->setVisible(available);
    if (!available) m_proof->setChecked(false);
}

ProofPanel::ProofPanel(QWidget* parent) : QFrame(parent), m_rows(new QVBoxLayout(this))
{
    setProperty("inset", true);
    m_rows->setContentsMargins(space::kNormal, space::kMedium, space::kNormal, space::kMedium);
    m_rows->setSpacing(space::kSmall);
    setAccessibleName(tr("Proof"));
}

void ProofPanel::setVerdict(const Verdict& verdict, const std::vector<std::string>& checks)
{
    clearLayout(m_rows);
    for (const std::string& check : checks) {
        auto* row = new QHBoxLayout;
        auto* mark = new Badge(this);
        mark->set(Tone::Success, tr("checked"));
        QLabel* label = makeLabel(checkText(check), TextRole::Body, this);
        label->setWordWrap(true);
        row->addWidget(mark);
        row->addWidget(label, 1);
        m_rows->addLayout(row);
    }
    const QString why = verdict.kind == Verdict::Kind::Verified ? finalityText(verdict.finality)
                                                                : verdictReasonText(verdict.reason);
    if (!why.isEmpty()) m_rows->addWidget(makeHint(why, this));
}

void ProofPanel::addProvider(const Verdict& verdict)
{
    if (verdict.provider.empty()) return;
    m_rows->addWidget(makeHint(tr("Answered by %1").arg(fromStd(verdict.provider)), this));
}

void ProofPanel::setBatch(const services::BatchView& batch)
{
    setVerdict(batch.verdict, batch.checks);
    addBytes(tr("Batch hash"), tr("Copy batch hash"), batch.hash);
    addBytes(tr("Signature"), tr("Copy signature"), batch.signatureHex);
    addBytes(tr("Hash of the batch before"), tr("Copy hash of the batch before"), batch.parentHash);
    addBytes(tr("Bitcoin block %1").arg(countText(batch.bitcoinHeight)), tr("Copy block hash"),
             batch.bitcoinHash);
    addBytes(tr("State root of batch %1").arg(countText(batch.number)), tr("Copy state root"),
             batch.stateRoot);
    addBytes(tr("Header"), tr("Copy header"), batch.headerHex);
    addProvider(batch.verdict);
}

void ProofPanel::setValue(const services::ProvenValue& value)
{
    setVerdict(value.verdict, value.checks);
    addBytes(tr("State root of batch %1").arg(countText(value.verdict.batch)), tr("Copy state root"),
             value.verdict.root);
    addBytes(tr("Header"), tr("Copy header"), value.headerHex);
    addBytes(tr("Signature"), tr("Copy signature"), value.signatureHex);
    addBytes(tr("Path"), tr("Copy path"), value.proofHex);
    addProvider(value.verdict);
}

void ProofPanel::addBytes(const QString& name, const QString& copyName, const std::string& hex)
{
    if (hex.empty()) return;
    auto* row = new QHBoxLayout;
    QLabel* label = makeLabel(name, TextRole::Body, this);
    setTone(label, "muted");
    auto* id = new IdLabel(copyName, this);
    id->setId(fromStd(hex));
    row->addWidget(label, 1);
    row->addWidget(id);
    m_rows->addLayout(row);
}

} // namespace bowline::ui
