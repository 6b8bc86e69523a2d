#!/usr/bin/env python3
"""Checks an evidence pack of docket as docs/ledger.md describes it: python3 verify.py FILE.zip [--key FILE]
It needs Python 3.8 and its standard library, and shares no code with docket. Exit codes: 0 the pack
holds; 1 it does not, and the first thing that fails is named; 2 wrong use; 3 it could not be read.
"""
import base64, contextlib, functools, hashlib, json, mmap, os, re, struct, sys, zlib
FORMAT, MANIFEST, NOTE = "docket evidence pack 1", "manifest.json", "manifest.note"
HEX, B64 = re.compile("[0-9a-f]{64}").fullmatch, re.compile("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?").fullmatch
NAME = re.compile((r"attachments/H\.(pdf|png|jpeg)|checkpoint|entries/(R-N|other)\.ndjson|evidence/H\.json|index\.html|key\.pub|manifest\.(json|note)|"  # H a digest, N a number
                   r"(payloads|states)/H(\.erased)?|policy/N\.json|reviews/R-N(\.html|\.json|-entry-N\.html)|style\.css")
                  .replace("H", "[0-9a-f]{64}").replace("N", "[1-9][0-9]{0,17}")).fullmatch
DIGEST = re.compile(r"(?:payloads|states|attachments)/([^.]*)(?:\.pdf|\.png|\.jpeg)?").fullmatch
RECORD = set("act answers approval at by by_role comparator decision detail dispositions entry evidence finding outcome policy premises reason review sealed undoes v".split())
class Failure(Exception): pass  # what does not fit, then where: the file, the line in it, the entry
def fail(*problem): raise Failure(*problem)
def need(holds, *problem): return holds or fail(*problem)
def sha(data): return hashlib.sha256(data).digest()
@contextlib.contextmanager
def reading(problem, *where):  # what has not the shape that is read of it fails too
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        fail(problem, *where)

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
def times(n, p): return functools.reduce(lambda q, bit: add(add(q, q), p) if bit == "1" else add(q, q), bin(n)[2:], (0, 1, 1, 0))
@functools.lru_cache(None)
def signs(public, text, signature):
    a, s = point(public) or int(""), int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    x, y, z, _ = add(times(s, point(bytes([88]) + bytes([102]) * 31)), times(L - k, a))
    r = (y * pow(z, -1, P) % P | (x * pow(z, -1, P) % P & 1) << 255).to_bytes(32, "little")
    return len(signature) == 64 and s < L and r == signature[:32]
def strict(raw, *where):  # JSON in UTF-8, no member twice, no half surrogate pair; a number with a fraction or an exponent equals nothing
    with reading("it cannot be read", *where):
        value = json.loads(bytes(raw).decode(), object_pairs_hook=lambda p: dict(p) if len(dict(p)) == len(p) else int(""), parse_float=lambda _: float("nan"), parse_constant=int)
        return json.dumps(value, ensure_ascii=False).encode() and value
def part(value, name, kind):  # a member of a kind; one that is absent or null says nothing
    return kind() if value.get(name) is None else value[name] if type(value[name]) is kind else int("")
def numbers(value, name): return [part({name: n}, name, int) for n in part(value, name, list)]

