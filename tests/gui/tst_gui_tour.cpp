// SPDX-License-Identifier: MIT
// The whole tour, with the processor time of the GUI thread measured for every event that the loop delivers: none may
// take more than 40 ms. Not counted: what the test itself does between events (waiting, looking for widgets), because
// no user has it; and the first exposure of the window, which has a bar of its own (tests/bench). Everything else
// counts, also the first show of each page. Processor time, not the clock: a busy machine changes nothing.
#include "tests/gui/person.h"

#include <QMouseEvent>

#include <ctime>

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
        ++m_events;
        if (spent > m_longest) {
            m_longest = spent;
            m_what = QString("%1 to %2").arg(int(type)).arg(who);
        }
        return result;
    }
    void measure(bool on) { m_measures = on; }
    [[nodiscard]] double longest() const { return m_longest; }
    [[nodiscard]] QString what() const { return m_what; }
    [[nodiscard]] int events() const { return m_events; }

private:
    bool m_measures = false;
    int m_depth = 0;
    int m_events = 0;
    double m_longest = 0;
    QString m_what;
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
        application->measure(true);
        const bool done = person.hands.run();
        application->measure(false);
        QVERIFY2(done, qPrintable(person.hands.failure()));
        QVERIFY2(application->events() > 1000, qPrintable(QString::number(application->events())));
        qInfo("longest turn: %.1f ms (event %s), of %d", application->longest(), qPrintable(application->what()), application->events());
        QVERIFY2(application->longest() <= kMostMilliseconds,
                 qPrintable(QString("%1 ms: event %2").arg(application->longest()).arg(application->what())));
    }
    void theMeasureItselfSeesASlowTurn()
    {
        // A test that cannot fail proves nothing.
        class Slow final : public QObject {
        protected:
            bool event(QEvent*) override
            {
                const double start = threadMilliseconds();
                while (threadMilliseconds() - start < kMostMilliseconds + 5) {}
                return true;
            }
        } slow;
        application->measure(true);
        QCoreApplication::postEvent(&slow, new QEvent(QEvent::User));
        QCoreApplication::sendPostedEvents(&slow);
        application->measure(false);
        QVERIFY(application->longest() > kMostMilliseconds);
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
