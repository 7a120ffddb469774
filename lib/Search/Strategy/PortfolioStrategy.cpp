//===- PortfolioStrategy.cpp - Several strategies that share a plan -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bandit divides each plan between strategies by what they earned: the area under the curve of
// their successes over a sliding window, plus an exploration term (Fialho et al., "Toward
// Comparison-based Adaptive Operator Selection", GECCO 2010; used so by Ansel et al., "OpenTuner",
// PACT 2014), with a window per strategy. A success is a measured candidate that was among the
// fastest when it came; all whose present proposals hold it are credited.
//
//===----------------------------------------------------------------------===//
#include "Strategies.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <algorithm>
#include <cmath>
#include <deque>

namespace chameleon {

/// Where a space is too large to be scanned, `scan` is evolution.
static constexpr const char *kMembers[] = {"scan", "sa", "random"};
static constexpr size_t kWindow = 64;
static constexpr double kExploration = 0.2;
/// A candidate is a success if at most so many that were measured before it are faster.
static constexpr size_t kFasterAllowed = 4;

namespace {

struct Member {
  std::string name;
  std::unique_ptr<Strategy> strategy;
  std::deque<bool> successes; // of its measured candidates, the latest last

  /// In [0, 1]: late successes count more.
  double credit() const {
    double sum = 0;
    double most = 0;
    for (size_t i = 0; i < successes.size(); ++i) {
      auto weight = static_cast<double>(i + 1);
      most += weight;
      sum += successes[i] ? weight : 0;
    }
    return most > 0 ? sum / most : 0;
  }
};

class PortfolioStrategy final : public Strategy {
public:
  explicit PortfolioStrategy(std::vector<Member> members) : members(std::move(members)) {}

  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override;
  std::vector<std::pair<std::string, double>> diagnostics() const override;

private:
  void learn(const SearchContext &context);
  std::vector<double> shares() const;

  std::vector<Member> members;
  absl::flat_hash_map<Configuration, std::vector<size_t>> proposers; // of the last plan, in flight
  size_t seen = 0;                                                   // of the measured candidates
  std::vector<double> fastest; // log throughputs, at most kFasterAllowed + 1, descending
};

/// Credits members for what came of their proposals since the last call.
void PortfolioStrategy::learn(const SearchContext &context) {
  for (; seen < context.measured.size(); ++seen) {
    const MeasuredCandidate &candidate = context.measured[seen];
    bool success = candidate.outcome.ok && (fastest.size() <= kFasterAllowed ||
                                            candidate.outcome.logThroughput > fastest.back());
    if (success) {
      fastest.insert(std::upper_bound(fastest.begin(), fastest.end(),
                                      candidate.outcome.logThroughput, std::greater<>()),
                     candidate.outcome.logThroughput);
      fastest.resize(std::min(fastest.size(), kFasterAllowed + 1));
    }
    auto proposer = proposers.find(candidate.configuration);
    if (proposer == proposers.end())
      continue;
    for (size_t member : proposer->second) {
      std::deque<bool> &successes = members[member].successes;
      successes.push_back(success);
      if (successes.size() > kWindow)
        successes.pop_front();
    }
    proposers.erase(proposer);
  }
}

/// Positive, with sum 1.
std::vector<double> PortfolioStrategy::shares() const {
  double total = 1;
  for (const Member &member : members)
    total += static_cast<double>(member.successes.size());
  std::vector<double> result;
  double sum = 0;
  for (const Member &member : members) {
    auto uses = static_cast<double>(member.successes.size() + 1);
    result.push_back(member.credit() + kExploration * std::sqrt(2 * std::log(total + 1) / uses));
    sum += result.back();
  }
  for (double &share : result)
    share /= sum;
  return result;
}

absl::StatusOr<std::vector<Candidate>> PortfolioStrategy::propose(const SearchContext &context,
                                                                  size_t planSize) {
  learn(context);
  std::vector<double> share = shares();
  std::vector<std::vector<Candidate>> proposals;
  absl::flat_hash_map<Configuration, std::vector<size_t>> proposedBy;
  for (size_t i = 0; i < members.size(); ++i) {
    absl::StatusOr<std::vector<Candidate>> proposed =
        members[i].strategy->propose(context, planSize);
    if (!proposed.ok())
      return proposed.status();
    for (const Candidate &candidate : *proposed)
      proposedBy[candidate.configuration].push_back(i);
    proposals.push_back(*std::move(proposed));
  }
  // What was proposed before and not taken is forgotten.
  absl::erase_if(proposers,
                 [&](const auto &entry) { return !context.taken.contains(entry.first); });
  for (auto &[configuration, proposedNow] : proposedBy)
    proposers[configuration] = std::move(proposedNow);
  // The member that is furthest behind its share is next, so that none takes the best before
  // others.
  Plan plan(context, planSize);
  std::vector<size_t> next(members.size(), 0);
  std::vector<double> taken(members.size(), 0);
  while (!plan.full()) {
    absl::optional<size_t> turn;
    for (size_t i = 0; i < members.size(); ++i)
      if (next[i] < proposals[i].size() &&
          (!turn || taken[i] / share[i] < taken[*turn] / share[*turn]))
        turn = i;
    if (!turn)
      break;
    const Candidate &candidate = proposals[*turn][next[*turn]++];
    taken[*turn] += plan.offer(candidate.configuration, candidate.score) ? 1 : 0;
  }
  return plan.take();
}

std::vector<std::pair<std::string, double>> PortfolioStrategy::diagnostics() const {
  std::vector<std::pair<std::string, double>> result;
  std::vector<double> share = shares();
  for (size_t i = 0; i < members.size(); ++i)
    result.emplace_back(absl::StrCat("share_", members[i].name), share[i]);
  return result;
}

} // namespace

std::unique_ptr<Strategy> createPortfolioStrategy(const StrategyOptions &options) {
  std::vector<Member> members;
  for (const char *name : kMembers)
    members.push_back({name, *createStrategy(name, options), {}});
  return std::make_unique<PortfolioStrategy>(std::move(members));
}

} // namespace chameleon