def container(raw):  # the files of the zip by name, each with its CRC, when every byte around them is what it must be
    need(22 <= len(raw) < 1 << 32, "this is no evidence pack: its size cannot be one's")
    n, length, at = struct.unpack("<HII", raw[-12:-2])
    whole = n <= 65000 and at + length + 22 == len(raw) and raw[-22:] == struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, length, at, 0)
    need(whole, "the end of the file is not that of an evidence pack: it was cut, or something was added")
    files, place, before, directory, end = {}, 0, "", at, at + length
    for _ in range(n):
        crc, size, _, width = struct.unpack("<IIIH", need(bytes(raw[at + 16:min(at + 30, end)]).ljust(14, b"\0"), "the directory breaks off"))
        name = bytes(raw[at + 46:at + 46 + width]).decode("latin-1")
        need(NAME(name), "a name that no pack holds")
        need(before == MANIFEST if name == NOTE else before not in (MANIFEST, NOTE) and (name == MANIFEST or before < name), "it is not in its place", name)
        common = struct.pack("<HHHHIIIHH", 0, 0, 0, 33, crc, size, size, width, 0)
        central = struct.pack("<IHH", 0x02014B50, 10, 10) + common + bytes(10) + struct.pack("<I", place) + name.encode()
        need(raw[at:at + 46 + width] == central, "its line of the directory was changed", name)
        body, local = place + 30 + width, struct.pack("<IH", 0x04034B50, 10) + common + name.encode()
        need(raw[place:body] == local and body + size <= directory, "what stands before it was changed, or it runs into the directory", name)
        files[name], place, before, at = (raw[body:body + size], crc), body + size, name, at + 46 + width
    need(at == end and place == directory and before == NOTE, "the directory does not cover all of the file")
    return files
def opened(note, key, file):  # the lines of a signed note (C2SP signed-note), when the key signed it
    with reading("it is not signed by the key", file):
        origin, number, public = key.split("+", 2)
        public = base64.b64decode(public, validate=True)
        need(public[0] == 1 and number == sha(origin.encode() + b"\n" + public)[:4].hex(), "this is no key", "key.pub")
        text, _, lines = bytes(note).decode().rpartition("\n\n")
        *lines, rest = lines.split("\n")
        lines = [re.fullmatch("\u2014 ([^\\s+\0-\x1f]+) ([^ ]+)", x).groups() for x in lines]
        own = [s for name, s in lines if name == origin and base64.b64decode(s)[:4].hex() == number][0]
        need(rest == "" and len(note) <= 1 << 16 and len(lines) <= 100 and all(B64(s) and len(base64.b64decode(s)) > 4 for _, s in lines) and own == base64.b64encode(base64.b64decode(own)).decode()
             and signs(public[1:], text.encode() + b"\n", base64.b64decode(own)[4:]), "it is not signed by the key", file)
        return text.split("\n")
def root_of(leaf, index, size, path):  # of the tree that a path leads to from a leaf (RFC 6962, section 2.1.1); None: to none
    last, node = size - 1, sha(b"\0" + leaf)
    for beside in path:
        while index == last and last and not index & 1:
            index, last = index >> 1, last >> 1
        node, index, last = sha(b"\1" + (beside + node if index & 1 else node + beside)), index >> 1, last >> 1 if last else -1
    return None if last else node
