#!/usr/bin/env python3
"""Checks an evidence pack of docket as docs/ledger.md describes it: python3 verify.py FILE.zip [--key FILE]

It needs Python 3.8 and its standard library, and shares no code with docket. Exit codes: 0 the pack
holds; 1 it does not, and the first thing that fails is named; 2 wrong use; 3 it could not be read.
"""
import base64, functools, hashlib, json, re, struct, sys, zlib

FORMAT, MANIFEST, NOTE = "docket evidence pack 1", "manifest.json", "manifest.note"
HEX = re.compile("[0-9a-f]{64}").fullmatch

class Failure(Exception): pass  # what does not fit, then where: the file, the line in it, the entry

def need(holds, problem, *where):
    if not holds:
        raise Failure(problem, *where)
    return holds
def sha(data): return hashlib.sha256(data).digest()

# Ed25519 (RFC 8032, section 5.1), on points (X, Y, Z, T) of the curve.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def point(data):
    y = int.from_bytes(data, "little") & (1 << 255) - 1
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * I % P
    x = P - x if x & 1 != data[31] >> 7 else x
    return None if (v * x * x - u) % P else (x, y, 1, x * y % P)

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P

def times(n, p):
    out = (0, 1, 1, 0)
    while n:
        out, p, n = add(out, p) if n & 1 else out, add(p, p), n >> 1
    return out

@functools.lru_cache(None)
def signs(public, text, signature):
    a, s = point(public), int.from_bytes(signature[32:], "little")
    if a is None or s >= L or len(signature) != 64:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    x, y, z, _ = add(times(s, point(bytes([88]) + bytes([102]) * 31)), times(L - k, a))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

def strict(raw, *where):  # JSON in which no member comes twice
    try:
        return json.loads(raw, object_pairs_hook=lambda pairs: need(len(dict(pairs)) == len(pairs), "") and dict(pairs))
    except (ValueError, Failure):
        raise Failure("it cannot be read", *where)

def container(raw):
    """The files of the zip by name, each with its CRC, when every byte around them is what it must be."""
    need(len(raw) >= 22, "this is no evidence pack: its size cannot be one's")
    n, length, at = struct.unpack("<HII", raw[-12:-2])
    need(raw[-22:] == struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, length, at, 0) and at + length + 22 == len(raw),
         "the end of the file is not that of an evidence pack: it was cut, or something was added")
    files, place, before, directory, end = {}, 0, "", at, at + length
    for _ in range(n):
        crc, size, _, width = struct.unpack("<IIIH", need(raw[at + 16:min(at + 30, end)].ljust(14, b"\0"), "the directory breaks off"))
        name = raw[at + 46:at + 46 + width].decode("latin-1")
        need(width <= 200 and re.fullmatch(r"[\w-]([\w.-]*[\w-])?(/[\w-]([\w.-]*[\w-])?)*", name, re.A), "a name that no pack holds")
        need(before == MANIFEST if name == NOTE else before not in (MANIFEST, NOTE) and (name == MANIFEST or before < name),
             "it is not in its place", name)
        common = struct.pack("<HHHHIIIHH", 0, 0, 0, 33, crc, size, size, width, 0)
        central = struct.pack("<IHH", 0x02014B50, 10, 10) + common + bytes(10) + struct.pack("<I", place) + name.encode()
        need(raw[at:at + 46 + width] == central, "its line of the directory was changed", name)
        body = place + 30 + width
        need(body + size <= directory, "it runs into the directory", name)
        need(raw[place:body] == struct.pack("<IH", 0x04034B50, 10) + common + name.encode(), "what stands before it was changed", name)
        files[name], place, before, at = (raw[body:body + size], crc), body + size, name, at + 46 + width
    need(at == end and place == directory and before == NOTE, "the directory does not cover all of the file")
    return files

