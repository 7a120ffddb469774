//===- OddVectorsTest.cpp - Vectors that fill no registers ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OddVectors.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

using namespace chameleon;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr char kAvx512[] = "+avx512f,+avx512vl,+avx512bw,+avx512dq";

std::unique_ptr<llvm::TargetMachine> makeMachine(const std::string &features) {
  llvm::InitializeNativeTarget();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, "x86-64", features, llvm::TargetOptions(), llvm::Reloc::PIC_));
}

/// The functions of `text` with their vectors widened; what is wrong with them, if anything is.
std::string widened(const std::string &text, const std::string &features = kAvx512) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  std::unique_ptr<llvm::Module> module = llvm::parseAssemblyString(text, diagnostic, context);
  if (!module)
    return diagnostic.getMessage().str();
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(features);
  module->setDataLayout(machine->createDataLayout());
  widenOddVectors(*module, *machine);
  std::string result;
  llvm::raw_string_ostream stream(result);
  if (!llvm::verifyModule(*module, &stream))
    module->print(stream, nullptr);
  return result;
}

#if defined(__x86_64__)

constexpr char kScale[] = R"(
define void @scale(ptr %from, ptr %to, float %by) {
  %x = load <14 x float>, ptr %from, align 4
  %one = insertelement <14 x float> poison, float %by, i64 0
  %all = shufflevector <14 x float> %one, <14 x float> poison, <14 x i32> zeroinitializer
  %y = fmul contract <14 x float> %x, %all
  %z = call <14 x float> @llvm.maximum.v14f32(<14 x float> %y, <14 x float> zeroinitializer)
  store <14 x float> %z, ptr %to, align 4
  ret void
}
declare <14 x float> @llvm.maximum.v14f32(<14 x float>, <14 x float>))";

TEST(OddVectors, FillARegisterFromLoadToStore) {
  std::string text = widened(kScale);
  EXPECT_THAT(text, HasSubstr("@llvm.masked.load.v16f32"));
  EXPECT_THAT(text, HasSubstr("fmul contract <16 x float>"));
  EXPECT_THAT(text, HasSubstr("call <16 x float> @llvm.maximum.v16f32("));
  EXPECT_THAT(text, HasSubstr("@llvm.masked.store.v16f32"));
  EXPECT_THAT(text, HasSubstr("i1 true, i1 true, i1 false, i1 false>)"));
  EXPECT_FALSE(std::regex_search(text, std::regex("= .*<14 x"))) << text;
}

TEST(OddVectors, StayWhereMaskedAccessesCostMore) {
  std::string text = widened(kScale, "+avx2");
  EXPECT_THAT(text, HasSubstr("load <14 x float>"));
  EXPECT_THAT(text, HasSubstr("store <14 x float>"));
  EXPECT_THAT(text, Not(HasSubstr("masked")));
}

// Two rows of 28 in a loop: an array that the loop carries, as vectors of two dimensions become.
TEST(OddVectors, LoopsCarryThem) {
  std::string text = widened(R"(
define void @sum(ptr %from, ptr %to, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sums = phi [2 x <28 x float>] [ zeroinitializer, %entry ], [ %both, %loop ]
  %a = extractvalue [2 x <28 x float>] %sums, 0
  %b = extractvalue [2 x <28 x float>] %sums, 1
  %p = getelementptr float, ptr %from, i64 %i
  %x = load <28 x float>, ptr %p, align 4
  %c = fadd <28 x float> %a, %x
  %d = fsub <28 x float> %b, %x
  %first = insertvalue [2 x <28 x float>] poison, <28 x float> %c, 0
  %both = insertvalue [2 x <28 x float>] %first, <28 x float> %d, 1
  %next = add i64 %i, 28
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  %r = extractvalue [2 x <28 x float>] %both, 1
  store <28 x float> %c, ptr %to, align 4
  ret void
})");
  EXPECT_THAT(text, HasSubstr("phi <32 x float> [ zeroinitializer, %entry ]"));
  EXPECT_THAT(text, HasSubstr("fadd <32 x float>"));
  EXPECT_THAT(text, HasSubstr("fsub <32 x float>"));
  EXPECT_THAT(text, Not(HasSubstr("phi [2 x")));
  EXPECT_THAT(text, Not(HasSubstr("phi <28 x")));
}

