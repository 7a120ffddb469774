//===- Sampler.cpp - The samplers by name, and what they share ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Sampler.h"
#include "Samplers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace chameleon {

using Factory = std::unique_ptr<Sampler> (*)();

static constexpr std::pair<absl::string_view, Factory> kSamplers[] = {
    {"adaptive", createAdaptiveSampler},
    {"adaptive-paper", createPaperSampler},
    {"adaptive-paper-code", createPaperCodeSampler},
    {"top-k", createTopSampler},
    {"diverse", createDiverseSampler},
    {"all", createAllSampler},
};
/// Members of a plan whose knobs are varied to find what matters.
static constexpr size_t kProbes = 24;

std::vector<std::string> samplerNames() {
  std::vector<std::string> result;
  for (const auto &[name, factory] : kSamplers)
    result.emplace_back(name);
  return result;
}

absl::StatusOr<std::unique_ptr<Sampler>> createSampler(absl::string_view name) {
  for (const auto &[known, factory] : kSamplers)
    if (known == name)
      return factory();
  return absl::InvalidArgumentError(absl::StrCat(
      "expected a sampler (", absl::StrJoin(samplerNames(), ", "), "), but got '", name, "'"));
}

std::vector<Configuration> configurationsOf(absl::Span<const Candidate> plan) {
  std::vector<Configuration> result;
  result.reserve(plan.size());
  for (const Candidate &candidate : plan)
    result.push_back(candidate.configuration);
  return result;
}

bool Picks::add(const Configuration &configuration) {
  if (full() || !context.isNew(configuration) || !seen.insert(configuration).second)
    return false;
  picked.push_back(configuration);
  return true;
}

Configuration modeOf(absl::Span<const Configuration> configurations) {
  Configuration result;
  for (size_t knob = 0; knob < configurations.front().indices.size(); ++knob) {
    std::vector<size_t> counts;
    for (const Configuration &configuration : configurations) {
      auto index = static_cast<size_t>(configuration.indices[knob]);
      counts.resize(std::max(counts.size(), index + 1), 0);
      ++counts[index];
    }
    result.indices.push_back(
        static_cast<int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin()));
  }
  return result;
}

absl::StatusOr<std::vector<double>> knobImportance(const SearchContext &context,
                                                   absl::Span<const Candidate> plan) {
  size_t knobs = context.space.knobs().size();
  std::vector<double> weights(knobs, 1);
  size_t probes = std::min(plan.size(), kProbes);
  if (probes < 2 || !context.model.informative())
    return weights;
  std::vector<Configuration> varied;
  for (size_t knob = 0; knob < knobs; ++knob)
    for (size_t i = 0; i < probes; ++i) {
      Configuration changed = plan[i].configuration;
      size_t other = (i + 1 + context.rng.below(plan.size() - 1)) % plan.size();
      changed.indices[knob] = plan[other].configuration.indices[knob];
      varied.push_back(context.space.canonical(std::move(changed)));
    }
  absl::StatusOr<std::vector<double>> scores = scoreAll(context, varied);
  if (!scores.ok())
    return scores.status();
  for (size_t knob = 0; knob < knobs; ++knob) {
    weights[knob] = 0;
    for (size_t i = 0; i < probes; ++i)
      weights[knob] += std::abs((*scores)[knob * probes + i] - plan[i].score);
  }
  double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double &weight : weights)
    weight = sum > 0 ? weight * static_cast<double>(knobs) / sum : 1;
  return weights;
}

} // namespace chameleon
