//===- PolicyApi.cpp - The C border around the policy networks ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PolicyNetworks.h"
#include <cstdio>
#include <exception>

using namespace chameleon;

/// Runs `body`; whatever it throws becomes a message.
template <typename Body> static int guarded(char *error, Body body) {
  try {
    body();
    return 0;
  } catch (const std::exception &caught) {
    std::snprintf(error, CHAMELEON_POLICY_ERROR_BYTES, "%s", caught.what());
  } catch (...) {
    std::snprintf(error, CHAMELEON_POLICY_ERROR_BYTES, "an exception of an unknown kind");
  }
  return 1;
}

static void useOneThread() {
  static const bool done = [] {
    torch::set_num_threads(1);
    at::set_num_interop_threads(1);
    return true;
  }();
  (void)done;
}

static void *create(const ChameleonPolicyOptions *options, char *error) {
  PolicyTrainer *trainer = nullptr;
  guarded(error, [&] {
    useOneThread();
    trainer = new PolicyTrainer(*options);
  });
  return trainer;
}

static void destroy(void *policy) { delete static_cast<PolicyTrainer *>(policy); }

static int evaluate(void *policy, const float *states, size_t rows, float *probabilities,
                    float *values, char *error) {
  return guarded(error, [&] {
    static_cast<PolicyTrainer *>(policy)->evaluate(states, rows, probabilities, values);
  });
}

static int update(void *policy, const ChameleonPolicyBatch *batch, ChameleonPolicyStats *stats,
                  char *error) {
  return guarded(error, [&] { *stats = static_cast<PolicyTrainer *>(policy)->update(*batch); });
}

extern "C" __attribute__((visibility("default"))) const ChameleonPolicyApi *
chameleonPolicyApi(void) {
  static const ChameleonPolicyApi api = {CHAMELEON_POLICY_ABI_VERSION, create, destroy, evaluate,
                                         update};
  return &api;
}
