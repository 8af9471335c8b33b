"""Draws the operations as bars: one SVG, readable on light and on dark."""

from xml.sax.saxutils import escape

WIDTH = 880
LEFT = 150  # names end here, bars begin
RIGHT = 690  # the longest bar ends here
BAR, STEP = 15, 21
TITLES = {
    "keygen": "Key generation", "encaps": "Encapsulation", "decaps": "Decapsulation",
    "encaps_prepared": "Encapsulation, prepared key",
    "decaps_prepared": "Decapsulation, prepared key",
    "keygen_decaps": "Key generation and one decapsulation",
    "keygen_batch": "Key generation, one of {}", "encaps_batch": "Encapsulation, one of {}",
    "decaps_batch": "Decapsulation, one of {}",
}
OURS = {"ref": "#8ec5bd", "avx2": "#2ba193", "avx512": "#0d7f77"}
OTHERS = ("#8a97b8", "#c09a63", "#a98aa6", "#8f9a7c", "#9a9a9f", "#b58a80")
# Text in the middle between black and white, for viewers that do not tell which they are on.
STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
       fill: #6e7781 }
.title { font-size: 17px; font-weight: 600 } .group { font-size: 13px; font-weight: 600 }
.name { text-anchor: end } .ours { font-weight: 600 } .tick { font-size: 11px; text-anchor: middle }
.grid { stroke: #8b949e; stroke-opacity: .28 } .axis { stroke: #8b949e; stroke-opacity: .7 }
@media (prefers-color-scheme: light) { .title, .group, .name, .value { fill: #24292f } }
@media (prefers-color-scheme: dark) { .title, .group, .name, .value { fill: #e6edf3 } }
"""


def draw(results, baseline):
    """The SVG. Ratios to `baseline`, if not None, stand beside the figures."""
    groups = list(chosen(results))
    colours = dict(OURS)
    others = [name for name in results.implementations if name not in OURS]
    for i, name in enumerate(others):
        colours[name] = OTHERS[i % len(OTHERS)]
    scale = Scale([f for _, figures in groups for f in figures])
    top = 84
    body, y = [], top
    for (operation, batch), figures in groups:
        y += 24
        title = TITLES[operation].format(batch)
        body.append(text(LEFT, y - 7, "group", title))
        for figure in figures:
            ratio = results.ratio(figure, baseline) if baseline else None
            body += bar(y, figure, colours[figure.implementation], scale, ratio)
            y += STEP
        y += 6
    head = [text(24, 32, "title", "ML-KEM-768: core cycles of one operation, shorter is faster"),
            text(24, 52, "", subtitle(results, baseline))]
    for tick in scale.ticks():
        x = scale.x(tick)
        head.append(f'<line class="{"grid" if tick else "axis"}" x1="{x:.1f}" x2="{x:.1f}" '
                    f'y1="{top}" y2="{y}"/>')
        head.append(text(x, top - 6, "tick", f"{tick // 1000}k" if tick else "0"))
    height = y + 18
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="ML-KEM-768: cycles by library">\n'
            f"<style>{STYLE}</style>\n" + "\n".join(head + body) + "\n</svg>\n")


def chosen(results):
    """What to draw: of the batches the long ones; the portable row last, and not everywhere."""
    portable_alone = not {"avx2", "avx512"} & set(results.implementations)
    for (operation, batch), figures in results.operations():
        portable = portable_alone or operation in ("keygen", "encaps", "decaps")
        figures = [f for f in figures if f.implementation != "ref" or portable]
        if figures and batch in (None, 64):
            order = {"avx512": 0, "avx2": 1, "ref": 3}
            yield (operation, batch), sorted(figures, key=lambda f: order.get(f.implementation, 2))


def subtitle(results, baseline):
    context = results.context
    words = f'{context.get("cpu", "")}, latchkey by {context.get("compiler", "")}'
    return words + (f"; × is relative to {baseline}" if baseline else "")


class Scale:
    """Cycles to the width of a bar. The portable code may be so slow that it is cut off."""

    def __init__(self, figures):
        fast = [f.cycles for f in figures if f.implementation != "ref"]
        self.longest = max(fast or [f.cycles for f in figures])

    def x(self, cycles):
        return LEFT + (RIGHT - LEFT) * cycles / self.longest

    def ticks(self):
        step = next(s for s in (1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 10 ** 6)
                    if self.longest / s <= 8)
        return range(0, int(self.longest) + 1, step)


def bar(y, figure, colour, scale, ratio):
    ours = figure.implementation in OURS
    name = f"latchkey {figure.implementation}" if ours else figure.implementation
    middle = y + BAR - 3.5
    yield text(LEFT - 8, middle, "name ours" if ours else "name", name)
    end = scale.x(figure.cycles)
    if figure.cycles > scale.longest * 1.12:
        end = RIGHT + 54
        cut = end - 26  # two pieces with slanted ends
        yield (f'<path fill="{colour}" d="M{LEFT} {y}H{cut + 6}l-6 {BAR}H{LEFT}z'
               f'M{cut + 12} {y}H{end}v{BAR}H{cut + 6}z"/>')
    else:
        yield (f'<path fill="{colour}" d="M{LEFT} {y}H{end - 2:.1f}a2 2 0 0 1 2 2v{BAR - 4}'
               f'a2 2 0 0 1 -2 2H{LEFT}z"/>')
    label = f"{figure.cycles / 1000:.1f}k" + ("" if figure.enough else " !")
    yield text(end + 7, middle, "value", label)
    if ratio is not None:
        yield text(end + 16 + 7.2 * len(label), middle, "", f"{ratio:.2f}×")


def text(x, y, css, words):
    css = f' class="{css}"' if css else ""
    return f'<text{css} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
