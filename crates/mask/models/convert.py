#!/usr/bin/env python3
"""The two detectors of `jikim mask`, from how their wheels carry them to the ONNX that the program reads.

    convert.py person FROZEN_GRAPH.pb OUT.onnx     SSDLite-MobileNetV2, one class, TensorFlow's frozen graph
    convert.py face CENTERFACE.onnx OUT.onnx       CenterFace, made for a batch of ten pictures of 32 x 32

Both come out as docs/formats/boxes.md says: one input [1, 3, height, width] (RGB, 0 to 255), `boxes`
[1, n, 4] (left, top, right, bottom in parts of the picture) and `scores` [1, n]. Only the standard library is
used: of the protocol buffers a few fields are read and written, and TensorFlow is not needed.
"""

import array
import math
import struct
import sys

# ---- protocol buffers ------------------------------------------------------------------------------


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    """(number, value) of each field: an int, or the bytes."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = read_varint(data, at)
        else:
            if kind == 2:
                length, at = read_varint(data, at)
            else:
                length = {1: 8, 5: 4}[kind]
            value = data[at : at + length]
            at += length
        yield key >> 3, value


def first(data, number, default=None):
    return next((value for field, value in fields(data) if field == number), default)


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, value):
    value = value.encode() if isinstance(value, str) else bytes(value)
    return varint(field << 3 | 2) + varint(len(value)) + value


# ---- ONNX --------------------------------------------------------------------------------------------

FLOAT, INT64 = 1, 7


class Graph:
    """What a graph needs, in the order in which it is worked through."""

    def __init__(self):
        self.nodes, self.constants, self.made = [], [], 0

    def tensor(self, shape, values, kind=FLOAT):
        """A constant; `values` are floats (or the array's bytes) or whole numbers."""
        name = f"c{len(self.constants)}"
        code = "f" if kind == FLOAT else "q"
        raw = values if isinstance(values, bytes) else array.array(code, values).tobytes()
        dims = b"".join(number(1, size) for size in shape)
        self.constants.append(dims + number(2, kind) + block(8, name) + block(9, raw))
        return name

    def node(self, kind, inputs, name=None, **attributes):
        """One node with one output, whose name is given back."""
        self.made += 1
        name = name or f"n{self.made}"
        body = b"".join(block(1, one) for one in inputs) + block(2, name) + block(4, kind)
        body += b"".join(block(5, attribute(key, value)) for key, value in attributes.items())
        self.nodes.append(body)
        return name

    def model(self, height, width, count):
        """The whole model: `image` in, `boxes` and `scores` out."""
        graph = b"".join(block(1, node) for node in self.nodes) + block(2, "detector")
        graph += b"".join(block(5, constant) for constant in self.constants)
        graph += block(11, value_info("image", [1, 3, height, width]))
        graph += block(12, value_info("boxes", [1, count, 4]))
        graph += block(12, value_info("scores", [1, count]))
        return number(1, 8) + block(7, graph) + block(8, number(2, 13))


def attribute(name, value):
    if isinstance(value, float):
        return block(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, 2)
    if isinstance(value, str):
        return block(1, name) + block(4, value) + number(20, 3)
    return block(1, name) + b"".join(number(8, one) for one in value) + number(20, 7)


def value_info(name, shape):
    dims = b"".join(block(1, number(1, size)) for size in shape)
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, dims)))


# ---- the pedestrian net -------------------------------------------------------------------------------


