//===- ValidSampling.cpp - Drawing configurations that keep every rule ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/ValidSampling.h"
#include "DepthFirstSearch.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <tuple>

namespace chameleon {

static constexpr int kRejectionDraws = 32;
static constexpr int kRepairStarts = 4;
static constexpr int kRepairSteps = 48;
static constexpr size_t kSearchNodes = 50000;
/// Share of repair steps that take any value, to leave local minima.
static constexpr double kRepairNoise = 0.2;

/// Each knob uniformly; those that are then not active rest.
static Configuration uniformDraw(const Space &space, Rng &rng) {
  Configuration result;
  result.indices.reserve(space.knobs().size());
  for (const Knob &knob : space.knobs())
    result.indices.push_back(static_cast<int32_t>(rng.below(knob.values.size())));
  return space.canonical(std::move(result));
}

ValidSampler::ValidSampler(const Space &space)
    : ValidSampler(space, space.constraints().size(), absl::nullopt) {}

ValidSampler::ValidSampler(const Space &space, size_t numConstraints, absl::optional<size_t> only)
    : space(space), graph(space, numConstraints, only) {}

int ValidSampler::countViolations(absl::Span<const size_t> which,
                                  absl::Span<const int64_t> values) const {
  int count = 0;
  for (size_t position : which)
    count += !space.constraints()[position].holds(values);
  return count;
}

bool ValidSampler::keepsRules(const Configuration &configuration) const {
  return countViolations(graph.active, space.values(configuration)) == 0;
}

/// The value of `knob` that violates least; of equals the one nearest to the present one, a coin
/// deciding between the two sides. Leaves `values` as it was.
size_t ValidSampler::bestIndex(const Configuration &configuration, std::vector<int64_t> &values,
                               size_t knob, Rng &rng) const {
  const std::vector<int64_t> &options = space.knobs()[knob].values;
  int64_t kept = values[knob];
  auto present = static_cast<int64_t>(configuration.indices[knob]);
  int64_t best = present;
  auto bestKey = std::make_pair(std::numeric_limits<int>::max(), int64_t{0});
  for (int64_t index = 0; index < static_cast<int64_t>(options.size()); ++index) {
    if (index == present)
      continue;
    values[knob] = options[index];
    auto key =
        std::make_pair(countViolations(graph.activeOf[knob], values), std::abs(index - present));
    if (key < bestKey || (key == bestKey && rng.chance(0.5))) {
      bestKey = key;
      best = index;
    }
  }
  values[knob] = kept;
  return static_cast<size_t>(best);
}

/// A rule is mended by the knobs that it relates. Those of its condition stay, so that a repair
/// does not leave the algorithm, unless the rule relates no others.
absl::optional<Configuration> ValidSampler::repair(Configuration configuration, Rng &rng,
                                                   int steps) const {
  std::vector<int64_t> values = space.values(configuration);
  std::vector<size_t> violated;
  for (int step = 0; step <= steps; ++step) {
    violated.clear();
    for (size_t position : graph.active)
      if (!space.constraints()[position].holds(values))
        violated.push_back(position);
    if (violated.empty())
      return configuration;
    const std::vector<size_t> &knobs = graph.repairOf[violated[rng.below(violated.size())]];
    if (knobs.empty())
      return absl::nullopt; // a rule over constants only
    size_t knob = knobs[rng.below(knobs.size())];
    size_t index = rng.chance(kRepairNoise) ? rng.below(space.knobs()[knob].values.size())
                                            : bestIndex(configuration, values, knob, rng);
    configuration.indices[knob] = static_cast<int32_t>(index);
    values[knob] = space.knobs()[knob].values[index];
    if (space.hasConditions()) {
      configuration = space.canonical(std::move(configuration));
      values = space.values(configuration);
    }
  }
  return absl::nullopt;
}

absl::optional<Configuration> ValidSampler::sample(Rng &rng) const {
  for (int draw = 0; draw < kRejectionDraws; ++draw)
    if (Configuration candidate = uniformDraw(space, rng); keepsRules(candidate))
      return candidate;
  for (int start = 0; start < kRepairStarts; ++start)
    if (auto repaired = repair(uniformDraw(space, rng), rng, kRepairSteps))
      return repaired;
  auto randomOrder = [&](size_t, std::vector<int32_t> &indices) { rng.shuffle(indices); };
  return findDepthFirst(space, graph, kSearchNodes, randomOrder);
}

static int64_t distance(const Configuration &a, const Configuration &b) {
  int64_t sum = 0;
  for (size_t i = 0; i < a.indices.size(); ++i)
    sum += std::abs(a.indices[i] - b.indices[i]) + (a.indices[i] != b.indices[i]);
  return sum;
}

absl::optional<Configuration> ValidSampler::near(const Configuration &anyStart, Rng &rng) const {
  Configuration start = space.canonical(anyStart);
  if (keepsRules(start))
    return start;
  absl::optional<Configuration> best;
  for (int attempt = 0; attempt < kRepairStarts; ++attempt) {
    auto repaired = repair(start, rng, kRepairSteps);
    if (repaired && (!best || distance(*repaired, start) < distance(*best, start)))
      best = std::move(repaired);
  }
  if (best)
    return best;
  auto nearestFirst = [&](size_t knob, std::vector<int32_t> &indices) {
    auto key = [&](int32_t index) {
      return std::make_pair(std::abs(index - start.indices[knob]), index);
    };
    std::sort(indices.begin(), indices.end(),
              [&](int32_t a, int32_t b) { return key(a) < key(b); });
  };
  return findDepthFirst(space, graph, kSearchNodes, nearestFirst);
}

namespace {
/// Best-first search by single steps (Dijkstra's algorithm).
class NearestSearch {
public:
  NearestSearch(const Space &space, absl::Span<const size_t> held)
      : space(space), held(held.begin(), held.end()) {}

