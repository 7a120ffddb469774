//===- WorkloadsTest.cpp - Every workload, naive against the f64 reference ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each file under benchmarks/workloads (or $CHAMELEON_WORKLOADS) is lowered twice, once as plain
// loops and once as the f64 reference, and run on the same inputs.
//
//===----------------------------------------------------------------------===//
#include "CompiledModule.h"
#include "chameleon/Codegen/Baselines.h"
#include "chameleon/Support/Random.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Parser/Parser.h"
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace chameleon;

namespace {

std::vector<std::string> workloadFiles() {
  const char *folder = std::getenv("CHAMELEON_WORKLOADS");
  std::vector<std::string> files;
  std::error_code error;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(
           folder ? folder : CHAMELEON_WORKLOADS_FOLDER, error))
    if (entry.path().extension() == ".mlir")
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string readFile(const std::string &path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Elements of one argument or result, as the program stores them.
struct Operand {
  mlir::RankedTensorType type;
  bool wide; // floats are stored as f64
  std::vector<char> bytes;

  Operand(mlir::RankedTensorType type, bool wide) : type(type), wide(wide && isFloat()) {
    bytes.resize(type.getNumElements() * elementBytes(), char(0xff));
  }
  bool isFloat() const { return type.getElementType().isFloat(); }
  unsigned elementBytes() const {
    if (wide)
      return 8;
    return type.getElementType().isIndex() ? 8 : (type.getElementTypeBitWidth() + 7) / 8;
  }
  template <typename T> T get(size_t i) const {
    T value;
    std::memcpy(&value, &bytes[i * sizeof(T)], sizeof(T));
    return value;
  }
  template <typename T> void put(size_t i, T value) {
    std::memcpy(&bytes[i * sizeof(T)], &value, sizeof(T));
  }
  double load(size_t i) const {
    mlir::Type element = type.getElementType();
    if (wide || element.isF64())
      return get<double>(i);
    if (element.isF32())
      return get<float>(i);
    if (element.isF16())
      return static_cast<double>(get<_Float16>(i));
    if (element.isBF16())
      return std::bit_cast<float>(uint32_t(get<uint16_t>(i)) << 16);
    return elementBytes() == 1   ? get<int8_t>(i)
           : elementBytes() == 4 ? get<int32_t>(i)
                                 : get<int64_t>(i);
  }
  void store(size_t i, double value) {
    mlir::Type element = type.getElementType();
    if (element.isF64())
      return put(i, value);
    if (element.isF32())
      return put(i, static_cast<float>(value));
    if (element.isF16())
      return put(i, static_cast<_Float16>(value));
    if (element.isBF16())
      return put(i,
                 static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(value)) >> 16));
    if (elementBytes() == 1)
      return put(i, static_cast<int8_t>(value * 8));
    return elementBytes() == 4 ? put(i, static_cast<int32_t>(value * 8))
                               : put(i, static_cast<int64_t>(value * 8));
  }
};

/// Weights shrink with the products summed over them, so that deep networks stay in range.
double scaleOf(mlir::RankedTensorType type, size_t position) {
  if (position == 0 || type.getRank() < 2)
    return 1;
  double fanIn = type.getRank() == 2
                     ? type.getDimSize(0)
                     : static_cast<double>(type.getNumElements()) / type.getDimSize(0);
  return std::sqrt(6 / fanIn);
}

struct Signature {
  std::vector<mlir::RankedTensorType> arguments, results;
};

Signature signatureOf(mlir::ModuleOp module) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  Signature signature;
  for (mlir::Type type : function.getArgumentTypes())
    signature.arguments.push_back(mlir::cast<mlir::RankedTensorType>(type));
  for (mlir::Type type : function.getResultTypes())
    signature.results.push_back(mlir::cast<mlir::RankedTensorType>(type));
  return signature;
}

std::vector<Operand> runMain(CompiledModule &code, std::vector<Operand> &arguments,
                             const Signature &signature, bool wide) {
  std::vector<Operand> results;
  for (mlir::RankedTensorType type : signature.results)
    results.emplace_back(type, wide);
  std::vector<void *> pointers;
  for (std::vector<Operand> *group : {&arguments, &results})
    for (Operand &operand : *group)
      pointers.push_back(operand.bytes.data());
  code.call("main", pointers);
  return results;
}

double tolerance(mlir::Type element) {
  return element.isF16() ? 1e-2 : element.isBF16() ? 5e-2 : element.isF32() ? 1e-4 : 0;
}

/// Innermost iterations of all linalg ops: what the plain loop nest costs.
double countIterations(mlir::ModuleOp module) {
  double total = 0;
  module.walk([&](mlir::linalg::LinalgOp op) {
    double product = 1;
    for (int64_t extent : op.getStaticLoopRanges())
      product *= static_cast<double>(extent);
    total += product;
  });
  return total;
}

/// Plain loops make a few hundred million iterations a second; with $CHAMELEON_ALL_WORKLOADS none
/// is left out.
constexpr double kMaxIterations = 3e8;

class Workloads : public testing::TestWithParam<std::string> {};

TEST_P(Workloads, NaiveAgreesWithReference) {
  std::string text = readFile(GetParam());
  auto context = makeTestContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  ASSERT_TRUE(module);
  if (!std::getenv("CHAMELEON_ALL_WORKLOADS") && countIterations(*module) > kMaxIterations)
    GTEST_SKIP() << "too long for plain loops; set CHAMELEON_ALL_WORKLOADS to run it";
  Signature signature = signatureOf(*module);
  auto naive = compile(text, [](mlir::ModuleOp m) { return mlir::succeeded(makeNaive(m)); });
  ASSERT_TRUE(naive.ok()) << naive.status();
  auto reference = compile(text, [](mlir::ModuleOp m) {
    return mlir::succeeded(makeReference(m.lookupSymbol<mlir::func::FuncOp>("main")));
  });
  ASSERT_TRUE(reference.ok()) << reference.status();
  std::vector<Operand> arguments;
  Rng rng(7);
  for (mlir::RankedTensorType type : signature.arguments) {
    double scale = type.getElementType().isFloat() ? scaleOf(type, arguments.size()) : 1;
    Operand &argument = arguments.emplace_back(type, /*wide=*/false);
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      argument.store(i, (2 * rng.uniform() - 1) * scale);
  }
  auto got = runMain(*naive, arguments, signature, /*wide=*/false);
  auto expected = runMain(*reference, arguments, signature, /*wide=*/true);
  for (size_t r = 0; r < got.size(); ++r) {
    double error = 0, scale = 0;
    for (int64_t i = 0; i < got[r].type.getNumElements(); ++i) {
      double value = got[r].load(i), exact = expected[r].load(i);
      error = value - exact == 0 ? error : std::fmax(error, std::fabs(value - exact));
      ASSERT_FALSE(std::isnan(value)) << "element " << i;
      ASSERT_FALSE(std::isnan(exact)) << "element " << i;
      scale = std::fmax(scale, std::fabs(exact));
    }
    EXPECT_GT(scale, 0);
    EXPECT_LE(error, tolerance(got[r].type.getElementType()) * scale);
  }
}

std::string testName(const testing::TestParamInfo<std::string> &info) {
  std::filesystem::path path(info.param);
  std::string name = (path.parent_path().filename() / path.stem()).string();
  for (char &c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Workloads, testing::ValuesIn(workloadFiles()), testName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Workloads);

} // namespace