class Frozen:
    """TensorFlow's graph, as far as a net of convolutions needs it, turned into ours node by node."""

    def __init__(self, data, graph):
        self.graph, self.done, self.nodes = graph, {}, {}
        for field, value in fields(data):
            if field == 1:
                node = {"inputs": [], "attributes": {}}
                for part, content in fields(value):
                    if part == 1:
                        name = bytes(content).decode()
                    elif part == 2:
                        node["kind"] = bytes(content).decode()
                    elif part == 3:
                        node["inputs"].append(bytes(content).decode())
                    elif part == 5:
                        node["attributes"][bytes(first(content, 1)).decode()] = first(content, 2)
                self.nodes[name] = node

    def source(self, name):
        while self.nodes[name]["kind"] == "Identity":
            name = self.nodes[name]["inputs"][0]
        return name

    def constant(self, name):
        """Shape and floats of a constant."""
        tensor = first(self.nodes[self.source(name)]["attributes"]["value"], 8)
        shape = [first(size, 1, 0) for field, size in fields(first(tensor, 2, b"")) if field == 2]
        values = array.array("f")
        values.frombytes(bytes(first(tensor, 4, b"")))
        if not values:
            for field, value in fields(tensor):
                if field == 5:
                    values.frombytes(bytes(value))
        size = math.prod(shape)
        if len(values) == 1 and size > 1:
            values *= size
        return shape, values

    def plain(self, name):
        return self.graph.tensor(*self.constant(name))

    def convert(self, name):
        name = self.source(name)
        if name not in self.done:
            self.done[name] = self.convert_node(self.nodes[name], name)
        return self.done[name]

    def convert_node(self, node, name):
        kind, inputs = node["kind"], node["inputs"]
        if name == "Preprocessor/sub":
            return "prepared"
        if kind in ("Conv2D", "DepthwiseConv2dNative"):
            return self.convolution(node, [])
        if kind == "BiasAdd":
            return self.convolution(self.nodes[self.source(inputs[0])], [self.plain(inputs[1])])
        if kind == "FusedBatchNorm":
            epsilon = struct.unpack("<f", first(node["attributes"]["epsilon"], 4))[0]
            norms = [self.plain(one) for one in inputs[1:5]]
            return self.graph.node("BatchNormalization", [self.convert(inputs[0]), *norms], epsilon=epsilon)
        if kind == "Relu6":
            limits = [self.graph.tensor([], [0.0]), self.graph.tensor([], [6.0])]
            return self.graph.node("Clip", [self.convert(inputs[0]), *limits])
        if kind == "Add":
            return self.graph.node("Add", [self.convert(one) for one in inputs])
        raise SystemExit(f"convert: {name} is a {kind}, which this net should not have")

    def convolution(self, node, bias):
        (high, wide, deep, out), values = self.constant(node["inputs"][1])
        depthwise = node["kind"] == "DepthwiseConv2dNative"
        shape = [deep * out, 1, high, wide] if depthwise else [out, deep, high, wide]
        # Height, width, in, out is how they lie; out, in, height, width is how ONNX wants them.
        step, turned = deep * out, array.array("f")
        starts = range(step) if depthwise else (one * out + o for o in range(out) for one in range(deep))
        for start in starts:
            turned.extend(values[start::step])
        strides = [value for value, _ in varints(first(first(node["attributes"]["strides"], 1), 3))][1:3]
        padding = {b"SAME": "SAME_UPPER", b"VALID": "VALID"}[bytes(first(node["attributes"]["padding"], 2))]
        weights = self.graph.tensor(shape, turned.tobytes())
        return self.graph.node(
            "Conv",
            [self.convert(node["inputs"][0]), weights, *bias],
            strides=strides,
            kernel_shape=[high, wide],
            group=deep if depthwise else 1,
            auto_pad=padding,
        )


def varints(data):
    at = 0
    while at < len(data):
        value, at = read_varint(data, at)
        yield value, at


def anchors():
    """(centre y, centre x, height, width) of each prior box, as the net's own generator makes them."""
    scales = [0.2 + 0.15 * layer for layer in range(6)] + [1.0]
    found = []
    for layer, side in enumerate((19, 10, 5, 3, 2, 1)):
        if layer == 0:
            shapes = [(0.1, 1.0), (0.2, 2.0), (0.2, 0.5)]
        else:
            shapes = [(scales[layer], ratio) for ratio in (1.0, 2.0, 0.5, 3.0, 0.3333)]
            shapes.append((math.sqrt(scales[layer] * scales[layer + 1]), 1.0))
        for row in range(side):
            for column in range(side):
                for scale, ratio in shapes:
                    root = math.sqrt(ratio)
                    found.append(((row + 0.5) / side, (column + 0.5) / side, scale / root, scale * root))
    return found


