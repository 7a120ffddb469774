//===- Features.cpp - Configurations as rows of numbers -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Features.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

static constexpr const char *kLevelNames[kNumTileLevels] = {"register", "panel", "cache", "whole"};

/// The column of an ordered knob that is not active; 0 and below have -1, others at least 0.
static constexpr float kInactive = -2;

static float log2Of(double value) {
  return static_cast<float>(std::log2(std::max(value, 0x1p-30)));
}

void FeatureMatrix::append(absl::Span<const float> row) {
  if (columns == 0)
    columns = row.size();
  data.insert(data.end(), row.begin(), row.end());
}

FeatureExtractor::FeatureExtractor(const Space &space, const TaskInfo &task,
                                   const TargetInfo &target)
    : space(space), model(space, task, target),
      l1Bytes(static_cast<double>(std::max<int64_t>(target.l1Bytes, 1))),
      l2Bytes(static_cast<double>(std::max<int64_t>(target.l2Bytes, 1))),
      registers(target.vectorRegisters) {
  double iterations = 1;
  for (const LoopInfo &loop : task.loops) {
    loopExtents.push_back(log2Of(static_cast<double>(loop.extent)));
    iterations *= static_cast<double>(std::max<int64_t>(loop.extent, 1));
  }
  work = task.flops > 0 ? task.flops : iterations;
  nameColumns(space, task);
}

/// In the order in which `extract` writes them.
void FeatureExtractor::nameColumns(const Space &space, const TaskInfo &task) {
  for (const Knob &knob : space.knobs()) {
    if (knob.ordered())
      columnNames.push_back(absl::StrCat("knob.", knob.name));
    for (const std::string &label : knob.labels)
      columnNames.push_back(absl::StrCat(knob.name, "=", label));
  }
  for (const LoopInfo &loop : task.loops)
    columnNames.push_back(absl::StrCat("extent.", loop.name));
  numPlainColumns = columnNames.size();
  for (const char *level : kLevelNames) {
    for (size_t i = 0; i < task.accesses.size(); ++i)
      columnNames.push_back(absl::StrCat("footprint.", level, ".", i));
    columnNames.push_back(absl::StrCat("reuse.", level));
  }
  for (const char *name : {"panel/l1", "cache/l1", "cache/l2", "vector.tile", "vector.fill",
                           "accumulators", "registers", "loads/fma", "body", "waste", "panels",
                           "cache.tiles", "cycles.compute", "cycles.memory", "analytic"})
    columnNames.push_back(name);
  signatureText =
      absl::StrCat(task.kind, "|", space.schedule(), "|", absl::StrJoin(columnNames, ","));
}

float *FeatureExtractor::appendKnobs(const Configuration &configuration, float *out) const {
  for (size_t i = 0; i < space.knobs().size(); ++i) {
    const Knob &knob = space.knobs()[i];
    bool active = space.isActive(i, configuration);
    int32_t index = configuration.indices[i];
    if (knob.ordered() && !active)
      *out++ = kInactive;
    else if (knob.ordered())
      *out++ = knob.values[index] > 0 ? log2Of(static_cast<double>(knob.values[index])) : -1.0F;
    for (size_t option = 0; option < knob.labels.size(); ++option)
      *out++ = active && option == static_cast<size_t>(index) ? 1.0F : 0.0F;
  }
  return out;
}

float *FeatureExtractor::appendLevels(const TileFacts &facts, float *out) const {
  out = std::copy(loopExtents.begin(), loopExtents.end(), out);
  for (size_t level = 0; level < kNumTileLevels; ++level) {
    double iterations = 1;
    for (double tile : facts.tiles[level])
      iterations *= tile;
    double total = 0;
    for (double bytes : facts.footprintBytes[level]) {
      *out++ = log2Of(bytes);
      total += bytes;
    }
    *out++ = log2Of(iterations / std::max(total, 1.0));
  }
  return out;
}

