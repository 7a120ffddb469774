# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is compared: networks, committed or exported on first use, and the single operations that peers know by name."""
import dataclasses
import pathlib
import re

SUITES = ("ops", "networks", "exported")
NETWORKS = ("resnet18", "alexnet", "vgg16", "mobilenet_v2", "bert_block")
# Exported on first use, to a folder that is not committed; what they are: peers/architectures.py.
EXPORTED_IMAGES = ("resnet50", "densenet121", "mobilenet_v3_small", "shufflenet_v2_x1_0", "squeezenet1_1", "googlenet",
                   "efficientnet_b0", "convnext_tiny", "vit_b_16", "regnet_y_400mf", "mnasnet0_5", "resnext50_32x4d",
                   "resnet18_bf16", "unet", "mlp_mixer")
EXPORTED = (*EXPORTED_IMAGES, "gpt", "llama", "lstm", "conv1d", "conv3d")
EXPORTED_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "build" / "benchmarks" / "exported"

_OPERATION = re.compile(r"= linalg\.(\w+)")
_MAIN = re.compile(r"func\.func @main\((.*?)\)\s*->", re.S)
_TENSOR = re.compile(r"tensor<((?:\d+x)*)(\w+)>")
_RESULT = re.compile(r"func\.func @main\(.*?\)\s*->\s*\(?tensor<[\dx]*x(\w+)>", re.S)
PRODUCTS = (("f32", "f32"), ("bf16", "f32"), ("i8", "i32"))  # types of the arguments, and of the sums
_CONVOLUTIONS = ("conv_2d_nchw_fchw", "conv_2d_nhwc_hwcf", "depthwise_conv_2d_nchw_chw")


@dataclasses.dataclass(frozen=True)
class Case:
    """One module to compare on."""

    name: str
    path: pathlib.Path
    arguments: tuple  # of @main, as in "1x3x224x224xf32"; empty where the module may have to be exported first
    words: tuple = ()  # the operation as drivers take it: see peers/onednn.cpp; empty for a network
    suite: str = "ops"  # of SUITES

    @property
    def element(self):
        """Of the first argument: f32, bf16 or i8."""
        return element_of(self.arguments[0])

    @property
    def kind(self):
        """network, conv or matmul."""
        return self.words[0] if self.words else "network"

    @property
    def takes_images(self):
        """Whether the input of a network has a layout to choose."""
        if self.suite == "exported":
            return self.name in EXPORTED_IMAGES
        return self.kind == "network" and self.arguments[0].count("x") == 4


def arguments_of(text):
    """The types of the arguments of @main, as in "64x3x7x7xf32"."""
    found = _MAIN.search(text)
    if not found:
        raise ValueError("expected a function @main")
    return tuple(shape + kind for shape, kind in _TENSOR.findall(found.group(1)))


def element_of(argument):
    """The type of the elements of an argument: "f32" of "64x3x7x7xf32"."""
    return argument.rsplit("x", 1)[-1]


def _pair(text, name):
    """A pair of numbers of an attribute such as `strides = dense<[1, 2]>`; (1, 1) if it is not there."""
    found = re.search(name + r"\s*=\s*dense<\[?([\d, ]+)\]?>", text)
    values = [int(value) for value in found.group(1).split(",")] if found else [1]
    return tuple(values * 2 if len(values) == 1 else values)


def _convolution(operation, text, x, w):
    strides, dilations = _pair(text, "strides"), _pair(text, "dilations")
    groups, layout = 1, "nchw"
    if operation == "conv_2d_nhwc_hwcf":
        (n, height, width, c), (kh, kw, _, f), layout = x, w, "nhwc"
    else:
        n, c, height, width = x
        if operation == "depthwise_conv_2d_nchw_chw":
            (f, kh, kw), groups = w, c
        else:
            f, _, kh, kw = w
    return ("conv", n, c, height, width, f, kh, kw, *strides, *dilations, groups, layout)


def _matmul(text, a, b):
    batch = a[0] if len(a) == 3 else 1
    transposed = bool(re.search(r"-> \((?:b, )?n, k\)", text))
    return ("matmul", batch, a[-2], b[-2] if transposed else b[-1], a[-1], int(transposed))


def words_of(text):
    """The operation of a module as words for drivers.

    None unless it is one convolution or matmul alone, of a type of `PRODUCTS` with the type of its sums.
    """
    operations = [name for name in _OPERATION.findall(text) if name != "fill"]
    arguments = arguments_of(text)
    types, sums = {element_of(argument) for argument in arguments}, _RESULT.search(text)
    if len(operations) != 1 or "tensor.pad" in text or len(types) != 1 or not sums:
        return None
    if (*types, sums.group(1)) not in PRODUCTS:
        return None
    shapes = [tuple(int(d) for d in argument.split("x")[:-1]) for argument in arguments]
    if operations[0] in _CONVOLUTIONS:
        return _convolution(operations[0], text, *shapes)
    if operations[0] in ("matmul", "batch_matmul"):
        return _matmul(text, *shapes)
    return None


def _exported(name):
    return Case(name, EXPORTED_FOLDER / f"{name}.mlir", (), suite="exported")


def _network(name, folder):
    path = folder / f"{name}.mlir"
    return Case(name, path, arguments_of(path.read_text()), suite="networks")


def _operation(path):
    text = path.read_text()
    words = words_of(text)
    return words and Case(path.stem, path, arguments_of(text), tuple(str(word) for word in words))


def find(suite, workloads, only=None):
    """The cases of a suite, those whose name matches the regular expression. Fails if none does."""
    workloads = pathlib.Path(workloads)

    def wanted(name):
        return not only or re.search(only, name)

    if suite == "exported":
        cases = [_exported(name) for name in EXPORTED if wanted(name)]
    elif suite == "networks":
        cases = [_network(name, workloads / "models") for name in NETWORKS if wanted(name)]
    else:
        paths = sorted((workloads / "ops").glob("*.mlir"), key=lambda path: path.stem)
        cases = [case for case in (_operation(path) for path in paths if wanted(path.stem)) if case]
    if not cases:
        raise ValueError(f"expected --only to match a case of {suite} (--list shows them), but got '{only}'")
    return cases
