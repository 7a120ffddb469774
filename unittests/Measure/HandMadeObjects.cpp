//===- HandMadeObjects.cpp -----------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandMadeObjects.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "chameleon/Codegen/Object.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

namespace chameleon::tasks {
namespace {

std::string functionText(const std::string &name, const Behaviour &behaviour) {
  return absl::Substitute(R"mlir(
    $4
    llvm.func @$0(%x: !llvm.ptr, %w: !llvm.ptr, %out: !llvm.ptr) {
      %zero = llvm.mlir.constant(0 : i64) : i64
      %one = llvm.mlir.constant(1 : i64) : i64
      %n = llvm.mlir.constant($1 : i64) : i64
      llvm.br ^head(%zero : i64)
    ^head(%i: i64):
      %more = llvm.icmp "slt" %i, %n : i64
      llvm.cond_br %more, ^body, ^end
    ^body:
      %px = llvm.getelementptr %x[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %pw = llvm.getelementptr %w[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %po = llvm.getelementptr %out[%i] : (!llvm.ptr, i64) -> !llvm.ptr, $5
      %a = llvm.load %px : !llvm.ptr -> f32
      %b = llvm.load %pw : !llvm.ptr -> f32
      $2
      llvm.store %r, %po : $5, !llvm.ptr
      %next = llvm.add %i, %one : i64
      llvm.br ^head(%next : i64)
    ^end:
      $3
    })mlir",
                          name, kElements, behaviour.body, behaviour.tail, behaviour.declarations,
                          behaviour.outputType);
}

std::string compile(const std::string &text) {
  mlir::DialectRegistry registry;
  registry.insert<mlir::LLVM::LLVMDialect, mlir::DLTIDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, mlir::ParserConfig(&context));
  if (!module) {
    ADD_FAILURE() << "does not parse: " << text;
    return "";
  }
  auto object = emitObject(*module, *hostTargetInfo());
  EXPECT_TRUE(object.ok()) << object.status();
  return object.ok() ? *object : "";
}

} // namespace

TaskAbi sumAbi() {
  TaskAbi abi;
  abi.function = "entry";
  abi.arguments = {{ArgumentRole::Input, {kElements}, "f32"},
                   {ArgumentRole::Constant, {kElements}, "f32"},
                   {ArgumentRole::Output, {kElements}, "f32"}};
  return abi;
}

std::string makeObject(const Behaviour &behaviour) {
  return compile(functionText("entry", behaviour));
}

std::string makeReferenceObject() {
  Behaviour behaviour;
  behaviour.body = R"mlir(
    %wa = llvm.fpext %a : f32 to f64
    %wb = llvm.fpext %b : f32 to f64
    %r = llvm.fadd %wa, %wb : f64)mlir";
  behaviour.outputType = "f64";
  return makeObject(behaviour);
}

std::string makePackedObject() {
  Behaviour entry, init;
  entry.body = "%r = llvm.fsub %a, %b : f32";
  init.body = "%r = llvm.fneg %a : f32";
  // The init function takes (plain, packed): the middle argument is not one of its own.
  std::string initText = functionText("init", init);
  for (const std::string gone :
       {", %w: !llvm.ptr", "%pw = llvm.getelementptr %w[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32",
        "%b = llvm.load %pw : !llvm.ptr -> f32"})
    initText.erase(initText.find(gone), gone.size());
  return compile(absl::StrCat(functionText("entry", entry), initText));
}

} // namespace chameleon::tasks
