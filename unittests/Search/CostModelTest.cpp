//===- CostModelTest.cpp - What the cost models learn ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/CostModel.h"
#include "TestSpaces.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Support/Statistics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <chrono>
#include <cmath>
#include <cstdio>

using namespace chameleon;
using namespace chameleon::test;

namespace {

/// A smooth landscape over the knobs that the closed form does not know, with failures for nr = 64.
Outcome landscape(const Space &space, const Configuration &c) {
  std::vector<int64_t> v = space.values(c);
  Outcome outcome;
  outcome.ok = v[4] != 64;
  double mr = std::log2(static_cast<double>(v[3]));
  double nr = std::log2(static_cast<double>(v[4]));
  double mc = std::log2(static_cast<double>(v[0]));
  outcome.logThroughput = 30 - std::abs(mr - 3) - std::abs(nr - 5) - 0.4 * std::abs(mc - 6);
  return outcome;
}

struct Data {
  FeatureMatrix features;
  std::vector<Outcome> outcomes;
};

class CostModelTest : public testing::Test {
protected:
  Data draw(int count, uint64_t seed) {
    Rng rng(seed);
    Data data;
    std::vector<Configuration> configurations;
    for (int i = 0; i < count; ++i) {
      configurations.push_back(*sampler.sample(rng));
      data.outcomes.push_back(landscape(space, configurations.back()));
    }
    data.features = features.extract(configurations);
    return data;
  }

  std::vector<double> scores(const CostModel &model, const Data &data) {
    std::vector<double> result(data.outcomes.size(), NAN);
    EXPECT_TRUE(model.predict(data.features, absl::MakeSpan(result)).ok());
    return result;
  }

  std::unique_ptr<CostModel> create(const std::string &name) {
    return *createCostModel(name, features.layout(), 1);
  }

