"""Draws the operations as bars: one SVG, readable on light and on dark."""

from xml.sax.saxutils import escape

from results import BACKENDS

WIDTH = 880
RIGHT = 690  # the longest bar that is not cut ends here
BAR, STEP = 15, 21
OPERATIONS = {"keygen": "Key generation", "encaps": "Encapsulation", "decaps": "Decapsulation"}
# What only we are measured at.
MORE = {
    ("encaps_precomputed", None): "encaps, precomputed key",
    ("decaps_precomputed", None): "decaps, precomputed key",
    ("keygen_decaps", None): "keygen and decaps",
    ("keygen_batch", 64): "keygen, one of 64",
    ("encaps_batch", 64): "encaps, one of 64",
    ("decaps_batch", 64): "decaps, one of 64",
}
FAST_BACKENDS = BACKENDS[:0:-1]  # but for the slowest
CUT = 2.5  # bars of more than so many times our slowest are cut off

# A card of its own, because a viewer's idea of dark may not be that of the page around it.
STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
       fill: #24292f }
.card { fill: #ffffff; stroke: #d0d7de } .cut { stroke: #ffffff }
.title { font-size: 17px; font-weight: 600 } .group { font-size: 13px; font-weight: 600 }
.name { text-anchor: end } .ours { font-weight: 600 } .tick { font-size: 11px; text-anchor: middle }
.soft, .tick { fill: #57606a } .grid { stroke: #d8dee4 } .axis { stroke: #8b949e }
.avx512 { fill: #0b6e67 } .avx2 { fill: #1f9d90 } .ref { fill: #85c4bc } .other { fill: #a9b4c2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .card { fill: #0d1117; stroke: #30363d } .cut { stroke: #0d1117 }
  .soft, .tick { fill: #9198a1 } .grid { stroke: #21262d } .axis { stroke: #6e7681 }
  .avx512 { fill: #57d3c4 } .avx2 { fill: #2ba898 } .ref { fill: #1d6b62 } .other { fill: #56606d }
}
"""


def draw(results, baseline):
    """The SVG. Ratios to `baseline`, if not None, stand beside the figures."""
    groups = list(chosen(results))
    left = 32 + 7.2 * max(len(name) for _, bars in groups for name, _ in bars)
    scale = Scale(left, groups)
    top = y = 84
    body = []
    for title, bars in groups:
        y += 24
        body.append(text(left, y - 7, "group", title))
        for name, figure in bars:
            ratio = results.ratio(figure, baseline) if baseline else None
            body += bar(y, name, figure, scale, ratio)
            y += STEP
        y += 6
    head = [text(24, 34, "title", "ML-KEM-768: core cycles of one operation, shorter is faster"),
            text(24, 54, "soft", subtitle(results, baseline))]
    for tick in scale.ticks():
        x = scale.x(tick)
        head.append(f'<line class="{"grid" if tick else "axis"}" x1="{x:.1f}" x2="{x:.1f}" '
                    f'y1="{top}" y2="{y}"/>')
        head.append(text(x, top - 6, "tick", f"{tick // 1000}k" if tick else "0"))
    height = y + 18
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="ML-KEM-768: cycles by library">\n'
            f"<style>{STYLE}</style>\n"
            f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>\n'
            + "\n".join(head + body) + "\n</svg>\n")


def chosen(results):
    """(title, [(name, figure)]): everybody at the three operations, then what only we are at."""
    found = dict(results.operations())
    for operation, title in OPERATIONS.items():
        figures = sorted(found.get((operation, None), ()), key=lambda figure: figure.cycles)
        if figures:
            yield title, [(name_of(figure), figure) for figure in figures]
    fast = [row for row in FAST_BACKENDS if row in results.implementations]
    for row in fast or [row for row in BACKENDS if row in results.implementations]:
        bars = [(name, figure) for key, name in MORE.items() for figure in found.get(key, ())
                if figure.implementation == row]
        if bars:
            yield f"latchkey {row}: a key used again, or many at once", bars


def name_of(figure):
    name = figure.implementation
    return f"latchkey {name}" if name in BACKENDS else name


def subtitle(results, baseline):
    context = results.context
    words = f'{context.get("cpu", "")}, latchkey by {context.get("compiler", "")}'
    return words + (f"; × is relative to {baseline}" if baseline else "")


class Scale:
    """Cycles to the width of a bar. What is far slower than we are is cut off."""

    def __init__(self, left, groups):
        self.left = left
        figures = [figure for _, bars in groups for _, figure in bars]
        all_cycles = [figure.cycles for figure in figures]
        fast = [figure.cycles for figure in figures
                if figure.implementation in FAST_BACKENDS and figure.operation in OPERATIONS]
        limit = CUT * max(fast) if fast else max(all_cycles)
        self.longest = max(cycles for cycles in all_cycles if cycles <= limit)

    def x(self, cycles):
        return self.left + (RIGHT - self.left) * cycles / self.longest

    def ticks(self):
        step = next(s for s in (1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 10 ** 6)
                    if self.longest / s <= 8)
        return range(0, int(self.longest) + 1, step)


def bar(y, name, figure, scale, ratio):
    ours = figure.implementation in BACKENDS
    css = figure.implementation if ours else "other"
    middle = y + BAR - 3.5
    yield text(scale.left - 8, middle, "name ours" if ours else "name", name)
    is_cut = figure.cycles > scale.longest
    end = RIGHT + 40 if is_cut else scale.x(figure.cycles)
    yield (f'<path class="{css}" d="M{scale.left:.1f} {y}H{end - 2:.1f}a2 2 0 0 1 2 2v{BAR - 4}'
           f'a2 2 0 0 1 -2 2H{scale.left:.1f}z"/>')
    if is_cut:
        yield (f'<path class="cut" stroke-width="4" fill="none" '
               f'd="M{end - 14} {y - 2}l-8 {BAR + 4}"/>')
    label = f"{figure.cycles / 1000:.1f}k" + ("" if figure.enough else " !")
    yield text(end + 7, middle, "ours" if ours else "", label)
    if ratio is not None:
        yield text(end + 16 + (8 if ours else 7.4) * len(label), middle, "soft", f"{ratio:.2f}×")


def text(x, y, css, words):
    css = f' class="{css}"' if css else ""
    return f'<text{css} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
