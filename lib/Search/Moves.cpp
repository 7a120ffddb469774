//===- Moves.cpp - Steps from one configuration to another ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Moves.h"
#include "absl/container/flat_hash_set.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

static constexpr int kMutationAttempts = 8;

absl::optional<int32_t> indexOfValue(const Knob &knob, int64_t value) {
  auto place = std::lower_bound(knob.values.begin(), knob.values.end(), value);
  if (place == knob.values.end() || *place != value)
    return absl::nullopt;
  return static_cast<int32_t>(place - knob.values.begin());
}

std::vector<int64_t> primeFactors(int64_t n) {
  std::vector<int64_t> result;
  for (int64_t p = 2; p <= n / p; ++p)
    for (; n % p == 0; n /= p)
      result.push_back(p);
  if (n > 1)
    result.push_back(n);
  return result;
}

/// Moves the factor `p` from knob `from` to knob `to`, if both results are among their values.
static absl::optional<Configuration> moveFactor(const Space &space, const Configuration &c,
                                                size_t from, size_t to, int64_t p) {
  const Knob &source = space.knobs()[from];
  const Knob &sink = space.knobs()[to];
  auto less = indexOfValue(source, source.values[c.indices[from]] / p);
  auto more = indexOfValue(sink, sink.values[c.indices[to]] * p);
  if (!less || !more)
    return absl::nullopt;
  Configuration moved = c;
  moved.indices[from] = *less;
  moved.indices[to] = *more;
  return moved;
}

/// Whether knobs `a` and `b` are active tiles of one loop.
static bool shareLoop(const Space &space, const Configuration &c, size_t a, size_t b) {
  const Knob &first = space.knobs()[a];
  const Knob &second = space.knobs()[b];
  return first.ordered() && second.ordered() && !first.dim.empty() && first.dim == second.dim &&
         space.isActive(a, c) && space.isActive(b, c);
}

static void appendFactorMoves(const Space &space, const Configuration &c,
                              std::vector<Configuration> &out) {
  for (size_t from = 0; from < space.knobs().size(); ++from) {
    const Knob &source = space.knobs()[from];
    if (!source.ordered())
      continue;
    std::vector<int64_t> factors = primeFactors(source.values[c.indices[from]]);
    factors.erase(std::unique(factors.begin(), factors.end()), factors.end());
    for (size_t to = 0; to < space.knobs().size(); ++to)
      if (to != from && shareLoop(space, c, from, to))
        for (int64_t p : factors)
          if (auto moved = moveFactor(space, c, from, to, p))
            out.push_back(std::move(*moved));
  }
}

static void appendSteps(const Space &space, const Configuration &c,
                        std::vector<Configuration> &out) {
  for (size_t knob : space.activeKnobs(c)) {
    auto count = static_cast<int32_t>(space.knobs()[knob].values.size());
    for (int32_t index = 0; index < count; ++index) {
      bool near = std::abs(index - c.indices[knob]) == 1 || !space.knobs()[knob].ordered();
      if (index == c.indices[knob] || !near)
        continue;
      Configuration stepped = c;
      stepped.indices[knob] = index;
      out.push_back(space.canonical(std::move(stepped)));
    }
  }
}

std::vector<Configuration> neighbours(const Space &space, const Configuration &configuration) {
  std::vector<Configuration> all;
  appendSteps(space, configuration, all);
  appendFactorMoves(space, configuration, all);
  absl::flat_hash_set<Configuration> seen;
  std::vector<Configuration> result;
  for (Configuration &candidate : all)
    if (space.isValid(candidate) && seen.insert(candidate).second)
      result.push_back(std::move(candidate));
  return result;
}

/// One factor moved between two random knobs of one loop, or nothing.
static absl::optional<Configuration> randomFactorMove(const Space &space, const Configuration &c,
                                                      Rng &rng) {
  size_t from = rng.below(space.knobs().size());
  size_t to = rng.below(space.knobs().size());
  if (from == to || !shareLoop(space, c, from, to))
    return absl::nullopt;
  std::vector<int64_t> factors = primeFactors(space.knobs()[from].values[c.indices[from]]);
  if (factors.empty())
    return absl::nullopt;
  return moveFactor(space, c, from, to, factors[rng.below(factors.size())]);
}

