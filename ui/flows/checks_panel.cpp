// SPDX-License-Identifier: MIT
#include "ui/flows/checks_panel.h"

#include "ui/design/explorer_texts.h"

#include <QHBoxLayout>

namespace bowline::ui {

using services::CheckView;
using services::FactView;

namespace {
constexpr int kLongest = 24; // what fits into a line beside its name

void addFact(Facts& into, const FactView& fact)
{
    const QString name = factName(fact.name);
    const QString value = fromStd(fact.value);
    switch (fact.kind) {
    case FactView::Kind::Amount: {
        // From the services: a whole number of satoshi, of all time perhaps more than there is bitcoin.
        into.addAmount(name, base::Amount::fromSat(value.toLongLong()), fact.name == "balance");
        return;
    }
    case FactView::Kind::Number: {
        // An id of many digits is copied, not counted.
        if (value.size() <= 12) {
            into.addText(name, countText(value.toULongLong()));
            return;
        }
        break;
    }
    case FactView::Kind::Time: into.addText(name, timeText(value.toLongLong())); return;
    case FactView::Kind::Code: into.addText(name, factWord(fact.value)); return;
    case FactView::Kind::Text:
    case FactView::Kind::Hash: break;
    }
    if (fact.kind == FactView::Kind::Text && value.size() > kLongest) {
        auto* address = new AddressRow(CheckRow::tr("Copy %1").arg(name), &into);
        address->setAddress(value);
        into.addWide(name, address);
        return;
    }
    auto* id = new IdLabel(CheckRow::tr("Copy %1").arg(name), &into);
    id->setId(value);
    into.addWidget(name, id);
}
} // namespace

void addFacts(Facts& into, const std::vector<FactView>& facts)
{
    for (const FactView& fact : facts) addFact(into, fact);
}

CheckRow::CheckRow(const CheckView& check, QWidget* parent)
    : QWidget(parent), m_check(check), m_button(makeQuiet(tr("Show hashes"), this)),
      m_below(new QWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kTiny);
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kSmall);
    auto* outcome = new Badge(this);
    outcome->set(outcomeTone(check.outcome), outcomeText(check.outcome));
    QLabel* sentence = makeLabel(explorerCheckText(check.name), TextRole::Body, this);
    sentence->setWordWrap(true);
    line->addWidget(outcome, 0, Qt::AlignVCenter);
    line->addWidget(sentence, 1);
    line->addWidget(m_button, 0, Qt::AlignVCenter);
    column->addLayout(line);
    const QString why = explorerReasonText(check.reason);
    if (!why.isEmpty()) {
        QLabel* reason = makeHint(why, this);
        if (check.outcome == CheckView::Outcome::Failed) setTone(reason, "danger");
        column->addWidget(reason);
    }
    column->addWidget(m_below);
    m_below->hide();
    m_button->setCheckable(true);
    m_button->setVisible(!check.facts.empty());
    m_button->setObjectName("hashes-" + fromStd(check.name));
    m_button->setAccessibleDescription(sentence->text());
    connect(m_button, &QPushButton::toggled, this, &CheckRow::showHashes);
}

void CheckRow::showHashes(bool shown)
{
    m_button->setText(shown ? tr("Hide hashes") : tr("Show hashes"));
    if (shown && !std::exchange(m_isFilled, true)) {
        auto* layout = new QVBoxLayout(m_below);
        layout->setContentsMargins(space::kNormal, 0, 0, space::kSmall);
        layout->setSpacing(space::kSmall);
        layout->addWidget(makeHint(explorerCheckMeaning(m_check.name), m_below));
        auto* facts = new Facts(m_below);
        addFacts(*facts, m_check.facts);
        layout->addWidget(facts);
    }
    m_below->setVisible(shown);
}

ChecksPanel::ChecksPanel(QWidget* parent) : QFrame(parent), m_rows(new QVBoxLayout(this))
{
    setProperty("inset", true);
    m_rows->setContentsMargins(space::kNormal, space::kMedium, space::kNormal, space::kMedium);
    m_rows->setSpacing(space::kMedium);
    setAccessibleName(tr("How this was checked"));
}

void ChecksPanel::setChecks(const std::vector<CheckView>& checks, const QString& provider)
{
    clearLayout(m_rows);
    m_rows->addWidget(makeLabel(tr("How this was checked"), TextRole::Strong, this));
    for (const CheckView& check : checks) m_rows->addWidget(new CheckRow(check, this));
    if (!provider.isEmpty())
        m_rows->addWidget(
            makeHint(tr("Answered by %1, which did not have to be believed.").arg(provider), this));
}

} // namespace bowline::ui
