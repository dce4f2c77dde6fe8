#!/usr/bin/env python3
"""Writes step.0.et ... step.3.et: a training step of four ranks as Chakra execution traces, without any library.

Ranks 0 and 1 are the first stage of a pipeline, 2 and 3 the second; each stage is computed by two replicas. Each rank computes,
hands its activations on, gets gradients back, and sums its gradients with the other replica. The same lines show how little a
trace needs: a row of messages, each behind its length; nodes have an id, a name, a type, dependencies, a duration and attributes.
"""
import pathlib

COMPUTE, SEND, RECEIVE, COLLECTIVE, METADATA = 4, 5, 6, 7, 1
ALL_REDUCE = 0


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def number(field, value):
    return varint(field << 3) + varint(value)


def text(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def attribute(name, value):
    return text(10, text(1, name) + (text(29, value) if isinstance(value, str) else number(9, value)))


def node(identity, name, kind, after=(), micros=0, inputs="", **attributes):
    message = number(1, identity) + text(2, name) + number(3, kind)
    message += b"".join(number(5, dependency) for dependency in after) + number(7, micros)
    if inputs:
        message += text(8, text(1, inputs))
    return message + b"".join(attribute(key, value) for key, value in attributes.items())


def rank_trace(rank):
    first, peer = rank < 2, (rank + 2) % 4
    groups = """['[{"pg_name": "stage0", "ranks": [0, 1]}, {"pg_name": "stage1", "ranks": [2, 3]}]']"""
    nodes = [node(1, "process groups", METADATA, inputs=groups)]
    activations = dict(comm_size=4_000_000, comm_tag=1)
    gradients = dict(comm_size=4_000_000, comm_tag=2)
    if first:
        nodes += [node(2, "forward", COMPUTE, micros=200),
                  node(3, "activations", SEND, [2], comm_dst=peer, **activations),
                  node(4, "gradients", RECEIVE, [2], comm_src=peer, **gradients),
                  node(5, "backward", COMPUTE, [4], micros=400)]
    else:
        nodes += [node(2, "activations", RECEIVE, comm_src=peer, **activations),
                  node(3, "forward", COMPUTE, [2], micros=200),
                  node(4, "backward", COMPUTE, [3], micros=400),
                  node(5, "gradients", SEND, [4], comm_dst=peer, **gradients)]
    nodes.append(node(6, "all-reduce of the gradients", COLLECTIVE, [5 if first else 4], comm_type=ALL_REDUCE, comm_size=32_000_000,
                      pg_name="stage0" if first else "stage1"))
    nodes.append(node(7, "optimizer", COMPUTE, [6], micros=50))
    return b"".join(varint(len(message)) + message for message in [text(1, "0.0.4")] + nodes)


for number_of_rank in range(4):
    file = pathlib.Path(__file__).with_name(f"step.{number_of_rank}.et")
    file.write_bytes(rank_trace(number_of_rank))
