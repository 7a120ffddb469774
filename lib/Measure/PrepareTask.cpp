//===- PrepareTask.cpp - Inputs, reference and plain loop nest -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "JsonArchive.h"
#include "RunSteps.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Measure/Timing.h"
#include <algorithm>
#include <cstring>
#include <limits>

namespace chameleon {
namespace {

/// A loop nest that takes longer than that is not sampled, nor run on integers: that it is exact
/// there is taken from the analysis of its arithmetic alone.
constexpr double kSlowCallNs = 20e6;
/// One that takes longer than that is not even called again with warm caches.
constexpr double kVerySlowCallNs = 200e6;

/// What the child tells the worker.
struct ChildReport {
  bool ok = false;
  std::string message;
  double naiveNs = 0;
  double naiveError = 0;
  double scale = 0;
  int64_t exactMagnitude = 0;
  bool positive = false;
  std::vector<int64_t> integerCounts, normalCounts; // values per output
  std::string values;                               // doubles: those of integers, those of normals
};

template <typename A> void fields(A &archive, ChildReport &report) {
  archive("ok", report.ok);
  archive("message", report.message);
  archive("naive_ns", report.naiveNs);
  archive("naive_error", report.naiveError);
  archive("scale", report.scale);
  archive("exact_magnitude", report.exactMagnitude);
  archive("positive", report.positive);
  archive("integer_counts", report.integerCounts);
  archive("normal_counts", report.normalCounts);
  archive("values", Binary{report.values});
}

TaskAbi referenceInterface(TaskAbi abi) {
  for (ArgumentInfo &argument : abi.arguments) {
    absl::StatusOr<ElementType> type = parseElementType(argument.elementType);
    if (argument.role == ArgumentRole::Output && type.ok() && isFloat(*type))
      argument.elementType = "f64";
  }
  return abi;
}

//===----------------------------------------------------------------------===//
// In the child
//===----------------------------------------------------------------------===//

struct Preparation {
  const PrepareRequest &request;
  PreparedTask &task; // the child's copy
  PrepareReply reply;

  absl::Status run();

private:
  absl::Status expect(Program &reference, TestCase &test);
  absl::Status usePositiveInputs(Program &reference);
  absl::Status runNaive();
  void checkExactness(Program &naive);
};

absl::Status Preparation::expect(Program &reference, TestCase &test) {
  reference.bind(test.operands);
  reference.poisonOutputs();
  reference.call();
  if (!reference.guardsIntact())
    return absl::InternalError("the reference wrote outside of its outputs");
  test.expectations.clear();
  const std::vector<ArgumentInfo> &arguments = reference.interface().arguments;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].role == ArgumentRole::Output)
      test.expectations.push_back(
          Expectation::capture(reference.output(i), arguments[i].shape, task.seed));
  return absl::OkStatus();
}

bool hasNonFinite(const TestCase &test) {
  return std::any_of(test.expectations.begin(), test.expectations.end(),
                     [](const Expectation &expectation) { return expectation.hasNonFinite(); });
}

/// Square roots and logarithms of the task want inputs above zero.
absl::Status Preparation::usePositiveInputs(Program &reference) {
  absl::StatusOr<std::vector<Buffer>> operands = makeNormalOperands(task.abi, task.seed, true);
  if (!operands.ok())
    return operands.status();
  task.positive = true;
  task.normals.operands = *std::move(operands);
  return expect(reference, task.normals);
}

/// Where even the plain loop nest is not exact, nobody else need be.
void Preparation::checkExactness(Program &naive) {
  if (task.exactMagnitude == 0)
    return;
  naive.bind(task.integers.operands);
  for (const Difference &difference : runCase(naive, task.integers))
    if (difference.unequal > 0)
      task.exactMagnitude = 0;
}

absl::Status Preparation::runNaive() {
  auto naive = Program::load(request.naive, task.abi);
  if (!naive.ok())
    return naive.status();
  Program &program = **naive;
  program.bind(task.normals.operands);
  reply.naiveError = 0;
  auto time = [&](int64_t calls) { return program.timeCalls(request.mode, 1, calls); };
  const auto differences = runCase(program, task.normals, [&] { reply.naiveNs = time(1); });
  for (const Difference &difference : differences)
    reply.naiveError = std::max(reply.naiveError, difference.relativeError);
  if (!program.guardsIntact())
    return absl::InternalError("the plain loop nest wrote outside of its outputs");
  if (reply.naiveNs <= kVerySlowCallNs)
    reply.naiveNs = time(1);
  if (reply.naiveNs > kSlowCallNs)
    return absl::OkStatus();
  reply.naiveNs = takeSamples(SamplingPolicy(), 0, time).medianNs;
  checkExactness(program);
  return absl::OkStatus();
}

absl::Status Preparation::run() {
  auto reference = Program::load(request.reference, referenceInterface(task.abi));
  if (!reference.ok())
    return reference.status();
  if (task.exactMagnitude > 0)
    if (absl::Status status = expect(**reference, task.integers); !status.ok())
      return status;
  absl::Status status = expect(**reference, task.normals);
  if (status.ok() && hasNonFinite(task.normals))
    status = usePositiveInputs(**reference);
  reference->reset();
  if (!status.ok())
    return status;
  for (const Expectation &expectation : task.normals.expectations)
    reply.scale = std::max(reply.scale, expectation.scale());
  reply.naiveError = request.naiveError;
  return request.naive.empty() ? absl::OkStatus() : runNaive();
}