def entry_of(line, of, size, root, records, *where):
    with reading("it cannot be read as an entry", *where):
        e = strict(line, *where)
        n, record, shown = e["entry"], e["record"].encode(), e["open"]
        salts = [v["salt"] for v in shown.values() if set(v) == {"salt", "value"} and type(v["value"]) is str]
        need(len(e) == 4 and type(n) is int and 0 < n < 1 << 63 and len(salts) == len(shown) and all(map(HEX, salts + e["path"])), "it cannot be read as an entry", *where)
    where += (n,)
    with reading("its record cannot be read", *where):
        r = strict(record, *where)
        seals, again = part(r, "sealed", dict), json.dumps(r, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        need(RECORD >= set(r) and part(r, "v", int) == 1 and again == e["record"], "its record cannot be read", *where)
        need(part(r, "entry", int) == n and n not in records, "its record is of another entry, or it is in the pack already", *where)
        need(of == "other" or "R-%d" % part(r, "review", int) == of, "its record is of another review", *where)
        need(n <= size and root_of(record, n - 1, size, map(bytes.fromhex, e["path"])) == root, "its record is not the one that the checkpoint covers", *where)
        for field, salt, value in sorted((field, bytes.fromhex(v["salt"]), v["value"].encode()) for field, v in shown.items()):
            need(seals.get(field) == sha(b"docket sealed field 1\0" + salt + field.encode() + b"\0" + value).hex(), "its %s is not the one that was sealed" % field, *where)
        records[n] = dict(r, where=where, gone=set(seals) - set(shown), detail=part(r, "detail", dict), policy=part(r, "policy", int))
    return n

@reading("it cannot be read")
def verify(raw, given=""):  # raises Failure, or gives the files, the records by entry and the size of the ledger
    files, records, erased = container(memoryview(raw)), {}, []
    text = {name: bytes(need(files.get(name), "it is not there", name)[0]) for name in ("key.pub", "checkpoint")}
    key = text["key.pub"].decode("latin-1")[:-1]
    need(re.fullmatch(rb"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n", text["key.pub"]) and given in ("", key), "it is not the key of this ledger", "key.pub")
    origin, *rest = opened(text["checkpoint"], key, "checkpoint")
    need(origin == key.split("+")[0] and re.fullmatch("(0|[1-9][0-9]{0,17}) [A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", " ".join(rest)), "this is not a checkpoint", "checkpoint")
    size, root = int(rest[0]), base64.b64decode(rest[1])
    for name in (f for f in files if f.startswith("entries/")):
        lines, before = bytes(files[name][0]).split(b"\n"), 0
        for i, line in enumerate(lines[:-1], 1):
            n = entry_of(need(len(line) <= 1 << 24 and line, "it is no line of entries", name, i), name[8:-7], size, root, records, name, i)
            before = n if n > before else fail("it is not behind the line before it", name, i, n)
        need(lines[-1] == b"", "it is no line of entries", name, len(lines))
    for n, spans in ((n, r["detail"].get("entries", "").split(",")) for n, r in records.items() if r["act"] == "erased"):
        erased += [(n, int(a), int(b or a)) for a, _, b in (span.partition("-") for span in spans if span)]
    for n, r in records.items():
        r["taken"] = any(by > n and a <= n <= b for by, a, b in erased)
        need(not r["gone"] or r["taken"], "a field is not shown, and no entry says that it was erased", *r["where"])
    signed = opened(files[NOTE][0], key, NOTE) == [FORMAT, origin, base64.b64encode(sha(files[MANIFEST][0])).decode()]
    need(signed and bytes(files[NOTE][0]).count(b"\n") == 5, "it signs another manifest, or is more than one signature", NOTE)
    manifest = strict(files[MANIFEST][0], MANIFEST)
    need(part(manifest, "format", str) == FORMAT and part(manifest["about"], "checkpoint", int) == size, "it is not of this format or checkpoint", MANIFEST)
    listed = {f["name"]: (part(f, "size", int), f["sha256"]) for f in manifest["files"]}
    for name in [f for f, g in zip([f["name"] for f in manifest["files"]] + [MANIFEST], files) if f != g][:1]:
        fail("the manifest names another file here, or one that is not there", name)
    for name, (body, crc) in files.items():
        need(name in (MANIFEST, NOTE) or listed.get(name) == (len(body), sha(body).hex()), "its bytes are not those that the manifest names", name)
        need(crc == zlib.crc32(body), "its checksum in the zip is not that of its bytes", name)
        need(not DIGEST(name) or DIGEST(name)[1] == sha(body).hex(), "its name is not the digest of its bytes", name)
    ties(files, records, part(manifest["about"], "review", int))
    for name in (f for f in files if re.fullmatch(r"(evidence|reviews)/.*\.json", f)):
        with reading("it cannot be read", name):
            {"e": states, "r": told}[name[0]](name, strict(files[name][0], name), files, records)
    return files, records, size

def ties(files, records, about):  # policies, attachments and pages, held against the entries that brought them in
    told_of = [(n, "policy/%s.json" % r["detail"].get("version"), r["detail"]) for n, r in sorted(records.items()) if r["act"] == "policy"]
    for n, name, d in told_of:
        need(name not in files or sha(files[name][0]).hex() == d.get("digest"), "it is not the policy of which this entry tells", name, 0, n)
    enacted, attached = {name for _, name, d in told_of if name in files and d.get("what") == "in_force"}, set()
    under = [("policy/%d.json" % r["policy"], n) for n, r in sorted(records.items()) if r["policy"] and r["where"][0] != "entries/other.ndjson"]
    for name, n in [(f, 0) for f in files if f.startswith("policy/")] + under:
        need(name in enacted, "no entry in the pack put it in force, or it is not there and this entry was made under it", name, 0, n)
    for n, r in sorted(records.items()):
        d, there = r["detail"], r["act"] == "attached" and not r["taken"]
        r["file"] = "attachments/%s.%s" % (d.get("sha256", ""), d.get("media", "").partition("/")[2]) if there else ""
        need(r["file"] in files or not there, "this entry attached it; it is not there, and no entry says that it was erased", r["file"], 0, n)
        attached.add(r["file"])
    for name in (f for f in files if f.startswith("attachments/")):
        need(name in attached, "no entry in the pack attached it", name)
    for name in (f for f in files if f.startswith("entries/R-")):
        need("reviews/" + name[8:-7] + ".json" in files, "it is not there, and entries of that review are", "reviews/" + name[8:-7] + ".json")
    need(not about or "entries/R-%d.ndjson" % about in files, "it is about a review that is not in the pack", MANIFEST)
def states(name, page, files, records):  # which some evidence names
    for s in ("states/" + part(s, "sha256", str) for r in part(page, "resources", list) for s in part(r, "layers", list) + part(r, "history", list)):
        need({s, s + ".erased"} & set(files), "some evidence names it, and it is not there", s)
def told(name, page, files, records):  # what is told of a review, held against its records
    own = {n: r for n, r in records.items() if r["where"][0] == "entries/%s.ndjson" % name[8:-5]}
    need(own and part(page, "review", str) == name[8:-5] and sorted(numbers(page, "entries")) == sorted(own), "it counts other entries than there are", name)
    decisions, files = part(page, "decisions", list), {n: dict(r["detail"], file=r["file"]) for n, r in own.items() if r["act"] == "attached"}
    answers = [dict(a, decision=d["entry"]) for d in decisions for a in part(d, "answers", list)]
    made = {n: dict(r["decision"], second=r["decision"]["second"] == 1) for n, r in own.items() if "decision" in r}
    for what, rows, of, fields in (
            ("decision", decisions, made, {"outcome": str, "by": str, "policy": int, "second": bool, "corrects": int}),
            ("answer", answers, {n: r["approval"] for n, r in own.items() if "approval" in r}, {"answer": str, "by": str, "decision": int}),
            ("attachment", part(page, "attachments", list), files, {"sha256": str, "media": str, "file": str})):
        need(sorted(part(row, "entry", int) for row in rows) == sorted(of), "it counts other %ss than there are" % what, name)
        for row in rows:
            need(all(part(row, f, t) == part(of[row["entry"]], f, t) for f, t in fields.items()), "it tells another %s than the record" % what, name, 0, row["entry"])
    for n, digest in ((n, part(stage, "digest", str)) for stage in part(page, "evidence", list) for n in numbers(stage, "entries")):
        need(n in own and part(own[n], "evidence", str) == digest, "it shows other evidence than the record rests on", name, 0, n)

def main(args):
    if len(args) not in (1, 3) or args[1:2] not in ([], ["--key"]):
        return print(__doc__, file=sys.stderr) or 2
    try:
        given = open(args[2]).read().strip() if len(args) == 3 else ""
        with open(args[0], "rb") as f:  # mapped, not read: what is large in it is looked at in pieces
            files, records, size = verify(mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if os.fstat(f.fileno()).st_size else f.read(), given)
    except (OSError, UnicodeError) as error:
        return print(error, file=sys.stderr) or 3
    except Failure as f:
        where = [w % x for w, x in zip(("%s", "line %d", "entry %d"), f.args[1:]) if x]
        return print(", ".join(where + [f.args[0]]).encode("unicode_escape").decode(), file=sys.stderr) or 1
    print("%d files and %d entries hold, under a checkpoint of %d entries" % (len(files), len(records), size))
    given or print("checked with the key inside the pack: it proves less than --key with one that you had before", file=sys.stderr)
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
