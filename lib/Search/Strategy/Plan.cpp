//===- Plan.cpp - The best candidates met ---------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Strategy.h"
#include <algorithm>

namespace chameleon {

static absl::StatusOr<std::vector<double>>
ask(const SearchContext &context, absl::Span<const Configuration> configurations,
    absl::Status (CostModel::*question)(const FeatureMatrix &, absl::Span<double>) const) {
  std::vector<double> scores(configurations.size(), 0.0);
  if (!context.model.informative() || configurations.empty())
    return scores;
  if (context.scored)
    *context.scored += configurations.size();
  absl::Status status =
      (context.model.*question)(context.features.extract(configurations), absl::MakeSpan(scores));
  if (!status.ok())
    return status;
  return scores;
}

absl::StatusOr<std::vector<double>> scoreAll(const SearchContext &context,
                                             absl::Span<const Configuration> configurations) {
  return ask(context, configurations, &CostModel::acquire);
}

absl::StatusOr<std::vector<double>> predictAll(const SearchContext &context,
                                               absl::Span<const Configuration> configurations) {
  return ask(context, configurations, &CostModel::predict);
}

std::vector<MeasuredCandidate> fastestFirst(absl::Span<const MeasuredCandidate> measured) {
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < measured.size(); ++i)
    if (measured[i].outcome.ok)
      order.emplace_back(-measured[i].outcome.logThroughput, i);
  std::sort(order.begin(), order.end());
  std::vector<MeasuredCandidate> result;
  result.reserve(order.size());
  for (const auto &[negated, i] : order)
    result.push_back(measured[i]);
  return result;
}

bool Plan::better(const Entry &a, const Entry &b) {
  if (a.candidate.score != b.candidate.score)
    return a.candidate.score > b.candidate.score;
  return a.arrival < b.arrival;
}

bool Plan::offer(const Configuration &configuration, double score) {
  if (capacity == 0 || (full() && score <= heap.front().candidate.score))
    return false;
  if (members.contains(configuration) || !context.isNew(configuration))
    return false;
  if (full()) {
    std::pop_heap(heap.begin(), heap.end(), better);
    members.erase(heap.back().candidate.configuration);
    heap.pop_back();
  }
  heap.push_back({{configuration, score}, arrivals++});
  std::push_heap(heap.begin(), heap.end(), better);
  members.insert(configuration);
  return true;
}

void Plan::offerAll(absl::Span<const Configuration> configurations,
                    absl::Span<const double> scores) {
  for (size_t i = 0; i < configurations.size(); ++i)
    offer(configurations[i], scores[i]);
}

std::vector<Candidate> Plan::take() {
  std::sort(heap.begin(), heap.end(), better);
  std::vector<Candidate> result;
  result.reserve(heap.size());
  for (Entry &entry : heap)
    result.push_back(std::move(entry.candidate));
  heap.clear();
  members.clear();
  return result;
}

} // namespace chameleon
