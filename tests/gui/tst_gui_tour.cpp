// SPDX-License-Identifier: MIT
// The whole tour, with the processor time of the GUI thread measured for every event that the loop delivers: none may
// take more than 40 ms. Not counted: what the test itself does between events (waiting, looking for widgets), because
// no user has it; and the first exposure of the window, which has a bar of its own (tests/bench). Everything else
// counts, also the first show of each page. Processor time, not the clock, so that waiting for a core does not count.
// A busy neighbour still costs caches, up to twice the time: the longest turn of a quiet machine is to stay near half
// of the bar.
#include "tests/gui/person.h"
#include "ui/pages/page.h"

#include <QMouseEvent>

#include <algorithm>
#include <ctime>
#include <vector>

using namespace bowline;
using namespace bowline::test;

namespace {
constexpr double kMostMilliseconds = 40;

double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// One event of the loop: its processor time in milliseconds, and what it was.
struct Turn {
    double spent = 0;
    QString what;
};
bool shorter(const Turn& a, const Turn& b) { return a.spent < b.spent; }

class MeasuringApplication final : public QApplication {
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override
    {
        if (!m_measures || m_depth > 0) return QApplication::notify(receiver, event);
        ++m_depth;
        const auto type = event->type();
        const QString who = receiver->metaObject()->className();
        const double start = threadMilliseconds();
        const bool result = QApplication::notify(receiver, event);
        const double spent = threadMilliseconds() - start;
        --m_depth;
        m_turns.push_back({spent, QString("%1 to %2").arg(int(type)).arg(who)});
        return result;
    }
    void measure(bool on)
    {
        if (on) m_turns.clear();
        m_measures = on;
    }
    [[nodiscard]] int events() const { return int(m_turns.size()); }
    /// The longest turns, the longest first.
    [[nodiscard]] std::vector<Turn> longest(std::size_t count) const
    {
        std::vector<Turn> out = m_turns;
        std::sort(out.begin(), out.end(), [](const Turn& a, const Turn& b) { return shorter(b, a); });
        out.resize(std::min(count, out.size()));
        return out;
    }

private:
    bool m_measures = false;
    int m_depth = 0;
    std::vector<Turn> m_turns;
};

MeasuringApplication* application = nullptr;
} // namespace

class TestTour : public QObject {
    Q_OBJECT

private slots:
    void noTurnOfTheTourTakesLong()
    {
        Person person;
        QVERIFY(person.ok);
        person.services.fakeProver().work("lift");
        application->measure(true);
        const bool done = person.hands.run();
        application->measure(false);
        QVERIFY2(done, qPrintable(person.hands.failure()));
        QVERIFY2(application->events() > 1000, qPrintable(QString::number(application->events())));
        const std::vector<Turn> longest = application->longest(5);
        for (const Turn& turn : longest) qInfo("%.1f ms: event %s", turn.spent, qPrintable(turn.what));
        QVERIFY2(longest.front().spent <= kMostMilliseconds, qPrintable(longest.front().what));
    }
    void theWholeTourIsDoneByKeyboardAlone()
    {
        Person person;
        QVERIFY(person.ok);
        person.hands.useKeyboardOnly();
        QVERIFY2(person.hands.run(), qPrintable(person.hands.failure()));
    }
    void pagesAreMadeBeforeTheyAreAskedFor()
    {
        Person person;
        QVERIFY(person.ok && person.openWallet());
        const auto made = [&] { return person.window.findChildren<ui::Page*>().size(); };
        QTRY_COMPARE(int(made()), ui::kPageCount);
        QCOMPARE(person.window.shell()->current(), ui::PageId::Home);
    }
    void theMeasureItselfSeesASlowTurn()
    {
        // A test that cannot fail proves nothing.
        class Slow final : public QObject {
        protected:
            bool event(QEvent*) override
            {
                const double start = threadMilliseconds();
                while (threadMilliseconds() - start < kMostMilliseconds + 5) {
                }
                return true;
            }
        } slow;
        application->measure(true);
        QCoreApplication::postEvent(&slow, new QEvent(QEvent::User));
        QCoreApplication::sendPostedEvents(&slow);
        application->measure(false);
        QVERIFY(application->longest(1).front().spent > kMostMilliseconds);
    }
};

int main(int argc, char** argv)
{
    MeasuringApplication measuring(argc, argv);
    application = &measuring;
    ui::installTranslations(measuring, QStringLiteral("en"));
    ui::Theme::prepareApplication();
    TestTour test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_gui_tour.moc"
