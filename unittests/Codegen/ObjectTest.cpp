//===- ObjectTest.cpp - Objects: no allocations, no foreign symbols, no page faults ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CompiledModule.h"
#include "chameleon/Codegen/Baselines.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Object/ObjectFile.h"
#include <cmath>
#include <gtest/gtest.h>
#include <set>
#include <sys/resource.h>

using namespace chameleon;

namespace {

std::set<std::string> undefinedSymbols(const std::string &object) {
  llvm::MemoryBufferRef buffer(object, "object");
  auto file = llvm::object::ObjectFile::createObjectFile(buffer);
  std::set<std::string> names;
  if (!file)
    return {"not an object file"};
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    auto flags = symbol.getFlags();
    auto name = symbol.getName();
    if (flags && name && (*flags & llvm::object::SymbolRef::SF_Undefined) && !name->empty())
      names.insert(name->str());
  }
  return names;
}

// Two layers with a padded input: three buffers beside the result, and a copy with strides.
constexpr char kTwoLayers[] = R"(
func.func @main(%x: tensor<1x8x64x64xf32>, %w: tensor<8x8x3x3xf32>) -> tensor<1x8x64x64xf32> {
  %0 = func.call @layer(%x, %w) : (tensor<1x8x64x64xf32>, tensor<8x8x3x3xf32>) -> tensor<1x8x64x64xf32>
  %1 = func.call @layer(%0, %w) : (tensor<1x8x64x64xf32>, tensor<8x8x3x3xf32>) -> tensor<1x8x64x64xf32>
  return %1 : tensor<1x8x64x64xf32>
}
func.func private @layer(%x: tensor<1x8x64x64xf32>, %w: tensor<8x8x3x3xf32>) -> tensor<1x8x64x64xf32> {
  %z = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %z : f32
  } : tensor<1x8x64x64xf32> to tensor<1x8x66x66xf32>
  %e = tensor.empty() : tensor<1x8x64x64xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<1x8x64x64xf32>) -> tensor<1x8x64x64xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%p, %w : tensor<1x8x66x66xf32>, tensor<8x8x3x3xf32>) outs(%f : tensor<1x8x64x64xf32>) -> tensor<1x8x64x64xf32>
  %t = linalg.tanh ins(%r : tensor<1x8x64x64xf32>) outs(%e : tensor<1x8x64x64xf32>) -> tensor<1x8x64x64xf32>
  return %t : tensor<1x8x64x64xf32>
})";

// What LLVM unrolls here takes it a second and 70 KB; as it stands, a tenth.
TEST(Object, LoopsOfAReferenceAreNotUnrolled) {
  auto compiled = compile(kTwoLayers, [](mlir::ModuleOp module) {
    for (auto function : module.getOps<mlir::func::FuncOp>())
      if (function.isPrivate() && mlir::failed(makeReference(function)))
        return false;
    module.lookupSymbol("main")->erase();
    module.lookupSymbol<mlir::func::FuncOp>("layer").setPublic();
    return true;
  });
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_LT(compiled->object.size(), 16384u);
}

long minorFaults() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

TEST(Object, CallsAllocateNothing) {
  auto code = compile(kTwoLayers);
  ASSERT_TRUE(code.ok()) << code.status();
  auto symbols = undefinedSymbols(code->object);
  EXPECT_FALSE(symbols.count("malloc"));
  EXPECT_FALSE(symbols.count("memrefCopy"));
  for (const std::string &symbol : symbols)
    EXPECT_TRUE(isAllowedSymbol(symbol)) << symbol;
}

TEST(Object, OnlyTheFirstCallFaultsPagesIn) {
  auto code = compile(kTwoLayers);
  ASSERT_TRUE(code.ok()) << code.status();
  std::vector<float> x(8 * 64 * 64, 0.5f), w(8 * 8 * 9, 0.1f), out(8 * 64 * 64);
  code->call("main", {x.data(), w.data(), out.data()});
  long before = minorFaults();
  for (int i = 0; i < 5; ++i)
    code->call("main", {x.data(), w.data(), out.data()});
  EXPECT_LE(minorFaults() - before, 2);
}

TEST(Object, ForeignSymbolsAreRefusedByName) {
  auto code = compile(R"(
    llvm.func @system(!llvm.ptr) -> i32
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %p = llvm.mlir.zero : !llvm.ptr
      %r = llvm.call @system(%p) : (!llvm.ptr) -> i32
      return %x : tensor<4xf32>
    })");
  ASSERT_FALSE(code.ok());
  EXPECT_EQ(code.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_NE(code.status().message().find("system"), absl::string_view::npos) << code.status();
}

TEST(Object, MissingFunctionsAndBrokenObjectsAreErrors) {
  auto code =
      compile("func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : tensor<4xf32> }");
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(code->code->lookup("other").status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(LoadedObject::load("this is no object").ok());
  std::string cut = code->object.substr(0, code->object.size() / 2);
  auto broken = LoadedObject::load(cut);
  EXPECT_TRUE(!broken.ok() || !(*broken)->lookup("main").ok());
}

TEST(Object, ScalarArgumentsAreRead) {
  auto code = compile(R"(
    func.func @main(%x: tensor<4xf32>, %s: f32) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4xf32>
      %r = linalg.fill ins(%s : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
      return %r : tensor<4xf32>
    })");
  ASSERT_TRUE(code.ok()) << code.status();
  std::vector<float> x(4), out(4);
  float s = 3;
  code->call("main", {x.data(), &s, out.data()});
  EXPECT_EQ(out, std::vector<float>(4, 3));
}

TEST(Object, ThreadsGiveTheSameResult) {
  constexpr char text[] = R"(
    func.func @main(%x: tensor<64x4096xf32>) -> tensor<64x4096xf32> {
      %e = tensor.empty() : tensor<64x4096xf32>
      %r = scf.forall (%i) in (64) shared_outs(%o = %e) -> (tensor<64x4096xf32>) {
        %s = tensor.extract_slice %x[%i, 0] [1, 4096] [1, 1] : tensor<64x4096xf32> to tensor<4096xf32>
        %t = tensor.empty() : tensor<4096xf32>
        %a = linalg.add ins(%s, %s : tensor<4096xf32>, tensor<4096xf32>) outs(%t : tensor<4096xf32>) -> tensor<4096xf32>
        %u = tensor.empty() : tensor<4096xf32>
        %b = linalg.mul ins(%a, %s : tensor<4096xf32>, tensor<4096xf32>) outs(%u : tensor<4096xf32>) -> tensor<4096xf32>
        scf.forall.in_parallel {
          tensor.parallel_insert_slice %b into %o[%i, 0] [1, 4096] [1, 1] : tensor<4096xf32> into tensor<64x4096xf32>
        }
      }
      return %r : tensor<64x4096xf32>
    })";
  std::vector<float> x(64 * 4096);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(i % 1000);
  for (int threads : {1, 2}) {
    auto code = compile(text, nullptr, threads);
    ASSERT_TRUE(code.ok()) << code.status();
    std::vector<float> out(x.size());
    code->call("main", {x.data(), out.data()});
    for (size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(out[i], 2 * x[i] * x[i]) << threads << " threads, element " << i;
  }
}

} // namespace
