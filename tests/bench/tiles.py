"""tiles.py BASE DOORPLATES: every tile of the demo city's layers from zoom 10 to 18 near random doorplates, cold, once.

Prints one JSON line: how many, the slowest, the largest. Goals: no tile above 500 KB or 100 ms.
"""
import json
import math
import random
import sys
import time
import urllib.error
import urllib.request

BASE, SIZE = sys.argv[1], int(sys.argv[2])


def get(path):
    try:
        with urllib.request.urlopen(BASE + path, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {error.code} {error.read()[:300]}")


catalog = json.loads(get("/catalog"))
layers = ",".join(layer["id"] for layer in catalog["layers"] if layer.get("count") and layer["geometry"] != "none")
w, s, e, n = catalog["bounds"]
dice = random.Random(1)
wanted = {}
for z in range(10, 19):
    for _ in range(60):
        lon, lat = dice.triangular(w, e), dice.triangular(s, n)
        x = int((lon + 180) / 360 * 2**z)
        y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
        wanted[z, x, y] = None
times, sizes = [], []
for z, x, y in wanted:
    began = time.perf_counter()
    body = get(f"/tiles/{layers}/{z}/{x}/{y}")
    times.append((round((time.perf_counter() - began) * 1000, 1), f"{z}/{x}/{y}"))
    sizes.append((len(body), f"{z}/{x}/{y}"))
times.sort()
print(json.dumps({"test": "city-tiles", "doorplates": SIZE, "tiles": len(wanted), "p50_ms": times[len(times) // 2][0],
                  "p99_ms": times[int(len(times) * 0.99)][0], "slowest_ms": times[-1], "largest_bytes": max(sizes)}))
