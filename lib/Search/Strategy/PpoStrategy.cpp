//===- PpoStrategy.cpp - Chameleon's agent --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adaptive exploration (Ahn et al. 2020): walks by a policy network under the cost model, the
// network trained by proximal policy optimisation (Schulman et al. 2017) and kept from call to
// call. All walks step together: one inference and one prediction per step.
//
//===----------------------------------------------------------------------===//
#include "Strategies.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Search/Advantage.h"
#include "chameleon/Search/PolicyLibrary.h"
#include "chameleon/Search/WalkEnvironment.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

static constexpr double kDiscount = 0.9;
static constexpr double kLambda = 0.99;
static constexpr double kEntropyFloor = 0.15;
static constexpr uint32_t kMinibatch = 1024;
/// Of the walks, those that start at the fastest measured candidates.
static constexpr double kGuidedShare = 0.5;
static constexpr size_t kGuides = 8;

namespace {

/// The networks behind the C border.
class Policy {
public:
  static absl::StatusOr<std::unique_ptr<Policy>> create(const std::string &library,
                                                        const ChameleonPolicyOptions &options) {
    absl::StatusOr<const ChameleonPolicyApi *> api = loadPolicyLibrary(library);
    if (!api.ok())
      return api.status();
    char error[CHAMELEON_POLICY_ERROR_BYTES] = "";
    void *handle = (*api)->create(&options, error);
    if (!handle)
      return failure(error);
    return std::unique_ptr<Policy>(new Policy(*api, handle));
  }
  ~Policy() { api->destroy(handle); }

  absl::Status evaluate(const std::vector<float> &states, size_t rows,
                        std::vector<float> &probabilities, std::vector<float> &values) {
    char error[CHAMELEON_POLICY_ERROR_BYTES] = "";
    int code =
        api->evaluate(handle, states.data(), rows, probabilities.data(), values.data(), error);
    return code == 0 ? absl::OkStatus() : failure(error);
  }

  absl::Status update(const ChameleonPolicyBatch &batch, ChameleonPolicyStats &stats) {
    char error[CHAMELEON_POLICY_ERROR_BYTES] = "";
    int code = api->update(handle, &batch, &stats, error);
    return code == 0 ? absl::OkStatus() : failure(error);
  }

private:
  Policy(const ChameleonPolicyApi *api, void *handle) : api(api), handle(handle) {}
  static absl::Status failure(const char *error) {
    return absl::InternalError(
        absl::StrCat("expected the policy library to succeed, but got: ", error));
  }

  const ChameleonPolicyApi *api;
  void *handle;
};

/// What the walks of one stretch leave for an update.
struct Stretch {
  Trajectories trajectories;
  std::vector<float> states;    // per step and walk, knobs
  std::vector<int32_t> actions; // per step and walk, knobs
  std::vector<float> logPolicy; // per step and walk
};

class PpoStrategy final : public Strategy {
public:
  PpoStrategy(const StrategyOptions &options, bool paper) : options(options), paper(paper) {}

  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override;
  absl::Status checkReady() const override { return checkPolicyLibrary(options.policyLibrary); }
  std::vector<std::pair<std::string, double>> diagnostics() const override;

private:
  absl::Status openPolicy(size_t knobs);
  std::vector<Configuration> startPoints(const SearchContext &context) const;
  absl::Status walk(const SearchContext &context, WalkEnvironment &walks, int steps, Plan &plan);
  absl::Status step(const SearchContext &context, WalkEnvironment &walks, Plan &plan,
                    Stretch &stretch);
  void drawActions(const std::vector<float> &probabilities, size_t knobs, Rng &rng,
                   Stretch &stretch);
  absl::Status train(Stretch &stretch, size_t knobs);

