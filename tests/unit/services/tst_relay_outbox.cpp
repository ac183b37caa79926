// SPDX-License-Identifier: MIT
// Messages for the relay when the way to it loses some: each is posted until it was confirmed, and no more often.
#include "app/services/local/freshness.h"
#include "app/services/local/relay_outbox.h"

#include <QTest>

#include <boost/json.hpp>

using namespace bowline;
using namespace bowline::services;
namespace json = boost::json;

class TestRelayOutbox : public QObject {
    Q_OBJECT
private slots:
    void aLostMessageIsPostedAgainUntilItIsConfirmed();
    void oneCallAtATimeForEach();
    void whatTheHeadMovedOverIsAskedAgain();
};

namespace {
struct LossyRelay {
    std::vector<std::pair<std::string, RelayOutbox::Answer>> posted;
    RelayOutbox outbox{
        [this](const std::string& method, const json::object& params, RelayOutbox::Answer done) {
            if (method != "relay_post") qFatal("not a post");
            posted.emplace_back(json::value_to<std::string>(params.at("hex")), std::move(done));
        }};
    void answerAll(const base::Result<json::value>& answer)
    {
        for (const auto& [hex, done] : std::exchange(posted, {})) done(answer);
    }
};
const base::Bytes kHolding{1, 2, 3};
const base::Bytes kRequest{4};
} // namespace

void TestRelayOutbox::aLostMessageIsPostedAgainUntilItIsConfirmed()
{
    LossyRelay relay;
    relay.outbox.post(kHolding);
    relay.answerAll(base::makeError(base::ErrorCode{"net.timeout"}));
    relay.outbox.postAgain();
    QCOMPARE(relay.posted.size(), std::size_t{1});
    QCOMPARE(relay.posted[0].first, std::string("010203"));
    relay.answerAll(base::makeError(base::ErrorCode{"net.unreachable"}));
    relay.outbox.post(kRequest);
    relay.outbox.postAgain();
    QCOMPARE(relay.posted.size(), std::size_t{2});
    relay.answerAll(json::value{});
    relay.outbox.postAgain();
    QVERIFY(relay.posted.empty());
}

void TestRelayOutbox::oneCallAtATimeForEach()
{
    LossyRelay relay;
    relay.outbox.post(kHolding);
    relay.outbox.post(kHolding);
    relay.outbox.postAgain();
    QCOMPARE(relay.posted.size(), std::size_t{1});
}

void TestRelayOutbox::whatTheHeadMovedOverIsAskedAgain()
{
    Freshness question;
    QVERIFY(!question.wasTried());
    QVERIFY(question.begin());
    QVERIFY(!question.begin());
    question.headMoved();
    QVERIFY(question.answered(true)); // for the head before
    QVERIFY(!question.wasTried());
    QVERIFY(question.begin());
    QVERIFY(!question.answered(false));
    QVERIFY(question.wasTried());
    QVERIFY(question.begin()); // not verified: asked again when somebody looks
    QVERIFY(!question.answered(true));
    QVERIFY(!question.begin());
}

QTEST_GUILESS_MAIN(TestRelayOutbox)
#include "tst_relay_outbox.moc"
