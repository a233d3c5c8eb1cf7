"""report.py RESULTS.jsonl PAGE.md: writes what one run measured into the page, each section between its own marks.

A section of which this run measured nothing stays as it was, with the conditions it was measured in.
"""
import json
import os
import sys

from chart import scene_chart

rows = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
page = sys.argv[2]


def of(test, server=None):
    return [r for r in rows if r.get("test") == test and (server is None or r.get("server") == server)]


def one(test, server):
    found = of(test, server)
    return found[-1] if found else None


def table(head, lines):
    cells = lambda line: "| " + " | ".join(str(cell) for cell in line) + " |"
    return [cells(head), "|" + "---|" * len(head), *map(cells, lines), ""]


def conditions():
    c = of("conditions")[-1]
    return [f"Commit `{c['commit']}`, {c['date']}: {c['cpu']}, {c['cores']} cores, {c['memory_gb']} GB, Linux {c['kernel']}, "
            f"Rust {c['rust']}; load average at the beginning {c['load']}.", ""]


def verdict(is_reached):
    return "reached" if is_reached else "missed"


def tiles():
    if not of("tiles-cold", "menpai"):
        return []
    servers = ("martin-0", "martin-512", "menpai")
    found = [(test, server, r) for test in ("tiles-cold", "tiles-again", "warm") for server in servers if (r := one(test, server))]
    out = table(("work", "server", "requests/s", "p50 ms", "p99 ms", "MB", "errors"),
                [(t, s, f"{r['req_s']:,.0f}", r["p50_ms"], r["p99_ms"], f"{r['bytes'] / 1e6:.1f}", r["errors"]) for t, s, r in found])
    for test, goal in (("tiles-cold", 10), ("warm", 1.2)):
        mine = one(test, "menpai")
        best = max((r["req_s"] for s in servers[:2] if (r := one(test, s))), default=None)
        if mine and best:
            reached = mine["req_s"] / best
            out.append(f"- {test}: **{reached:.2f} ×** the better martin (goal ≥ {goal} ×): {verdict(reached >= goal)}.")
    for server in servers:
        if r := one("check-tiles", server):
            out.append(f"- check of {server}: {r['equal']} of {r['of']} sampled tiles hold what PostGIS says; features {r['features']}, truth {r['truth']}.")
        out += [f"- before {server}, two busy loops got {m['cores_got']} of {m['cores']} cores." for m in of("machine", server)]
    return out


def imports():
    count = lambda r: sum(sum(t.values()) for t in r["told"]["layers"].values())
    lines = [(r["name"], f"{count(r):,}", r["seconds"], f"{count(r) / max(r['seconds'], 0.01):,.0f}") for r in of("import")]
    return table(("source", "rows", "s", "rows/s"), lines) if lines else []


def start():
    lines = []
    for r in of("start"):
        d = next((d for d in of("demo") if d["doorplates"] == r["doorplates"]), {})
        lines.append((f"{r['doorplates']:,}", d.get("seconds", ""), d.get("store_mb", ""), d.get("things", ""), r["seconds"], r["own_mb"], r["mapped_mb"]))
    if not lines:
        return []
    out = table(("doorplates", "built in s", "store MB", "things", "ready in s", "own memory MB", "file mapped MB"), lines)
    out += ["Goal: 1 M doorplates up in ≤ 10 s.", ""]
    for r in of("city-tiles"):
        out.append(f"- {r['tiles']} tiles of all public layers, zoom 10 to 18, each once, {r['doorplates']:,} doorplates: p50 {r['p50_ms']} ms, "
                   f"p99 {r['p99_ms']} ms, slowest {r['slowest_ms'][0]} ms ({r['slowest_ms'][1]}), largest {r['largest_bytes'][0] / 1000:.0f} KB "
                   f"({r['largest_bytes'][1]}). Goals: 100 ms, 500 KB.")
    return out


def scene():
    out = []
    for r in of("scene"):
        with open(os.path.join(os.path.dirname(page), "images", "bench-scene.svg"), "w") as file:
            file.write(scene_chart(r))
        kind = "software" if r["is_software"] else "hardware"
        out += [f"`menpai bench scene` on {r['adapter']} ({r['backend']}, {kind}), {r['width']}x{r['height']}; a device is there after {r['device_ms']:.0f} ms.", "",
                "![frame times](images/bench-scene.svg)", ""]
        mb = lambda n: "" if n is None else f"{n / 1e6:,.0f}"
        out += table(("houses", "names", "triangles", "labels laid", "first frame ms", "ms/frame", "GPU MB", "resident MB"),
                     [(f"{x['houses']:,}", f"{x['names']:,}", f"{x['triangles']:,}", f"{x['labels']:,}", f"{x['first_ms']:,.0f}", f"{x['frame_ms']:,.1f}",
                       mb(x["gpu_bytes"]), mb(x["resident_bytes"])) for x in r["rows"]])
        out.append(f"A tile with {r['tile_houses']:,} houses ({r['tile_bytes'] / 1e6:.1f} MB): cut in {r['cut_ms']:.0f} ms, built in {r['build_ms']:.0f} ms.")
        out.append("")
    for r in of("headless"):
        out.append(f"- headless {r['size']} of the demo city in software, from the question to the PNG: fastest of {len(r['seconds'])} {min(r['seconds']):.2f} s, "
                   f"slowest {max(r['seconds']):.2f} s (goal ≤ 1 s): {verdict(min(r['seconds']) <= 1)}.")
    for r in of("wall"):
        out.append(f"- wall in Chromium ({r['adapter']}), {r['size']}, {r['houses']:,} houses in view, turning without pause: {r['fps']:.1f} frames/s, "
                   f"median {r['median_ms']:.0f} ms, p95 {r['p95_ms']:.0f} ms, at {r['density']:.2f} pixels for one of the page (goal ≥ 10 frames/s): {verdict(r['fps'] >= 10)}.")
    return out


text = open(page).read()
for name, lines in (("tiles", tiles()), ("import", imports()), ("start", start()), ("scene", scene())):
    if lines:
        begin, end = f"<!-- measured {name}: begin -->", f"<!-- measured {name}: end -->"
        head, rest = text.split(begin, 1)
        text = f"{head}{begin}\n\n" + "\n".join(conditions() + lines).rstrip() + f"\n\n{end}{rest.split(end, 1)[1]}"
open(page, "w").write(text)
