//===- BoundProgram.h - A loaded program with its memory ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_BENCH_BOUNDPROGRAM_H
#define CHAMELEON_TOOLS_BENCH_BOUNDPROGRAM_H

#include "BenchProgram.h"
#include "chameleon/Codegen/Loader.h"
#include "chameleon/Measure/Buffers.h"
#include <memory>
#include <vector>

namespace chameleon {

/// Which inputs are kept above zero: square roots and logarithms want that. Vectors are those of
/// rank 0 or 1, as the variances of batch norms are.
enum class PositiveInputs { None, Vectors, All };

/// "none", "vectors" or "all".
const char *positiveInputsName(PositiveInputs positive);

/// One buffer per argument with seeded contents: floats uniform in [-scale, scale], those to be
/// positive their absolute value plus half the scale. The same for the same seed.
absl::StatusOr<std::vector<Buffer>> makeInputs(const BenchProgram &program,
                                               const std::vector<double> &scales, uint64_t seed,
                                               PositiveInputs positive);

/// A program linked into this process, with its own outputs and packed constants.
class BoundProgram {
public:
  /// Links `program`, packs constants out of `inputs`, and keeps pointers to them. `weights` are
  /// the positions of inputs that a cold call flushes.
  static absl::StatusOr<std::unique_ptr<BoundProgram>>
  create(const BenchProgram &program, std::vector<Buffer> &inputs,
         const std::vector<int64_t> &weights = {});

  /// Mean milliseconds of one of `calls` calls. Cold: weights, packed ones as well, leave the
  /// caches before each, outside of the time.
  double timeCalls(int64_t calls, MeasureMode mode = MeasureMode::Warm);
  void poisonOutputs();
  const std::vector<Buffer> &outputs() const { return results; }
  /// False if it wrote outside of its outputs or packed constants.
  bool guardsIntact() const;
  double initMs() const { return packingMs; }

private:
  absl::Status bind(const BenchProgram &program, std::vector<Buffer> &inputs);

  std::unique_ptr<LoadedObject> code;
  LoadedObject::Call entry = nullptr;
  std::vector<Buffer> packed, results;
  std::vector<const Buffer *> flushed; // by a cold call
  std::vector<void *> pointers;        // of the entry's arguments, then results
  double packingMs = 0;
};

} // namespace chameleon

#endif // CHAMELEON_TOOLS_BENCH_BOUNDPROGRAM_H
