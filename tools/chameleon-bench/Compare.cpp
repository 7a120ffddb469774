//===- Compare.cpp - Two programs on the same inputs -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Compare.h"
#include "BoundProgram.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Measure/FmaPeak.h"
#include "chameleon/Measure/Timing.h"
#include "chameleon/Support/Statistics.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace chameleon {

namespace {

constexpr int kMinSamples = 3;
constexpr double kMinSampleSeconds = 0.002; // several calls make one sample of short functions
constexpr double kLongCallMs = 100;
constexpr size_t kChunk = 4096;

std::string describe(const ArgumentInfo &info) {
  return absl::StrCat(absl::StrJoin(info.shape, "x"), info.shape.empty() ? "" : "x",
                      info.elementType);
}

absl::Status checkSame(absl::string_view what, const std::vector<ArgumentInfo> &before,
                       const std::vector<ArgumentInfo> &after) {
  if (before.size() != after.size())
    return absl::InvalidArgumentError(absl::StrCat("expected two modules with as many ", what,
                                                   "s, but got ", before.size(), " and ",
                                                   after.size()));
  for (size_t i = 0; i < before.size(); ++i)
    if (describe(before[i]) != describe(after[i]))
      return absl::InvalidArgumentError(
          absl::StrCat("expected two modules with the same ", what, "s, but ", what, " ", i, " is ",
                       describe(before[i]), " in A and ", describe(after[i]), " in B"));
  return absl::OkStatus();
}

/// How far two outputs are apart.
struct Distance {
  double absolute = 0;    // largest |a - b|
  double scale = 0;       // largest |a|
  bool comparable = true; // NaN and infinities stand at the same places in both

  double relative() const { return absolute == 0 ? 0 : absolute / scale; }
};

Distance distance(const Buffer &a, const Buffer &b) {
  Distance result;
  std::vector<double> left(kChunk), right(kChunk);
  for (size_t begin = 0; begin < a.elements(); begin += kChunk) {
    size_t count = std::min(kChunk, a.elements() - begin);
    loadElements(a.type(), a.data(), begin, count, left.data());
    loadElements(b.type(), b.data(), begin, count, right.data());
    for (size_t i = 0; i < count; ++i) {
      if (std::isfinite(left[i]) && std::isfinite(right[i])) {
        result.absolute = std::max(result.absolute, std::fabs(left[i] - right[i]));
        result.scale = std::max(result.scale, std::fabs(left[i]));
      } else if (left[i] != right[i] && !(std::isnan(left[i]) && std::isnan(right[i]))) {
        result.comparable = false;
      }
    }
  }
  return result;
}

int64_t countNonFinite(const Buffer &buffer) {
  int64_t result = 0;
  std::vector<double> values(kChunk);
  for (size_t begin = 0; begin < buffer.elements(); begin += kChunk) {
    const size_t count = std::min(kChunk, buffer.elements() - begin);
    loadElements(buffer.type(), buffer.data(), begin, count, values.data());
    result += std::count_if(values.begin(), values.begin() + static_cast<int64_t>(count),
                            [](double value) { return !std::isfinite(value); });
  }
  return result;
}

/// Which share of the elements of all outputs is NaN or infinity.
double nonFiniteShare(const BoundProgram &program) {
  double nonFinite = 0, elements = 0;
  for (const Buffer &output : program.outputs()) {
    nonFinite += static_cast<double>(countNonFinite(output));
    elements += static_cast<double>(output.elements());
  }
  return nonFinite > 0 ? nonFinite / elements : 0;
}

/// Sums of thousands of products in another order, over tens of layers, stay well below this.
double defaultTolerance(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return 1e-10;
  case ElementType::F32:
    return 1e-4;
  case ElementType::F16:
    return 1e-2;
  case ElementType::BF16:
    return 5e-2;
  default:
    return 0;
  }
}

