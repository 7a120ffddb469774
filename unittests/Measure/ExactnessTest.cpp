//===- ExactnessTest.cpp -------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exactness.h"
#include "TaskModule.h"
#include "Tasks.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "mlir/InitAllDialects.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace chameleon;

namespace {

mlir::DialectRegistry makeRegistry() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registerChameleonDialect(registry);
  return registry;
}

class TaskIr : public ::testing::Test {
protected:
  TaskIr() : context(makeRegistry(), mlir::MLIRContext::Threading::DISABLED) {}

  mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &ir) {
    auto module = parseTask(context, ir);
    EXPECT_TRUE(module.ok()) << module.status();
    return module.ok() ? *std::move(module) : nullptr;
  }
  int64_t magnitudeOf(const std::string &ir) {
    auto module = parse(ir);
    return module ? exactMagnitude(taskOf(*module)) : -1;
  }
  bool isExact(const std::string &constant, const std::string &op) {
    auto module = parse(R"mlir(
      func.func private @task(%x: tensor<4xf32>, %d: tensor<4xf32>) -> tensor<4xf32> {
        %v = arith.constant )mlir" +
                        constant + R"mlir( : vector<4xf32>
        %c0 = arith.constant 0 : index
        %p = arith.constant 0.0 : f32
        %r = vector.transfer_read %x[%c0], %p : tensor<4xf32>, vector<4xf32>
        %s = )mlir" + op +
                        R"mlir( : vector<4xf32>
        %w = vector.transfer_write %s, %d[%c0] : vector<4xf32>, tensor<4xf32>
        return %w : tensor<4xf32>
      })mlir");
    return module && hasOnlyExactArithmetic(*module);
  }

  mlir::MLIRContext context;
};

TEST_F(TaskIr, MagnitudeShrinksWithTheReduction) {
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 64)), 8);
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 4608)), 4);  // 16 * 4608 < 2^18
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 50000)), 2); // 4 * 50000 < 2^18
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 200000)), 1);
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 300000)), 0);
  EXPECT_EQ(magnitudeOf(tasks::convolutionTask(64, 56)), 8); // 64 * 576 < 2^18
}

TEST_F(TaskIr, MagnitudeShrinksWithTheMantissa) {
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 64, "f64")), 8);
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 64, "f16")), 4);  // 2^11
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 64, "bf16")), 2); // 2^8
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 512, "bf16")), 0);
}

TEST_F(TaskIr, IntegersAreAlwaysExact) {
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 300000, "i32")), 100);
}

TEST_F(TaskIr, AccumulatingAddsTheOldContents) {
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 4095, "f32", true)), 8); // 64 * 4095 + 8 < 2^18
  EXPECT_EQ(magnitudeOf(tasks::matmulTask(4, 4, 4096, "f32", true)), 4);
}

TEST_F(TaskIr, ExponentialsAndUnknownOpsAreNotExact) {
  EXPECT_EQ(magnitudeOf(tasks::roundingTask(16)), 0);
  EXPECT_EQ(magnitudeOf(tasks::loopingTask()), 0);
}

TEST_F(TaskIr, LoweredArithmeticIsJudgedByOpsAndConstants) {
  EXPECT_TRUE(isExact("dense<0.25>", "arith.mulf %r, %v"));
  EXPECT_TRUE(isExact("dense<[1.0, -2.0, 0.5, 0xFF800000]>", "arith.addf %r, %v"));
  EXPECT_FALSE(isExact("dense<[1.0, -2.0, 0.1, 0.0]>", "arith.addf %r, %v"));
  EXPECT_FALSE(isExact("dense<4.0>", "arith.divf %r, %v"));
  EXPECT_FALSE(isExact("dense<4.0>", "math.exp %r"));
  EXPECT_TRUE(isExact("dense<4.0>", "math.fma %r, %v, %v"));
}

TEST_F(TaskIr, OnlyReadDestinationsAreInputs) {
  auto filled = parse(tasks::matmulTask(4, 4, 4));
  EXPECT_TRUE(readDestinations(taskOf(*filled)).empty());
  auto accumulating = parse(tasks::matmulTask(4, 4, 4, "f32", true));
  EXPECT_THAT(readDestinations(taskOf(*accumulating)), ::testing::ElementsAre(2));
}

TEST_F(TaskIr, EntriesAreDescribedInOrder) {
  auto module = parse(tasks::matmulTask(4, 5, 6, "bf16"));
  const TaskAbi abi = addEntries(taskOf(*module), {}, {});
  ASSERT_EQ(abi.arguments.size(), 3u);
  EXPECT_EQ(abi.arguments[0].role, ArgumentRole::Input);
  EXPECT_EQ(abi.arguments[1].role, ArgumentRole::Constant);
  EXPECT_EQ(abi.arguments[2].role, ArgumentRole::Output);
  EXPECT_THAT(abi.arguments[2].shape, ::testing::ElementsAre(4, 5));
  EXPECT_EQ(abi.arguments[2].elementType, "bf16");
  EXPECT_TRUE(abi.init.empty());
}

TEST_F(TaskIr, RefusesWhatIsNoTask) {
  auto errorOf = [&](const std::string &ir) {
    return std::string(parseTask(context, ir).status().message());
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(errorOf("this is no IR"), HasSubstr("does not parse"));
  EXPECT_THAT(errorOf("module {}"), HasSubstr("0 functions"));
  EXPECT_THAT(errorOf("func.func private @f(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>"),
              HasSubstr("one task function"));
  EXPECT_THAT(
      errorOf("func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> { return %x : tensor<?xf32> }"),
      HasSubstr("static shape"));
  EXPECT_THAT(errorOf(R"mlir(func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
                llvm.inline_asm has_side_effects "nop", "" : () -> ()
                return %x : tensor<4xf32> })mlir"),
              HasSubstr("llvm.inline_asm"));
}

} // namespace
