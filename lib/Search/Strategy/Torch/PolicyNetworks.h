//===- PolicyNetworks.h - Actor, critic and their training ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The networks of Chameleon (Ahn et al. 2020, and the authors' code): the policy has two layers of
// 20 with tanh, then per knob a head of 3, 3 and a softmax with a temperature; the value network
// three layers of 20 with tanh.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_STRATEGY_TORCH_POLICYNETWORKS_H
#define CHAMELEON_LIB_SEARCH_STRATEGY_TORCH_POLICYNETWORKS_H

#include "chameleon/Search/PolicyAbi.h"
#include <torch/torch.h>

namespace chameleon {

struct PolicyNetworksImpl : torch::nn::Module {
  PolicyNetworksImpl(int64_t knobs, double temperature);

  /// Log probabilities, rows x knobs x 3.
  torch::Tensor logPolicy(const torch::Tensor &states);
  /// Values, rows.
  torch::Tensor value(const torch::Tensor &states);

  int64_t knobs;
  double temperature;
  torch::nn::Linear first{nullptr}, second{nullptr}, heads{nullptr};
  torch::Tensor headWeight, headBias; // knobs x 3 x 3, knobs x 1 x 3
  torch::nn::Sequential critic{nullptr};
};
TORCH_MODULE(PolicyNetworks);

/// Networks with their optimiser. Throws what LibTorch throws.
class PolicyTrainer {
public:
  explicit PolicyTrainer(const ChameleonPolicyOptions &options);

  void evaluate(const float *states, size_t rows, float *probabilities, float *values);
  ChameleonPolicyStats update(const ChameleonPolicyBatch &batch);

private:
  struct Tensors {
    torch::Tensor states, actions, logPolicy, advantages, returns;
  };
  Tensors wrap(const ChameleonPolicyBatch &batch) const;
  void updateOnce(const Tensors &samples, ChameleonPolicyStats &stats);

  ChameleonPolicyOptions options;
  PolicyNetworks networks;
  torch::optim::Adam optimizer;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_STRATEGY_TORCH_POLICYNETWORKS_H