def opened(note, key, file, alone=False):  # the lines of a signed note (C2SP signed-note), when the key signed it
    try:
        origin, number, public = key.split("+", 2)
        public = base64.b64decode(public, validate=True)
        need(len(public) == 33 and public[0] == 1 and number == sha(origin.encode() + b"\n" + public)[:4].hex(), "this is no key", "key.pub")
        text, _, lines = note.decode().rpartition("\n\n")
        lines = [re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)\n", x).groups() for x in lines.splitlines(True)]
        own = [s for name, s in lines if name == origin and base64.b64decode(s)[:4].hex() == number][:1]
        need(own and signs(public[1:], text.encode() + b"\n", base64.b64decode(own[0])[4:]), "it is not signed by the key", file)
        need(not alone or len(lines) == 1 and base64.b64encode(base64.b64decode(own[0])).decode() == own[0], "it is more than one signature", file)
        return text.split("\n")
    except (ValueError, AttributeError):
        raise Failure("it is not signed by the key", file)

def root_of(leaf, index, size, path, *where):  # of the tree that a path leads to from a leaf (RFC 6962, section 2.1.1)
    last, node = size - 1, sha(b"\0" + leaf)
    for beside in path:
        need(last, "its path is too long", *where)
        while index == last and not index & 1:
            index, last = index >> 1, last >> 1
        node, index, last = sha(b"\1" + (beside + node if index & 1 else node + beside)), index >> 1, last >> 1
    return node if not last else None

