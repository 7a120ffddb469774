//===- LiveMeasurer.h - Measuring one task on this machine ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_LIVEMEASURER_H
#define CHAMELEON_MEASURE_LIVEMEASURER_H

#include "absl/container/flat_hash_map.h"
#include "chameleon/Measure/Pool.h"
#include "chameleon/Search/Measurer.h"
#include "chameleon/Search/Space.h"

namespace chameleon {

/// The program that `configuration` of `space` stands for.
CandidateSpec candidateOf(const Space &space, const Configuration &configuration);

/// Measures configurations of one space of one task through a pool. An invalid configuration is an
/// InvalidConfig measurement with the violated rule's message and costs no build.
class LiveMeasurer : public Measurer {
public:
  LiveMeasurer(MeasurePool &pool, TaskSpec spec, Space space)
      : pool(pool), spec(std::move(spec)), space(std::move(space)) {}

  absl::StatusOr<std::vector<Measurement>> measure(absl::Span<const Configuration> configurations,
                                                   double incumbentNs, Callback done) override;

  /// Samples them in turn in one process (MeasurePool::rerank). The error of each is that of its
  /// last `measure`, NaN if there was none. All have samples == 0 if it was interrupted.
  absl::StatusOr<std::vector<Measurement>> compare(absl::Span<const Configuration> configurations,
                                                   Callback done) override;

  /// The candidate of `configuration`, for `MeasurePool::rerank` and `schedule`.
  CandidateSpec candidate(const Configuration &configuration) const;
  const TaskSpec &task() const { return spec; }

private:
  MeasurePool &pool;
  TaskSpec spec;
  Space space;
  absl::flat_hash_map<Configuration, double> errors; // of those that were measured
};

} // namespace chameleon

#endif // CHAMELEON_MEASURE_LIVEMEASURER_H
