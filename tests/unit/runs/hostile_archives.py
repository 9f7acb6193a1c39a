"""Archives that must be refused, made from a good run, each with a word of its refusal."""

import io
import json
import stat
import struct
import zipfile

import numpy as np
from safetensors.numpy import load, save

from fmnist_core.runs.manifest import make_manifest
from tests.unit.runs import hostile_files

Files = dict[str, bytes]


def pack(files: Files, method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def unpack(archive: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def listed(run_id: str, files: Files) -> Files:
    """The same files with a manifest that fits them: what an attacker would send."""
    contents = {name: data for name, data in sorted(files.items()) if name != "manifest.json"}
    return contents | {"manifest.json": make_manifest(run_id, contents)}


def hostile_archives(run_id: str, good: Files) -> dict[str, tuple[bytes, str]]:
    """What is wrong -> the archive, and what its refusal must say."""
    return {**_names(good), **_containers(good), **_sizes(good), **_contents(run_id, good)}


def _names(good: Files) -> dict[str, tuple[bytes, str]]:
    paths = {
        "zip slip": "../evil.txt",
        "zip slip with backslashes": "..\\..\\evil.txt",
        "absolute path": "/tmp/evil.txt",
        "drive": "C:\\evil.txt",
        "zip slip under a known name": "../run.json",
    }
    cases = {what: (pack({**good, name: b"x"}), "leads out") for what, name in paths.items()}
    for name in ("model.keras", "weights.h5", "state.pkl", "deep/model.KERAS"):
        cases[name] = (pack({**good, name: b"x"}), "could carry code")
    for name in ("notes.txt", "__MACOSX/run.json", "sub/run.json", ".hidden", "run.json/"):
        cases[f"foreign {name}"] = (pack({**good, name: b"x"}), "nothing but run.json")
    cases["name with a zero byte"] = (
        pack(good).replace(b"run.json", b"run\0json"),
        "nothing but run.json",
    )
    cases["no manifest"] = (pack(_without(good, "manifest.json")), "none named manifest.json")
    cases["no predictions"] = (pack(_without(good, "predictions.npz")), "none named predictions")
    return cases


def _containers(good: Files) -> dict[str, tuple[bytes, str]]:
    whole = pack(good)
    many = {f"file{number}": b"" for number in range(5_000)}
    linked = zipfile.ZipInfo("run.json")
    linked.create_system, linked.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    encrypted = bytearray(whole)
    central = encrypted.rindex(b"PK\1\2")
    encrypted[central + 8] |= 1
    return {
        "nothing": (b"", "be a zip file"),
        "text": (b"hello" * 100, "be a zip file"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "be a zip file"),
        "an empty zip": (pack({}), "none named"),
        "cut in half": (whole[: len(whole) // 2], "cut off"),
        "without its last byte": (whole[:-1], "cut off"),
        "with a tail": (whole + b"tail", "cut off or added to"),
        "with a head": (b"PK\3\4" + whole, "do not fit"),
        "5,000 entries": (pack({**good, **many}), "at most 8 files"),
        "a link": (_with_entry(good, linked), "no links"),
        "a file twice": (_twice(good), "once"),
        "encrypted": (bytes(encrypted), "not be encrypted"),
        "another compression": (pack(good, zipfile.ZIP_LZMA), "stored or deflated"),
        "entries upon each other": (_overlapping(good), "beside each other"),
        "a program between two files": (_with_gap(good, at_end=False), "nothing between them"),
        "a program before the directory": (_with_gap(good, at_end=True), "nothing between them"),
        "a program in a local header": (_with_extra(good), "at most 128 bytes beside the name"),
        "a flipped bit": (_flipped(whole, good["weights.safetensors"]), "be whole"),
    }


def _sizes(good: Files) -> dict[str, tuple[bytes, str]]:
    deflated = zipfile.ZIP_DEFLATED
    return {
        "a bomb": (pack({**good, "history.jsonl": bytes(7 << 20)}, deflated), "100-fold"),
        "a large bomb": (pack({**good, "model.tflite": bytes(200 << 20)}, deflated), "67,108,864"),
        "a bomb in the predictions": (
            pack({**good, "predictions.npz": hostile_files.bomb()}, zipfile.ZIP_STORED),
            "damaged",
        ),
        "a long record": (pack({**good, "run.json": b" " * 300_000}), "262,144"),
        "a size that lies": (_lying(good), "be whole"),
    }


def _contents(run_id: str, good: Files) -> dict[str, tuple[bytes, str]]:
    def changed(**files: bytes) -> bytes:
        named = {name.replace("_", "."): data for name, data in files.items()}
        return pack(listed(run_id, {**good, **named}))

    record = json.loads(good["run.json"])
    manifest = json.loads(good["manifest.json"])
    params = record["params"]
    weights = load(good["weights.safetensors"])
    kernel = next(name for name, values in weights.items() if values.ndim == 2)
    turned = weights | {kernel: np.ascontiguousarray(weights[kernel].T)}
    spoilt = weights | {kernel: np.where(weights[kernel] > 0, np.float16("nan"), weights[kernel])}
    fewer = {name: values for name, values in weights.items() if name != kernel}

    no_network = json.dumps(record | {"layers": "", "macs": None, "recipe": None}).encode()
    stranger = _without({**good, "run.json": no_network}, "weights.safetensors")

    def stated(**changes: object) -> bytes:
        return changed(run_json=json.dumps(record | changes).encode())

    def signed(**changes: object) -> bytes:
        return pack({**good, "manifest.json": json.dumps(manifest | changes).encode()})

    return {
        "a newer schema": (stated(schema_version=2), "newer version"),
        "a newer schema with new keys": (stated(schema_version=3, more=1), "newer version"),
        "a newer manifest": (signed(schema_version=2), "newer version"),
        "a name that turns the text around": (stated(versions={"\u202eabc": "1"}), "printable"),
        "a long name": (stated(versions={"a" * 10_000: "1"}), "at most 60"),
        "an unknown key": (stated(code="import os"), "exactly its keys"),
        "10,000 unknown keys": (
            stated(**{f"key{number}": 1 for number in range(10_000)}),
            "exactly its keys",
        ),
        "an endless optimizer": (
            stated(recipe=record["recipe"] | {"optimizer": "adam" * 50_000}),
            "a known name",
        ),
        "an endless layer": (stated(layers="dense " + "9" * 19_000), "at most 200 characters"),
        "a key twice among 20,000": (changed(run_json=_with_a_key_twice(20_000)), "twice"),
        "not a number": (changed(run_json=good["run.json"].replace(b"0.8846", b"NaN")), "strict"),
        "a higher accuracy": (
            stated(metrics=record["metrics"] | _perfect()),
            "the test accuracy of predictions.npz",
        ),
        "trainable parameters that are frozen": (
            stated(params=params | {"trainable": 0, "non_trainable": params["total"]}),
            "trainable parameters of its layers",
        ),
        "a network that costs nothing": (stated(macs=1), "multiply-accumulates of its layers"),
        "a cost that is not counted": (stated(macs=None), "Received: none"),
        "a date that does not exist": (stated(created="2026-02-30T10:00:00Z"), "that exist"),
        "no date at all": (stated(created="9999-99-99T99:99:99Z"), "that exist"),
        "a run of the future": (stated(created="9999-12-31T23:59:59Z"), "in the future"),
        "a history of empty lines": (changed(history_jsonl=b"\n" * (8 << 20)), "line 1 must"),
        "other layers": (stated(layers="flatten\ndense 10 softmax"), "parameters of its layers"),
        "a model of no network": (pack(listed(run_id, stranger)), "layers of a run with"),
        "no network": (stated(layers="__import__('os')"), "layers must be a network"),
        "layers of 10^18 weights": (
            stated(layers="flatten\ndense 999999999\ndense 999999999\ndense 10 softmax"),
            "layers must be a network",
        ),
        "the record of another run": (stated(run_id=run_id[:-1] + "f"), "must belong to"),
        "a run id that is a path": (signed(run_id="../../evil"), "a run id must look like"),
        "no run id": (signed(run_id=None), "a run id must look like"),
        "wrong digest": (pack({**good, "run.json": good["run.json"] + b" "}), "damaged"),
        "a file that is not listed": (
            pack(
                {
                    **good,
                    "manifest.json": listed(run_id, _without(good, "model.tflite"))[
                        "manifest.json"
                    ],
                }
            ),
            "list exactly the files",
        ),
        "wrong shapes": (changed(weights_safetensors=save(turned)), "with shape"),
        "a weight missing": (changed(weights_safetensors=save(fewer)), "with shape"),
        "NaN weights": (changed(weights_safetensors=save(spoilt)), "NaN or infinity"),
        **{
            what: (changed(weights_safetensors=data), named)
            for what, (data, named) in hostile_files.weights(good["weights.safetensors"]).items()
        },
        **{
            what: (changed(predictions_npz=data), named)
            for what, (data, named) in hostile_files.predictions(good["predictions.npz"]).items()
        },
        "a model that is none": (changed(model_tflite=b"\0" * 207_212), "LiteRT model"),
    }


def _without(files: Files, name: str) -> Files:
    return {other: data for other, data in files.items() if other != name}


def _with_a_key_twice(count: int) -> bytes:
    pairs = [f'"{number:06d}":1' for number in range(count)]
    return ("{" + ",".join([*pairs, pairs[-1]]) + "}").encode()


def _perfect() -> dict[str, object]:
    return {"test_accuracy": 0.99, "test_accuracy_ci95": [0.98, 1.0]}


def _with_entry(good: Files, entry: zipfile.ZipInfo) -> bytes:
    buffer = io.BytesIO(pack(_without(good, entry.filename)))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(entry, b"/etc/passwd")
    return buffer.getvalue()


def _twice(good: Files) -> bytes:
    # Written under another name of equal length: `zipfile` warns of a duplicate.
    return pack({**good, "run.jsom": good["run.json"]}).replace(b"run.jsom", b"run.json")


def _overlapping(good: Files) -> bytes:
    """Two directory entries of one local file."""
    archive = bytearray(pack(good))
    directory = struct.unpack("<L", archive[-6:-2])[0]  # arrays are zip files too
    places = range(directory, len(archive))
    entries = [place for place in places if archive.startswith(b"PK\1\2", place)]
    archive[entries[1] + 42 : entries[1] + 46] = archive[entries[0] + 42 : entries[0] + 46]
    return bytes(archive)


def _with_gap(good: Files, *, at_end: bool) -> bytes:
    """Bytes that no entry owns, after the first file or after the last one."""
    last = "zz" if at_end else "aa"  # its name is taken out of the directory again
    program = {last: b"#!/bin/sh\n" * 7_000}
    packed = bytearray(pack(good | program if at_end else program | good))
    offset, entries = struct.unpack("<L", packed[-6:-2])[0], struct.unpack("<H", packed[-12:-10])[0]
    place = next(
        place
        for place in range(offset, len(packed))
        if packed.startswith(b"PK\1\2", place) and packed[place + 46 : place + 48] == last.encode()
    )
    del packed[place : place + 48]
    length = len(packed) - 22 - offset
    packed[-14:-6] = struct.pack("<2HL", entries - 1, entries - 1, length)
    return bytes(packed)


def _with_extra(good: Files) -> bytes:
    """A local header with much more beside its name than the directory repeats."""
    archive = bytearray(pack(good))
    offset = struct.unpack("<L", archive[-6:-2])[0]
    last = archive.rindex(b"PK\1\2")
    (header,) = struct.unpack("<L", archive[last + 42 : last + 46])
    name = struct.unpack("<H", archive[header + 26 : header + 28])[0]
    extra = struct.pack("<HH", 0x7075, 40_000) + bytes(40_000)
    archive[header + 30 + name : header + 30 + name] = extra
    archive[header + 28 : header + 30] = struct.pack("<H", len(extra))
    archive[-6:-2] = struct.pack("<L", offset + len(extra))
    return bytes(archive)


def _flipped(archive: bytes, data: bytes) -> bytes:
    flipped = bytearray(archive)
    flipped[archive.index(data) + len(data) // 2] ^= 1
    return bytes(flipped)


def _lying(good: Files) -> bytes:
    """The directory states less than a tenth of the size that the compressed data unpack to."""
    archive = bytearray(pack({**good, "history.jsonl": bytes(900_000)}, zipfile.ZIP_DEFLATED))
    place = next(
        place
        for place in range(len(archive))
        if archive.startswith(b"PK\1\2", place) and archive[place + 46 :].startswith(b"history")
    )
    archive[place + 24 : place + 28] = struct.pack("<I", 80_000)
    return bytes(archive)