  Space space = matmulSpace();
  FeatureExtractor features{space, matmulTask(), avx512Target()};
  ValidSampler sampler{space};
};

TEST_F(CostModelTest, UnknownNameListsTheNames) {
  auto status = createCostModel("oracle", {}, 1).status();
  EXPECT_THAT(
      std::string(status.message()),
      testing::HasSubstr(
          "(analytic+gbt, analytic+gp, gbt-reg, gbt-rank, gbt-paper, analytic, none), but got "
          "'oracle'"));
}

TEST_F(CostModelTest, LearntModelsRankUnseenCandidates) {
  Data seen = draw(200, 1);
  Data unseen = draw(300, 2);
  std::vector<double> truth;
  for (const Outcome &outcome : unseen.outcomes)
    truth.push_back(outcome.ok ? outcome.logThroughput : 0);
  for (const char *name : {"gbt-reg", "gbt-rank", "gbt-paper", "analytic+gbt", "analytic+gp"}) {
    auto model = create(name);
    ASSERT_TRUE(model->fit(seen.features, seen.outcomes).ok());
    EXPECT_TRUE(model->informative());
    EXPECT_GT(rankCorrelation(scores(*model, unseen), truth), 0.85) << name;
  }
}

TEST_F(CostModelTest, CalibratedModelsPredictLogThroughput) {
  Data seen = draw(300, 1);
  Data unseen = draw(200, 2);
  for (const char *name : {"gbt-reg", "analytic+gbt", "analytic+gp"}) {
    auto model = create(name);
    ASSERT_TRUE(model->fit(seen.features, seen.outcomes).ok());
    ASSERT_TRUE(model->calibrated());
    std::vector<double> predicted = scores(*model, unseen);
    std::vector<double> errors;
    for (size_t i = 0; i < predicted.size(); ++i)
      if (unseen.outcomes[i].ok)
        errors.push_back(std::abs(predicted[i] - unseen.outcomes[i].logThroughput));
    EXPECT_LT(median(errors), 0.4) << name;
  }
}

TEST_F(CostModelTest, ManyRecordsOfOtherTasksDoNotHideTheOwn) {
  Data own = draw(150, 1);
  Data foreign = draw(2000, 2);
  Data unseen = draw(300, 3);
  std::vector<double> truth;
  for (const Outcome &outcome : unseen.outcomes)
    truth.push_back(outcome.ok ? outcome.logThroughput : 0);
  auto correlation = [&](bool told) {
    Data all = own;
    for (size_t i = 0; i < foreign.outcomes.size(); ++i) {
      all.features.append(foreign.features.row(i));
      all.outcomes.push_back(foreign.outcomes[i]);
      all.outcomes.back().logThroughput = 60 - foreign.outcomes[i].logThroughput; // the opposite
      all.outcomes.back().own = !told;
    }
    auto model = create("analytic+gp");
    EXPECT_TRUE(model->fit(all.features, all.outcomes).ok());
    return rankCorrelation(scores(*model, unseen), truth);
  };
  EXPECT_GT(correlation(/*told=*/true), 0.3);
  EXPECT_LT(correlation(/*told=*/false), 0);
}

TEST_F(CostModelTest, FailuresTeachValidityAndNotSlowness) {
  Data seen = draw(200, 1);
  Data unseen = draw(300, 2);
  auto model = create("gbt-reg");
  ASSERT_TRUE(model->fit(seen.features, seen.outcomes).ok());
  std::vector<double> predicted = scores(*model, unseen);
  std::vector<double> failed;
  std::vector<double> succeeded;
  for (size_t i = 0; i < predicted.size(); ++i)
    (unseen.outcomes[i].ok ? succeeded : failed).push_back(predicted[i]);
  ASSERT_GT(failed.size(), 10u);
  EXPECT_LT(quantile(failed, 0.9), quantile(succeeded, 0.1));
}

TEST_F(CostModelTest, HandlesNoRecordsOneRecordAndOnlyFailures) {
  Data none;
  none.features.columns = features.columns();
  Data one = draw(1, 3);
  Data failures = draw(5, 4);
  for (Outcome &outcome : failures.outcomes)
    outcome.ok = false;
  Data unseen = draw(20, 5);
  for (const std::string &name : costModelNames())
    for (const Data *data : {&none, &one, &failures}) {
      auto model = create(name);
      ASSERT_TRUE(model->fit(data->features, data->outcomes).ok()) << name;
      for (double score : scores(*model, unseen))
        ASSERT_TRUE(std::isfinite(score)) << name;
    }
}

TEST_F(CostModelTest, ManyAtOnceScoreAsTheyDoOneByOne) {
  Data seen = draw(150, 1);
  Data unseen = draw(130, 2); // two whole blocks of the Gaussian process and a part
  for (const std::string &name : costModelNames()) {
    auto model = create(name);
    ASSERT_TRUE(model->fit(seen.features, seen.outcomes).ok());
    std::vector<double> together = scores(*model, unseen);
    for (size_t i = 0; i < together.size(); ++i) {
      FeatureMatrix one;
      one.append(unseen.features.row(i));
      std::vector<double> alone(1);
      ASSERT_TRUE(model->predict(one, absl::MakeSpan(alone)).ok());
      ASSERT_NEAR(alone[0], together[i], 1e-9) << name;
    }
  }
}

/// 1e5 per second is the aim on an idle core; the limit leaves room for busy ones and sanitizers.
TEST_F(CostModelTest, PrintsScoringSpeed) {
  Data seen = draw(1000, 1);
  Data unseen = draw(4096, 2);
  for (const std::string &name : costModelNames()) {
    auto model = create(name);
    ASSERT_TRUE(model->fit(seen.features, seen.outcomes).ok());
    auto start = std::chrono::steady_clock::now();
    scores(*model, unseen);
    std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    double rate = 4096 / seconds.count();
    std::printf("[ SPEED    ] %s: %.0f rows scored per second, after 1000 records\n", name.c_str(),
                rate);
    EXPECT_GT(rate, 2000) << name;
  }
}

TEST_F(CostModelTest, SameDataSameScores) {
  Data seen = draw(120, 1);
  Data unseen = draw(50, 2);
  for (const std::string &name : costModelNames()) {
    auto a = create(name);
    auto b = create(name);
    ASSERT_TRUE(a->fit(seen.features, seen.outcomes).ok());
    ASSERT_TRUE(b->fit(seen.features, seen.outcomes).ok());
    EXPECT_EQ(scores(*a, unseen), scores(*b, unseen)) << name;
  }
}

TEST_F(CostModelTest, OnlyTheCorrectingModelSeesTheClosedForm) {
  Data seen = draw(60, 1);
  Data changed = draw(30, 2);
  Data kept = changed;
  for (size_t row = 0; row < changed.features.rows(); ++row)
    changed.features.data[row * features.columns() + features.analyticColumn()] += 3;
  auto plain = create("gbt-reg");
  auto correcting = create("analytic+gbt");
  ASSERT_TRUE(plain->fit(seen.features, seen.outcomes).ok());
  ASSERT_TRUE(correcting->fit(seen.features, seen.outcomes).ok());
  EXPECT_EQ(scores(*plain, changed), scores(*plain, kept));
  EXPECT_NE(scores(*correcting, changed), scores(*correcting, kept));
}

} // namespace
