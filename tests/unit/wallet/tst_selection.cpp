// SPDX-License-Identifier: MIT
// Coin selection: ten thousand random problems against the rules every answer must keep, small problems
// against the best of all subsets, and the cases that cost people money elsewhere.
#include "core/wallet/selection.h"

#include <QTest>

#include <random>

using namespace bowline;
using namespace bowline::wallet;
using base::Amount;
using base::FeeRate;

namespace {

constexpr std::int64_t kTaprootInput = 230;
constexpr std::int64_t kSegwitInput = 271;

Amount sat(std::int64_t amount) { return Amount::fromSat(amount); }

SelectionProblem problemFor(std::int64_t target, std::int64_t satPerKvb)
{
    SelectionProblem problem;
    problem.target = sat(target);
    problem.fee.rate = {satPerKvb};
    problem.baseWeight = 42 + 4 * 43;
    problem.changeWeight = 4 * 43;
    problem.changeSpendWeight = kTaprootInput;
    problem.changeFloor = sat(575);
    problem.seed = 1;
    return problem;
}

/// Values as wallets have them: from dust to thousands of bitcoin, with repetitions.
Candidate randomCandidate(std::mt19937_64& random)
{
    static constexpr std::array<std::int64_t, 6> scales{100,       1'000,       30'000,
                                                        1'000'000, 100'000'000, 20'000'000'000};
    const std::int64_t scale = scales.at(random() % scales.size());
    const bool round = random() % 4 == 0;
    const auto value = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(scale)) + 1;
    return {sat(round ? scale : value), random() % 2 == 0 ? kTaprootInput : kSegwitInput};
}

SelectionProblem randomProblem(std::mt19937_64& random)
{
    static constexpr std::array<std::int64_t, 5> rates{1'000, 1'333, 10'000, 55'555, 500'000};
    const std::int64_t scale = static_cast<std::int64_t>(random() % 4) * 1'000'000 + 1'000;
    SelectionProblem problem =
        problemFor(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(scale)),
                   rates.at(random() % rates.size()));
    problem.seed = random();
    if (random() % 5 == 0) problem.fee.extra = sat(static_cast<std::int64_t>(random() % 50'000));
    if (random() % 5 == 0) {
        problem.fee.replacedFee = sat(static_cast<std::int64_t>(random() % 50'000));
        problem.fee.increment = {1'000};
    }
    if (random() % 10 == 0) problem.maxWeight = 4'000;
    return problem;
}

/// The rules; an empty text when all are kept.
std::string broken(const std::vector<Candidate>& candidates, const std::vector<Candidate>& required,
                   const SelectionProblem& problem, const Selection& selection)
{
    Amount total;
    std::int64_t weight = problem.baseWeight;
    for (const Candidate& input : required) {
        total += input.value;
        weight += input.inputWeight;
    }
    for (std::size_t i = 0; i < selection.chosen.size(); ++i) {
        const std::size_t at = selection.chosen[i];
        if (at >= candidates.size()) return "a coin that does not exist";
        if (i > 0 && at <= selection.chosen[i - 1]) return "a coin twice, or out of order";
        total += candidates[at].value;
        weight += candidates[at].inputWeight;
        const std::int64_t cost = problem.fee.rate.satPerKvb * candidates[at].inputWeight / 4000;
        if (candidates[at].value.sat() < cost) return "a coin that costs more than it brings";
    }
    weight += countWeight(selection.chosen.size() + required.size());
    if (selection.change > Amount{}) weight += problem.changeWeight;
    if (weight != selection.weight) return "weight";
    if (weight > problem.maxWeight) return "too heavy";
    if (selection.change < Amount{}) return "negative change";
    if (selection.change > Amount{} && selection.change < problem.changeFloor) return "dust as change";
    if (total != problem.target + selection.fee + selection.change) return "money appears or disappears";
    const Amount needed = problem.fee.feeFor(weight);
    if (selection.fee < needed) return "fee too small";
    if (selection.change > Amount{} && selection.fee != needed) return "fee too large beside change";
    return {};
}

} // namespace

class TestSelection : public QObject {
    Q_OBJECT
private slots:
    void tenThousandRandomProblemsKeepTheRules();
    void fundsAreInsufficientOnlyWhenAllCoinsTogetherAre();
    void anExactMatchIsFoundWhenThereIsOne();
    void exactMatchesAreTheBestOfAllSubsets();
    void theSameSeedChoosesTheSameCoins();
    void leftoverBelowTheFloorGoesToTheFee();
    void dearTimesTakeFewCoinsAndCheapOnesMany();
    void aReplacementPaysRule3And4();
    void aLightTransactionTakesTheLargestCoins();
    void sendAllSpendsWhatIsWorthIt();
    void absurdAmountsAreRefused();
};

void TestSelection::tenThousandRandomProblemsKeepTheRules()
{
    std::mt19937_64 random(20'240'601);
    int solved = 0;
    for (int round = 0; round < 10'000; ++round) {
        std::vector<Candidate> candidates(random() % (round % 50 == 0 ? 600 : 25));
        for (Candidate& candidate : candidates) candidate = randomCandidate(random);
        std::vector<Candidate> required(random() % 4 == 0 ? random() % 3 : 0);
        for (Candidate& input : required) input = randomCandidate(random);
        const SelectionProblem problem = randomProblem(random);
        const auto selection = selectCoins(candidates, problem, required);
        if (!selection.ok()) continue;
        ++solved;
        const std::string fault = broken(candidates, required, problem, *selection);
        QVERIFY2(fault.empty(), (fault + " in round " + std::to_string(round)).c_str());
    }
    QVERIFY2(solved > 5'000, "the problems are mostly unsolvable: the test tests nothing");
}

void TestSelection::fundsAreInsufficientOnlyWhenAllCoinsTogetherAre()
{
    std::mt19937_64 random(7);
    int refused = 0;
    for (int round = 0; round < 10'000; ++round) {
        std::vector<Candidate> candidates(1 + random() % 12);
        for (Candidate& candidate : candidates)
            candidate = {sat(static_cast<std::int64_t>(random() % 20'000)), 230};
        SelectionProblem problem = problemFor(static_cast<std::int64_t>(random() % 80'000), 5'000);
        if (selectCoins(candidates, problem).ok()) continue;
        ++refused;
        Amount total;
        std::int64_t weight = problem.baseWeight;
        for (const Candidate& candidate : candidates) {
            if (candidate.value.sat() <= 5'000 * 230 / 4000) continue;
            total += candidate.value;
            weight += candidate.inputWeight;
        }
        QVERIFY(total < problem.target + problem.fee.feeFor(weight));
    }
    QVERIFY(refused > 500);
}

void TestSelection::anExactMatchIsFoundWhenThereIsOne()
{
    // 100,000 + 30,000 pay the target and the fee of two inputs to the satoshi; other sums need change.
    SelectionProblem problem = problemFor(0, 20'000);
    const Amount fee = problem.fee.feeFor(problem.baseWeight + 2 * kTaprootInput);
    problem.target = sat(130'000) - fee;
    const std::vector<Candidate> candidates{
        {sat(500'000), 230}, {sat(100'000), 230}, {sat(77'000), 230}, {sat(30'000), 230}, {sat(11'000), 230}};
    const auto selection = selectCoins(candidates, problem);
    QVERIFY(selection.ok());
    QVERIFY(selection->method == SelectionMethod::ExactMatch);
    QCOMPARE(selection->chosen, (std::vector<std::size_t>{1, 3}));
    QVERIFY(selection->change == Amount{});
    QCOMPARE(selection->fee.sat(), fee.sat());
}

void TestSelection::exactMatchesAreTheBestOfAllSubsets()
{
    std::mt19937_64 random(99);
    int exact = 0;
    for (int round = 0; round < 2'000; ++round) {
        std::vector<Candidate> candidates(10);
        for (Candidate& candidate : candidates) {
            candidate = {sat(2'000 + static_cast<std::int64_t>(random() % 8'000)), 230};
        }
        const SelectionProblem problem = problemFor(20'000, 2'000);
        const auto selection = selectCoins(candidates, problem);
        if (!selection.ok()) continue;
        // Every subset without change, by a second and simpler reckoning of the same definition of waste.
        std::int64_t best = std::numeric_limits<std::int64_t>::max();
        for (unsigned subset = 1; subset < 1024; ++subset) {
            std::int64_t total = 0;
            std::int64_t count = 0;
            for (unsigned i = 0; i < 10; ++i) {
                if ((subset >> i & 1U) == 0) continue;
                total += candidates[i].value.sat();
                ++count;
            }
            const std::int64_t excess =
                total - problem.target.sat() - problem.fee.feeFor(problem.baseWeight + 230 * count).sat();
            if (excess < 0 || excess > 86 + 575) continue;
            best = std::min(best, count * (115 - 575) + excess);
        }
        if (best == std::numeric_limits<std::int64_t>::max()) continue;
        ++exact;
        QVERIFY2(
            selection->waste.sat() <= best + 1, // parts of a satoshi are cut off
            ("waste " + std::to_string(selection->waste.sat()) + " against " + std::to_string(best)).c_str());
    }
    QVERIFY(exact > 200);
}

void TestSelection::theSameSeedChoosesTheSameCoins()
{
    std::mt19937_64 random(3);
    std::vector<Candidate> candidates(200);
    for (Candidate& candidate : candidates)
        candidate = {sat(10'000 + static_cast<std::int64_t>(random() % 90'000)), 230};
    SelectionProblem problem = problemFor(1'234'567, 3'000);
    const auto first = selectCoins(candidates, problem);
    const auto second = selectCoins(candidates, problem);
    QVERIFY(first.ok() && second.ok());
    QCOMPARE(first->chosen, second->chosen);
    bool differs = false;
    for (std::uint64_t seed = 2; seed < 10; ++seed) {
        problem.seed = seed;
        differs = differs || selectCoins(candidates, problem)->chosen != first->chosen;
    }
    QVERIFY2(differs, "the draw is not random");
}

void TestSelection::leftoverBelowTheFloorGoesToTheFee()
{
    SelectionProblem problem = problemFor(99'000, 1'000);
    const auto selection = selectCoins(std::vector<Candidate>{{sat(99'700), 230}}, problem);
    QVERIFY(selection.ok());
    QVERIFY(selection->change == Amount{});
    QCOMPARE(selection->fee.sat(), std::int64_t{700});
}

void TestSelection::dearTimesTakeFewCoinsAndCheapOnesMany()
{
    std::vector<Candidate> candidates(100, Candidate{sat(10'000), 230});
    candidates.push_back({sat(2'000'000), 230});
    const auto dear = selectCoins(candidates, problemFor(300'000, 100'000));
    QVERIFY(dear.ok());
    QCOMPARE(dear->chosen.size(), std::size_t{1});
    const auto cheap = selectCoins(candidates, problemFor(300'000, 1'000));
    QVERIFY(cheap.ok());
    QVERIFY(cheap->chosen.size() > 1);
}

void TestSelection::aReplacementPaysRule3And4()
{
    SelectionProblem problem = problemFor(50'000, 2'000);
    problem.fee.replacedFee = sat(9'000);
    problem.fee.increment = {1'000};
    const auto selection = selectCoins(std::vector<Candidate>{{sat(100'000), 230}}, problem);
    QVERIFY(selection.ok());
    const std::int64_t size = (selection->weight + 3) / 4;
    QCOMPARE(selection->fee.sat(), 9'000 + size);
}

void TestSelection::aLightTransactionTakesTheLargestCoins()
{
    std::vector<Candidate> candidates(50, Candidate{sat(1'000), 230});
    candidates.push_back({sat(40'000), 230});
    SelectionProblem problem = problemFor(30'000, 1'000);
    problem.maxWeight = 1'000;
    const auto selection = selectCoins(candidates, problem);
    QVERIFY(selection.ok());
    QCOMPARE(selection->chosen, (std::vector<std::size_t>{50}));
    problem.target = sat(60'000);
    const auto heavy = selectCoins(candidates, problem);
    QVERIFY(!heavy.ok());
    QCOMPARE(heavy.error().code.name(), kTooManyInputs.name());
}

void TestSelection::sendAllSpendsWhatIsWorthIt()
{
    const std::vector<Candidate> candidates{{sat(100'000), 230}, {sat(500), 230}, {sat(20'000), 271}};
    const SelectionProblem problem = problemFor(0, 10'000); // an input costs 575 and more
    const auto selection = selectAll(candidates, problem);
    QVERIFY(selection.ok());
    QCOMPARE(selection->chosen, (std::vector<std::size_t>{0, 2}));
    QCOMPARE((selection->fee + selection->change).sat(), std::int64_t{120'000});
    QCOMPARE(selection->fee.sat(), problem.fee.feeFor(problem.baseWeight + 230 + 271).sat());
}

void TestSelection::absurdAmountsAreRefused()
{
    const std::vector<Candidate> tooMuch(3, Candidate{sat(Amount::kMaxSat), 230});
    QVERIFY(!selectCoins(tooMuch, problemFor(1, 1'000)).ok());
    QVERIFY(!selectCoins(std::vector<Candidate>{{sat(-1), 230}}, problemFor(1, 1'000)).ok());
    SelectionProblem problem = problemFor(0, 1'000);
    problem.target = sat(-5);
    QVERIFY(!selectCoins(std::vector<Candidate>{{sat(5'000), 230}}, problem).ok());
}

QTEST_GUILESS_MAIN(TestSelection)
#include "tst_selection.moc"
