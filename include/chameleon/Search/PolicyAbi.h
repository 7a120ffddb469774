//===- PolicyAbi.h - The border to the policy networks --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain C between the search and libChameleonTorchPolicy.so, which is opened only when a policy
// runs. The library owns the networks and their training; walks, rewards, advantages and every
// random draw stay on this side. No exception and no C++ type crosses. Functions return 0, or 1
// with a message in `error`.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_POLICYABI_H
#define CHAMELEON_SEARCH_POLICYABI_H

#include <stddef.h>
#include <stdint.h>

#define CHAMELEON_POLICY_ABI_VERSION 1u
#define CHAMELEON_POLICY_ENTRY "chameleonPolicyApi"
#define CHAMELEON_POLICY_ERROR_BYTES 512

#ifdef __cplusplus
extern "C" {
#endif

/// Networks and training, defaults of the paper in brackets.
struct ChameleonPolicyOptions {
  uint32_t knobs;
  uint64_t seed;             // of the initial weights
  double learningRate;       // of Adam [1e-3]
  double clip;               // [0.3]
  double valueCoefficient;   // [1.0]
  double entropyCoefficient; // [0.1]
  double entropyFloor; // mean entropy per knob over ln 3 under which the coefficient is raised [0]
  double temperature;  // of the softmax [0.1]
  uint32_t epochs;     // [3]
  uint32_t minibatch;  // samples per update; 0: all
};

/// Samples of walks, row-major.
struct ChameleonPolicyBatch {
  size_t samples;
  const float *states;    // samples x knobs
  const int32_t *actions; // samples x knobs, 0 to 2
  const float
      *logPolicy; // samples: log probability of the actions of all knobs when they were drawn
  const float *advantages; // samples
  const float *returns;    // samples
};

struct ChameleonPolicyStats {
  double policyLoss;
  double valueLoss;
  double entropy; // mean per knob over ln 3: 1 is uniform, 0 is decided
  uint32_t updates;
  uint32_t skippedUpdates; // left out because the loss was not finite
};

struct ChameleonPolicyApi {
  uint32_t version;
  /// A handle, or null with a message.
  void *(*create)(const struct ChameleonPolicyOptions *options, char *error);
  void (*destroy)(void *policy);
  /// `probabilities`: rows x knobs x 3, `values`: rows.
  int (*evaluate)(void *policy, const float *states, size_t rows, float *probabilities,
                  float *values, char *error);
  int (*update)(void *policy, const struct ChameleonPolicyBatch *batch,
                struct ChameleonPolicyStats *stats, char *error);
};

/// The library's one symbol, CHAMELEON_POLICY_ENTRY.
typedef const struct ChameleonPolicyApi *(*ChameleonPolicyEntry)(void);

#ifdef __cplusplus
}
#endif

#endif // CHAMELEON_SEARCH_POLICYABI_H
