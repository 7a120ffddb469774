//===- MeasureObject.cpp - Checking and timing one candidate -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunSteps.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Measure/Acceptance.h"
#include "chameleon/Measure/FmaPeak.h"
#include "chameleon/Measure/Timing.h"
#include <algorithm>
#include <limits>

namespace chameleon {
namespace {

class Trial {
public:
  Trial(const PreparedTask &task, const MeasureRequest &request, double peakFlops)
      : task(task), request(request), peakFlops(peakFlops) {}

  MeasureReply run();

private:
  /// Each returns false if it set a failure.
  bool load();
  bool checkIntegers();
  bool checkNormals();
  bool time();
  bool checkAgain();

  bool fail(FailureClass failure, std::string message);
  bool checkMemory(const TestCase &test);
  ElementType outputType(size_t output) const;
  ElementType fastestType() const;

  const PreparedTask &task;
  const MeasureRequest &request;
  const double peakFlops;
  std::unique_ptr<Program> program;
  ErrorRules rules;
  MeasureReply reply;
};

bool Trial::fail(FailureClass failure, std::string message) {
  reply.measurement.failure = failure;
  reply.measurement.message = std::move(message);
  return false;
}

bool Trial::load() {
  if (absl::Status same = checkSameInterface(task.abi, request.abi); !same.ok())
    return fail(FailureClass::CompileFailed, std::string(same.message()));
  if (!(request.workShare > 0 && request.workShare <= 1))
    return fail(
        FailureClass::CompileFailed,
        absl::StrCat("expected a share of the work in (0, 1], but got ", request.workShare));
  auto loaded = Program::load(request.object, request.abi);
  if (!loaded.ok())
    return fail(FailureClass::CompileFailed, std::string(loaded.status().message()));
  program = *std::move(loaded);
  rules = {request.numerics, request.errorBudget, task.naiveError, task.exactMagnitude > 0,
           request.exactMagnitude > 0};
  return true;
}

bool Trial::checkMemory(const TestCase &test) {
  if (!program->guardsIntact())
    return fail(FailureClass::WrongResult, "it wrote outside of its outputs");
  if (checksum(test.operands) != test.checksum)
    return fail(FailureClass::WrongResult, "it changed an input");
  return true;
}

bool Trial::checkIntegers() {
  if (task.exactMagnitude == 0 || request.exactMagnitude == 0)
    return true;
  program->bind(task.integers.operands);
  const std::vector<Difference> differences = runCase(*program, task.integers);
  for (size_t i = 0; i < differences.size(); ++i)
    if (differences[i].unequal > 0)
      return fail(FailureClass::WrongResult,
                  absl::StrCat("on integers, output ", i, " differs in ",
                               differences[i].describe(task.integers.expectations[i].compared())));
  return checkMemory(task.integers);
}

bool Trial::checkNormals() {
  reply.initNs = program->bind(task.normals.operands);
  const std::vector<Difference> differences = runCase(*program, task.normals);
  double &worst = reply.measurement.relativeError;
  for (const Difference &difference : differences)
    worst = std::max(worst, difference.relativeError);
  for (size_t i = 0; i < differences.size(); ++i) {
    const double limit = errorLimit(rules, outputType(i));
    if (!(differences[i].relativeError <= limit))
      return fail(FailureClass::WrongResult,
                  absl::StrCat("relative error ", differences[i].relativeError, " of output ", i,
                               " exceeds ", limit, " (numerics=", numericsName(request.numerics),
                               "), different are ",
                               differences[i].describe(task.normals.expectations[i].compared())));
  }
  if (excludedByStrict(rules))
    return fail(
        FailureClass::WrongResult,
        "numerics=strict allows another order of summation only, but this is other arithmetic");
  return checkMemory(task.normals);
}

bool Trial::time() {
  const Timing timing = takeSamples(request.sampling, request.incumbentNs, [&](int64_t calls) {
    return program->timeCalls(request.mode, request.threads, calls);
  });
  const double flops = request.minimumFlops * request.workShare;
  if (isImpossibleRate(flops, timing.medianNs, peakFlops, request.threads, fastestType()))
    return fail(FailureClass::ImpossibleRate,
                absl::StrCat(flops / timing.medianNs, " GFLOP/s exceed the peak of the machine, ",
                             peakFlops * 1e-9, " GFLOP/s per core"));
  reply.measurement.medianNs = timing.medianNs;
  reply.measurement.madNs = timing.madNs;
  reply.measurement.samples = timing.samples;
  return true;
}

/// A candidate that is right the first time only (it reads what its last call left) is wrong.
bool Trial::checkAgain() {
  const std::vector<Difference> differences = runCase(*program, task.normals);
  for (size_t i = 0; i < differences.size(); ++i)
    if (!(differences[i].relativeError <= errorLimit(rules, outputType(i))))
      return fail(FailureClass::WrongResult, "a later call gave another result than the first");
  return checkMemory(task.normals);
}

ElementType Trial::outputType(size_t output) const {
  for (const ArgumentInfo &argument : request.abi.arguments)
    if (argument.role == ArgumentRole::Output && output-- == 0)
      if (auto type = parseElementType(argument.elementType); type.ok())
        return *type;
  return ElementType::F64;
}

ElementType Trial::fastestType() const {
  ElementType fastest = ElementType::F64;
  for (const ArgumentInfo &argument : request.abi.arguments)
    if (auto type = parseElementType(argument.elementType);
        type.ok() && peakFactor(*type) > peakFactor(fastest))
      fastest = *type;
  return fastest;
}

MeasureReply Trial::run() {
  if (!load() || !checkIntegers() || !checkNormals() || !time() || !checkAgain()) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    reply.measurement.medianNs = reply.measurement.madNs = none;
    reply.measurement.samples = 0;
  }
  return std::move(reply);
}

} // namespace

MeasureReply measureObject(const PreparedTask &task, const MeasureRequest &request,
                           double peakFlops) {
  return Trial(task, request, peakFlops).run();
}

} // namespace chameleon
