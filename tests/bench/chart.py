"""An SVG of `menpai bench scene`: milliseconds a frame over houses, and over names, both axes by powers of ten."""
import math

WIDTH, HEIGHT, PAD = 430, 280, 66
INK, GRID, LINE, GOAL = "#333333", "#dddddd", "#1565c0", "#c62828"


def tick(power):
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def panel(left, title, points):
    xs, ys = zip(*points)
    x0, x1 = math.floor(math.log10(min(xs))), math.ceil(math.log10(max(xs)))
    y0, y1 = math.floor(math.log10(min(*ys, 10))), math.ceil(math.log10(max(*ys, 100)))
    at_x = lambda x: left + PAD + (math.log10(x) - x0) / max(x1 - x0, 1) * (WIDTH - PAD - 20)
    at_y = lambda y: HEIGHT - PAD - (math.log10(y) - y0) / (y1 - y0) * (HEIGHT - PAD - 44)
    out = [f'<text x="{left + PAD}" y="24" font-weight="bold">{title}</text>']
    for power in range(y0, y1 + 1):
        y = at_y(10**power)
        out += [f'<path d="M{left + PAD} {y:.1f}H{left + WIDTH - 20}" stroke="{GRID}"/>',
                f'<text x="{left + PAD - 6}" y="{y + 4:.1f}" text-anchor="end">{tick(power)} ms</text>']
    for power in range(x0, x1 + 1):
        x = at_x(10**power)
        out += [f'<path d="M{x:.1f} 44V{HEIGHT - PAD}" stroke="{GRID}"/>',
                f'<text x="{x:.1f}" y="{HEIGHT - PAD + 18}" text-anchor="middle">{tick(power)}</text>']
    out.append(f'<path d="M{left + PAD} {at_y(1000 / 60):.1f}H{left + WIDTH - 20}" stroke="{GOAL}" stroke-dasharray="5 4"/>'
               f'<text x="{left + WIDTH - 22}" y="{at_y(1000 / 60) - 4:.1f}" text-anchor="end" fill="{GOAL}">60 帧/秒 frames/s</text>')
    spots = [(at_x(x), at_y(y)) for x, y in points]
    out.append(f'<path d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in spots)}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for (x, y), (_, ms) in zip(spots, points):
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{LINE}"/><text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{ms:,.0f}</text>')
    return "\n".join(out)


def scene_chart(report):
    houses = [(r["houses"], r["frame_ms"]) for r in report["rows"] if r["names"] == 0]
    names = [(r["names"], r["frame_ms"]) for r in report["rows"] if r["names"] > 0]
    panels = [panel(0, "每帧毫秒：建筑栋数 ms/frame by houses", houses)]
    if names:
        panels.append(panel(WIDTH, "每帧毫秒：标注个数 ms/frame by names", names))
    wide = WIDTH * len(panels)
    body = "\n".join(panels)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT}" width="{wide}" height="{HEIGHT}" font-family="sans-serif" font-size="11" fill="{INK}">\n'
            f'<rect width="{wide}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n<text x="{PAD}" y="{HEIGHT - 10}">{report["adapter"]}, {report["width"]}x{report["height"]}</text>\n</svg>\n')
