// SPDX-License-Identifier: MIT
#include "ui/pages/prover/prover_page.h"

#include "ui/design/prover_texts.h"

#include <QCheckBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QProgressBar>

#include <cmath>

namespace bowline::ui {

using services::ProverSettings;
using services::ProverState;

namespace {
constexpr int kShownEvents = 8;
constexpr int kChoiceWidth = 320;
constexpr std::uint32_t kLiftMib = 3072; // what lifts and all above them need
constexpr const char* kKindCodes[] = {"execute", "shard", "lift", "join", "chain", "wrap"};

/// One, two, then about half as much again each time, the last one always.
std::vector<unsigned> stepsTo(unsigned least, unsigned most, unsigned also)
{
    std::vector<unsigned> out;
    for (unsigned value = least; value < most; value += std::max(1U, value / 2)) out.push_back(value);
    out.push_back(most);
    out.push_back(also);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void fill(ChoiceField* field, const std::vector<unsigned>& values, unsigned chosen,
          const std::function<QString(unsigned)>& text)
{
    field->clear();
    for (const unsigned value : values) field->addItem(text(value), value);
    field->setCurrentIndex(field->findData(chosen));
}

QLabel* wrapped(QWidget* parent)
{
    QLabel* out = makeLabel({}, TextRole::Body, parent);
    out->setWordWrap(true);
    return out;
}
} // namespace

ProverPage::ProverPage(Session& session, QWidget* parent) : Page(session, tr("Prover"), parent)
{
    addState();
    addLimits();
    addComputer();
    addNode();
    addDone();
    addLog();
    connect(&session, &Session::proverChanged, this, [this] {
        if (isVisible()) refresh();
    });
}

void ProverPage::addState()
{
    auto* card = new Card(tr("Lend your processor"), this);
    m_badge = new Badge(card);
    m_badge->setObjectName("proverState");
    card->addTrailing(m_badge);
    m_title = makeLabel({}, TextRole::Heading, card);
    m_title->setWordWrap(true);
    m_title->setObjectName("proverTitle");
    m_text = makeHint({}, card);
    m_bar = new QProgressBar(card);
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 1000);
    m_bar->setAccessibleName(tr("Progress of the task, estimated"));
    m_progress = makeHint({}, card);
    m_progress->setObjectName("proverProgress");
    m_banner = new Banner(card);
    m_turn = makePrimary(tr("&Turn on"), card);
    m_turn->setObjectName("proverTurn");
    card->body()->addWidget(m_title);
    card->body()->addWidget(m_text);
    card->body()->addWidget(m_bar);
    card->body()->addWidget(m_progress);
    card->body()->addWidget(m_banner);
    card->body()->addWidget(m_turn, 0, Qt::AlignRight);
    column()->addWidget(card);
    connect(m_turn, &QPushButton::clicked, this, &ProverPage::turn);
}

void ProverPage::addLimits()
{
    auto* card = new Card(tr("Limits"), this);
    m_threads = new ChoiceField(card);
    m_threads->setObjectName("proverThreads");
    m_threads->setMaximumWidth(kChoiceWidth);
    m_memory = new ChoiceField(card);
    m_memory->setObjectName("proverMemory");
    m_memory->setMaximumWidth(kChoiceWidth);
    m_idle = makeCheck(tr("Only while nobody else uses the &computer"), card);
    m_idle->setObjectName("proverIdle");
    m_limitsNote = makeHint({}, card);
    m_limitsBanner = new Banner(card);
    card->body()->addWidget(new FieldBox(tr("&Processors"), m_threads, card));
    card->body()->addWidget(new FieldBox(tr("&Memory at most"), m_memory, card));
    card->body()->addWidget(m_idle);
    card->body()->addWidget(m_limitsNote);
    card->body()->addWidget(m_limitsBanner);
    column()->addWidget(card);
    connect(m_threads, &QComboBox::activated, this, [this] {
        configure([this](ProverSettings& of) { of.threads = m_threads->currentData().toUInt(); });
    });
    connect(m_memory, &QComboBox::activated, this, [this] {
        configure([this](ProverSettings& of) { of.memoryMib = m_memory->currentData().toUInt(); });
    });
    connect(m_idle, &QCheckBox::clicked, this,
            [this](bool on) { configure([on](ProverSettings& of) { of.onlyWhenIdle = on; }); });
}

void ProverPage::addComputer()
{
    const services::ProverMachine& machine = view().machine;
    auto* card = new Card(tr("This computer"), this);
    auto* facts = new Facts(card);
    facts->addText(tr("Processors"), countText(machine.processors));
    facts->addText(tr("Memory"), memoryText(machine.memoryMib));
    facts->addText(tr("Vector instructions"), vectorsText(machine.vectors));
    m_pace = facts->addText(tr("Speed"), {});
    m_pace->setObjectName("proverPace");
    m_paceNote = makeHint({}, card);
    m_measureBanner = new Banner(card);
    m_measure = makeButton(tr("Mea&sure"), card);
    m_measure->setObjectName("proverMeasure");
    card->body()->addWidget(facts);
    if (machine.mostMemoryMib < kLiftMib) {
        QLabel* little = wrapped(card);
        little->setText(
            tr("This computer has too little memory for lifts and what follows them: they need %1. It can do "
               "executions and shards.")
                .arg(memoryText(kLiftMib)));
        setTone(little, "warning");
        card->body()->addWidget(little);
    }
    card->body()->addWidget(m_paceNote);
    card->body()->addWidget(m_measureBanner);
    card->body()->addWidget(m_measure, 0, Qt::AlignRight);
    column()->addWidget(card);
    connect(m_measure, &QPushButton::clicked, this, &ProverPage::measure);
}

void ProverPage::addNode()
{
    auto* card = new Card(tr("Node that gives the tasks"), this);
    m_queue = wrapped(card);
    m_queue->setObjectName("proverQueue");
    m_node = new QLineEdit(card);
    m_node->setObjectName("proverNode");
    m_node->setMaxLength(200);
    m_token = new QLineEdit(card);
    m_token->setObjectName("proverToken");
    m_token->setMaxLength(400);
    m_nodeBox = new FieldBox(tr("Add&ress"), m_node, card);
    m_tokenBox = new FieldBox(tr("&File with its access token"), m_token, card);
    m_nodeBanner = new Banner(card);
    m_apply = makeButton(tr("Use th&is node"), card);
    m_apply->setObjectName("proverApply");
    card->body()->addWidget(m_queue);
    card->body()->addWidget(m_nodeBox);
    card->body()->addWidget(m_tokenBox);
    card->body()->addWidget(m_nodeBanner);
    card->body()->addWidget(m_apply, 0, Qt::AlignRight);
    column()->addWidget(card);
    connect(m_apply, &QPushButton::clicked, this, &ProverPage::applyNode);
    for (QLineEdit* edit : {m_node, m_token}) {
        connect(edit, &QLineEdit::returnPressed, this, &ProverPage::applyNode);
        connect(edit, &QLineEdit::textEdited, this, [this] { m_nodeBox->setError({}); });
    }
}

void ProverPage::addDone()
{
    auto* card = new Card(tr("Done so far"), this);
    m_accepted = makeLabel({}, TextRole::Strong, card);
    m_accepted->setWordWrap(true);
    m_accepted->setObjectName("proverAccepted");
    card->body()->addWidget(m_accepted);
    auto* facts = new Facts(card);
    for (std::size_t i = 0; i < kKinds; ++i) {
        //: %1: kind of task, %2: what it does
        const QString name = tr("%1: %2").arg(proverKind(kKindCodes[i]), proverKindMeaning(kKindCodes[i]));
        m_counts[i] = facts->addText(name, {});
    }
    card->body()->addWidget(facts);
    card->body()->addWidget(
        makeHint(tr("Nobody is paid for proving yet. What you get is a layer 2 that everybody can "
                    "check."),
                 card));
    column()->addWidget(card);
}

void ProverPage::addLog()
{
    auto* card = new Card(tr("Log"), this);
    m_model = new ProverEventsModel(this);
    m_table = new RowsTable(tr("Log"), m_model, card);
    m_table->setObjectName("proverLog");
    m_table->setStretchColumn(ProverEventsModel::Remarks);
    m_table->fitRows(kShownEvents);
    m_empty = new EmptyState(Glyph::Prover, tr("Nothing has happened yet."), {}, card);
    card->body()->addWidget(m_table);
    card->body()->addWidget(m_empty);
    column()->addWidget(card);
}

bool ProverPage::isOn() { return view().state != ProverState::Off; }

void ProverPage::refresh()
{
    showState();
    showProgress();
    showLimits();
    showComputer();
    showNode();
    showDone();
    m_model->setRows(view().events);
    m_table->setVisible(!view().events.empty());
    m_empty->setVisible(view().events.empty());
}

void ProverPage::showState()
{
    const ProverStanding now = standingOf(view());
    if (m_title->text() != now.title && view().state != ProverState::Working) announce(m_title, now.title);
    m_badge->set(now.tone, now.glyph, now.badge);
    m_title->setText(now.title);
    m_text->setText(now.text);
    m_text->setVisible(!now.text.isEmpty());
    m_turn->setText(isOn() ? tr("&Turn off") : tr("&Turn on"));
    m_turn->setEnabled(!m_isAsking && view().state != ProverState::Stopping);
}

void ProverPage::showProgress()
{
    const auto& task = view().task;
    m_progress->setVisible(task.has_value());
    const bool isPaused = view().state == ProverState::Paused;
    // The prover writes once a second: what went by since then counts, unless it stands still.
    const std::int64_t since = QDateTime::currentSecsSinceEpoch() - view().statusTime;
    const double seconds =
        task ? task->seconds + (isPaused || since < 0 || since > 3 ? 0 : double(since)) : 0;
    const auto part = task ? progressOf(*task, seconds) : std::nullopt;
    m_bar->setVisible(part.has_value());
    if (part) m_bar->setValue(*part);
    if (!task) return;
    m_progress->setText(isPaused ? tr("%1 stands still").arg(proverTaskText(*task))
                                 : progressText(*task, seconds));
    m_bar->setAccessibleDescription(m_progress->text());
}

void ProverPage::showLimits()
{
    const ProverSettings& settings = view().settings;
    if (!m_isFilled || !(settings == m_shown)) {
        const services::ProverMachine& machine = view().machine;
        fill(m_threads, stepsTo(1, machine.mostThreads, settings.threads), settings.threads,
             [](unsigned count) { return tr("%n processor(s)", nullptr, int(count)); });
        constexpr unsigned kStep = 1024;
        std::vector<unsigned> memory;
        for (const unsigned gib : stepsTo(1, std::max(1U, machine.mostMemoryMib / kStep), 1))
            memory.push_back(std::clamp(gib * kStep, machine.leastMemoryMib, machine.mostMemoryMib));
        memory.push_back(settings.memoryMib);
        std::sort(memory.begin(), memory.end());
        memory.erase(std::unique(memory.begin(), memory.end()), memory.end());
        fill(m_memory, memory, settings.memoryMib, [](unsigned mib) { return memoryText(mib); });
        m_idle->setChecked(settings.onlyWhenIdle);
    }
    QString note = tr("Tasks run at the lowest priority: what you do yourself comes first.");
    if (settings.memoryMib < kLiftMib)
        note +=
            ' ' + tr("With less than %1 only executions and shards are done here.").arg(memoryText(kLiftMib));
    const bool isLater = view().task && (view().threadsInForce != settings.threads ||
                                         view().memoryInForce != settings.memoryMib);
    if (isLater) note += ' ' + tr("The new limits count from the next task on.");
    m_limitsNote->setText(note);
}

void ProverPage::showComputer()
{
    const services::ProverSpeed& speed = view().speed;
    m_pace->setText(paceText(speed.batchesAnHour));
    m_measure->setEnabled(!speed.isMeasuring);
    m_measure->setText(speed.isMeasuring ? tr("Measuring…") : tr("Mea&sure"));
    if (speed.isFromTasks) {
        m_paceNote->setText(
            tr("From the tasks that were done: what each kind takes of late, and how many of each a "
               "batch had."));
    } else if (speed.seconds > 0) {
        m_paceNote->setText(
            tr("Estimated: a small proof took %1 with %n processor(s), and a batch of one payment "
               "takes about %2 times as long. Real tasks replace the estimate.",
               nullptr, int(speed.threads))
                .arg(durationText(speed.seconds))
                .arg(std::lround(3600 / (speed.batchesAnHour * speed.seconds))));
    } else {
        m_paceNote->setText(tr("Measuring makes a small proof, for a few seconds at full load."));
    }
}

void ProverPage::showNode()
{
    const services::ProverView& now = view();
    if (!m_isFilled || now.settings.node != m_shown.node || now.settings.tokenFile != m_shown.tokenFile) {
        m_node->setText(fromStd(now.settings.node));
        m_token->setText(fromStd(now.settings.tokenFile));
    }
    m_shown = now.settings;
    m_isFilled = true;
    const bool isOwn = now.settings.node.empty();
    m_node->setPlaceholderText(isOwn ? tr("Empty: the wallet's own, %1").arg(fromStd(now.node)) : QString());
    m_token->setPlaceholderText(isOwn && !now.tokenFile.empty()
                                    ? tr("Empty: %1").arg(fromStd(now.tokenFile))
                                    : tr("access.token in the node's data folder"));
    if (!now.queue) {
        m_queue->setText(tr("Its queue is not known yet."));
        return;
    }
    const services::ProverQueue& queue = *now.queue;
    QStringList parts{tr("%n task(s) ready", nullptr, int(queue.ready)),
                      tr("%n wait(s) for others", nullptr, int(queue.waiting)),
                      tr("%n in work", nullptr, int(queue.leased)), tr("%n done", nullptr, int(queue.done))};
    if (queue.failed > 0) parts << tr("%n failed", nullptr, int(queue.failed));
    const QString age = ageText(QDateTime::currentSecsSinceEpoch() - queue.time);
    //: %1: list of counts, %2: how many provers, %3: how long ago that was
    m_queue->setText(
        tr("%1 · %2 · asked %3")
            .arg(parts.join(QStringLiteral(" · ")), tr("%n prover(s)", nullptr, int(queue.provers)), age));
}

void ProverPage::showDone()
{
    const services::ProverView& now = view();
    QString text = tr("%n result(s) accepted", nullptr, int(now.accepted));
    if (now.failed > 0) text += QStringLiteral(" · ") + tr("%n failed", nullptr, int(now.failed));
    m_accepted->setText(text);
    for (std::size_t i = 0; i < kKinds; ++i) {
        const auto found = std::find_if(now.done.begin(), now.done.end(),
                                        [i](const auto& one) { return one.kind == kKindCodes[i]; });
        const bool isNone = found == now.done.end() || found->count == 0;
        //: %1: how many, %2: how long each takes
        m_counts[i]->setText(
            isNone ? QString(QChar(0x2013))
                   : tr("%1, %2 each").arg(countText(found->count), durationText(found->meanSeconds)));
    }
}

void ProverPage::turn()
{
    m_isAsking = true;
    m_turn->setEnabled(false);
    m_banner->clear();
    auto done = session().deliver<base::Unit>(this, [this](const base::Result<base::Unit>& result) {
        m_isAsking = false;
        // What is missing has its words in the state already.
        if (!result.ok() && view().code != result.error().code.name()) m_banner->showError(result.error());
        showState();
    });
    services::ProverService& prover = session().services().prover();
    if (isOn())
        prover.stop(std::move(done));
    else
        prover.start(std::move(done));
}

void ProverPage::configure(const std::function<void(ProverSettings&)>& change)
{
    ProverSettings settings = view().settings;
    change(settings);
    m_limitsBanner->clear();
    session().services().prover().configure(
        settings, session().deliver<base::Unit>(this, [this](const base::Result<base::Unit>& result) {
            if (!result.ok()) {
                m_isFilled = false; // back to what is in force
                refresh();
                m_limitsBanner->showError(result.error());
            }
        }));
}

void ProverPage::applyNode()
{
    ProverSettings settings = view().settings;
    settings.node = m_node->text().trimmed().toStdString();
    settings.tokenFile = m_token->text().trimmed().toStdString();
    m_nodeBanner->clear();
    m_apply->setEnabled(false);
    session().services().prover().configure(
        settings, session().deliver<base::Unit>(this, [this](const base::Result<base::Unit>& result) {
            m_apply->setEnabled(true);
            if (result.ok()) {
                m_nodeBox->setError({});
                return m_nodeBanner->showMessage(Tone::Success, tr("This node is used from now on."));
            }
            if (result.error().code == services::kProverBadSettings)
                return m_nodeBox->setError(
                    tr("That is no address of a node. It looks like %1.").arg("http://127.0.0.1:18600"));
            m_nodeBanner->showError(result.error());
        }));
}

void ProverPage::measure()
{
    m_measureBanner->clear();
    m_measure->setEnabled(false);
    session().services().prover().measure(session().deliver<services::ProverSpeed>(
        this, [this](const base::Result<services::ProverSpeed>& result) {
            if (!result.ok()) m_measureBanner->showError(result.error());
            showComputer();
        }));
}

} // namespace bowline::ui
