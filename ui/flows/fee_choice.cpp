// SPDX-License-Identifier: MIT
#include "ui/flows/fee_choice.h"

#include <QButtonGroup>
#include <QHBoxLayout>

namespace bowline::ui {

namespace {
// Fixed rates: a light client sees no mempool to estimate from, and says so rather than invent one.
constexpr std::int64_t kRates[] = {1000, 5000, 20000};
constexpr int kOwn = 3;
} // namespace

FeeChoice::FeeChoice(QWidget* parent)
    : QWidget(parent), m_choices(new QButtonGroup(this)), m_own(new QLineEdit(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    QLabel* title = makeLabel(tr("Fee"), TextRole::Strong, this);
    layout->addWidget(title);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kSmall);
    const QStringList names{tr("Slow"), tr("Normal"), tr("Fast"), tr("Own")};
    for (int i = 0; i < names.size(); ++i) {
        const QString rate = i == kOwn ? tr("your rate") : feeRateText(kRates[i]);
        auto* button = new QPushButton(names[i] + '\n' + rate, this);
        button->setProperty("kind", "choice");
        button->setCheckable(true);
        button->setMinimumHeight(button->fontMetrics().height() * 2 + 24);
        button->setAccessibleName(tr("Fee %1, %2").arg(names[i], rate));
        button->setObjectName(QString("fee%1").arg(i));
        m_choices->addButton(button, i);
        row->addWidget(button, 1);
    }
    m_choices->button(1)->setChecked(true);
    keepTabOnChecked(m_choices);
    layout->addLayout(row);
    m_own->setMaxLength(10);
    m_own->setObjectName("ownFee");
    m_ownBox = new FieldBox(tr("Fee &rate in sat/vB"), m_own, this);
    m_ownBox->hide();
    layout->addWidget(m_ownBox);
    layout->addWidget(
        makeHint(tr("Bowline sees blocks, not the queue before them: these rates are fixed."), this));
    connect(m_own, &QLineEdit::textEdited, this, &FeeChoice::changed);
    connect(m_choices, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked) emit changed();
        if (id != kOwn) return;
        m_ownBox->setVisible(checked);
        if (checked) m_own->setFocus();
    });
}

std::optional<std::int64_t> FeeChoice::satPerKvb() const
{
    const int id = m_choices->checkedId();
    if (id == kOwn) return parseFeeRate(m_own->text());
    return kRates[id];
}

bool FeeChoice::check()
{
    const bool good = satPerKvb().has_value();
    m_ownBox->setError(good ? QString() : tr("A number above zero with at most 3 decimals, such as 2.5."));
    return good;
}

} // namespace bowline::ui