def entry_of(line, of, size, root, records, *where):
    try:
        e = strict(line)
        n, shown, salts = e["entry"], e["open"], [v["salt"] for v in e["open"].values() if set(v) == {"salt", "value"}]
        need(set(e) == {"entry", "record", "open", "path"} and n > 0 and len(salts) == len(shown) and all(map(HEX, salts + e["path"])), "")
    except (ValueError, KeyError, TypeError, AttributeError, Failure):
        raise Failure("it cannot be read as an entry", *where)
    where += (n,)
    try:
        r = strict(e["record"])
        need(r["v"] == 1 and json.dumps(r, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == e["record"], "")
    except (ValueError, KeyError, TypeError, Failure):
        raise Failure("its record cannot be read", *where)
    need(r.get("entry") == n and n not in records, "its record is of another entry, or it is in the pack already", *where)
    need(of == "other" or "R-%d" % r.get("review", 0) == of, "its record is of another review", *where)
    need(n <= size and root_of(e["record"].encode(), n - 1, size, map(bytes.fromhex, e["path"]), *where) == root, "its record is not the one that the checkpoint covers", *where)
    for field, v in sorted(shown.items()):
        sealed = sha(b"docket sealed field 1\0" + bytes.fromhex(v["salt"]) + field.encode() + b"\0" + v["value"].encode()).hex()
        need(r.get("sealed", {}).get(field) == sealed, "its %s is not the one that was sealed" % field, *where)
    records[n] = dict(r, where=where, gone=set(r.get("sealed", {})) - set(shown))
    return n

def verify(raw, given=""):
    """Raises Failure, or gives the files, the records by entry and the size of the ledger."""
    try:
        return checked(raw, given)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Failure("it cannot be read: %r" % error)

def checked(raw, given):
    files, records, erased = container(raw), {}, []
    text = {name: need(files.get(name), "it is not there", name)[0] for name in ("key.pub", "checkpoint")}
    key = text["key.pub"].decode("latin-1")[:-1]
    need(re.fullmatch(rb"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n", text["key.pub"]) and given in ("", key), "it is not the key of this ledger", "key.pub")
    origin, *point_ = opened(text["checkpoint"], key, "checkpoint")
    need(len(point_) == 2 and origin == key.split("+")[0] and point_[0].isdecimal(), "this is not a checkpoint", "checkpoint")
    size, root = int(point_[0]), base64.b64decode(point_[1])
    for name in (f for f in files if f.startswith("entries/")):
        of, lines, before = need(re.fullmatch(r"entries/(R-[1-9]\d*|other)\.ndjson", name), "no review has that name", name)[1], files[name][0].split(b"\n"), 0
        for i, line in enumerate(lines[:-1], 1):
            n = entry_of(line, of, size, root, records, name, i)
            before = n if n > before else need(0, "it is not behind the line before it", name, i, n)
        need(lines[-1] == b"", "it is no line of entries", name, len(lines))
    for n, r in records.items():
        spans = r.get("detail", {}).get("entries", "") if r["act"] == "erased" else ""
        erased += [(n, int(a), int(b or a)) for a, _, b in (span.partition("-") for span in spans.split(",") if span)]
    for n, r in records.items():
        need(not r["gone"] or any(by > n and a <= n <= b for by, a, b in erased), "a field is not shown, and no entry says that it was erased", *r["where"])
    signed = [FORMAT, origin, base64.b64encode(sha(files[MANIFEST][0])).decode()]
    need(opened(files[NOTE][0], key, NOTE, True) == signed, "it signs another manifest than this one", NOTE)
    manifest = strict(files[MANIFEST][0])
    need(manifest["format"] == FORMAT and manifest["about"]["checkpoint"] == size, "it is not of this format or checkpoint", MANIFEST)
    for i, (name, (body, crc)) in enumerate(files.items()):
        f = (manifest["files"] + [{"name": MANIFEST}, {"name": NOTE}, {"name": ""}])[min(i, len(manifest["files"]) + 2)]
        need(f["name"] == name and f.get("size", len(body)) == len(body), "the manifest names another one here", "sha256" in f and f["name"] or name)
        need(f.get("sha256", sha(body).hex()) == sha(body).hex(), "its bytes are not those that the manifest names", name)
        need(crc == zlib.crc32(body), "its checksum in the zip is not that of its bytes", name)
        need(not re.fullmatch(r"(payloads|states)/[^.]*", name) or name[-64:] == sha(body).hex(), "its name is not the digest of its bytes", name)
    for name in (f for f in files if f.startswith("evidence/")):
        for s in (s for r in strict(files[name][0], name)["resources"] for s in (r.get("layers") or []) + (r.get("history") or [])):
            need({"states/" + s["sha256"], "states/" + s["sha256"] + ".erased"} & set(files), "some evidence names it, and it is not there", "states/" + s["sha256"])
    for name in (f for f in files if re.fullmatch(r"reviews/.*\.json", f)):
        told(name, strict(files[name][0], name), records)
    return files, records, size

def told(name, page, records):  # what is told of a review, held against its records
    own = {n: r for n, r in records.items() if r["where"][0] == "entries/%s.ndjson" % page["review"]}
    need(name == "reviews/%s.json" % page["review"] and sorted(page["entries"]) == sorted(own), "it counts other entries than there are", name)
    for kind, of, fields, rows in (("decision", "decision", ("outcome", "by", "policy", "second", "corrects"), page["decisions"]),
                                   ("approval", "answer", ("answer", "by"), [a for d in page["decisions"] for a in d["answers"]])):
        need(sorted(row["entry"] for row in rows) == sorted(n for n, r in own.items() if kind in r), "it counts other %ss than there are" % of, name)
        for row in rows:
            need(all((row.get(f) or 0) == (own[row["entry"]][kind].get(f) or 0) for f in fields), "it tells another " + of, name, 0, row["entry"])
    for stage in page["evidence"]:
        for n in stage["entries"]:
            need(own.get(n, {}).get("evidence") == stage["digest"], "it shows other evidence than the record rests on", name, 0, n)

def main(args):
    if len(args) not in (1, 3) or args[1:2] not in ([], ["--key"]):
        return print(__doc__, file=sys.stderr) or 2
    try:
        given = open(args[2]).read().strip() if len(args) == 3 else ""
        raw = open(args[0], "rb").read()
    except (OSError, UnicodeError) as error:
        return print(error, file=sys.stderr) or 3
    try:
        files, records, size = verify(raw, given)
    except Failure as f:
        return print(", ".join([w % x for w, x in zip(("%s", "line %d", "entry %d"), f.args[1:]) if x] + [f.args[0]]), file=sys.stderr) or 1
    print("%d files and %d entries hold, under a checkpoint of %d entries" % (len(files), len(records), size))
    if not given:
        print("checked with the key inside the pack: it proves less than --key with one that you had before", file=sys.stderr)
    return 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