nlohmann::json compareOutputs(const BoundProgram &before, const BoundProgram &after,
                              double tolerance) {
  bool agree = true;
  double absolute = 0, relative = 0, largestTolerance = 0;
  for (size_t i = 0; i < before.outputs().size(); ++i) {
    Distance d = distance(before.outputs()[i], after.outputs()[i]);
    double limit = tolerance >= 0 ? tolerance : defaultTolerance(before.outputs()[i].type());
    double error = d.comparable ? d.relative() : std::numeric_limits<double>::infinity();
    agree &= error <= limit;
    absolute = std::max(absolute, d.absolute);
    relative = std::max(relative, error);
    largestTolerance = std::max(largestTolerance, limit);
  }
  nlohmann::json report = {{"outputs_agree", agree},
                           {"max_abs_error", absolute},
                           {"max_relative_error", nullptr},
                           {"non_finite_outputs", nonFiniteShare(before)},
                           {"tolerance", largestTolerance}};
  if (std::isfinite(relative))
    report["max_relative_error"] = relative; // otherwise NaN stands where the other has a number
  return report;
}

/// Times both in turn.
class Sampler {
public:
  Sampler(BoundProgram &before, BoundProgram &after, const CompareOptions &options)
      : sides{{&before, 1, {}}, {&after, 1, {}}}, options(options), rng(options.seed + 1) {}

  void run() {
    auto start = std::chrono::steady_clock::now();
    for (Side &side : sides) {
      double fastestNs = 0;
      side.calls = callsPerSample(
          kMinSampleSeconds,
          [&](int64_t calls) { return side.program->timeCalls(calls, options.mode) * 1e6; },
          fastestNs);
    }
    for (int round = 0; round < options.samples; ++round) {
      double elapsed =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (round >= kMinSamples && elapsed > options.budgetSeconds)
        break;
      int first = rng.chance(0.5) ? 1 : 0;
      for (int i : {first, 1 - first})
        takeSample(sides[i]);
    }
  }

  const std::vector<double> &samples(int side) const { return sides[side].milliseconds; }

private:
  struct Side {
    BoundProgram *program;
    int64_t calls;
    std::vector<double> milliseconds;
  };

  /// A warm sample follows a call that finds what the other side left in the caches; not where a
  /// call takes so long that this shows little.
  void takeSample(Side &side) const {
    bool shortCalls = side.milliseconds.empty() || side.milliseconds.back() < kLongCallMs;
    if (options.mode == MeasureMode::Warm && shortCalls)
      side.program->timeCalls(1);
    side.milliseconds.push_back(side.program->timeCalls(side.calls, options.mode));
  }

  Side sides[2];
  const CompareOptions &options;
  Rng rng;
};

/// Of each input, what the module that tells more of its use asks for.
std::vector<double> smallerScales(const BenchProgram &before, const BenchProgram &after) {
  std::vector<double> scales = before.inputScales;
  for (size_t i = 0; i < scales.size(); ++i)
    scales[i] = std::min(scales[i], after.inputScales[i]);
  return scales;
}

/// What either module says is constant: plain loops do not say so.
std::vector<int64_t> allWeights(const BenchProgram &before, const BenchProgram &after) {
  std::vector<int64_t> weights = before.weights;
  weights.insert(weights.end(), after.weights.begin(), after.weights.end());
  std::sort(weights.begin(), weights.end());
  weights.erase(std::unique(weights.begin(), weights.end()), weights.end());
  return weights;
}

/// What the outputs are compared on.
struct Inputs {
  PositiveInputs positive;
  std::vector<Buffer> buffers;
  std::unique_ptr<BoundProgram> program; // bound to the buffers, and called once
};

/// Calls a program on inputs of a seed.
struct FirstCall {
  const BenchProgram &program;
  const std::vector<double> &scales;
  const std::vector<int64_t> &weights;
  uint64_t seed;

  absl::StatusOr<Inputs> on(PositiveInputs positive) const {
    auto buffers = makeInputs(program, scales, seed, positive);
    if (!buffers.ok())
      return buffers.status();
    Inputs inputs{positive, *std::move(buffers), nullptr};
    auto bound = BoundProgram::create(program, inputs.buffers, weights);
    if (!bound.ok())
      return bound.status();
    inputs.program = *std::move(bound);
    inputs.program->timeCalls(1);
    return inputs;
  }