/// An ordered knob steps by one or two values (or, seldom, anywhere); a choice is re-drawn.
static void stepKnob(const Knob &knob, int32_t &index, Rng &rng) {
  auto count = static_cast<int32_t>(knob.values.size());
  if (!knob.ordered() || rng.chance(0.2)) {
    index = static_cast<int32_t>(rng.below(count));
    return;
  }
  int32_t distance = rng.chance(0.3) ? 2 : 1;
  index = std::clamp(index + (rng.chance(0.5) ? distance : -distance), 0, count - 1);
}

absl::optional<Configuration> mutate(const ValidSampler &sampler, const Space &space,
                                     const Configuration &configuration, Rng &rng) {
  if (space.knobs().empty())
    return absl::nullopt;
  for (int attempt = 0; attempt < kMutationAttempts; ++attempt) {
    Configuration moved = configuration;
    if (auto factor = rng.chance(0.4) ? randomFactorMove(space, moved, rng) : absl::nullopt) {
      moved = std::move(*factor);
    } else {
      for (uint64_t steps = 1 + rng.below(3); steps > 0; --steps) {
        std::vector<size_t> active = space.activeKnobs(moved);
        size_t knob = active[rng.below(active.size())];
        stepKnob(space.knobs()[knob], moved.indices[knob], rng);
        moved = space.canonical(std::move(moved));
      }
    }
    auto valid = sampler.near(moved, rng);
    if (valid && !(*valid == configuration))
      return valid;
  }
  return absl::nullopt;
}

absl::optional<Configuration> crossover(const ValidSampler &sampler, const Configuration &a,
                                        const Configuration &b, Rng &rng) {
  Configuration child = a;
  for (size_t i = 0; i < child.indices.size(); ++i)
    if (rng.chance(0.5))
      child.indices[i] = b.indices[i];
  return sampler.near(child, rng);
}

/// Index of the value of `knob` with the least ratio to `value`, the smaller of equals.
static int32_t nearestIndex(const Knob &knob, int64_t value) {
  auto distance = [&](int64_t other) {
    return std::abs(std::log2(static_cast<double>(std::max<int64_t>(other, 1))) -
                    std::log2(static_cast<double>(std::max<int64_t>(value, 1))));
  };
  auto nearest = std::min_element(knob.values.begin(), knob.values.end(),
                                  [&](int64_t a, int64_t b) { return distance(a) < distance(b); });
  return static_cast<int32_t>(nearest - knob.values.begin());
}

/// Index in `knob` for what `other` has at `index`; nothing if there is no such label, or if one of
/// them is ordered and the other is not.
static absl::optional<int32_t> indexLike(const Knob &knob, const Knob &other, int32_t index) {
  if (knob.ordered() != other.ordered())
    return absl::nullopt;
  if (knob.ordered())
    return nearestIndex(knob, other.values[index]);
  auto label = std::find(knob.labels.begin(), knob.labels.end(), other.labels[index]);
  if (label == knob.labels.end())
    return absl::nullopt;
  return static_cast<int32_t>(label - knob.labels.begin());
}

absl::optional<Configuration> carryOver(const Space &source, const Configuration &configuration,
                                        const Space &target, Rng &rng) {
  if (!target.hasDefault())
    return absl::nullopt;
  Configuration result = target.defaultConfiguration();
  for (size_t other : source.activeKnobs(configuration)) {
    const Knob &from = source.knobs()[other];
    auto to = std::find_if(target.knobs().begin(), target.knobs().end(),
                           [&](const Knob &knob) { return knob.name == from.name; });
    if (to == target.knobs().end())
      continue;
    if (auto index = indexLike(*to, from, configuration.indices[other]))
      result.indices[to - target.knobs().begin()] = *index;
  }
  return ValidSampler(target).near(result, rng);
}

} // namespace chameleon
