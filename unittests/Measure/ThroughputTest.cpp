//===- ThroughputTest.cpp - Candidates per second ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BuildRole.h"
#include "TaskModule.h"
#include "Tasks.h"
#include "absl/time/clock.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Measure/LiveMeasurer.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Support/Random.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include <gtest/gtest.h>
#include <map>

using namespace chameleon;

namespace {

/// `count` different random valid configurations, the default first.
std::vector<Configuration> sample(const Space &space, size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<Configuration> found = {space.defaultConfiguration()};
  ValidSampler sampler(space);
  for (int attempt = 0; attempt < 10000 && found.size() < count; ++attempt)
    if (auto drawn = sampler.sample(rng);
        drawn && std::find(found.begin(), found.end(), *drawn) == found.end())
      found.push_back(*drawn);
  return found;
}

struct Convolution {
  int channels, size;
};

class Throughput : public ::testing::TestWithParam<Convolution> {};

TEST_P(Throughput, OfRandomConvolutionSchedules) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerChameleonDialect(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto library = ScheduleLibrary::load(context, {CHAMELEON_SCHEDULES "/cpu/convolution.mlir"});
  ASSERT_TRUE(library.ok()) << library.status();
  TaskSpec spec;
  spec.key = "conv";
  spec.ir = tasks::convolutionTask(GetParam().channels, GetParam().size);
  auto module = parseTask(context, spec.ir);
  ASSERT_TRUE(module.ok()) << module.status();
  const TargetInfo target = *hostTargetInfo();
  auto space = library->space("cpu_conv_nchw", taskOf(**module), target);
  ASSERT_TRUE(space.ok()) << space.status();

  MeasurePoolOptions options;
  options.target = target;
  options.schedulePaths = {CHAMELEON_SCHEDULES "/cpu/convolution.mlir"};
  options.numerics = Numerics::Fast; // as the space takes it, with nothing else on the root
  auto pool = MeasurePool::create(options);
  ASSERT_TRUE(pool.ok()) << pool.status();
  const absl::Time beforePrepare = absl::Now();
  auto baseline = (*pool)->prepare(spec);
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  const absl::Time start = absl::Now();

  const std::vector<Configuration> configurations = sample(*space, 40, 1);
  std::map<std::string, size_t> classes;
  double bestNs = 0, runSeconds = 0, buildSeconds = 0;
  size_t best = 0;
  std::string example;
  auto measurer = (*pool)->measurerFor(spec, *space);
  auto measured =
      measurer->measure(configurations, 0, [&](size_t index, const Measurement &measurement) {
        ++classes[std::string(failureClassName(measurement.failure))];
        runSeconds += measurement.runSeconds;
        buildSeconds += measurement.buildSeconds;
        if (!measurement.ok())
          example = measurement.message;
        else if (bestNs == 0 || measurement.medianNs < bestNs) {
          bestNs = measurement.medianNs;
          best = index;
        }
      });
  ASSERT_TRUE(measured.ok()) << measured.status();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const double rate = static_cast<double>(configurations.size()) / seconds;
  const PoolStatistics &statistics = (*pool)->statistics();
  const double gflop =
      18e-9 * GetParam().channels * GetParam().channels * GetParam().size * GetParam().size;
  std::printf(
      "%d@%d: %.1f candidates/s (build %.0f ms, run %.0f ms each; wait %.1f of %.1f s), prepare "
      "%.2f s, naive %.2f ms err %.2g, default %.3f ms, best %.3f ms = %.0f of %.0f GFLOP/s\n",
      GetParam().channels, GetParam().size, rate, 1e3 * buildSeconds / configurations.size(),
      1e3 * runSeconds / configurations.size(), statistics.waitSeconds, seconds,
      absl::ToDoubleSeconds(start - beforePrepare), baseline->naiveNs * 1e-6, baseline->naiveError,
      (*measured)[0].medianNs * 1e-6, bestNs * 1e-6, gflop / bestNs * 1e9,
      (*pool)->peakFlops() * 1e-9);
  std::printf("  build split: schedule %.0f, lower %.0f, codegen %.0f ms each\n",
              1e3 * statistics.scheduleSeconds / statistics.built,
              1e3 * statistics.lowerSeconds / statistics.built,
              1e3 * statistics.codegenSeconds / statistics.built);
  for (const auto &[name, count] : classes)
    std::printf("  %s: %zu\n", name.c_str(), count);
  std::printf("  %s\n", example.c_str());
  const auto compared = measurer->compare({configurations[0], configurations[best]},
                                          [](size_t, const Measurement &) {});
  ASSERT_TRUE(compared.ok()) << compared.status();
  std::printf("  side by side: default %.3f ms, best %.3f ms (%s)\n",
              (*compared)[0].medianNs * 1e-6, (*compared)[1].medianNs * 1e-6,
              space->print(configurations[best]).c_str());
  ASSERT_GE(configurations.size(), 20u); // the smallest space has fewer than 40
  EXPECT_GE(classes["ok"], configurations.size() / 2);
}

INSTANTIATE_TEST_SUITE_P(ResNet18, Throughput,
                         ::testing::Values(Convolution{64, 56}, Convolution{128, 28},
                                           Convolution{256, 14}, Convolution{512, 7}));

} // namespace
