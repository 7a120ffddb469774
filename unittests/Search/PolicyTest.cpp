//===- PolicyTest.cpp - The policy networks behind their C border ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/PolicyLibrary.h"
#include "chameleon/Support/Random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cmath>
#include <vector>

using namespace chameleon;

namespace {

constexpr size_t kKnobs = 5;
constexpr size_t kRows = 64;

class PolicyTest : public testing::Test {
protected:
  void SetUp() override {
    auto loaded = loadPolicyLibrary("");
    if (!loaded.ok())
      GTEST_SKIP() << loaded.status();
    api = *loaded;
    Rng rng(1);
    for (size_t i = 0; i < kRows * kKnobs; ++i)
      states.push_back(static_cast<float>(rng.uniform()));
  }

  ChameleonPolicyOptions options(uint64_t seed = 7) const {
    ChameleonPolicyOptions result = {};
    result.knobs = kKnobs;
    result.seed = seed;
    result.learningRate = 1e-2;
    result.clip = 0.3;
    result.valueCoefficient = 1;
    result.entropyCoefficient = 0.01;
    result.temperature = 1;
    result.epochs = 3;
    return result;
  }

  std::vector<float> probabilities(void *policy) {
    std::vector<float> result(kRows * kKnobs * 3);
    std::vector<float> values(kRows);
    EXPECT_EQ(api->evaluate(policy, states.data(), kRows, result.data(), values.data(), error), 0);
    return result;
  }

  /// Rewards knob 0 for going up and every other knob for nothing.
  ChameleonPolicyStats teach(void *policy, float advantageScale = 1) {
    Rng rng(3);
    std::vector<float> present = probabilities(policy);
    std::vector<int32_t> actions;
    std::vector<float> logPolicy;
    std::vector<float> advantages;
    for (size_t row = 0; row < kRows; ++row) {
      double logSum = 0;
      for (size_t knob = 0; knob < kKnobs; ++knob) {
        actions.push_back(static_cast<int32_t>(rng.below(3)));
        logSum += std::log(present[(row * kKnobs + knob) * 3 + actions.back()]);
      }
      logPolicy.push_back(static_cast<float>(logSum));
      advantages.push_back(advantageScale * (actions[row * kKnobs] == 2 ? 1.0F : -0.5F));
    }
    std::vector<float> returns(kRows, 2.0F);
    ChameleonPolicyBatch batch = {
        kRows, states.data(), actions.data(), logPolicy.data(), advantages.data(), returns.data()};
    ChameleonPolicyStats stats = {};
    EXPECT_EQ(api->update(policy, &batch, &stats, error), 0) << error;
    return stats;
  }

  const ChameleonPolicyApi *api = nullptr;
  std::vector<float> states;
  char error[CHAMELEON_POLICY_ERROR_BYTES] = "";
};

TEST_F(PolicyTest, BeginsNearlyUniformAndSumsToOne) {
  ChameleonPolicyOptions o = options();
  void *policy = api->create(&o, error);
  ASSERT_NE(policy, nullptr) << error;
  std::vector<float> p = probabilities(policy);
  for (size_t i = 0; i < p.size(); i += 3) {
    EXPECT_NEAR(p[i] + p[i + 1] + p[i + 2], 1, 1e-5);
    EXPECT_NEAR(p[i], 1.0 / 3, 0.05);
  }
  api->destroy(policy);
}

TEST_F(PolicyTest, LearnsWhatIsRewarded) {
  ChameleonPolicyOptions o = options();
  void *policy = api->create(&o, error);
  double firstValueLoss = teach(policy).valueLoss;
  ChameleonPolicyStats stats = {};
  for (int i = 0; i < 60; ++i)
    stats = teach(policy);
  std::vector<float> p = probabilities(policy);
  EXPECT_GT(p[2], 0.6F); // knob 0 goes up
  EXPECT_LT(stats.valueLoss, firstValueLoss / 4);
  EXPECT_GT(stats.entropy, 0);
  EXPECT_LT(stats.entropy, 1);
  EXPECT_EQ(stats.updates, 3u);
  api->destroy(policy);
}

TEST_F(PolicyTest, SameSeedSameWeightsAndUpdates) {
  ChameleonPolicyOptions o = options();
  ChameleonPolicyOptions otherSeed = options(8);
  void *a = api->create(&o, error);
  void *b = api->create(&o, error);
  void *c = api->create(&otherSeed, error);
  EXPECT_NE(probabilities(a), probabilities(c));
  for (int i = 0; i < 5; ++i) {
    teach(a);
    teach(b);
  }
  EXPECT_EQ(probabilities(a), probabilities(b));
  for (void *policy : {a, b, c})
    api->destroy(policy);
}

TEST_F(PolicyTest, LeavesOutUpdatesThatAreNotFinite) {
  ChameleonPolicyOptions o = options();
  void *policy = api->create(&o, error);
  std::vector<float> before = probabilities(policy);
  ChameleonPolicyStats stats = teach(policy, NAN);
  EXPECT_EQ(stats.updates, 0u);
  EXPECT_EQ(stats.skippedUpdates, 3u);
  EXPECT_EQ(probabilities(policy), before);
  api->destroy(policy);
}

TEST_F(PolicyTest, AnEntropyFloorHoldsThePolicyOpen) {
  double entropy[2];
  for (int floor : {0, 1}) {
    ChameleonPolicyOptions o = options();
    o.entropyFloor = floor * 0.9;
    void *policy = api->create(&o, error);
    ChameleonPolicyStats stats = {};
    for (int i = 0; i < 60; ++i)
      stats = teach(policy);
    entropy[floor] = stats.entropy;
    api->destroy(policy);
  }
  EXPECT_GT(entropy[1], entropy[0]);
}

TEST(PolicyLibraryTest, MissingLibraryIsNamed) {
  auto loaded = loadPolicyLibrary("/nowhere.so");
  EXPECT_THAT(std::string(loaded.status().message()),
              testing::HasSubstr("expected the policy library at '/nowhere.so'"));
  EXPECT_FALSE(checkPolicyLibrary("/nowhere.so").ok());
  EXPECT_THAT(policyLibraryPath(""), testing::HasSubstr("libChameleonTorchPolicy.so"));
}

TEST(PolicyLibraryTest, AFileThatIsNoLibraryIsAnError) {
  EXPECT_FALSE(loadPolicyLibrary("/etc/passwd").ok());
}

} // namespace