  StrategyOptions options;
  bool paper;
  std::unique_ptr<Policy> policy;
  ChameleonPolicyStats stats = {};
};

absl::Status PpoStrategy::openPolicy(size_t knobs) {
  if (policy)
    return absl::OkStatus();
  ChameleonPolicyOptions networks = {};
  networks.knobs = static_cast<uint32_t>(knobs);
  networks.seed = options.seed;
  networks.learningRate = 1e-3;
  networks.clip = 0.3;
  networks.valueCoefficient = 1.0;
  networks.entropyCoefficient = 0.1;
  networks.entropyFloor = paper ? 0 : kEntropyFloor;
  networks.temperature = paper ? 0.1 : options.policyTemperature;
  networks.epochs = 3;
  networks.minibatch = kMinibatch;
  absl::StatusOr<std::unique_ptr<Policy>> created = Policy::create(options.policyLibrary, networks);
  if (!created.ok())
    return created.status();
  policy = std::move(*created);
  return absl::OkStatus();
}

/// Random valid points; ours begins a part of the walks at the fastest measured candidates.
std::vector<Configuration> PpoStrategy::startPoints(const SearchContext &context) const {
  std::vector<Configuration> starts;
  auto count = static_cast<size_t>(std::max(options.walks, 1));
  std::vector<MeasuredCandidate> guides;
  if (!paper)
    guides = fastestFirst(context.measured);
  guides.resize(std::min(guides.size(), kGuides));
  for (size_t i = 0; !guides.empty() && i < static_cast<size_t>(kGuidedShare * count); ++i)
    starts.push_back(guides[i % guides.size()].configuration);
  while (starts.size() < count) {
    auto drawn = context.sampler.sample(context.rng);
    if (!drawn)
      break;
    starts.push_back(std::move(*drawn));
  }
  return starts;
}

/// Draws one action per walk and knob, and notes their joint log probability.
void PpoStrategy::drawActions(const std::vector<float> &probabilities, size_t knobs, Rng &rng,
                              Stretch &stretch) {
  size_t walks = probabilities.size() / (knobs * WalkEnvironment::kActions);
  const float *p = probabilities.data();
  for (size_t walk = 0; walk < walks; ++walk) {
    double logSum = 0;
    for (size_t knob = 0; knob < knobs; ++knob, p += WalkEnvironment::kActions) {
      double draw = rng.uniform();
      int32_t action = draw < p[0] ? 0 : (draw < p[0] + p[1] ? 1 : 2);
      stretch.actions.push_back(action);
      logSum += std::log(std::max(p[action], 1e-8F));
    }
    stretch.logPolicy.push_back(static_cast<float>(logSum));
  }
}

absl::Status PpoStrategy::step(const SearchContext &context, WalkEnvironment &walks, Plan &plan,
                               Stretch &stretch) {
  const size_t n = walks.walks();
  const size_t knobs = walks.knobs();
  std::vector<float> states(n * knobs);
  std::vector<float> probabilities(n * knobs * WalkEnvironment::kActions);
  std::vector<float> values(n);
  walks.observe(absl::MakeSpan(states));
  if (absl::Status status = policy->evaluate(states, n, probabilities, values); !status.ok())
    return status;
  Trajectories &done = stretch.trajectories;
  for (size_t walk = 0; walk < n; ++walk)
    done.active.push_back(!walks.ended(walk));
  drawActions(probabilities, knobs, context.rng, stretch);
  walks.move(absl::MakeConstSpan(stretch.actions).last(n * knobs), context.rng);
  absl::StatusOr<std::vector<double>> scores = scoreAll(context, walks.configurations());
  if (!scores.ok())
    return scores.status();
  plan.offerAll(walks.configurations(), *scores);
  std::vector<double> rewards(n);
  walks.reward(*scores, absl::MakeSpan(rewards));
  for (size_t walk = 0; walk < n; ++walk)
    done.ended.push_back(walks.ended(walk));
  done.rewards.insert(done.rewards.end(), rewards.begin(), rewards.end());
  done.values.insert(done.values.end(), values.begin(), values.end());
  stretch.states.insert(stretch.states.end(), states.begin(), states.end());
  ++done.steps;
  return absl::OkStatus();
}

absl::Status PpoStrategy::walk(const SearchContext &context, WalkEnvironment &walks, int steps,
                               Plan &plan) {
  Stretch stretch;
  stretch.trajectories.walks = walks.walks();
  for (int i = 0; i < steps && !walks.allEnded(); ++i)
    if (absl::Status status = step(context, walks, plan, stretch); !status.ok())
      return status;
  std::vector<float> states(walks.walks() * walks.knobs());
  std::vector<float> unused(states.size() * WalkEnvironment::kActions);
  std::vector<float> lastValues(walks.walks());
  walks.observe(absl::MakeSpan(states));
  if (absl::Status status = policy->evaluate(states, walks.walks(), unused, lastValues);
      !status.ok())
    return status;
  stretch.trajectories.lastValues.assign(lastValues.begin(), lastValues.end());
  return train(stretch, walks.knobs());
}

/// One PPO update on the steps that were really taken.
absl::Status PpoStrategy::train(Stretch &stretch, size_t knobs) {
  Trajectories &taken = stretch.trajectories;
  Advantages estimated = estimateAdvantages(taken, kDiscount, kLambda);
  normalize(absl::MakeSpan(estimated.advantages), taken.active);
  std::vector<float> states;
  std::vector<int32_t> actions;
  std::vector<float> logPolicy;
  std::vector<float> advantages;
  std::vector<float> returns;
  for (size_t i = 0; i < taken.active.size(); ++i) {
    if (!taken.active[i])
      continue;
    states.insert(states.end(), stretch.states.begin() + i * knobs,
                  stretch.states.begin() + (i + 1) * knobs);
    actions.insert(actions.end(), stretch.actions.begin() + i * knobs,
                   stretch.actions.begin() + (i + 1) * knobs);
    logPolicy.push_back(stretch.logPolicy[i]);
    advantages.push_back(static_cast<float>(estimated.advantages[i]));
    returns.push_back(static_cast<float>(estimated.returns[i]));
  }
  if (logPolicy.empty())
    return absl::OkStatus();
  ChameleonPolicyBatch batch = {logPolicy.size(), states.data(),     actions.data(),
                                logPolicy.data(), advantages.data(), returns.data()};
  return policy->update(batch, stats);
}

absl::StatusOr<std::vector<Candidate>> PpoStrategy::propose(const SearchContext &context,
                                                            size_t planSize) {
  Plan plan(context, planSize);
  std::vector<Configuration> starts = startPoints(context);
  absl::StatusOr<std::vector<double>> scores = scoreAll(context, starts);
  if (!scores.ok())
    return scores.status();
  plan.offerAll(starts, *scores);
  size_t knobs = context.space.knobs().size();
  if (starts.empty() || knobs == 0)
    return plan.take();
  if (absl::Status status = openPolicy(knobs); !status.ok())
    return status;

  WalkOptions walkOptions;
  walkOptions.reward = paper ? WalkReward::Absolute : WalkReward::Gain;
  walkOptions.keepRules = !paper;
  WalkEnvironment walks(context.space, walkOptions);
  walks.reset(std::move(starts), *scores);
  for (int left = options.steps; left > 0 && !walks.allEnded(); left -= options.horizon)
    if (absl::Status status = walk(context, walks, std::min(left, options.horizon), plan);
        !status.ok())
      return status;
  return plan.take();
}

std::vector<std::pair<std::string, double>> PpoStrategy::diagnostics() const {
  return {{"policy_entropy", stats.entropy},
          {"policy_loss", stats.policyLoss},
          {"value_loss", stats.valueLoss},
          {"skipped_updates", stats.skippedUpdates}};
}

} // namespace

std::unique_ptr<Strategy> createPpoStrategy(const StrategyOptions &options) {
  return std::make_unique<PpoStrategy>(options, /*paper=*/false);
}

std::unique_ptr<Strategy> createPaperPpoStrategy(const StrategyOptions &options) {
  return std::make_unique<PpoStrategy>(options, /*paper=*/true);
}

} // namespace chameleon