def person(data):
    graph = Graph()
    frozen = Frozen(data, graph)
    scale = graph.tensor([], [2.0 / 255.0])
    graph.node("Sub", [graph.node("Mul", ["image", scale]), graph.tensor([], [1.0])], name="prepared")
    rows = {"Box": [], "Class": []}
    for layer in range(6):
        for kind, last in (("Box", 4), ("Class", 2)):
            name = "BoxEncoding" if kind == "Box" else "Class"
            raw = frozen.convert(f"BoxPredictor_{layer}/{name}Predictor/BiasAdd")
            turned = graph.node("Transpose", [raw], perm=[0, 2, 3, 1])
            shape = graph.tensor([3], [1, -1, last], INT64)
            rows[kind].append(graph.node("Reshape", [turned, shape]))
    count = len(anchors())

    def column(values, which):
        places = [graph.tensor([1], [one], INT64) for one in (which, which + 1, 2)]
        return graph.node("Slice", [values, *places])

    boxes = graph.node("Concat", rows["Box"], axis=1)
    centre_y, centre_x, high, wide = (
        graph.tensor([1, count, 1], [one[which] for one in anchors()]) for which in range(4)
    )

    def middle(which, centre, size):
        shift = graph.node("Mul", [column(boxes, which), graph.tensor([], [0.1])])
        return graph.node("Add", [graph.node("Mul", [shift, size]), centre])

    def half(which, size):
        grown = graph.node("Exp", [graph.node("Mul", [column(boxes, which), graph.tensor([], [0.2])])])
        return graph.node("Mul", [graph.node("Mul", [grown, size]), graph.tensor([], [0.5])])

    y, x = middle(0, centre_y, high), middle(1, centre_x, wide)
    dy, dx = half(2, high), half(3, wide)
    corners = [graph.node(kind, pair) for kind in ("Sub", "Add") for pair in ([x, dx], [y, dy])]
    graph.node("Concat", corners, name="boxes", axis=2)
    logits = column(graph.node("Concat", rows["Class"], axis=1), 1)
    graph.node("Reshape", [graph.node("Sigmoid", [logits]), graph.tensor([2], [1, count], INT64)], name="scores")
    return graph.model(300, 300, count)


# ---- the face net ---------------------------------------------------------------------------------------

FACE_HIGH, FACE_WIDE, FACE_STEP = 384, 640, 4


def face(data):
    """CenterFace's own nodes and weights with another head and tail: its file's sizes are not the ones used."""
    old, graph = first(data, 7), Graph()
    constants = [bytes(value) for field, value in fields(old) if field == 5]
    names = {bytes(first(constant, 8)).decode() for constant in constants}
    inputs = [bytes(first(value, 1)).decode() for field, value in fields(old) if field == 11]
    pictures = [name for name in inputs if name not in names]
    outputs = [bytes(first(value, 1)).decode() for field, value in fields(old) if field == 12]
    nodes = [bytes(value) for field, value in fields(old) if field == 1]
    used = {bytes(value).decode() for node in nodes for field, value in fields(node) if field == 1}
    graph.node("Identity", ["image"], name=pictures[0])
    graph.nodes += nodes
    graph.constants += [one for one in constants if bytes(first(one, 8)).decode() in used]
    heat, scale, offset = outputs[:3]
    high, wide = FACE_HIGH // FACE_STEP, FACE_WIDE // FACE_STEP
    count = high * wide

    def plane(values, which):
        places = [graph.tensor([1], [one], INT64) for one in (which, which + 1, 1)]
        flat = graph.tensor([3], [1, count, 1], INT64)
        return graph.node("Reshape", [graph.node("Slice", [values, *places]), flat])

    def edges(which, cells, parts):
        """Lower and upper edge, in parts of the picture."""
        centres = graph.tensor([1, count, 1], [(one + 0.5) / parts for one in cells])
        shift = graph.node("Mul", [plane(offset, which), graph.tensor([], [1.0 / parts])])
        centre = graph.node("Add", [centres, shift])
        grown = graph.node("Exp", [plane(scale, which)])
        half = graph.node("Mul", [grown, graph.tensor([], [0.5 / parts])])
        return [graph.node(kind, [centre, half]) for kind in ("Sub", "Add")]

    top, bottom = edges(0, [cell // wide for cell in range(count)], high)
    left, right = edges(1, [cell % wide for cell in range(count)], wide)
    graph.node("Concat", [left, top, right, bottom], name="boxes", axis=2)
    graph.node("Reshape", [heat, graph.tensor([2], [1, count], INT64)], name="scores")
    return graph.model(FACE_HIGH, FACE_WIDE, count)


def main():
    what, source, out = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read()
    made = person(data) if what == "person" else face(data)
    with open(out, "wb") as file:
        file.write(made)


if __name__ == "__main__":
    main()
