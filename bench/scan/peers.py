"""The peers of scan.js: exact search over the same vectors, one thread, timed one call at a time.

usage: peers.py VECTORS QUERIES ROWS DIMENSIONS TOKENIZER PEERS
VECTORS and QUERIES are files of little-endian float32 rows; PEERS is a comma-separated list.
Reads JSON lines {"peer", "k", "milliseconds"} and answers each with {"us": […]}, or, where
milliseconds is 0, with {"matches": [[[row, score], …], …]}: what it finds for each query.
"""

import json
import os
import sys
import tempfile
import time

import numpy as np


def faiss_search(vectors):
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)

    def search(query, k):
        scores, rows = index.search(query.reshape(1, -1), k)
        return rows[0], scores[0]

    return search


def usearch_search(vectors):
    from usearch.index import MetricKind, search

    def exact(query, k):
        found = search(vectors, query, k, MetricKind.IP, exact=True, threads=1)
        return found.keys, 1 - found.distances

    return exact


def rust_search(vectors, tokenizer, shards):
    """The Rust imesde. It wants a model to open, though vectors need none: one that means nothing.

    Its shards fill unevenly and drop what is too much, so each has a quarter more room than needed.
    """
    import onnx
    from imesde import PyImesde
    from onnx import TensorProto, helper, numpy_helper

    count, dimensions = vectors.shape
    names = ["input_ids", "attention_mask", "token_type_ids"]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "s"]) for n in names]
    output = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["b", "s", dimensions]
    )
    ones = numpy_helper.from_array(np.ones((1, dimensions), np.float32), "ones")
    last = numpy_helper.from_array(np.array([-1]), "last")
    nodes = [
        helper.make_node("Sum", ["ids", "mask", "types"], ["sum"]),
        helper.make_node("Unsqueeze", ["sum", "last"], ["column"]),
        helper.make_node("MatMul", ["column", "ones"], ["last_hidden_state"]),
    ]
    casts = [
        helper.make_node("Cast", [name], [to], to=TensorProto.FLOAT)
        for name, to in zip(names, ["ids", "mask", "types"])
    ]
    graph = helper.make_graph(casts + nodes, "none", inputs, [output], [ones, last])
    opset = [helper.make_opsetid("", 17)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
        engine = PyImesde(
            path, tokenizer, num_shards=shards, shard_size=count * 5 // (4 * shards) + 1
        )
    step = 4096
    for start in range(0, count, step):
        some = vectors[start : start + step]
        texts = [str(row) for row in range(start, start + len(some))]
        engine.ingest_batch_raw(some.tolist(), texts)

    def search(query, k):
        found = engine.search_raw(query, k)
        return [int(text) for text, _ in found], [score for _, score in found]

    return search


def main():
    vectors_path, queries_path, count, dimensions, tokenizer, peers = sys.argv[1:]
    shape = (int(count), int(dimensions))
    vectors = np.fromfile(vectors_path, np.float32).reshape(shape)
    queries = np.fromfile(queries_path, np.float32).reshape(-1, shape[1])
    searches = {}
    for peer in peers.split(","):
        if peer == "faiss":
            searches[peer] = faiss_search(vectors)
        elif peer == "usearch":
            searches[peer] = usearch_search(vectors)
        elif peer == "rust":
            searches[peer] = rust_search(vectors, tokenizer, 16)  # Its default.
        elif peer == "rustOneShard":
            searches[peer] = rust_search(vectors, tokenizer, 1)
    # The Rust engine takes a list; making one is not its work.
    as_lists = [query.tolist() for query in queries]
    print(json.dumps({"ready": list(searches)}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        search = searches[request["peer"]]
        asked = as_lists if request["peer"].startswith("rust") else queries
        if request["milliseconds"] == 0:
            found = [search(query, request["k"]) for query in asked]
            matches = [[[int(r), float(s)] for r, s in zip(*pair)] for pair in found]
            print(json.dumps({"matches": matches}), flush=True)
            continue
        us = []
        end = time.perf_counter() + request["milliseconds"] / 1000
        while time.perf_counter() < end or len(us) < 5:
            query = asked[len(us) % len(asked)]
            start = time.perf_counter()
            search(query, request["k"])
            us.append((time.perf_counter() - start) * 1e6)
        print(json.dumps({"us": us}), flush=True)


main()