/// The values of all expectations, one after the other.
std::string packValues(const TestCase &test) {
  std::string bytes;
  for (const Expectation &expectation : test.expectations)
    bytes.append(reinterpret_cast<const char *>(expectation.contents().data()),
                 expectation.contents().size() * sizeof(double));
  return bytes;
}

std::vector<int64_t> countValues(const TestCase &test) {
  std::vector<int64_t> counts;
  counts.reserve(test.expectations.size());
  for (const Expectation &expectation : test.expectations)
    counts.push_back(expectation.compared());
  return counts;
}

void prepareInChild(const PrepareRequest &request, PreparedTask &task, Channel &channel) {
  Preparation preparation{request, task, {}};
  const absl::Status status = preparation.run();
  if (task.exactMagnitude == 0)
    task.integers.expectations.clear();
  ChildReport report;
  report.ok = status.ok();
  report.message = std::string(status.message());
  report.naiveNs = preparation.reply.naiveNs;
  report.naiveError = preparation.reply.naiveError;
  report.scale = preparation.reply.scale;
  report.exactMagnitude = task.exactMagnitude;
  report.positive = task.positive;
  report.integerCounts = countValues(task.integers);
  report.normalCounts = countValues(task.normals);
  report.values = packValues(task.integers) + packValues(task.normals);
  std::string bytes;
  JsonWriter writer(bytes);
  fields(writer, report);
  exitUnlessSent(channel.send(writer.object, absl::InfiniteFuture(), bytes));
}

//===----------------------------------------------------------------------===//
// In the worker
//===----------------------------------------------------------------------===//

/// Takes the values of `counts` expectations off the front of `bytes`. The child ran foreign code:
/// nothing that it sends is believed. False if the sizes do not fit.
bool unpackValues(const PreparedTask &task, const std::vector<int64_t> &counts,
                  absl::string_view &bytes, TestCase &test) {
  size_t index = 0;
  for (const ArgumentInfo &argument : task.abi.arguments) {
    if (argument.role != ArgumentRole::Output)
      continue;
    const int64_t count = index < counts.size() ? counts[index++] : -1;
    if (count < 0 || count > argument.elements() ||
        static_cast<size_t>(count) > bytes.size() / sizeof(double))
      return false;
    std::vector<double> values(static_cast<size_t>(count));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
    bytes.remove_prefix(values.size() * sizeof(double));
    test.expectations.push_back(Expectation::restore(std::move(values), argument.shape, task.seed));
  }
  return true;
}

/// What the child found out, into `task`.
absl::Status adopt(const ChildReport &report, PreparedTask &task) {
  if (!report.ok)
    return absl::InternalError(report.message);
  if (report.exactMagnitude == 0) {
    task.exactMagnitude = 0;
    task.integers = TestCase();
  }
  task.positive = report.positive;
  if (task.positive) {
    absl::StatusOr<std::vector<Buffer>> operands = makeNormalOperands(task.abi, task.seed, true);
    if (!operands.ok())
      return operands.status();
    task.normals.operands = *std::move(operands);
    task.normals.checksum = checksum(task.normals.operands);
  }
  absl::string_view values = report.values;
  if ((task.exactMagnitude > 0 &&
       !unpackValues(task, report.integerCounts, values, task.integers)) ||
      !unpackValues(task, report.normalCounts, values, task.normals))
    return absl::InternalError("the reference returned other outputs than the task has");
  task.naiveNs = report.naiveNs;
  task.naiveError = report.naiveError;
  return absl::OkStatus();
}

absl::Status readReport(const ForkedResult &result, ChildReport &report) {
  if (!result.json->is_object())
    return absl::InternalError("the reference sent no report");
  absl::string_view bytes = result.bytes;
  JsonReader reader(*result.json, bytes);
  fields(reader, report);
  return reader.status;
}

} // namespace

PrepareReply prepareTask(const PrepareRequest &request, const Channel &supervisor,
                         PreparedTask &task) {
  PrepareReply reply;
  ForkedResult result = callForked(request.limits, supervisor, [&](Channel &channel) {
    prepareInChild(request, task, channel);
  });
  reply.seconds = result.seconds;
  if (!result.replied()) {
    reply.failure = runFailure(result.outcome);
    reply.message = absl::StrCat("the reference or the plain loop nest failed: ", result.detail);
    return reply;
  }
  ChildReport report;
  absl::Status adopted = readReport(result, report);
  if (adopted.ok())
    adopted = adopt(report, task);
  if (!adopted.ok()) {
    reply.failure = FailureClass::RunCrashed;
    reply.message = std::string(adopted.message());
    return reply;
  }
  reply.naiveNs = task.naiveNs;
  reply.naiveError = task.naiveError;
  reply.scale = report.scale;
  return reply;
}

} // namespace chameleon
