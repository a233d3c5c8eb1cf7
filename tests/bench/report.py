"""report.py RESULTS.jsonl PAGE.md: writes the measured part of the page between its two marks, from one run's results."""
import json
import sys

rows = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
page = sys.argv[2]
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def of(test, server=None):
    return [r for r in rows if r.get("test") == test and (server is None or r.get("server") == server)]


def one(test, server):
    found = of(test, server)
    return found[-1] if found else None


out = []
for c in of("conditions"):
    out.append(f"Commit `{c['commit']}`, {c['date']}: {c['cpu']}, {c['cores']} cores, {c['memory_gb']} GB, Linux {c['kernel']}, "
               f"Rust {c['rust']}; load average at the beginning {c['load']}.\n")

if of("tiles-cold", "menpai"):
    out += ["## Tiles beside martin on PostGIS\n", "| work | server | requests/s | p50 ms | p99 ms | MB | errors |", "|---|---|---|---|---|---|---|"]
    for test in ("tiles-cold", "tiles-again", "warm"):
        for server in ("martin-0", "martin-512", "menpai"):
            if r := one(test, server):
                out.append(f"| {test} | {server} | {r['req_s']:,.0f} | {r['p50_ms']} | {r['p99_ms']} | {r['bytes'] / 1e6:.1f} | {r['errors']} |")
    out.append("")

    def ratio(test, goal):
        mine = one(test, "menpai")
        best = max((r["req_s"] for s in ("martin-0", "martin-512") if (r := one(test, s))), default=None)
        if mine and best:
            reached = mine["req_s"] / best
            out.append(f"- {test}: **{reached:.2f} ×** the better martin (goal ≥ {goal} ×): {'reached' if reached >= goal else 'missed'}.")

    ratio("tiles-cold", 10)
    ratio("warm", 1.2)
    for server in ("martin-0", "martin-512", "menpai"):
        if r := one("check-tiles", server):
            out.append(f"- check of {server}: {r['equal']} of {r['of']} sampled tiles hold what PostGIS says; features {r['features']}, truth {r['truth']}.")
        for m in of("machine", server):
            out.append(f"- before {server}, two busy loops got {m['cores_got']} of {m['cores']} cores.")
    out.append("")

if of("import"):
    out += ["## Import\n", "| source | rows | s | rows/s |", "|---|---|---|---|"]
    for r in of("import"):
        n = sum(sum(t.values()) for t in r["told"]["layers"].values())
        out.append(f"| {r['name']} | {n:,} | {r['seconds']} | {n / max(r['seconds'], 0.01):,.0f} |")
    out.append("")

if of("start"):
    out += ["## Start and memory (demo city)\n", "| doorplates | built in s | store MB | things | ready in s | own memory MB | file mapped MB |", "|---|---|---|---|---|---|---|"]
    for r in of("start"):
        d = next((d for d in of("demo") if d["doorplates"] == r["doorplates"]), {})
        out.append(f"| {r['doorplates']:,} | {d.get('seconds', '')} | {d.get('store_mb', '')} | {d.get('things', '')} | {r['seconds']} | {r['own_mb']} | {r['mapped_mb']} |")
    out += ["", "Goal: 1 M doorplates up in ≤ 10 s.", ""]
    for r in of("city-tiles"):
        out.append(f"- {r['tiles']} tiles of all public layers, zoom 10 to 18, each once, {r['doorplates']:,} doorplates: p50 {r['p50_ms']} ms, "
                   f"p99 {r['p99_ms']} ms, slowest {r['slowest_ms'][0]} ms ({r['slowest_ms'][1]}), largest {r['largest_bytes'][0] / 1000:.0f} KB "
                   f"({r['largest_bytes'][1]}). Goals: 100 ms, 500 KB.")
    out.append("")

text = open(page).read()
head, rest = text.split(BEGIN, 1)
tail = rest.split(END, 1)[1]
open(page, "w").write(f"{head}{BEGIN}\n\n" + "\n".join(out) + f"\n{END}{tail}")