  /// With the first choice of inputs whose outputs are finite: where all are NaN, as behind a
  /// square root of a negative variance, any two programs agree.
  absl::StatusOr<Inputs> onFiniteOutputs() const {
    for (PositiveInputs positive :
         {PositiveInputs::None, PositiveInputs::Vectors, PositiveInputs::All}) {
      auto inputs = on(positive);
      if (!inputs.ok() || nonFiniteShare(*inputs->program) == 0)
        return inputs;
    }
    return on(PositiveInputs::None);
  }
};

nlohmann::json describeSide(const BenchProgram &program, const BoundProgram &bound,
                            const std::vector<double> &samples, double flops, double peakFlops) {
  double medianMs = median(samples);
  nlohmann::json side = {{"file", program.file},
                         {"lowering", program.lowering},
                         {"median_ms", medianMs},
                         {"mad_ms", medianAbsoluteDeviation(samples)},
                         {"min_ms", *std::min_element(samples.begin(), samples.end())},
                         {"init_ms", nullptr},
                         {"build_ms", program.buildSeconds * 1e3},
                         {"gflops_per_second", nullptr},
                         {"fraction_of_peak", nullptr}};
  if (!program.init.empty())
    side["init_ms"] = bound.initMs();
  if (flops > 0 && medianMs > 0) {
    side["gflops_per_second"] = flops / medianMs / 1e6;
    if (peakFlops > 0)
      side["fraction_of_peak"] = flops / (medianMs * 1e-3) / peakFlops;
  }
  return side;
}

} // namespace

absl::StatusOr<nlohmann::json> comparePrograms(const BenchProgram &before,
                                               const BenchProgram &after,
                                               const CompareOptions &options) {
  if (absl::Status status = checkSame("argument", before.arguments, after.arguments); !status.ok())
    return status;
  if (absl::Status status = checkSame("result", before.results, after.results); !status.ok())
    return status;
  double peakFlops = options.peak ? measureFmaPeak() : 0;
  double flops = std::max(before.flops, after.flops); // only a plain module shows them
  const std::vector<double> scales = smallerScales(before, after);
  const std::vector<int64_t> weights = allWeights(before, after);
  auto inputs = FirstCall{before, scales, weights, options.seed}.onFiniteOutputs();
  if (!inputs.ok())
    return inputs.status();
  BoundProgram *a = inputs->program.get();
  auto b = BoundProgram::create(after, inputs->buffers, weights);
  if (!b.ok())
    return b.status();
  (*b)->timeCalls(1);
  nlohmann::json report = compareOutputs(*a, **b, options.tolerance);
  report["positive_inputs"] = positiveInputsName(inputs->positive);

  Sampler sampler(*a, **b, options);
  sampler.run();
  for (const auto &[program, bound] : {std::pair{&before, a}, std::pair{&after, b->get()}})
    if (!bound->guardsIntact())
      return absl::InternalError(absl::StrCat(program->file, " wrote outside of its outputs"));
  report["before"] = describeSide(before, *a, sampler.samples(0), flops, peakFlops);
  report["after"] = describeSide(after, **b, sampler.samples(1), flops, peakFlops);
  report["ratio"] = median(sampler.samples(0)) / median(sampler.samples(1));
  report["ratio_of_minima"] =
      report["before"]["min_ms"].get<double>() / report["after"]["min_ms"].get<double>();
  report["samples"] = sampler.samples(0).size();
  report["seed"] = options.seed;
  report["measure_mode"] = measureModeName(options.mode);
  report["flops"] = nullptr;
  report["fma_peak_gflops"] = nullptr;
  if (flops > 0)
    report["flops"] = flops;
  if (peakFlops > 0)
    report["fma_peak_gflops"] = peakFlops / 1e9;
  return report;
}

} // namespace chameleon
