//===- PolicyNetworks.cpp - Actor, critic and their training --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PolicyNetworks.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

static constexpr int64_t kHidden = 20;
static constexpr int64_t kActions = 3;
/// Small weights in the last layer: the first walks are nearly uniform.
static constexpr double kLastLayerScale = 0.01;
static constexpr double kGradientNorm = 0.5;
static constexpr double kAdamEpsilon = 1e-5;
static constexpr double kLargestEntropyRaise = 10;

PolicyNetworksImpl::PolicyNetworksImpl(int64_t knobs, double temperature)
    : knobs(knobs), temperature(temperature) {
  first = register_module("first", torch::nn::Linear(knobs, kHidden));
  second = register_module("second", torch::nn::Linear(kHidden, kHidden));
  heads = register_module("heads", torch::nn::Linear(kHidden, knobs * kActions));
  headWeight =
      register_parameter("headWeight", torch::randn({knobs, kActions, kActions}) * kLastLayerScale);
  headBias = register_parameter("headBias", torch::zeros({knobs, 1, kActions}));
  critic = register_module(
      "critic", torch::nn::Sequential(torch::nn::Linear(knobs, kHidden), torch::nn::Tanh(),
                                      torch::nn::Linear(kHidden, kHidden), torch::nn::Tanh(),
                                      torch::nn::Linear(kHidden, kHidden), torch::nn::Tanh(),
                                      torch::nn::Linear(kHidden, 1)));
}

torch::Tensor PolicyNetworksImpl::logPolicy(const torch::Tensor &states) {
  torch::Tensor hidden = torch::tanh(second(torch::tanh(first(states))));
  torch::Tensor inner = torch::tanh(heads(hidden)).view({-1, knobs, kActions}).transpose(0, 1);
  torch::Tensor logits = torch::baddbmm(headBias, inner, headWeight).transpose(0, 1);
  return torch::log_softmax(logits / temperature, -1);
}

torch::Tensor PolicyNetworksImpl::value(const torch::Tensor &states) {
  return critic->forward(states).squeeze(-1);
}

/// Seeds the one generator that the initial weights come from.
static int64_t seeded(const ChameleonPolicyOptions &options) {
  torch::manual_seed(options.seed);
  return options.knobs;
}

PolicyTrainer::PolicyTrainer(const ChameleonPolicyOptions &options)
    : options(options), networks(seeded(options), options.temperature),
      optimizer(networks->parameters(),
                torch::optim::AdamOptions(options.learningRate).eps(kAdamEpsilon)) {}

static torch::Tensor wrapFloats(const float *data, torch::IntArrayRef shape) {
  return torch::from_blob(const_cast<float *>(data), shape, torch::kFloat);
}

void PolicyTrainer::evaluate(const float *states, size_t rows, float *probabilities,
                             float *values) {
  torch::InferenceMode guard;
  auto n = static_cast<int64_t>(rows);
  torch::Tensor input = wrapFloats(states, {n, options.knobs});
  torch::Tensor policy = networks->logPolicy(input).exp().contiguous();
  torch::Tensor value = networks->value(input).contiguous();
  std::copy_n(policy.data_ptr<float>(), policy.numel(), probabilities);
  std::copy_n(value.data_ptr<float>(), value.numel(), values);
}

PolicyTrainer::Tensors PolicyTrainer::wrap(const ChameleonPolicyBatch &batch) const {
  auto n = static_cast<int64_t>(batch.samples);
  torch::Tensor actions =
      torch::from_blob(const_cast<int32_t *>(batch.actions), {n, options.knobs}, torch::kInt32);
  return {wrapFloats(batch.states, {n, options.knobs}), actions.to(torch::kInt64).unsqueeze(-1),
          wrapFloats(batch.logPolicy, {n}), wrapFloats(batch.advantages, {n}),
          wrapFloats(batch.returns, {n})};
}

void PolicyTrainer::updateOnce(const Tensors &samples, ChameleonPolicyStats &stats) {
  torch::Tensor logPolicy = networks->logPolicy(samples.states);
  torch::Tensor chosen = logPolicy.gather(-1, samples.actions).squeeze(-1).sum(-1);
  torch::Tensor ratio = (chosen - samples.logPolicy).exp();
  torch::Tensor clipped = ratio.clamp(1 - options.clip, 1 + options.clip);
  torch::Tensor policyLoss =
      -torch::min(ratio * samples.advantages, clipped * samples.advantages).mean();
  torch::Tensor valueLoss = (networks->value(samples.states) - samples.returns).square().mean();
  torch::Tensor entropy = -(logPolicy.exp() * logPolicy).sum(-1).mean() / std::log(3.0);

  stats.entropy = entropy.item<double>();
  stats.policyLoss = policyLoss.item<double>();
  stats.valueLoss = valueLoss.item<double>();
  double raise = 1;
  if (stats.entropy < options.entropyFloor)
    raise = std::min(options.entropyFloor / std::max(stats.entropy, 1e-6), kLargestEntropyRaise);
  torch::Tensor loss = policyLoss + options.valueCoefficient * valueLoss -
                       raise * options.entropyCoefficient * entropy;
  optimizer.zero_grad();
  loss.backward();
  double norm = torch::nn::utils::clip_grad_norm_(networks->parameters(), kGradientNorm);
  if (!std::isfinite(loss.item<double>()) || !std::isfinite(norm)) {
    ++stats.skippedUpdates;
    return;
  }
  optimizer.step();
  ++stats.updates;
}

ChameleonPolicyStats PolicyTrainer::update(const ChameleonPolicyBatch &batch) {
  ChameleonPolicyStats stats = {};
  Tensors all = wrap(batch);
  auto n = static_cast<int64_t>(batch.samples);
  int64_t size = options.minibatch == 0 ? n : static_cast<int64_t>(options.minibatch);
  int64_t parts = std::max<int64_t>((n + size - 1) / size, 1);
  for (uint32_t epoch = 0; epoch < options.epochs; ++epoch)
    for (int64_t part = 0; part < parts; ++part) {
      // Every parts-th sample: each minibatch has samples of all walks and steps.
      auto pick = [&](const torch::Tensor &tensor) { return tensor.slice(0, part, n, parts); };
      updateOnce({pick(all.states), pick(all.actions), pick(all.logPolicy), pick(all.advantages),
                  pick(all.returns)},
                 stats);
    }
  return stats;
}

} // namespace chameleon
