//===- ValidSampling.h - Drawing configurations that keep every rule ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Valid configurations are drawn without listing the space: first by rejection (uniform), then by
// min-conflicts repair of random starts (Minton et al. 1992), then by a randomised depth-first
// search that checks each constraint as soon as its knobs are set. Each stage has a fixed effort,
// so that every call ends, in a space of one configuration, of 1e12, or of none that is valid.
// What is drawn is canonical (Space.h); where knobs are conditional, each algorithm is drawn as
// often as the others, whatever the number of its configurations.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_VALIDSAMPLING_H
#define CHAMELEON_SEARCH_VALIDSAMPLING_H

#include "chameleon/Search/Space.h"
#include "chameleon/Support/Random.h"

namespace chameleon {

/// Which constraint reads which knob, in its expression or its condition. `order` and
/// `checkedAfter` serve the depth-first search.
struct ConstraintGraph {
  /// Looks at the first `numConstraints` constraints, or at `only` that one of them.
  ConstraintGraph(const Space &space, size_t numConstraints, absl::optional<size_t> only);

  std::vector<size_t> active;                // positions of the constraints that count
  std::vector<std::vector<size_t>> knobsOf;  // per constraint of the space
  std::vector<std::vector<size_t>> repairOf; // those to change if it is violated
  std::vector<std::vector<size_t>> activeOf; // active constraints per knob
  std::vector<size_t> order; // knobs, those of the tightest constraints first, conditions before
  std::vector<std::vector<size_t>>
      checkedAfter; // per number of knobs set: constraints complete then

private:
  void orderKnobs(const Space &space);
};

/// Draws from the valid region of one space. Keeps a reference: the space must outlive it and stay
/// put.
class ValidSampler {
public:
  explicit ValidSampler(const Space &space);
  /// Under the first `numConstraints` constraints, or under `only` that one of them.
  ValidSampler(const Space &space, size_t numConstraints, absl::optional<size_t> only);

  /// A valid configuration, or nothing if the effort was not enough (the space may have none).
  absl::optional<Configuration> sample(Rng &rng) const;

  /// A valid configuration that differs from `anyStart` in few knobs and by few steps; the
  /// canonical form of `anyStart` itself if that is valid. Precondition: `anyStart` has one
  /// in-range index per knob.
  absl::optional<Configuration> near(const Configuration &anyStart, Rng &rng) const;

private:
  absl::optional<Configuration> repair(Configuration configuration, Rng &rng, int steps) const;
  bool keepsRules(const Configuration &configuration) const;
  int countViolations(absl::Span<const size_t> which, absl::Span<const int64_t> values) const;
  size_t bestIndex(const Configuration &configuration, std::vector<int64_t> &values, size_t knob,
                   Rng &rng) const;

  const Space &space;
  ConstraintGraph graph;
};

/// The valid configuration nearest to the canonical form of `start`, by the logarithms of the
/// ratios of sizes and one per step of a choice; the knobs `held` stay. Nothing if there is none,
/// or none soon.
absl::optional<Configuration> nearestValid(const Space &space, const Configuration &start,
                                           absl::Span<const size_t> held);

struct Enumeration {
  std::vector<Configuration>
      configurations;    // valid ones, in lexicographic order of a fixed knob order
  bool complete = false; // these are all there are
};

/// Valid configurations of `space`, at most `limit`. Not complete if there are more, or if the
/// rules reject so much that the search for them was given up.
Enumeration enumerateValid(const Space &space, size_t limit);

/// Position of the rule that leaves no valid configuration: one that rejects everything alone if
/// there is one, else the first that rejects all that those before it allow. Nothing if the space
/// has a valid configuration.
absl::optional<size_t> starvingConstraint(const Space &space, Rng &rng);

/// How much each rule rejects of the whole space, estimated from uniform draws (see above for
/// spaces of several algorithms).
struct Pruning {
  double validShare = 0;
  std::vector<double> rejectedShare; // per constraint, alone; they overlap
};
Pruning estimatePruning(const Space &space, Rng &rng, size_t draws = 10000);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_VALIDSAMPLING_H