// Every second number of two loads of seven: indices into the second operand move along.
TEST(OddVectors, ShufflesOfThem) {
  std::string text = widened(R"(
define void @even(ptr %from, ptr %to) {
  %a = load <7 x float>, ptr %from, align 4
  %p = getelementptr i8, ptr %from, i64 24
  %b = load <7 x float>, ptr %p, align 4
  %e = shufflevector <7 x float> %a, <7 x float> %b, <7 x i32> <i32 0, i32 2, i32 4, i32 6, i32 9, i32 11, i32 13>
  store <7 x float> %e, ptr %to, align 4
  %l = shufflevector <7 x float> %a, <7 x float> %b, <4 x i32> <i32 6, i32 7, i32 8, i32 13>
  store <4 x float> %l, ptr %p, align 4
  ret void
})");
  EXPECT_THAT(
      text,
      HasSubstr("<8 x i32> <i32 0, i32 2, i32 4, i32 6, i32 10, i32 12, i32 14, i32 poison>"));
  EXPECT_THAT(text, HasSubstr("<4 x i32> <i32 6, i32 8, i32 9, i32 14>"));
  EXPECT_THAT(text, HasSubstr("store <4 x float>"));
  EXPECT_THAT(text, Not(HasSubstr("<7 x")));
}

// A quotient of integers may not exist in the lanes that are added, and a call takes what it takes.
TEST(OddVectors, OthersReadAsManyLanesAsBefore) {
  std::string text = widened(R"(
define <7 x i32> @divide(ptr %from, <7 x i32> %by) {
  %x = load <7 x i32>, ptr %from, align 4
  %y = add <7 x i32> %x, %by
  %z = sdiv <7 x i32> %y, %by
  %w = call <7 x i32> @other(<7 x i32> %y)
  %s = xor <7 x i32> %z, %w
  ret <7 x i32> %s
}
declare <7 x i32> @other(<7 x i32>))");
  EXPECT_THAT(text, HasSubstr("add <8 x i32>"));
  EXPECT_THAT(text, HasSubstr("sdiv <7 x i32>"));
  EXPECT_THAT(text, HasSubstr("call <7 x i32> @other(<7 x i32>"));
  EXPECT_THAT(text, HasSubstr("xor <8 x i32>"));
  EXPECT_THAT(text, HasSubstr("ret <7 x i32>"));
}

// Their lanes come from bits of a number, of which there are no more.
TEST(OddVectors, NumbersTakenAsVectors) {
  std::string text = widened(R"(
define <3 x i8> @bytes(i24 %m, ptr %to) {
  %v = bitcast i24 %m to <3 x i8>
  %w = add <3 x i8> %v, %v
  ret <3 x i8> %w
})");
  EXPECT_THAT(text, HasSubstr("bitcast i24 %m to <3 x i8>"));
  EXPECT_THAT(text, HasSubstr("add <4 x i8>"));
}

TEST(OddVectors, ASwitchComesTwice) {
  std::string text = widened(R"(
define void @choose(i32 %c, [2 x <14 x float>] %a, [2 x <14 x float>] %b, ptr %to) {
entry:
  switch i32 %c, label %x [i32 7, label %y
                           i32 900, label %y]
x:
  br label %y
y:
  %p = phi [2 x <14 x float>] [ %a, %entry ], [ %a, %entry ], [ %b, %x ]
  %e = extractvalue [2 x <14 x float>] %p, 1
  store <14 x float> %e, ptr %to, align 4
  ret void
})");
  EXPECT_THAT(text, HasSubstr("phi <16 x float>"));
  EXPECT_THAT(text, HasSubstr("@llvm.masked.store.v16f32"));
}

#endif

} // namespace