  absl::optional<Configuration> from(const Configuration &start) {
    add(space.canonical(start), 0);
    while (!frontier.empty() && distances.size() < kMostSeen) {
      const Entry entry = *frontier.begin();
      frontier.erase(frontier.begin());
      if (entry.distance > distances[entry.configuration])
        continue; // a shorter way was found since
      if (space.isValid(entry.configuration))
        return entry.configuration;
      for (size_t knob : space.activeKnobs(entry.configuration))
        for (int32_t step : {-1, 1})
          if (!held.contains(knob))
            addStep(entry, knob, step);
    }
    return absl::nullopt;
  }

private:
  static constexpr size_t kMostSeen = 20000;

  struct Entry {
    int64_t distance = 0;
    size_t number = 0; // of equal distances, the one found first
    Configuration configuration;
    bool operator<(const Entry &other) const {
      return std::tie(distance, number) < std::tie(other.distance, other.number);
    }
  };

  /// Where the value at `index` lies: sizes by their logarithms, so that 8 and 9 are near and 8 and
  /// 16 are not; in whole numbers, so that many short steps add up to one long one exactly.
  static int64_t place(const Knob &knob, int32_t index) {
    constexpr double unit = 65536; // of a doubling, and of a step of a choice
    const int64_t value = knob.values[static_cast<size_t>(index)];
    const bool isSize = knob.ordered() && value > 0;
    return std::llround(unit * (isSize ? std::log2(static_cast<double>(value)) : index));
  }
  void add(Configuration configuration, int64_t distance) {
    auto [known, isNew] = distances.emplace(configuration, distance);
    if (!isNew && known->second <= distance)
      return;
    known->second = distance;
    frontier.insert({distance, numAdded++, std::move(configuration)});
  }
  void addStep(const Entry &entry, size_t position, int32_t step) {
    const Knob &knob = space.knobs()[position];
    Configuration configuration = entry.configuration;
    const int32_t from = configuration.indices[position];
    const int32_t to = from + step;
    if (to < 0 || to >= static_cast<int32_t>(knob.values.size()))
      return;
    configuration.indices[position] = to;
    const int64_t length = std::max<int64_t>(std::abs(place(knob, to) - place(knob, from)), 1);
    add(space.canonical(std::move(configuration)), entry.distance + length);
  }

  const Space &space;
  absl::flat_hash_set<size_t> held;
  absl::flat_hash_map<Configuration, int64_t> distances;
  std::set<Entry> frontier;
  size_t numAdded = 0;
};
} // namespace

absl::optional<Configuration> nearestValid(const Space &space, const Configuration &start,
                                           absl::Span<const size_t> held) {
  return NearestSearch(space, held).from(start);
}

absl::optional<size_t> starvingConstraint(const Space &space, Rng &rng) {
  if (ValidSampler(space).sample(rng))
    return absl::nullopt;
  size_t count = space.constraints().size();
  for (size_t i = 0; i < count; ++i)
    if (!ValidSampler(space, count, i).sample(rng))
      return i;
  for (size_t i = 0; i + 1 < count; ++i)
    if (!ValidSampler(space, i + 1, absl::nullopt).sample(rng))
      return i;
  return count - 1;
}

Enumeration enumerateValid(const Space &space, size_t limit) {
  ConstraintGraph graph(space, space.constraints().size(), absl::nullopt);
  return enumerateDepthFirst(space, graph, kSearchNodes + 8 * limit, limit);
}

Pruning estimatePruning(const Space &space, Rng &rng, size_t draws) {
  Pruning result;
  result.rejectedShare.assign(space.constraints().size(), 0);
  for (size_t draw = 0; draw < draws; ++draw) {
    std::vector<int64_t> values = space.values(uniformDraw(space, rng));
    bool valid = true;
    for (size_t i = 0; i < space.constraints().size(); ++i) {
      bool holds = space.constraints()[i].holds(values);
      result.rejectedShare[i] += holds ? 0 : 1;
      valid = valid && holds;
    }
    result.validShare += valid ? 1 : 0;
  }
  double scale = draws == 0 ? 0 : 1 / static_cast<double>(draws);
  result.validShare *= scale;
  for (double &share : result.rejectedShare)
    share *= scale;
  return result;
}

} // namespace chameleon