float *FeatureExtractor::appendBody(const TileFacts &facts, float *out) const {
  double panel = facts.totalFootprintBytes(TileLevel::Panel);
  double block = facts.totalFootprintBytes(TileLevel::Cache);
  for (double ratio : {panel / l1Bytes, block / l1Bytes, block / l2Bytes, facts.vectorTile})
    *out++ = log2Of(ratio);
  *out++ = static_cast<float>(facts.vectorFill);
  *out++ = log2Of(facts.accumulators);
  *out++ = static_cast<float>(facts.registersUsed / registers);
  *out++ = static_cast<float>(facts.loadsPerFma);
  for (double value : {facts.bodySize, facts.wasteRatio, facts.panels, facts.cacheTiles,
                       work / facts.computeCycles, work / std::max(facts.memoryCycles, 1.0)})
    *out++ = log2Of(value);
  return out;
}

double FeatureExtractor::analyticScore(const TileFacts &facts) const {
  return std::log2(work / std::max(facts.cycles, 1.0));
}

double FeatureExtractor::analyticScore(const Configuration &configuration) const {
  return analyticScore(model.analyze(space.values(configuration)));
}

double FeatureExtractor::logThroughput(double medianNs) const {
  return std::log2(work / (medianNs * 1e-9));
}

void FeatureExtractor::extract(const Configuration &configuration, absl::Span<float> row) const {
  TileFacts facts = model.analyze(space.values(configuration));
  float *out = appendKnobs(configuration, row.data());
  out = appendLevels(facts, out);
  out = appendBody(facts, out);
  *out = static_cast<float>(analyticScore(facts));
}

FeatureMatrix FeatureExtractor::extract(absl::Span<const Configuration> configurations) const {
  FeatureMatrix result;
  result.columns = columns();
  result.data.resize(configurations.size() * columns());
  for (size_t i = 0; i < configurations.size(); ++i)
    extract(configurations[i], absl::MakeSpan(result.data).subspan(i * columns(), columns()));
  return result;
}

/// log2 positions of ascending values, scaled to [0, 1]; 0 and below count as one half.
static std::vector<double> scaledPositions(absl::Span<const int64_t> values) {
  std::vector<double> result;
  for (int64_t value : values)
    result.push_back(std::log2(std::max(static_cast<double>(value), 0.5)));
  double low = result.front();
  double range = result.back() - low;
  for (double &position : result)
    position = range > 0 ? (position - low) / range : 0;
  return result;
}

KnobEmbedding::KnobEmbedding(const Space &space, absl::Span<const double> knobWeights)
    : space(space) {
  for (size_t i = 0; i < space.knobs().size(); ++i) {
    const Knob &knob = space.knobs()[i];
    positions.push_back(knob.ordered() ? scaledPositions(knob.values) : std::vector<double>());
    roots.push_back(knobWeights.empty() ? 1 : std::sqrt(std::max(knobWeights[i], 0.0)));
    numDimensions += knob.ordered() ? 1 : knob.labels.size();
  }
}

void KnobEmbedding::embed(const Configuration &configuration, absl::Span<double> point) const {
  double *out = point.data();
  for (size_t i = 0; i < positions.size(); ++i) {
    int32_t index = configuration.indices[i];
    if (space.knobs()[i].ordered()) {
      *out++ = roots[i] * positions[i][index];
      continue;
    }
    for (size_t option = 0; option < space.knobs()[i].labels.size(); ++option)
      *out++ = option == static_cast<size_t>(index) ? roots[i] * std::sqrt(0.5) : 0;
  }
}

std::vector<double> KnobEmbedding::embed(absl::Span<const Configuration> configurations) const {
  std::vector<double> result(configurations.size() * numDimensions);
  for (size_t i = 0; i < configurations.size(); ++i)
    embed(configurations[i], absl::MakeSpan(result).subspan(i * numDimensions, numDimensions));
  return result;
}

} // namespace chameleon
